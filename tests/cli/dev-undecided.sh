# A dev set that cannot decide: equal texts, equal scores, too few rows. Training does its steps, the
# reason is given once, and no evaluation counts for --patience or as the best.
. "$ROOT/tests/cli/common"
undecided() {
    rc "$STSFIT" train train.tsv --dev "$1" -m "$tiny" -o "$2" --batch-size 8 --epochs 3 --patience 1 \
        --progress plain > "$2.out" 2> "$2.log"
    cat "$2.out"
    grep -e '^stsfit:' -e '^dev at' "$2.log"
    grep -o '"status":	"[a-z]*"' "$2/report.json" | tail -n 1
    grep -c '"best":	{' "$2/report.json" || :
    cmp "$2/model/model.safetensors" "$2/checkpoint-15/model.safetensors"
}
awk -F'\t' -v OFS='\t' '{ $7 = $6; print }' dev.tsv > texts.tsv
awk -F'\t' -v OFS='\t' '{ $5 = "2.0"; print }' dev.tsv > scores.tsv
sed -n 1p dev.tsv > one.tsv
for f in texts scores one; do
    echo "-- $f"
    undecided $f.tsv $f
done

echo "-- evaluation"
sed -n 2,3p dev.tsv > two.tsv
# The ranks of equal texts among others follow rounding: the Spearman of all together is not shown.
"$STSFIT" eval -m "$tiny" texts.tsv two.tsv | sed 's/  */ /g; s/\(together 22 [^ ]*\) .*/\1 .../'
"$STSFIT" eval -m "$tiny" texts.tsv two.tsv --json > eval.json
"$VALIDATE" "$ROOT/data/schema/eval.schema.json" eval.json
grep -e '"spearman_cosine"' -e ci95 -e '"status"' eval.json |
    sed 's/\(cosine":	\)-\{0,1\}0\.[0-9]*$/\1.../'
