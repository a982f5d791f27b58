# kill -9 at any moment: what is left can be resumed, and ends as the uncut run does.
. "$ROOT/tests/cli/common"
options="train.tsv --dev dev.tsv -m $tiny -q --batch-size 8 --epochs 6 --save-steps 1 --lr 1e-3"
"$STSFIT" train $options -o whole
for try in 1 2 3 4 5 6 7 8; do
    "$STSFIT" train $options -o part --resume 2> /dev/null &
    pid=$!
    sleep "0.0$try"
    kill -9 $pid 2> /dev/null || true
    wait $pid 2> /dev/null || true
done
"$STSFIT" train $options -o part --resume 2> /dev/null
[ "$(weights part)" = "$(weights whole)" ] && echo "same weights"
steps whole > whole.steps
steps part | cmp - whole.steps && echo "same steps"
"$STSFIT" eval -m part --json dev.tsv > /dev/null && echo "usable"
