# report: a page of a run, of several, on stdout; texts only when asked for, and only while the
# data is what it was.
. "$ROOT/tests/cli/common"
train_tiny -o run -q --max-steps 4
train_tiny -o more -q --max-steps 4 --loss cosent
head -1 run/predictions.tsv
tail -1 run/report.html
"$STSFIT" report run
"$STSFIT" report -q run -o - | tail -1
"$STSFIT" report run more
grep -c '2 runs compared' stsfit-report.html
cut -f 6 dev.tsv > sentences
grep -qF -f sentences run/report.html run/model/README.md || echo "no texts"
"$STSFIT" report -q run --pairs -o pairs.html && [ "$(grep -cF -f sentences pairs.html)" -gt 9 ] && echo texts
grep -q 'gold score, 0 to 5' run/report.html && grep -q 'on the scale of 0 to 5' pairs.html && echo "the file's own scale"
sed -i.old 's/a/b/' dev.tsv
rc "$STSFIT" report -q run --pairs -o changed.html 2>&1 | sed 's/is [0-9a-f]*, was [0-9a-f]*/CRCs/'
[ -e changed.html ] || echo 'no page'
rc "$STSFIT" report nowhere
echo '{' > run/report.json
rc "$STSFIT" report run
grep -c '^library_name: sentence-transformers' run/model/README.md
train_tiny -o cards -q --max-steps 1 --card-samples 1
grep -c '^| sentence 1 ' cards/model/README.md
