# What is called nearly like a checkpoint is none: not gone on from, not counted, not removed.
. "$ROOT/tests/cli/common"
train_tiny -o whole --epochs 2 --lr 3e-3 --save-steps 2 --save-total-limit 9
names='checkpoint- checkpoint-0 checkpoint-007 checkpoint-5x checkpoint-notes
checkpoint-18446744073709551616 checkpoint-18446744073709551621'
for mode in --resume --overwrite; do
    rm -rf run
    cp -R whole run
    rm -rf run/checkpoint-8 run/checkpoint-10
    for name in $names; do mkdir "run/$name"; done
    train_tiny -o run --epochs 2 --lr 3e-3 --save-steps 2 $mode
    [ "$(weights run)" = "$(weights whole)" ] || echo "$mode: other weights"
    ls -d run/checkpoint-*
done
# files and damaged checkpoints of later steps do not push out the one just written
rm -rf run
cp -R whole run
rm -rf run/checkpoint-8 run/checkpoint-10
mkdir run/checkpoint-99
echo mine > run/checkpoint-3
echo mine > run/checkpoint-8
rc train_tiny -o run --epochs 2 --lr 3e-3 --save-steps 2 --resume 2>&1
cat run/checkpoint-8
rm run/checkpoint-8
train_tiny -o run --epochs 2 --lr 3e-3 --save-steps 2 --resume 2>&1
[ "$(weights run)" = "$(weights whole)" ] || echo "later steps: other weights"
ls -d run/checkpoint-*
# a checkpoint under another step's name
cp -R whole/checkpoint-4 run/checkpoint-12
rc train_tiny -o run --epochs 2 --lr 3e-3 --resume 2>&1
