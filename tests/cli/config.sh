# A file of options: it stands above the defaults and below the command line.
. "$ROOT/tests/cli/common"
cat > c.json << END
{"data": ["train.tsv"], "epochs": 2, "batch-size": 8, "learning-rate": 0.001,
 "score-range": "0:5", "no-shuffle": true, "dev": null}
END
plan() { "$STSFIT" train --dry-run -m "$tiny" "$@" 2>&1 | sed -n 's/^plan *//p'; }
plan --config c.json
plan --config c.json --epochs 4
plan --epochs 4 --config c.json --lr 0.01
bad() { echo "$1" > bad.json; rc "$STSFIT" train train.tsv --config bad.json; }
bad '{"epoch": 3}'
bad '{"epochs": "many"}'
bad '{"epochs": -1}'
bad '{"epochs": [3]}'
bad '{"model": 3}'
bad '{"no-shuffle": 1}'
bad '{"data": 3}'
bad '[1]'
bad '{"epochs": 3'
bad '{"epochs": 3, "epochs": 4}'
echo "{\"data\": [3]}" > bad.json; rc "$STSFIT" train --config bad.json
# from standard input; the command line's data stand above its own; help is asked for first
plan --config - < c.json
plan dev.tsv --config c.json
rc "$STSFIT" train --config no-such-file --help | tail -n 1
