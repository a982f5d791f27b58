# A configuration from elsewhere names no code, gives no order and stays in the working directory;
# what the command line gives is not asked of it. One's own config.json may read what its run read.
. "$ROOT/tests/cli/common"
try() { echo "$1" > c.json; shift; rc "$STSFIT" train train.tsv -q --max-steps 1 --config c.json "$@" 2>&1; }
try '{"loss": "./code.so"}'
try '{"loss": "cosent+0.5*lib/code.so:a=1"}'
try '{"loss": "code.so"}'
try '{"loss": "./code.so"}' --loss cosent -o given-loss
try '{"overwrite": true}'
try '{"resume": true}'
try '{"overwrite": false}' -o no-order
try '{"output": "/tmp/stsfit-elsewhere"}'
try '{"output_dir": "a/../../b"}'
try '{"output": "a/../../b"}' -o given-output
for o in dev test model; do
    try "{\"$o\": \"$PWD/dev.tsv\"}"
    try "{\"$o\": \"x/../../dev.tsv\"}"
done 2>&1 | sed "s|$PWD|HERE|g"
try '{"card-samples": 3}'
echo '{"data": ["/etc/passwd"]}' > c.json
rc "$STSFIT" train -q --config c.json 2>&1
rc "$STSFIT" train train.tsv -q --max-steps 1 --config c.json -o given-data
[ ! -e /tmp/stsfit-elsewhere ] && [ ! -e ../b ] && echo "nothing written outside"
# one's own
"$STSFIT" train "$PWD/train.tsv" --dev "$PWD/dev.tsv" -q --max-steps 1 --card-samples 2 -o own
rc "$STSFIT" train --config own/config.json -q -o again
cp own/config.json elsewhere.json
rc "$STSFIT" train --config elsewhere.json -q -o never 2>&1 | sed "s|$PWD|HERE|g"
sed 's|"loss":.*|"loss": "./code.so",|' own/config.json > x; cp x own/config.json
rc "$STSFIT" train --config own/config.json -q -o never
rc "$STSFIT" train --resume -o own -q
[ ! -e never ]
