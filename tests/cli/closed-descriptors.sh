# Closed standard descriptors: no file of the run takes their place.
. "$ROOT/tests/cli/common"
"$STSFIT" train train.tsv --dev dev.tsv -m "$tiny" -o run --batch-size 8 --max-steps 3 0<&- 1>&- 2>&-
"$VALIDATE" -l "$ROOT/data/schema/log.schema.json" run/log.jsonl
"$STSFIT" eval -m run --json dev.tsv > /dev/null
code=0
"$STSFIT" losses >&- || code=$?
echo "exit $code"
"$STSFIT" eval -m "$tiny" dev.tsv > /dev/null 2>&-
rc "$STSFIT" score -m "$tiny" <&-
