# An output that cannot be written is found before anything is read: not after hours of work.
. "$ROOT/tests/cli/common"
rc "$STSFIT" eval -m no-model no-data --predictions none/p.tsv
rc "$STSFIT" encode -m no-model no-texts -o none/v.tsv
rc "$STSFIT" encode -m no-model no-texts --format npy -o none/v.npy
train_tiny -o run --max-steps 1
sed 's/"crc32"/"crc"/' run/report.json > changed
cp changed run/report.json
rc "$STSFIT" report run --pairs -o none/page.html
# and what failed later leaves nothing behind
rc "$STSFIT" eval -m no-model dev.tsv --predictions p.tsv 2> /dev/null
rc "$STSFIT" encode -m "$tiny" no-texts -o v.tsv 2> /dev/null
rc "$STSFIT" report run --pairs -o page.html 2> /dev/null
ls
