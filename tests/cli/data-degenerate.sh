# Data that teach or show less than they seem to: scores of two values by accident, one class, texts
# that are all equal, more columns than a loss takes, and what a threshold means by another
# similarity than the cosine.
. "$ROOT/tests/cli/common"
go() { "$STSFIT" train "$@" -m "$tiny" --max-steps 2 -o run --overwrite --progress none > out 2> err || code=$?; }
notes() { grep "^stsfit: " err || true; }
count() { grep -c "$@" || true; }
scores() { awk -F'\t' -v OFS='\t' "{ \$5 = $1; print }" train.tsv; }

echo "-- two values"
scores '($5 > 2.5) * 5' > two.tsv
"$STSFIT" check two.tsv | grep classes
"$STSFIT" check train.tsv | count classes
for loss in cosine-similarity cosent contrastive online-contrastive; do
    go two.tsv --dev dev.tsv --loss $loss
    echo "$loss: $(count 'where they were rounded' err)"
done
go train.tsv --dev dev.tsv
count 'where they were rounded' err
go two.tsv --dev dev.tsv
notes

echo "-- one class"
scores 5 > one.tsv
for option in '--dev one.tsv' '--dev dev.tsv --positive 9' '--dev dev.tsv --positive 0'; do
    # shellcheck disable=SC2086   # options are words
    go train.tsv $option
    notes | sed "/trained on/d"
    grep -o "^verdict  unknown: .*" err || true
done
"$STSFIT" eval -m "$tiny" one.tsv --positive 5 --json 2> err | grep -E '"(cosine_ap|cosine_f1|status)"'
notes
rc "$STSFIT" eval -m "$tiny" one.tsv --positive 5 --threshold 0.5 --json 2> err | sed -n '/fixed/,/}/p' | count null

echo "-- equal texts"
yes 'A dog runs.	A dog runs.' | head -40 > equal.tsv
awk -F'\t' -v OFS='\t' '{ $6 = $7 = "A dog runs."; print }' train.tsv > scored.tsv
for file in equal.tsv scored.tsv; do
    rc "$STSFIT" train $file -m "$tiny" -o never
    go train.tsv --dev $file
    notes
    "$STSFIT" eval -m "$tiny" $file > /dev/null 2> err
    notes
done
[ ! -e never ] && echo "nothing written"

echo "-- more columns than a loss takes"
{ echo 'anchor	positive	negative'; awk -F'\t' -v OFS='\t' '{ print $6, $7, "A cat." }' train.tsv; } > triplets.tsv
for loss in cosine-similarity contrastive one-minus-cosine; do
    rc "$STSFIT" train triplets.tsv -m "$tiny" -o never --loss $loss
done

echo "-- thresholds by another similarity"
cp -r "$tiny" dot
printf '{"similarity_fn_name": "dot"}\n' > dot/config_sentence_transformers.json
"$STSFIT" train train.tsv --dev dev.tsv --positive 3 -m dot -o by-dot --max-steps 2 -q
printf 'A dog runs.\tA dog is running.\n' > pair.tsv
rc "$STSFIT" score -m by-dot -q --threshold f1 pair.tsv
rc "$STSFIT" score -m by-dot -q --calibrate pair.tsv
rc "$STSFIT" eval -m by-dot -q dev.tsv --positive 3 --threshold f1
"$STSFIT" score -m by-dot -q --threshold 12 dev.tsv | awk -F'\t' '{ n += $NF } END { print n > "found" }'
"$STSFIT" eval -m by-dot -q dev.tsv --positive 0 --threshold 12 | grep '^at dot' > at
holds "$(sed 's/.*recall \([0-9.]*\),.*/\1/' at)" == "$(cat found) / 20 * 100"
