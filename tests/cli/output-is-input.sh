# An output that is a file which is read: refused, by any name, and the file stays as it was.
. "$ROOT/tests/cli/common"
cp dev.tsv pairs.tsv
ln -s pairs.tsv link.tsv
ln pairs.tsv second.tsv
cut -f 6 dev.tsv > texts
cp texts texts.was
for name in pairs.tsv ./pairs.tsv link.tsv second.tsv; do
    rc "$STSFIT" eval -m no-model dev.tsv pairs.tsv --predictions $name
done
rc "$STSFIT" eval -m no-model - --predictions pairs.tsv < pairs.tsv
rc "$STSFIT" encode -m no-model texts -o texts
rc "$STSFIT" encode -m no-model -o texts < texts
for command in encode score tokenize; do
    "$STSFIT" $command -m no-model texts >> texts || echo "$command: $?"
done
cmp texts texts.was
cmp pairs.tsv dev.tsv
# the data and the files of a run
train_tiny -o run --max-steps 1
cp -R run run.was
cp dev.tsv dev.was
for name in dev.tsv run/predictions.tsv run/report.json; do
    rc "$STSFIT" eval -m run -q dev.tsv --predictions $name
done
for name in log.jsonl report.json config.json predictions.tsv; do
    rc "$STSFIT" report run -o run/$name
done
rc "$STSFIT" report run --pairs -o dev.tsv
diff -r run run.was && cmp dev.tsv dev.was
"$STSFIT" report -q run -o run/report.html
"$STSFIT" eval -q -m run dev.tsv --predictions run/other.tsv > /dev/null && ls run
