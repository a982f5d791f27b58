# Pairs without scores: for the losses that need none, with a dev set that has scores, or has none.
. "$ROOT/tests/cli/common"
{ echo 'sentence1	sentence2'; cut -f 6,7 train.tsv; } > pairs.tsv
run() { "$STSFIT" train pairs.tsv --dev dev.tsv -m "$tiny" -q --max-steps 3 --overwrite -o run "$@"; }
run --loss mnrl
rc run --loss one-minus-cosine
rc run --loss cosent
echo 'x	A dog.	A cat.' > odd.tsv
rc "$STSFIT" train odd.tsv --dev dev.tsv -m "$tiny" -o other

echo "-- a column that might be a score is asked for, not passed over"
{ echo 'sentence1	sentence2	agreement'; awk -F'\t' -v OFS='\t' '{ print $6, $7, $5 }' train.tsv; } > named.tsv
rc "$STSFIT" train named.tsv -m "$tiny" -o other
rc "$STSFIT" eval named.tsv -m "$tiny"
"$STSFIT" eval named.tsv -m "$tiny" --columns sentence1=sentence1,sentence2=sentence2 --json | grep -c mean_accuracy

echo "-- too few to hold any out"
rc "$STSFIT" train pairs.tsv -m "$tiny" -q --max-steps 3 -o few

echo "-- two columns of text work as they are"
cut -f 6,7 "$DATA/sts-train.tsv" > all.tsv
rc "$STSFIT" train all.tsv -m "$tiny" -o plain --max-steps 6 --eval-steps 3 --lr 5e-4 --progress none 2> err
grep -o 'dev [0-9]* held out by distinct [a-z]*' err
grep -c '^verdict' err
grep -o '"loss":	"[a-z-]*' plain/report.json | sort -u
grep -o '"metric":	"[a-z_]*"' plain/report.json | sort -u
grep -c '"src2trg_accuracy":.*"trg2src_accuracy":.*"mean_accuracy":.*"mrr":' plain/log.jsonl
"$VALIDATE" "$ROOT/data/schema/report.schema.json" plain/report.json
"$VALIDATE" -l "$ROOT/data/schema/log.schema.json" plain/log.jsonl
rc "$STSFIT" report plain -o page.html

echo "-- eval finds partners too; a text equal to the partner is the partner"
"$STSFIT" eval -m "$tiny" --json all.tsv > eval.json
"$VALIDATE" "$ROOT/data/schema/eval.schema.json" eval.json
for key in src2trg_accuracy trg2src_accuracy mean_accuracy mrr; do
    x=$(number $key < eval.json)
    holds "$x" '>' 0.05 && holds "$x" '<=' 1
done
printf 'A dog runs.\tA dog is running.\nThe shares fell.\tA dog is running.\n' > equal.tsv
"$STSFIT" eval -m "$tiny" --json equal.tsv | number src2trg_accuracy
"$STSFIT" eval -m "$tiny" equal.tsv | sed 1q
"$STSFIT" eval -m "$tiny" --fail-under mean_accuracy=1.1 equal.tsv > /dev/null || echo "exit $?"
