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
