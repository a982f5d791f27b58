# File names of any bytes come back from config.json and report.json.
. "$ROOT/tests/cli/common"
odd=$(printf 'caf\351 \\xe9.tsv')
mv train.tsv "$odd"
"$STSFIT" train "$odd" -m "$tiny" -q --max-steps 2 --save-steps 1 --save-total-limit 9 -o run --dev dev.tsv
grep -o '"data":.*' run/config.json
rc "$STSFIT" train --config run/config.json -q -o again
[ "$(weights run)" = "$(weights again)" ] && echo "same weights"
rm -rf run/checkpoint-2
rc "$STSFIT" train --resume -o run -q
dev=$(printf 'd\303\251v \377.tsv')
mv dev.tsv "$dev"
"$STSFIT" train "$odd" --dev "$dev" -q --max-steps 1 -o both
rc "$STSFIT" report both --pairs
grep -c "$(sed -n 1p "$dev" | cut -f 6)" both/report.html
