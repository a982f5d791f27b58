# --predictions: a line for each pair, in order: gold and predicted on the file's own scale, the
# similarity, the file.
. "$ROOT/tests/cli/common"
"$STSFIT" eval -m "$tiny" --predictions p.tsv dev.tsv > /dev/null
sed -n 1p p.tsv
sed 1d p.tsv | cut -f 1,2 > got
cut -f 6,7 dev.tsv | cmp - got && echo "the pairs, in order"
sed 1d p.tsv | cut -f 3 > got
cut -f 5 dev.tsv | awk '{ print $1 + 0 }' | cmp - got && echo "the gold scores of the file"
awk -F'\t' 'NR > 1 && ($4 - 5 * $5) ^ 2 > 1e-10 { print "odd:", $0 }' p.tsv
cut -f 6,7 dev.tsv | "$STSFIT" score -m "$tiny" --columns sentence1=1,sentence2=2 | cut -f 3 > scores
sed 1d p.tsv | cut -f 5 | cmp - scores && echo "as score has them"

# files of two scales
awk -F'\t' -v OFS='\t' '{ print $6, $7, 2 * $5 - 3 }' dev.tsv > other.tsv
"$STSFIT" eval -m "$tiny" --predictions p.tsv other.tsv --score-range=-3:7 > /dev/null
sed 1d p.tsv | cut -f 3 > got
cut -f 3 other.tsv | cmp - got && echo "the gold scores of the other"
awk -F'\t' 'NR > 1 && ($4 - (10 * $5 - 3)) ^ 2 > 1e-10 { print "odd:", $0 }' p.tsv
sed -n 1,3p dev.tsv > three.tsv
"$STSFIT" eval -m "$tiny" --predictions p.tsv dev.tsv three.tsv > /dev/null
cut -f 6 p.tsv | uniq -c | awk '{ print $1, $2 }'
rc "$STSFIT" eval -m "$tiny" --predictions no/where.tsv dev.tsv > /dev/null
