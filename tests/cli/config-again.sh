# RUN/config.json runs the same again, to the last bit; it asks before it replaces anything.
. "$ROOT/tests/cli/common"
train_tiny -o a --overwrite --epochs 2 --lr 1e-3 --loss cosent:scale=10 --weight-decay 0.1
rc "$STSFIT" train --config a/config.json
"$STSFIT" train --config a/config.json -o b -q
[ "$(weights a)" = "$(weights b)" ] && echo "same weights"
steps a > a.steps
steps b | cmp - a.steps && echo "same steps"
grep -c overwrite a/config.json || true
