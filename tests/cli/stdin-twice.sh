# Standard input can be read once: where it is given twice nothing is read and nothing written.
. "$ROOT/tests/cli/common"
try() { rc "$STSFIT" "$@" < train.tsv 2>&1; }
try train - - -q -o run
try train train.tsv --dev - --test - -q -o run
try train - --dev - -q -o run
try eval -m "$tiny" - dev.tsv - --predictions pairs.tsv
try compare "$tiny" "$tiny" - -
try check - -
try score -m "$tiny" - -
try encode -m "$tiny" - - -o vectors.npy
try tokenize -m "$tiny" - -
echo '{"data": ["-"], "dev": "-"}' > c.json
try train --config c.json -q -o run
try train train.tsv --dev - -q --max-steps 1 -o once
ls
