# No checkpoint is whole: a run that has come to something is not started over.
. "$ROOT/tests/cli/common"
train_tiny -o run --epochs 1
first=$(weights run)
printf X | dd of=run/checkpoint-5/model.safetensors bs=1 seek=70000 conv=notrunc 2> /dev/null
rc train_tiny -o run --epochs 1 --resume 2> /dev/null
rc "$STSFIT" train dev.tsv --dev dev.tsv -m bag -q -o run --resume 2> /dev/null
[ "$(weights run)" = "$first" ] && echo "the model is there"
rm -r run/checkpoint-5
rc train_tiny -o run --epochs 1 --resume
[ "$(weights run)" = "$first" ] && echo "the model is there"
# what --overwrite would remove is not where training starts
train_tiny -o other --max-steps 2
rc train_tiny -o other -m other/checkpoint-2 --max-steps 2 --overwrite
ls -d other/checkpoint-2
