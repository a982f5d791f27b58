# --predictions: one line a pair, in order, with gold and predicted.
. "$ROOT/tests/cli/common"
"$STSFIT" eval -m "$tiny" --predictions p.tsv dev.tsv > /dev/null
sed -n 1p p.tsv
sed 1d p.tsv | cut -f 1,2 > got
cut -f 6,7 dev.tsv | cmp - got && echo "the pairs, in order"
awk -F'\t' 'NR > 1 && ($3 < 0 || $3 > 1 || $4 < -1.0001 || $4 > 1.0001) { print "odd:", $0 }' p.tsv
cut -f 6,7 dev.tsv | "$STSFIT" score -m "$tiny" --columns sentence1=1,sentence2=2 | cut -f 3 > scores
sed 1d p.tsv | cut -f 4 | cmp - scores && echo "as score has them"
rc "$STSFIT" eval -m "$tiny" --predictions no/where.tsv dev.tsv > /dev/null
