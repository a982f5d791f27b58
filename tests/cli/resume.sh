# --resume goes on bit for bit, wherever the run was cut: mid-epoch, at an epoch's edge, mid-patience.
. "$ROOT/tests/cli/common"
options='--epochs 3 --lr 1e-3 --eval-steps 2 --save-total-limit 9 --loss cosent'
train_tiny -o whole $options
steps whole > whole.steps
for cut in 1 3 5 6 10 14; do
    # stop the run after step $cut: a checkpoint every step, then take away the later ones
    rm -rf part
    train_tiny -o part $options --save-steps 1 --save-total-limit 99
    for c in part/checkpoint-*; do
        [ "${c##*-}" -le $cut ] || rm -rf "$c"
    done
    rm -rf part/model part/report.json
    train_tiny -o part $options --resume
    [ "$(weights part)" = "$(weights whole)" ] || echo "cut at $cut: other weights"
    steps part | cmp - whole.steps || echo "cut at $cut: other steps"
done
echo done
