# --resume without DATA takes data and options from the run's own config.json; other options are
# refused as ever, and the report keeps the command line that the run was begun with.
. "$ROOT/tests/cli/common"
train_tiny -o whole --epochs 2 --lr 1e-3 --weight-decay 0.1 --loss cosent
begin() { rm -rf run; train_tiny -o run --epochs 2 --lr 1e-3 --weight-decay 0.1 --loss cosent --save-steps 2 --save-total-limit 9; rm -rf run/checkpoint-8 run/checkpoint-10; }
begin
rc "$STSFIT" train --resume -o run -q --lr 2e-3 2>&1
rc "$STSFIT" train --resume -o run -q
[ "$(weights run)" = "$(weights whole)" ] && echo "same weights"
steps run > run.steps
steps whole | cmp - run.steps && echo "same steps"
"$STSFIT" info run | grep -o 'train train.tsv.*' | plain
rc "$STSFIT" train --resume -o nowhere
begin
mkdir moved && mv run moved/other
rc "$STSFIT" train --resume -o moved/other -q
[ "$(weights moved/other)" = "$(weights whole)" ] && [ ! -e run ] && echo "same weights"
