# Blank lines are counted and named, by every command that reads data or texts, and what becomes of
# them is said: rows of data and of tables leave them out, a line of text is a text, score keeps its
# lines. White space is blank too. Nothing is said of files that have none.
. "$ROOT/tests/cli/common"
"$STSFIT" train train.tsv --dev none -q --max-steps 1 -o run
awk 'NR == 3 { print "" } NR == 7 { print " \t " } { print } END { print "" }' dev.tsv > rows.tsv
printf 'One.\n\nTwo.\r\n\302\240\n\r\n' > texts
printf 'text\n\nOne.\nTwo.\n' > table.tsv
show() {
    echo "-- $*" | plain
    "$STSFIT" "$@" 2>&1 > out | plain | sed '/columns chooses others/d'
    wc -l < out | tr -d ' '
}
for file in rows.tsv dev.tsv; do
    show eval -m run "$file"
    show compare run run "$file"
    show check "$file"
    show score -m run "$file"
done
"$STSFIT" check rows.tsv 2> /dev/null | grep ' rows '
for file in texts table.tsv; do
    show encode -m run "$file"
    show tokenize -m "$tiny" "$file"
done
"$STSFIT" train train.tsv rows.tsv --dev rows.tsv --max-steps 1 --dry-run 2>&1 | grep blank
"$STSFIT" eval -q -m run rows.tsv 2>&1 > out
