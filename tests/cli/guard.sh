# --guard: rows of another kind, evaluated with the weights of the start and with the selected ones.
# Nothing of training depends on them.
. "$ROOT/tests/cli/common"
{
    echo 'score	sentence1	sentence2'
    awk -F'\t' -v OFS='\t' '{ print 20 * $5, $6, $7 }' "$DATA/sts-dev.tsv"
} > other.tsv
awk -F'\t' -v OFS='\t' '{ $5 = 5 - $5; print }' "$DATA/sts-train.tsv" | head -100 > opposite.tsv
go() {
    "$STSFIT" train opposite.tsv --dev dev.tsv -m "$tiny" --lr 2e-2 --epochs 3 --keep last --overwrite \
        --progress none "$@"
}
own='--guard other.tsv --score-range other.tsv=0:100'
verdict() { sed -n '/"guard":.{/,/}/p' "$1/report.json" | sed -n '/"result"/,$p'; }
of() { sed -n "/\"$2\":.{/,\$p" "$1/report.json" | sed -n '/"guard":.{/,$p' | number spearman_cosine; }
figures() { sed 's/  */ /g; s/[-+]*[0-9][0-9]*\.[0-9][0-9]*/N/g'; }

echo "-- what it was, what it is, and a way back"
# shellcheck disable=SC2086   # options are words
rc go -o run $own 2> err
grep -o 'guard 160' err
sed -n '/^guard/,/^completed/p' err | sed '$d' | tr '\n' ' ' | figures
echo
"$VALIDATE" "$ROOT/data/schema/report.schema.json" run/report.json
verdict run | grep -E '"(result|part|metric)"'
go -o plain -q
[ "$(weights run)" = "$(weights plain)" ] && steps plain > a && steps run | cmp - a && echo "training: the same"
for m in "$tiny" run; do "$STSFIT" eval -m "$m" other.tsv --score-range 0:100 --json | number spearman_cosine; done > eval
{ of run before; of run after; } | cmp - eval
"$STSFIT" compare "$tiny" run other.tsv --score-range 0:100 --json > compare.json
sed -n '/"difference":.{/,$p' compare.json > difference
holds "($(verdict run | number difference) - $(number spearman_cosine < difference)) ^ 2" '<' 1e-18
interval() { sed -n 's/.*ci95":[^[]*//p' | tr -d ','; }
verdict run | interval > a
interval < difference | cmp - a && echo "the interval of compare"
grep -c '<b>Guard:</b> worse than at the start' run/report.html
grep -o 'On pairs of another kind, in .* (worse)' run/model/README.md | figures

echo "-- resumed with the same guard, with another one, with none; and one that is new then"
cp -r run again
rm -r again/model
"$STSFIT" train --resume -o again -q
{ of again before; of again after; } | cmp - eval
verdict run > a
verdict again | cmp - a
rc "$STSFIT" train --resume -o again -q --guard dev.tsv --score-range 0:5
for m in "$tiny" run; do "$STSFIT" eval -m "$m" dev.tsv --json | number spearman_cosine; done > eval
{ of again before; of again after; } | cmp - eval
rc "$STSFIT" train --resume -o plain -q --guard dev.tsv
{ of plain before; of plain after; } | cmp - eval
"$VALIDATE" "$ROOT/data/schema/report.schema.json" again/report.json plain/report.json

echo "-- a blend's curve has it; as the shares fall it comes back"
# shellcheck disable=SC2086   # options are words
rc go -o run -q $own --blend auto
"$VALIDATE" "$ROOT/data/schema/report.schema.json" run/report.json
sed -n '/"curve"/,/\]/p' run/report.json | grep -o '"guard":[^,}]*' | sed 's/.*:[[:space:]]*//' > curve
wc -l < curve
holds "($(sed 1q curve) - $(tail -n 1 curve))" '<' 0
holds "($(tail -n 1 curve) - $(of run before)) ^ 2" '<' 1e-12
grep -c 'guard: Spearman' run/report.html

echo "-- other kinds of rows than those of dev, and another similarity"
cut -f 6,7 "$DATA/sts-dev.tsv" > pairs.tsv
{ echo 'anchor	positive	negative'; awk -F'\t' -v OFS='\t' '{ print $6, $7, "A dog runs." }' dev.tsv; } > triplets.tsv
for file in pairs.tsv triplets.tsv; do
    go -o run -q --guard $file
    "$VALIDATE" "$ROOT/data/schema/report.schema.json" run/report.json
    verdict run | grep -o '"metric":.*'
done
cp -r "$tiny" dot
printf '{"similarity_fn_name": "dot"}\n' > dot/config_sentence_transformers.json
"$STSFIT" train opposite.tsv --dev none -m dot -o by-dot -q --max-steps 3 --guard dev.tsv
verdict by-dot | grep -o '"metric":.*'
grep -c 'On pairs of another kind' by-dot/model/README.md

echo "-- refused before anything is written"
rc go -o never --guard missing.tsv
rc go -o never --guard other.tsv
printf 'x\tA dog runs.\t4\tA cat.\n' > odd.tsv
rc go -o never --guard odd.tsv
cat dev.tsv | rc "$STSFIT" train - --guard - -o never
[ ! -e never ] && echo "nothing written"
