# Numbers that no run can have written, in a run's own files: shown as they are, in whole lines.
. "$ROOT/tests/cli/common"
train_tiny -o run -q --max-steps 1
cp run/report.json report.json
for huge in 1e308 -1e308 1e18 999999999999999999; do
    sed "s/\"rows\":[[:space:]]*[0-9]*/\"rows\": $huge/; s/\"steps_done\":[[:space:]]*[0-9]*/\"steps_done\": $huge/
         s/\"dimension\":[[:space:]]*[0-9]*/\"dimension\": $huge/" report.json > run/report.json
    "$STSFIT" info run | sed -n '/^training/,/^$/{ s/^  \(data\) */\1 /p; s/, best.*//; s/^  \(status\) */\1 /p; }'
    "$STSFIT" report -q run -o page.html && echo "a page"
done
