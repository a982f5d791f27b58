# --resume continues bit for bit, wherever the run was cut: mid-epoch, at an epoch's edge, in
# --patience.
. "$ROOT/tests/cli/common"
options='--epochs 3 --lr 1e-3 --eval-steps 2 --save-total-limit 99 --loss cosent --patience 50'
train_tiny -o whole $options
train_tiny -o all $options --save-steps 1
steps whole > whole.steps
for cut in 1 3 5 6 10 14; do
    # as it was after step $cut: without the later checkpoints, and with a log that ran ahead
    rm -rf part
    mkdir part
    cp all/report.json all/log.jsonl all/config.json part
    for c in all/checkpoint-*; do
        [ "${c##*-}" -gt $cut ] || cp -R "$c" part
    done
    train_tiny -o part $options --resume
    [ "$(weights part)" = "$(weights whole)" ] || echo "cut at $cut: other weights"
    steps part | cmp - whole.steps || echo "cut at $cut: other steps"
done
echo "all cuts tried"
