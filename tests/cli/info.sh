# info: a model, a run, a checkpoint; JSON; exit 4 for what is no model.
. "$ROOT/tests/cli/common"
train_tiny -o run --max-steps 1
"$STSFIT" info "$tiny" | plain
echo "-- all of it"
"$STSFIT" info -v "$tiny" | plain
for dir in run run/checkpoint-1 run/model/; do # with the training behind them
    "$STSFIT" info $dir | sed -n '/^training/,/^$/p' | sed "s|$tiny|TINY|; s/ 0\.[0-9]*$/ N/; s/20[^ ]*Z,/DATE,/" >> training
done
sed -n '1,/^$/p' training
echo "$(grep -c '^training' training) of 3, $(sort -u training | wc -l | tr -d ' ') different lines"
echo broken > run/report.json
"$STSFIT" info run | grep -c training || true
"$STSFIT" info --json "$tiny" | grep -o '"parameters":[^,]*' | sed -n 1p
mkdir empty
rc "$STSFIT" info empty
rc "$STSFIT" info nowhere
