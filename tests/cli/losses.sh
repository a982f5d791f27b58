# The list, one of them, JSON; every loss of the list trains three steps and stays finite.
. "$ROOT/tests/cli/common"
"$STSFIT" losses
"$STSFIT" losses cosent
"$STSFIT" losses CoSENTLoss | sed -n 1p
rc "$STSFIT" losses cosemt
"$STSFIT" losses --json | number default > /dev/null
for loss in $("$STSFIT" losses | sed -n 's/^\([a-z0-9-]*\) .*/\1/p'); do
    teacher=''
    "$STSFIT" losses "$loss" | grep -q 'with --teacher' && teacher="--teacher $tiny"
    train_tiny -o "$loss" --loss "$loss" $teacher --max-steps 3 2> /dev/null || echo "$loss: exit $?"
    grep -c '"type":"step".*"loss":[-0-9]' "$loss/log.jsonl" | sed "s/^/$loss: steps: /"
done
