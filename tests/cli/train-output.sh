# What training says: five lines at the start, plain lines, a table, what to do next.
. "$ROOT/tests/cli/common"
ln -s "$tiny" tiny
"$STSFIT" train train.tsv --dev dev.tsv --test dev.tsv -m tiny -o run --batch-size 8 2>&1 | plain |
    sed 's/^\(machine *\).*/\1.../; s/-\{0,1\}[0-9]*\.[0-9]\{2,\}/N/g; s/  lr.*//; s/ *N/ N/g'
"$STSFIT" train train.tsv --dev dev.tsv -m "$tiny" -o quiet --batch-size 8 -q
"$STSFIT" train train.tsv --dev dev.tsv -m "$tiny" -o none --batch-size 8 --progress none --max-steps 1 2>&1 |
    grep -c step || true
