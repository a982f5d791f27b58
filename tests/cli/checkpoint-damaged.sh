# A damaged checkpoint is named and passed over; the one before it is taken.
. "$ROOT/tests/cli/common"
train_tiny -o whole --epochs 2 --save-steps 2 --save-total-limit 9
again() {
    "$STSFIT" train train.tsv --dev dev.tsv -m "$tiny" -o run --batch-size 8 --epochs 2 --save-steps 2 \
        --save-total-limit 9 --resume 2> messages || echo "exit $?"
    sed -n 's/0x[0-9a-f]*/0xN/g; s/\([^0-9a-f]\)[0-9a-f]\{8\}\([^0-9a-f]\)/\1CRC\2/g; /^stsfit: /p; /^resuming/p' messages
    [ "$(weights run)" = "$(weights whole)" ] || echo "$1: other weights"
}
for file in model.safetensors optimizer.bin trainer.json checksums.json config.json; do
    rm -rf run
    cp -R whole run
    printf 'X' | dd of="run/checkpoint-10/$file" bs=1 seek=60 conv=notrunc 2> /dev/null
    again "$file"
done
for file in model.safetensors optimizer.bin trainer.json checksums.json 1_Pooling/config.json; do
    rm -rf run
    cp -R whole run
    rm "run/checkpoint-10/$file"
    again "$file"
done
mkdir run/checkpoint-99 run/.checkpoint-98.tmp
again "an empty one"
