# One command, one result: to the last bit, whatever is shown while it runs.
. "$ROOT/tests/cli/common"
for i in 1 2 3 4; do train_tiny -o run$i --epochs 1 --keep last; weights run$i; done | sort -u | wc -l
"$STSFIT" train train.tsv --dev dev.tsv -m "$tiny" -o bar --batch-size 8 --epochs 1 --keep last --progress bar 2> /dev/null
[ "$(weights bar)" = "$(weights run1)" ] && echo same
train_tiny -o seed --epochs 1 --keep last --seed 7
[ "$(weights seed)" != "$(weights run1)" ] && echo "another seed, other weights"
"$STSFIT" train train.tsv --dev dev.tsv -o bag1 -q
"$STSFIT" train train.tsv --dev dev.tsv -o bag2 -q
[ "$(weights bag1)" = "$(weights bag2)" ] && echo same
