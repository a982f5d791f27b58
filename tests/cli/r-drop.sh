# --r-drop: each row is embedded twice; 0 is off; parts of a batch and resuming change nothing.
. "$ROOT/tests/cli/common"
quick() { train_tiny --lr 1e-3 --max-steps 10 --save-steps 4 --save-total-limit 99 --dropout 0.1 "$@"; }
quick -o plain
quick -o off --r-drop 0
[ "$(weights plain)" = "$(weights off)" ] && echo "0 is off"
quick -o twice --r-drop 2
[ "$(weights plain)" != "$(weights twice)" ] && echo "2 is not"
quick -o parts --r-drop 2 --mini-batch 3
holds "$(distance twice parts)" '<' 1e-5
cp -R twice again
rm -r again/checkpoint-5 again/checkpoint-8 again/checkpoint-10
"$STSFIT" train --resume -o again -q
[ "$(weights again)" = "$(weights twice)" ] && [ "$(steps again)" = "$(steps twice)" ] && echo "resumed: the same"
# without dropout both passes are equal: the loss of one
quick -o dry --dropout 0
quick -o dry-twice --dropout 0 --r-drop 2
holds "$(distance dry dry-twice)" '<' 1e-5
# a sum, a teacher, triplets, the built-in encoder
quick -o sum --r-drop 1 --loss cosent+0.5*embed-distill+mnrl --teacher "$tiny"
"$STSFIT" train "$ROOT/tests/golden/triplets.tsv" -m "$tiny" --dev none --max-steps 3 -q -o triplets --r-drop 1
"$STSFIT" train train.tsv --dev dev.tsv --max-steps 3 -q -o bag --r-drop 1
rc train_tiny -o bad --r-drop -1 2>&1
