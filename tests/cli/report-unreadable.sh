# A report.json that cannot be read is bad data (3) to every command that needs it. Without DATA,
# eval and compare read stdin unless it is a terminal, which `script` makes.
. "$ROOT/tests/cli/common"
train_tiny -o run --max-steps 1
echo '{' > run/report.json
terminal() { script -qec "$1 > /dev/null 2> messages" /dev/null < /dev/null > /dev/null 2>&1; }
if script --version 2> /dev/null | grep -q util-linux && terminal true; then
    rc terminal "'$STSFIT' eval -m run" && cat messages
    rc terminal "'$STSFIT' compare run '$tiny'" && cat messages
    rc "$STSFIT" report run
else
    echo "no script of util-linux" > skipped
fi
