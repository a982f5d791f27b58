# The same pairs in every format train to the same weights.
. "$ROOT/tests/cli/common"
TAB='	'
cut -f 5,6,7 train.tsv > three.tsv
sed 's/$/\r/' train.tsv > crlf.tsv
{ printf '\357\273\277'; cat train.tsv; } > bom.tsv
gzip -c train.tsv > zipped.gz
{ echo "sentence1${TAB}sentence2${TAB}score"; awk -F'\t' -v OFS='\t' '{ print $6, $7, $5 }' train.tsv; } > header.tsv
{ echo 'score,text_a,text_b'; awk -F'\t' '{ gsub(/"/, "\"\""); printf "%s,\"%s\",\"%s\"\r\n", $5, $6, $7 }' train.tsv; } > quoted.csv
awk -F'\t' '{ gsub(/\\/, "\\\\"); gsub(/"/, "\\\""); printf "{\"sentence1\":\"%s\",\"sentence2\":\"%s\",\"score\":%s}\n", $6, $7, $5 }' train.tsv > lines.jsonl
cut -f 5,6,7 dev.tsv > three-dev.tsv
go() { file=$1 dev=$2; shift 2; train_tiny() { "$STSFIT" train "$file" --dev "$dev" -m "$tiny" -q --batch-size 8 --max-steps 4 --overwrite "$@"; }; train_tiny -o run "$@" && echo "$file $(weights run)"; }
{
    go train.tsv dev.tsv
    go three.tsv three-dev.tsv --columns score=1,sentence1=2,sentence2=3 --score-range 0:5
    go crlf.tsv dev.tsv
    go bom.tsv dev.tsv
    go zipped.gz dev.tsv
    go header.tsv dev.tsv --score-range 0:5
    go quoted.csv dev.tsv --score-range 0:5
    go lines.jsonl dev.tsv --score-range 0:5
} > weights
cut -d ' ' -f 1 weights
cut -d ' ' -f 2 weights | sort -u | wc -l | tr -d ' '
