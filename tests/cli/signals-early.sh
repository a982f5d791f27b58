# Before the first step a signal ends the program at once and leaves nothing, whatever it waits for.
# A shell may say at any moment that a child was terminated: its stderr leads nowhere here.
. "$ROOT/tests/cli/common"
heed_hangup
mkfifo data
interrupt() { # SIGNAL COMMAND...
    signal=$1
    shift
    $heed "$STSFIT" "$@" > /dev/null 2>&1 < /dev/null &
    pid=$!
    exec 3> data # which waits until the program has it open
    echo 'A dog runs.	A cat runs.	3' >&3
    kill -"$signal" $pid
    rc wait $pid
    exec 3>&-
} 2> /dev/null
for signal in INT TERM HUP; do interrupt $signal train data -m "$tiny" -o run -q; done
for command in check eval score encode tokenize; do
    echo $command
    interrupt TERM $command $([ $command = check ] || echo "-m $tiny") data
done
echo "a pipe that nobody writes to"
{
    "$STSFIT" train data -m "$tiny" -o run -q &
    pid=$!
    sleep 0.2
    kill -TERM $pid
    rc wait $pid
} 2> /dev/null
ls
