#!/bin/sh
# odd.sh: odd surroundings. Each case says its expected exit code; nothing may hang or crash.
set -u
cd "$(dirname "$0")/../.."
case ${STSFIT:-stsfit} in /*) ;; *) STSFIT=$PWD/${STSFIT:-stsfit} ;; esac
root=$PWD dir=$(mktemp -d) && trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
cd "$dir" || exit 1
head -n 40 "$root/data/sts-train.tsv" > train.tsv
passed=0 failed=0
# expect CODE NAME COMMAND...
expect() {
    want=$1 name=$2
    shift 2
    timeout 60 "$@" > out 2> err
    got=$?
    if [ "$got" -eq "$want" ]; then passed=$((passed + 1))
    else failed=$((failed + 1)); echo "FAILED: $name: exit $got, not $want: $(head -c 300 err)"
    fi
}
t="$STSFIT train train.tsv -q --epochs 1"
expect 0 plain $t -o run
expect 0 'closed stderr' sh -c "$t -o a 2>&-"
expect 0 'closed stdout' sh -c "$t -o b >&-"
expect 0 'all closed' sh -c "$t -o c <&- >&- 2>&-"
expect 1 'stdout is full' sh -c "$STSFIT eval train.tsv -m run > /dev/full"
expect 0 'empty environment' env -i "$STSFIT" train train.tsv -q --epochs 1 -o d
expect 2 'a negative number of threads' $t --threads -1 -o e
expect 0 '0 threads: as many as there are processors' $t --threads 0 -o f
expect 0 '1,000 threads' $t --threads 1000 -o g
expect 2 'a million threads' $t --threads 1000000 -o h
huge=$(head -c 100000 /dev/zero | tr '\0' x)
expect 2 'a huge option' $t --loss "$huge" -o i
expect 1 'a huge path' "$STSFIT" check "$huge"
expect 4 'a huge model' $t -m "$huge" -o j
expect 1 'a huge output' $t -o "$huge"
# shellcheck disable=SC2046
expect 0 '2,000 files' "$STSFIT" check $(seq 2000 | sed 's/.*/train.tsv/')
expect 0 'zero bytes in locale' env LC_ALL=de_DE.UTF-8 LANG=xx "$STSFIT" eval train.tsv -m run
expect 1 'a directory as data' "$STSFIT" check .
expect 1 'a file as output' $t -o train.tsv
mkdir readonly
chmod a-w readonly
if [ "$(id -u)" -ne 0 ]; then expect 1 'a read-only directory' $t -o readonly/x; fi
expect 1 'a vanished file' "$STSFIT" check gone.tsv
ln -s loop loop
expect 1 'a loop of links' "$STSFIT" check loop
mkfifo pipe
expect 124 'a pipe without a writer waits' timeout 1 "$STSFIT" check pipe
(sleep 1; cat train.tsv) | timeout 20 "$STSFIT" check - > out 2>&1 || { failed=$((failed + 1)); echo "FAILED: slow stdin"; }
# two processes in one directory: the second is refused, the first undisturbed
$t --epochs 300 -o locked 2> /dev/null &
first=$!
while [ ! -f locked/report.json ]; do sleep 0.1; done
expect 1 'the second in one directory' $t -o locked --resume
expect 1 'the second with --overwrite' $t -o locked --overwrite
kill -INT $first
wait $first
[ $? -eq 130 ] && passed=$((passed + 1)) || { failed=$((failed + 1)); echo "FAILED: the first one"; }
# a clock that jumps back: times are taken from the monotonic clock
if command -v faketime > /dev/null; then expect 0 'clock' faketime '1970-01-02' $t -o k; fi
# a limit on memory or file size
expect 1 'no memory' sh -c "ulimit -v 200000; $STSFIT train train.tsv -q -m $root/data/tiny-bert --batch-size 1024 --threads 1 -o l"
expect 1 'a limit of 100 KB on files' sh -c "trap '' XFSZ; ulimit -f 200; $t -o m"
expect 1 'no descriptors' sh -c "ulimit -n 4; $t -o n"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
