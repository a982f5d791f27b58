# The dropout that a run trains with, and where it comes from, in config.json, report.json and the
# model card: that of the model by its names there, or the one that was given. What config.json says
# can be given again.
. "$ROOT/tests/cli/common"
show() { grep -h '"dropout"' "$1/config.json" "$1/report.json"; grep '^| dropout ' "$1/model/README.md"; }
train_tiny -o of-model --max-steps 2 --log-steps 1
train_tiny -o given --max-steps 2 --dropout 0.25
"$STSFIT" train train.tsv --dev dev.tsv -q -o bag --max-steps 1
for run in of-model given bag; do echo "-- $run"; show $run; done
rc "$STSFIT" train --config of-model/config.json -m "$tiny" --overwrite -q -o again
show again
[ "$(weights of-model)" = "$(weights again)" ] && echo "the same weights"
rc "$STSFIT" train --resume -o of-model -q
rc "$STSFIT" train train.tsv -m "$tiny" -q -o word --dropout model --dev dev.tsv --batch-size 8 --max-steps 2 --log-steps 1
[ "$(weights of-model)" = "$(weights word)" ] && echo "the same weights"
rc "$STSFIT" train train.tsv --dropout modle
