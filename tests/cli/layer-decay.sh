# --layer-decay: lower layers learn more slowly; with 1 it is off; a resumed run ends in the same bits.
. "$ROOT/tests/cli/common"
quick() { train_tiny --lr 1e-3 --max-steps 10 --save-steps 3 --save-total-limit 99 "$@"; }
quick -o plain
quick -o one --layer-decay 1
[ "$(weights plain)" = "$(weights one)" ] && echo "1 is off"
quick -o half --layer-decay 0.5
[ "$(weights plain)" != "$(weights half)" ] && echo "0.5 is not"
grep -o '"layer-decay":[^,]*' half/config.json
cp -R half again
rm -r again/checkpoint-5 again/checkpoint-6 again/checkpoint-9 again/checkpoint-10
"$STSFIT" train --resume -o again -q
[ "$(weights again)" = "$(weights half)" ] && [ "$(steps again)" = "$(steps half)" ] && echo "resumed: the same"
rc "$STSFIT" train --resume -o again --layer-decay 0.9 -q 2>&1 | sed 's|in again.*||'
for bad in 0 1.1 x; do rc train_tiny -o bad --layer-decay $bad 2>&1; done
rc "$STSFIT" train train.tsv --dev dev.tsv -q -o bad --layer-decay 0.9 2>&1
rc "$STSFIT" train train.tsv --dev dev.tsv -m "$ROOT/tests/golden/models/albert" -q -o bad --layer-decay 0.9 2>&1
ls -d bad 2> /dev/null || echo "nothing was written"
