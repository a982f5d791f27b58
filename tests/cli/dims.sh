# The loss at several dimensions (Matryoshka), and vectors cut to their first numbers.
. "$ROOT/tests/cli/common"
"$STSFIT" train train.tsv --dev dev.tsv -m "$tiny" -o run --dims 4:0.25,32,12:0.5 --epochs 1 --batch-size 8 2> /dev/null |
    sed -n '/dims/s/ *[0-9.]*$/ X/p'
"$VALIDATE" "$ROOT/data/schema/report.schema.json" run/report.json
grep -o '"dims":[[:space:]]*"[^"]*"' run/config.json
grep -c 'by dimensions' run/report.html

# The row of the report is what eval finds with so many numbers.
d=$("$STSFIT" eval dev.tsv -m run --dims 4 --json --batch-size 1 | number spearman_cosine)
r=$(tr -d ' \t\n' < run/report.json | sed 's/.*"dims":4,"bytes":16,"dev":\([^,}]*\).*/\1/')
holds "$d" == "$r" && echo "the report has eval's figure"

# Cut vectors are the first numbers of the whole ones; the cosine is theirs.
cut -f 6 dev.tsv | sed 5q > texts
"$STSFIT" encode texts -m run --dims 3 > cut.tsv
"$STSFIT" encode texts -m run | cut -f 1-3 | cmp - cut.tsv && echo "the first numbers"
sed 3q dev.tsv | cut -f 6,7 > pairs.tsv
"$STSFIT" score pairs.tsv -m run --dims 3 --columns sentence1=1,sentence2=2 | cut -f 3 > cosines
for column in 1 2; do cut -f $column pairs.tsv | "$STSFIT" encode -m run --dims 3 > "v$column"; done
paste v1 v2 cosines | awk '{ d = $1*$4 + $2*$5 + $3*$6; n = sqrt($1*$1 + $2*$2 + $3*$3) * sqrt($4*$4 + $5*$5 + $6*$6)
    e = d / n - $7; ok += e * e < 1e-10 } END { print ok " cosines" }'

# Resuming knows the same dimensions in other words, and refuses others.
options='--max-steps 4 --save-steps 2 --save-total-limit 9'
train_tiny -o whole --dims 32,8 $options
rm -r whole/checkpoint-4
was=$(weights whole)
rc train_tiny -o whole --dims 32,4 $options --resume
train_tiny -o whole --dims 8:1,32:1 $options --resume
[ "$(weights whole)" = "$was" ] && echo "resumed"

rc train_tiny -o bad --dims 33
rc train_tiny -o bad --dims 32,x
rc "$STSFIT" encode texts -m run --dims 33
rc "$STSFIT" eval dev.tsv -m bag --dims 1000
"$STSFIT" train train.tsv --dev dev.tsv -m "$tiny" -o short --dims 8 --max-steps 1 2>&1 | grep -A1 'name the model'
