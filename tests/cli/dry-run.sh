# --dry-run says what would be done and writes nothing.
. "$ROOT/tests/cli/common"
ls -A > ../before-dry
"$STSFIT" train train.tsv --dev dev.tsv -m "$tiny" -o run --dry-run 2>&1 | sed -n 's/^\(data\|plan\|loss\) *\(.*\)/\2/p' | plain
ls -A > ../after-dry
cmp ../before-dry ../after-dry && echo "nothing written"
