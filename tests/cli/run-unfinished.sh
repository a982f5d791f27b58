# A run that was killed: every command names its newest checkpoint; with --overwrite the model of the
# run before stays until there is a new one.
. "$ROOT/tests/cli/common"
endless() {
    "$STSFIT" train "$DATA/sts-train.tsv" -q --epochs 100000 --save-steps 1 "$@" 2> /dev/null &
    pid=$!
    while [ ! -d "run/checkpoint-${wait_for-1}" ] && kill -0 $pid; do sleep 0.01; done
    kill -9 $pid
    wait $pid 2> /dev/null || true
}
named() {
    grep -o 'run: this run has not finished: give its newest checkpoint, run/checkpoint-[0-9]*' |
        sed 's/[0-9]*$/N/'
}
endless -m "$tiny" -o run
cut -f 6 dev.tsv > texts
rc "$STSFIT" info run 2> err
named < err
"$STSFIT" eval -m run dev.tsv 2>&1 | named
"$STSFIT" encode -m run texts 2>&1 | named
"$STSFIT" score -m run dev.tsv 2>&1 | named
train_tiny -m run -o other 2>&1 | named
rc "$STSFIT" report -q run
checkpoint=$(sed 's/.*newest checkpoint, \([^,]*\),.*/\1/' err)
"$STSFIT" eval -q -m "$checkpoint" dev.tsv > /dev/null
rm -r run
# killed in the middle of training a run's model further, in place
train_tiny -o run --max-steps 1
first=$(weights run)
rm -r run/checkpoint-1
endless -m run -o run --overwrite
[ "$(weights run)" = "$first" ] && echo "the model is there"
"$STSFIT" encode -m run texts 2>&1 > /dev/null | grep -c 'its model is that of an earlier run'
