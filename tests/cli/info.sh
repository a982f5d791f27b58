# info: a model, a run, a checkpoint; JSON; exit 4 for what is no model.
. "$ROOT/tests/cli/common"
train_tiny -o run --max-steps 1
"$STSFIT" info "$tiny" | plain
"$STSFIT" info run > /dev/null
"$STSFIT" info run/checkpoint-1 > /dev/null
"$STSFIT" info --json "$tiny" | grep -o '"parameters":[^,]*' | sed -n 1p
mkdir empty
rc "$STSFIT" info empty
rc "$STSFIT" info nowhere
