# --dry-run says what would be done and writes nothing.
. "$ROOT/tests/cli/common"
ls -A > ../before-dry
"$STSFIT" train train.tsv --dev dev.tsv -m "$tiny" -o run --dry-run 2>&1 | sed -n '/^data/p; /^plan/p; /^loss/p; s/[0-9][-+.0-9e]* s\([ :,]\)/N s\1/g; s/[0-9][0-9]* MB/N MB/; /^time/p; /^memory/p; /^disk/p; /^cut/p'
ls -A > ../after-dry
cmp ../before-dry ../after-dry && echo "nothing written"
