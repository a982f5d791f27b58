# --resume where there is nothing to continue from: starts anew and says so; a run that is finished.
. "$ROOT/tests/cli/common"
rc train_tiny -o run --epochs 1 --resume
first=$(weights run)
rc train_tiny -o run --epochs 1 --resume
[ "$(weights run)" = "$first" ] && echo "same weights"
rm -rf run/checkpoint-*
rc "$STSFIT" train train.tsv --dev dev.tsv -m "$tiny" -o run --batch-size 8 --epochs 1 --resume --progress none 2>&1 | grep -e '^stsfit' -e ^exit
[ "$(weights run)" = "$first" ] && echo "same weights"
