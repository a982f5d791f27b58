# --width: how many numbers a vector of a new built-in encoder has; a part of the run's settings.
. "$ROOT/tests/cli/common"
bag() { "$STSFIT" train train.tsv --dev dev.tsv -q --max-steps 4 "$@"; }
length() { echo "a dog runs" | "$STSFIT" encode -m "$1" | awk -F '\t' '{ print NF }'; }
bag -o plain
bag -o same --width 384
[ "$(weights plain)" = "$(weights same)" ] && echo "384, as without it"
grep width plain/config.json
bag -o narrow --width 100 --blend 0.5 --save-steps 2 --save-total-limit 9
echo "$(length narrow) numbers"
cp -R narrow again
rm -r again/checkpoint-4
"$STSFIT" train --resume -q -o again
[ "$(weights again)" = "$(weights narrow)" ] && echo "resumed: the same"
rc bag -o narrow --width 99 --blend 0.5 --resume
bag -o plain --width 384 --resume && echo "the default, given: the same run"
"$STSFIT" train --config narrow/config.json -o third -q
[ "$(weights third)" = "$(weights narrow)" ] && echo "its configuration has it"
rc bag -o bad --width 64 --dims 100
rc bag -o bad --width 200000
cp -R "$tiny" small
rc bag -m small -o bad --width 64
rc bag -m plain -o bad --width 64
rc bag -m plain -o bad --recipe bag
bag -m plain -o further --recipe bag --width 384 && echo "a model's own width may be given"
ls -d bad 2> /dev/null || echo "nothing was written"
