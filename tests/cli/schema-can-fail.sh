# The checker of schemas finds what is wrong.
. "$ROOT/tests/cli/common"
train_tiny -o run --max-steps 1
S=$ROOT/data/schema/report.schema.json
rc "$VALIDATE" "$S" run/report.json
sed 's/"steps_done"/"steps_dona"/' run/report.json > a.json
rc "$VALIDATE" "$S" a.json
sed 's/"status":.*,/"status": "fine",/' run/report.json > b.json
rc "$VALIDATE" "$S" b.json
sed 's/"dimension":.*,/"dimension": -1.5,/' run/report.json > c.json
rc "$VALIDATE" "$S" c.json
sed 's/"seed":.*,/"seed": NaN,/' run/report.json > d.json
rc "$VALIDATE" "$S" d.json | sed "s/byte [0-9]*/byte N/"
