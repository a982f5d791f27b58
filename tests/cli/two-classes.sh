# Scores of two values, or --positive X, are two classes too: their metrics, the one that decides,
# and what is printed where there is one class only.
. "$ROOT/tests/cli/common"
cp "$DATA/sts-dev.tsv" all.tsv
keys() { grep -o '"[a-z0-9_]*":' | tr -d '":' | grep -c "^$1"; }
awk -F'\t' -v OFS='\t' '{ $5 = $5 >= 3; print }' "$DATA/sts-dev.tsv" > two.tsv

echo "-- eight metrics of each similarity"
"$STSFIT" eval -m "$tiny" --json two.tsv --score-range 'two.tsv=0:1' > a.json
"$STSFIT" eval -m "$tiny" --json all.tsv --positive 3 > b.json
"$STSFIT" eval -m "$tiny" --json all.tsv > c.json
"$VALIDATE" "$ROOT/data/schema/eval.schema.json" a.json b.json c.json
for s in cosine euclidean manhattan dot; do
    echo "$s $(keys ${s}_ < a.json) $(keys ${s}_ < b.json) $(keys ${s}_ < c.json)"
    for m in accuracy accuracy_threshold f1 f1_threshold precision recall ap mcc; do
        [ "$(number ${s}_$m < a.json)" = "$(number ${s}_$m < b.json)" ] || echo "${s}_$m differs"
    done
done
holds "$(number euclidean_f1_threshold < a.json)" '>' 0

echo "-- one class"
"$STSFIT" eval -m "$tiny" --json all.tsv --positive 6 | grep -E '"(cosine_ap|status)"'
rc "$STSFIT" eval -m "$tiny" all.tsv --positive high

echo "-- average precision decides, unless another metric is named"
go() { "$STSFIT" train train.tsv -m "$tiny" --max-steps 4 --eval-steps 2 --overwrite -o run --progress none "$@" 2> err; }
rc go --dev two.tsv --score-range two.tsv=0:1
grep -o '"metric":	"[a-z_]*"' run/report.json | sort -u
grep -o 'two.tsv: its scores.*' err
"$VALIDATE" "$ROOT/data/schema/report.schema.json" run/report.json

echo "-- the page: at the threshold of the best F1 it has the figures of the report"
head -1 run/predictions.tsv
sed -n 's/.*best F1.*<\/th>//p' run/report.html | sed 's/<[^>]*>/ /g' > row
sed -n '/"after":/,$p' run/report.json > after
i=2
for m in precision recall f1; do
    holds "($(number cosine_$m < after) * 100 - $(awk "{ print \$$i }" row)) ^ 2" '<' 1e-4
    i=$((i + 1))
done
grep -o '<title>Histogram of the cosines of both classes\|<title>Precision against recall' run/report.html

echo "-- another metric"
rc go --dev two.tsv --score-range two.tsv=0:1 --metric spearman_cosine
grep -o '"metric":	"spearman[a-z_]*"' run/report.json | sort -u
rc go --dev all.tsv --metric cosine_f1_threshold
sed 's/: there are .*//; s/^stsfit: //' err | tail -1
rc go --dev all.tsv --metric cosine_f1
grep -o 'cosine_f1 cannot be computed: [^;]*' err

echo "-- two rows are no classes, three are"
for n in 2 3; do
    head -$n two.tsv | awk -F'\t' -v OFS='\t' '{ $5 = NR % 2; print }' > few.tsv
    "$STSFIT" eval -m "$tiny" --json few.tsv --score-range few.tsv=0:1 | grep -c cosine_ap || true
    "$STSFIT" check few.tsv --score-range few.tsv=0:1 | grep -c classes || true
done
