# check: what is in the files; faults with their lines, exit 3; JSON.
. "$ROOT/tests/cli/common"
rc "$STSFIT" check train.tsv
rc "$STSFIT" check --json train.tsv | grep -c '"histogram"'
cp train.tsv bad.tsv
sed -n 1p train.tsv >> bad.tsv
printf 'g\tt\to\t1\t9\tA dog.\tA cat.\ng\tt\to\t1\t0.5\tA dog.\tA dog.\n' >> bad.tsv
rc "$STSFIT" check bad.tsv
rc "$STSFIT" check -m "$tiny" train.tsv dev.tsv | grep -e cut -e ^exit
rc "$STSFIT" check -m "$tiny" --max-seq-length 8 train.tsv | grep -e cut -e ^exit
sed -n 3p train.tsv >> dev.tsv
rc "$STSFIT" check train.tsv dev.tsv | grep shares
rc "$STSFIT" check < train.tsv | sed -n 1p
rc "$STSFIT" check nowhere.tsv
# pairs without scores are no fault; those that share texts are counted, lines fit a terminal
{ printf 'anchor\tpositive\tnote\n'; awk -F'\t' -v OFS='\t' 'NR <= 12 { print $6, $7, 1 } NR == 12 { print $6, "A dog.", 2 }' train.tsv; } > pairs.tsv
rc "$STSFIT" check pairs.tsv
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sed -n "$((i + 20))p" train.tsv; done | awk -F'\t' -v OFS='\t' '{ $5 = $5 > 2 ? 0 : 5; print }' > turned.tsv
cat train.tsv turned.tsv > both.tsv
rc "$STSFIT" check both.tsv > long
sed -n '/conflicts/,$p' long
awk 'length > 80 { print "too long: " $0 }' long
