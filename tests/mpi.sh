#!/bin/sh
# mpi.sh: a build with MPI at 1, 2, 3 and 4 ranks on this machine: the numbers of one rank, resuming at
# another number of ranks, refusals, ranks that fail, signals. Nothing to do where there is no MPI.
set -u
cd "$(dirname "$0")/.." || exit 1
if ! command -v mpicc mpirun > /dev/null; then
    echo "mpi: no mpicc and mpirun here: scripts/install-deps.sh --mpi"
    echo '0 passed, 0 failed'
    exit 0
fi
${MAKE:-make} --no-print-directory MPI=1 BUILD=build/mpi build/mpi/stsfit > build/mpi.log 2>&1 || {
    cat build/mpi.log
    echo '0 passed, 1 failed'
    exit 1
}
STSFIT=$PWD/build/mpi/stsfit DATA=$PWD/data TINY=$PWD/data/tiny-bert
WORK=$(mktemp -d) || exit 1
trap 'rm -rf "$WORK"' EXIT
cd "$WORK" || exit 1
export LC_ALL=C STSFIT_THREADS=1 OMP_WAIT_POLICY=passive
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
flags=''    # of Open MPI; MPICH starts more ranks than processors as it is
mpirun --version 2>&1 | grep -q 'Open MPI\|OpenRTE' &&
    flags='-q --oversubscribe --mca odls_base_sigkill_timeout 15'

passed=0 failed=0
check() { # NAME COMMAND...: passes when the command does
    name=$1
    shift
    if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $name"; fi
}

# shellcheck disable=SC2086   # the flags are words
ranks() { # N ARGUMENTS...
    n=$1
    shift
    timeout 120 mpirun $flags -n "$n" "$STSFIT" "$@"
}

train() { # N OUTPUT ARGUMENTS...
    n=$1 out=$2
    shift 2
    ranks "$n" train "$DATA/sts-train.tsv" --dev "$DATA/sts-dev.tsv" -q -o "$out" "$@"
}

# Loss and gradient norm of every step within 1e-6, the dev Spearman within 0.02; as many lines.
same() { # RUN RUN
    paste -d ' ' "$1/log.jsonl" "$2/log.jsonl" | awk -v lines="$(wc -l < "$1/log.jsonl")" '
        function get(key, which,    a, n) {
            n = split($0, a, "\"" key "\":")
            return n < 3 ? "" : a[which + 1] + 0
        }
        function far(key, limit, relative,    x, y, d) {
            x = get(key, 1); y = get(key, 2)
            if (x == "") return 0
            d = x > y ? x - y : y - x
            if (d <= limit * (relative ? (x > 0 ? x : -x) : 1)) return 0
            print "line " NR ": " key " is " x " and " y
            return 1
        }
        { bad += far("step", 0) + far("loss", 1e-6, 1) + far("grad_norm", 1e-6, 1)
          bad += far("spearman_cosine", 0.02) }
        END { exit bad > 0 || NR == 0 || NR != lines }'
}

says() { # EXIT-CODE TEXT COMMAND...: one message on stderr, and that exit code
    code=$1 text=$2
    shift 2
    "$@" > out 2> err
    got=$?
    [ "$got" -eq "$code" ] && grep -q "$text" err && [ "$(grep -c '^stsfit: ' err)" -eq 1 ] && return
    echo "exit code $got, $(cat err)"
    return 1
}

weights() { # RUN: the kept model
    cksum < "$1/model/model.safetensors"
}

# ---- the same numbers at any number of ranks, dropout on ----

equal() { # NAME RANKS OPTIONS...
    what=$1 many=$2
    shift 2
    train 1 "$what-1" "$@" || echo "$what: one rank failed"
    for n in $many; do
        train "$n" "$what-$n" "$@"
        check "$what on $n ranks" same "$what-1" "$what-$n"
    done
}
equal bert '2 3 4' -m "$TINY" --epochs 1
equal bag '2 3 4' -m bag --epochs 2
equal cosent 3 -m "$TINY" --loss cosent --epochs 1
equal mnrl 2 -m "$TINY" --loss mnrl --epochs 1
equal mined 3 -m "$TINY" --loss triplet --max-steps 12
equal accumulate '3 4' -m "$TINY" --batch-size 7 --accumulate 3 --epochs 1
equal fewer 4 -m "$TINY" --batch-size 2 --max-steps 12 # rows than ranks
equal one 3 -m "$TINY" --batch-size 1 --max-steps 6
equal frozen 2 -m "$TINY" --freeze-embeddings --freeze-layers 1 --max-steps 12
"$STSFIT" train "$DATA/sts-train.tsv" --dev "$DATA/sts-dev.tsv" -q -m "$TINY" --epochs 1 -o alone
check 'without mpirun' cmp -s alone/model/model.safetensors bert-1/model/model.safetensors
train 2 per-rank -m "$TINY" --batch-size-per-rank 8 --epochs 1
check 'batch size per rank' same bert-1 per-rank
check 'ranks are reported' grep -q '"ranks":[[:space:]]*2,' per-rank/report.json
ranks 3 train - --dev "$DATA/sts-dev.tsv" -q -m "$TINY" --epochs 1 -o piped < "$DATA/sts-train.tsv"
check 'data from stdin' same bert-1 piped

