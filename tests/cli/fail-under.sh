# Quality gates: exit 6 when missed, with the figures all the same.
. "$ROOT/tests/cli/common"
figures() { sed 's/-\{0,1\}[0-9]*\.[0-9]\{2,\}/N/g; s/  *N/ N/g'; }
rc train_tiny -o run --max-steps 2 --fail-under spearman_cosine=0.999 2>&1 | figures
rc train_tiny -o run --overwrite --max-steps 2 --fail-under spearman_cosine=-1
rc train_tiny -o run --overwrite --max-steps 2 --fail-under mse=9
code=0
train_tiny -o run --overwrite --max-steps 2 --json --fail-under mse=0 > report.json 2> messages || code=$?
figures < messages
echo "exit $code"
"$VALIDATE" "$ROOT/data/schema/report.schema.json" report.json
rc "$STSFIT" eval -m run dev.tsv --fail-under pearson_cosine=0.999 2>&1 | figures
rc "$STSFIT" eval -m run dev.tsv --fail-under pearson_cosine=-1 | tail -n 1
rc "$STSFIT" eval -m run dev.tsv --fail-under cosine=1
