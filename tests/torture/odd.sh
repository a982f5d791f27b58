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
    timeout "${SECONDS_EACH:-120}" "$@" > out 2> err
    got=$?
    if [ "$got" -eq "$want" ]; then passed=$((passed + 1))
    else failed=$((failed + 1)); echo "FAILED: $name: exit $got, not $want: $(head -c 300 err)"
    fi
}
# await FILE: until it is there, for a minute at most
await() {
    tries=600
    while [ ! -e "$1" ] && [ $tries -gt 0 ]; do sleep 0.1; tries=$((tries - 1)); done
}
t="$STSFIT train train.tsv -q --epochs 1"
expect 0 plain $t -o run
expect 0 'closed stderr' sh -c "$t -o a 2>&-"
expect 0 'closed stdout' sh -c "$t -o b >&-"
expect 0 'all closed' sh -c "$t -o c <&- >&- 2>&-"
# a full device under stdout: every command that prints says so, and none says it was done
cut -f 6 train.tsv > texts
for command in 'eval train.tsv -m run' 'eval train.tsv -m run --json' 'score train.tsv -m run' \
    'encode texts -m run' 'encode texts -m run --format npy' 'tokenize texts -m run' \
    'check train.tsv' 'check train.tsv --json' 'losses' 'losses cosent' 'info run' 'help' \
    'help train' 'man' 'completion bash' 'completion zsh' 'completion fish' '--version' \
    'compare run run train.tsv' 'report run -o -' 'train train.tsv --json --epochs 1 -q -o z'; do
    expect 1 "stdout is full: $command" sh -c "$STSFIT $command > /dev/full"
    [ "$(wc -c < err)" -gt 0 ] || { failed=$((failed + 1)); echo "FAILED: $command: no word of it"; }
done
expect 1 'a full device as output' "$STSFIT" encode texts -m run -o /dev/full
expect 0 'empty environment' env -i "$STSFIT" train train.tsv -q --epochs 1 -o d
expect 2 'a negative number of threads' $t --threads -1 -o e
expect 0 '0 threads: as many as there are processors' $t --threads 0 -o f
expect 0 'many threads' $t --threads 200 -o g
expect 2 '1,000 threads: refused' $t --threads 1000 -o h
expect 2 'a million threads' $t --threads 1000000 -o h
huge=$(head -c 100000 /dev/zero | tr '\0' x)
expect 2 'a huge option' $t --loss "$huge" -o i
expect 1 'a huge path' "$STSFIT" check "$huge"
expect 1 'a huge model' $t -m "$huge" -o j
expect 1 'a huge output' $t -o "$huge"
# shellcheck disable=SC2046
expect 2 '2,000 files: refused' "$STSFIT" check $(seq 2000 | sed 's/.*/train.tsv/')
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
await locked/report.json
expect 1 'the second in one directory' $t -o locked --resume
expect 1 'the second with --overwrite' $t -o locked --overwrite
kill -INT $first
wait $first
[ $? -eq 130 ] && passed=$((passed + 1)) || { failed=$((failed + 1)); echo "FAILED: the first one"; }
# clocks that jump back by an hour whenever they are asked
cat > clock.c << 'END'
#include <time.h>
static time_t now = 1000000000;
time_t time(time_t *t) { now -= 3600; if (t) *t = now; return now; }
int clock_gettime(clockid_t c, struct timespec *t)
{
    (void)c;
    *t = (struct timespec){.tv_sec = time(0)};
    return 0;
}
END
if ${CC:-cc} -shared -fPIC -o clock.so clock.c 2> /dev/null; then
    expect 0 'clocks that jump back' env LD_PRELOAD="$PWD/clock.so" $t -o k
    cmp -s k/model/model.safetensors run/model/model.safetensors ||
        { failed=$((failed + 1)); echo "FAILED: other weights after clocks that jump back"; }
    expect 0 'its report is read' "$STSFIT" report k
fi
# the run directory is taken away while it is written to: reported, or made anew by the next save
$t --epochs 300 --save-steps 5 -o gone 2> err &
first=$!
await gone/log.jsonl
mv gone away
wait $first
code=$?
[ $code -ne 0 ] || "$STSFIT" info gone > out 2> err || code=2
[ $code -le 1 ] && passed=$((passed + 1)) || { failed=$((failed + 1)); echo "FAILED: a vanished run: $(cat err)"; }
# a disk that is too small is found before the first step; one that is full later is reported, and the
# run continues when there is room again (where this user may mount one)
mkdir disk
if mount -t tmpfs -o size=1m none disk 2> /dev/null; then
    trap 'umount disk; chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
    expect 1 'a disk that is too small' $t -o disk/run
    grep -q 'no room' err || { failed=$((failed + 1)); echo "FAILED: no word of room: $(cat err)"; }
    [ -z "$(find disk -name '*tmp*' -o -name 'checkpoint*')" ] ||
        { failed=$((failed + 1)); echo "FAILED: left behind: $(find disk)"; }
    mount -o remount,size=64m disk
    $t --epochs 300 --save-steps 5 -o disk/run --overwrite 2> err &
    first=$!
    while [ -z "$(find disk/run -name 'checkpoint-*' 2> /dev/null)" ] && kill -0 $first; do
        sleep 0.01
    done
    while kill -0 $first 2> /dev/null; do # takes what each rotation sets free, too
        head -c 64m /dev/zero >> disk/fill 2> /dev/null
    done
    wait $first
    [ $? -eq 1 ] && passed=$((passed + 1)) || { failed=$((failed + 1)); echo "FAILED: a full disk: $(cat err)"; }
    rm disk/fill
    expect 0 'continuing with room again' $t --epochs 300 --save-steps 5 -o disk/run --resume
fi
# a limit on memory or file size
for kb in 150000 200000 250000 300000 350000 400000; do
    few="ulimit -v $kb; exec $STSFIT train $root/data/sts-train.tsv -q -m $root/data/tiny-bert"
    few="$few --batch-size 1024 --epochs 1 --overwrite -o l"
    timeout 120 env -u OPENBLAS_NUM_THREADS -u OMP_NUM_THREADS sh -c "$few" 2> err
    got=$?
    if [ $got -eq 1 ] && grep -q 'out of memory' err; then passed=$((passed + 1))
    elif [ $got -eq 0 ] && [ $kb -gt 200000 ]; then passed=$((passed + 1))
    else failed=$((failed + 1)); echo "FAILED: no memory, $kb KB: exit $got: $(cat err)"
    fi
done
expect 1 'a limit of 100 KB on files' sh -c "trap '' XFSZ; ulimit -f 200; $t -o m"
expect 1 'no descriptors' sh -c "ulimit -n 4; $t -o n"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