# ---- the other commands, their output once and in order ----

for command in encode score eval; do
    input=$DATA/sts-dev.tsv json=''
    [ $command = eval ] && json=--json
    # shellcheck disable=SC2086
    "$STSFIT" $command -m "$TINY" $json "$input" > one.out
    for n in 1 2 3; do
        # shellcheck disable=SC2086
        ranks $n $command -m "$TINY" $json "$input" > many.out
        check "$command on $n ranks" cmp -s one.out many.out
    done
done
ranks 2 encode -m "$TINY" < "$DATA/sts-dev.tsv" > many.out
"$STSFIT" encode -m "$TINY" < "$DATA/sts-dev.tsv" > one.out
check 'encode from stdin' cmp -s one.out many.out

# ---- stopping and going on at another number of ranks ----

started() { # RUN: waits for its first steps
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        [ -s "$1/log.jsonl" ] && [ "$(wc -l < "$1/log.jsonl")" -gt 5 ] && return
        sleep 0.5
    done
    return 1
}
interrupt() { # SIGNAL RANKS RUN OPTIONS...
    signal=$1 n=$2 out=$3
    shift 3
    # shellcheck disable=SC2086
    mpirun $flags -n "$n" "$STSFIT" train "$DATA/sts-train.tsv" --dev "$DATA/sts-dev.tsv" -q \
        -o "$out" "$@" > out 2> err &
    pid=$!
    started "$out" && kill "-$signal" $pid
    wait $pid
    code=$?
}
long="-m $TINY --epochs 12 --batch-size 4"
# shellcheck disable=SC2086
train 1 whole $long
for signal in INT TERM; do
    # shellcheck disable=SC2086
    interrupt $signal 3 "stop-$signal" $long
    check "SIG$signal ends the run" grep -q '"interrupted"' "stop-$signal/report.json"
    check "SIG$signal is no success" [ "$code" -ne 0 ]
    for n in 1 2; do
        rm -rf again
        cp -r "stop-$signal" again
        # shellcheck disable=SC2086
        train $n again $long --resume
        check "resume on $n ranks after SIG$signal on 3" same whole again
    done
done
# shellcheck disable=SC2086
mpirun $flags -n 3 "$STSFIT" train "$DATA/sts-train.tsv" --dev "$DATA/sts-dev.tsv" -q -o killed \
    $long --save-steps 5 > out 2> err &
pid=$!
started killed
sleep 1
victim=$(pgrep -P "$pid" -f -- '-o killed' | tail -1)
kill -9 "$victim"
wait $pid
check 'a killed rank ends the job' [ $? -ne 0 ]
check 'and no rank stays' [ -z "$(pgrep -f -- '-o killed')" ]
# shellcheck disable=SC2086
train 4 killed $long --save-steps 5 --resume
check 'resume on 4 ranks after a rank was killed' same whole killed

# ---- one message, one exit code ----

check 'bad options' says 2 'no-such-option' ranks 3 train x --no-such-option
check 'no data' says 1 'absent.tsv' ranks 3 train absent.tsv
check 'no model' says 4 'absent' ranks 2 eval -m absent "$DATA/sts-dev.tsv"
check 'diverged' says 5 'not finite' train 3 hot -m "$TINY" --lr 1e3 --max-grad-norm 0 --warmup 0 \
    --epochs 40
check 'a missed gate' says 6 'spearman_cosine' train 2 gate -m "$TINY" --max-steps 2 \
    --fail-under spearman_cosine=0.99
cp "$DATA/sts-train.tsv" left.tsv
head -200 left.tsv > right.tsv
# shellcheck disable=SC2016   # each rank takes its own file under one name
other='d=$(mktemp -d) && cd "$d" && if [ "${OMPI_COMM_WORLD_RANK:-${PMI_RANK:-0}}" = 1 ]
    then cp "$W/right.tsv" pairs.tsv; else cp "$W/left.tsv" pairs.tsv; fi
    "$S" train pairs.tsv -q -o run; rc=$?; rm -rf "$d"; exit $rc'
# shellcheck disable=SC2086
check 'data that differ' says 3 'pairs.tsv: on .* (rank 1) it differs' \
    env W="$WORK" S="$STSFIT" timeout 60 mpirun $flags -n 2 sh -c "$other"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
