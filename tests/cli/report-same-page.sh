# The page that a run writes at its end is the one that its files give later, and what it says of
# names that are not UTF-8, or look like an escape, is right.
. "$ROOT/tests/cli/common"
odd=$(printf 'd\\x41\377v.tsv')
cp dev.tsv "$odd"
"$STSFIT" train train.tsv -m "$tiny" --dev "$odd" -o run -q --max-steps 2
"$STSFIT" report -q run --pairs -o pairs.html
"$STSFIT" report -q run -o page.html
cmp run/report.html page.html
grep -o '<li><span>dev</span><b>.*</b>' page.html
