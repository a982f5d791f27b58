# An earlier run is neither mixed nor lost without being asked for.
. "$ROOT/tests/cli/common"
train_tiny -o run --max-steps 2
first=$(weights run)
echo mine > run/notes.txt
rc train_tiny -o run --max-steps 2
[ "$(weights run)" = "$first" ]
train_tiny -o run --max-steps 3 --overwrite
ls run | sort
mkdir other
echo mine > other/mine
rc train_tiny -o other --max-steps 1
ls other | sort
rc train_tiny -o train.tsv --max-steps 1
rc train_tiny -o deep/er/run --max-steps 1
