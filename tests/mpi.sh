#!/bin/sh
# mpi.sh: a build with MPI at 1, 2, 3 and 4 ranks on this machine: the numbers of one process, resuming
# at another number of ranks, refusals, ranks that fail, signals. Skipped where there is no MPI;
# MPICC and MPIRUN choose among several.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tally.sh
MPICC=${MPICC:-mpicc} MPIRUN=${MPIRUN:-mpirun}
if ! command -v "$MPICC" > /dev/null || ! command -v "$MPIRUN" > /dev/null; then
    skip 'all' "no $MPICC and $MPIRUN here (scripts/install-deps.sh --mpi)"
    tally
    exit
fi
BUILD=build/$MPICC
mkdir -p "$BUILD"
# Of the make that called, nothing but the compiler is taken over.
if ! MAKEFLAGS='' ${MAKE:-make} --no-print-directory -j 2 MPI=1 MPICC="$MPICC" MODE=release BUILD="$BUILD" \
    "$BUILD/stsfit" > "$BUILD.log" 2>&1; then
    fail 'the build' "$(cat "$BUILD.log")"
    tally
    exit
fi
PLAIN=${STSFIT:-stsfit} ROOT=$PWD
case $PLAIN in /*) ;; *) PLAIN=$ROOT/$PLAIN ;; esac
STSFIT=$ROOT/$BUILD/stsfit DATA=$ROOT/data TINY=$ROOT/data/tiny-bert MODELS=$ROOT/tests/golden/models
WORK=$(mktemp -d) || exit 1
trap 'rm -rf "$WORK"' EXIT
cd "$WORK" || exit 1
export STSFIT WORK DATA TINY LC_ALL=C STSFIT_THREADS=1 OMP_WAIT_POLICY=passive
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
# MPICH starts more ranks than processors as it is; its mpirun breaks off when stdin is not read soon
# enough, and ends with 0 after a signal.
# Open MPI's pause before TERM, and before KILL; from version 5 on the launcher is PRRTE, whose settings
# have a prefix of their own, and "quiet" is one of them.
flags=''
case $("$MPIRUN" --version 2>&1 | head -n 1) in
    *'(Open MPI) '[1-4].* | *OpenRTE*) flags='-q --oversubscribe --mca odls_base_sigkill_timeout 3' ;;
    *'Open MPI'*) flags='--oversubscribe --prtemca odls_base_sigkill_timeout 3' ;;
esac
# shellcheck disable=SC2086   # the flags are words
if ! timeout 60 "$MPIRUN" $flags -n 2 true > probe 2>&1; then
    skip 'all' "$MPIRUN cannot start two processes here: $(grep -v '^-*$' probe | tr '\n' ' ')"
    tally
    exit
fi

# shellcheck disable=SC2086   # the flags are words
job() { # N COMMAND...
    n=$1
    shift
    timeout 120 "$MPIRUN" $flags -n "$n" "$@"
}
ranks() { # N ARGUMENTS...: of stsfit
    n=$1
    shift
    job "$n" "$STSFIT" "$@"
}
train_as() { # COMMAND... -- OUTPUT OPTIONS...: with the sample data; model/ gets the last weights
    with=''
    while [ "$1" != -- ]; do with="$with $1"; shift; done
    out=$2
    shift 2
    # shellcheck disable=SC2086   # the command is words
    $with train "${FROM:-$DATA/sts-train.tsv}" --dev "${DEV:-$DATA/sts-dev.tsv}" -q -o "$out" \
        --keep last "$@"
}
train() { # N OUTPUT OPTIONS...
    n=$1
    shift
    train_as ranks "$n" -- "$@"
}

# Loss and gradient norm of every step within 1e-6, the dev Spearman within 0.02; as many lines.
# The largest differences go to the file "largest".
same() { # RUN RUN
    paste -d ' ' "$1/log.jsonl" "$2/log.jsonl" | awk -v lines="$(wc -l < "$1/log.jsonl")" '
        function get(key, which,    a, n) {
            n = split($0, a, "\"" key "\":")
            return n < 3 ? "" : a[which + 1] + 0
        }
        function far(key, limit, relative,    x, y, d) {
            x = get(key, 1); y = get(key, 2)
            if (x == "") return 0
            d = (x > y ? x - y : y - x) / (relative && x ? (x > 0 ? x : -x) : 1)
            print key, d >> "largest"
            if (d <= limit) return 0
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
whole() { "$STSFIT" eval -m "$1" "$DATA/sts-dev.tsv" > /dev/null 2>&1; } # MODEL: can be read
await() { # CONDITION: for a minute
    tries=600
    while ! eval "$1" && [ $((tries -= 1)) -gt 0 ]; do sleep 0.1; done
    [ $tries -gt 0 ]
}

# ---- one file calls MPI, and only a build that asks for it links it ----

try 'one file includes mpi.h' [ "$(cd "$ROOT" && grep -rlw 'mpi\.h\|MPI_[A-Za-z_]*' lib cmd --include='*.[ch]')" = lib/core/comm.c ]
linked() { ldd "$1" | grep -qi 'libmpi'; }
if command -v ldd > /dev/null; then
    try 'MPI=1 links it' linked "$STSFIT"
    plain() { [ -x "$PLAIN" ] && ! linked "$PLAIN"; }
    try 'the plain program is built without MPI' plain
fi

# ---- the same numbers at any number of ranks, dropout on ----

equal() { # NAME RANKS OPTIONS...
    what=$1 many=$2
    shift 2
    train_as "$STSFIT" -- "$what-0" "$@" || echo "$what: one process failed"
    for k in $many; do
        train "$k" "$what-$k" "$@"
        try "$what on $k ranks" same "$what-0" "$what-$k"
    done
}
equal bert '1 2 3 4' -m "$TINY" --epochs 1
equal bag '2 3' -m bag --epochs 2
equal modernbert 3 -m "$MODELS/modernbert" --dropout 0.1 --max-steps 8
equal albert 2 -m "$MODELS/albert" --dropout 0.1 --max-steps 3 # its layers share their weights
equal static 3 -m "$MODELS/static" --dropout 0.1 --max-steps 8
for loss in cosent:3 angle:2 mnrl:4 online-contrastive:3; do
    equal "${loss%:*}" "${loss#*:}" -m "$TINY" --loss "${loss%:*}" --max-steps 10
done
equal mined 3 -m "$TINY" --loss triplet --max-steps 12
FROM=$ROOT/tests/golden/triplets.tsv DEV=$FROM
equal triplets 2 -m "$TINY" --loss triplet --batch-size 5 --max-steps 8
FROM='' DEV=''
equal accumulate 3 -m "$TINY" --batch-size 7 --accumulate 3 --epochs 1 # odd last batches
equal parts 3 -m "$TINY" --loss cosent+0.5*mnrl:gte=1 --batch-size 12 --mini-batch 3 --max-steps 8
equal taught 2 -m "$TINY" --loss cosine-similarity+embed-distill+gist --teacher bag-0/model --max-steps 8
equal fewer 4 -m "$TINY" --batch-size 2 --max-steps 12 # rows than ranks
equal one 3 -m "$TINY" --batch-size 1 --max-steps 6
head -2 "$DATA/sts-train.tsv" > FROM
FROM=$WORK/FROM
equal pair 2 -m "$TINY" --max-steps 3
FROM=''
equal frozen 2 -m "$TINY" --freeze-embeddings --freeze-layers 1 --max-steps 8
equal twice 3 -m "$TINY" --r-drop 2 --max-steps 8
equal layers 2 -m "$TINY" --layer-decay 0.5 --max-steps 8
near() { # RUN RUN: their models give nearly the same vectors
    "$STSFIT" encode -q -m "$1" < "$DATA/sts-dev.tsv" | tr '\t' '\n' > one
    "$STSFIT" encode -q -m "$2" < "$DATA/sts-dev.tsv" | tr '\t' '\n' > theirs
    paste one theirs | awk '{ d = $1 - $2; bad += d > 1e-3 || d < -1e-3 } END { exit bad > 0 || !NR }'
}
for average in last:3 best:2 ema:0.9; do
    for k in 0 3; do
        set -- "mean-$k-$average" -m "$TINY" --lr 1e-3 --max-steps 20 --eval-steps 6 --average $average
        if [ $k = 0 ]; then train_as "$STSFIT" -- "$@"; else train $k "$@"; fi
    done
    try "average $average on 3 ranks" near mean-0-$average mean-3-$average
done
train_as "$PLAIN" -- alone -m "$TINY" --epochs 1
try 'one process: those of a plain build' cmp -s alone/model/model.safetensors bert-0/model/model.safetensors
train 2 per-rank -m "$TINY" --batch-size-per-rank 8 --epochs 1
try 'batch size per rank' same bert-0 per-rank
try 'ranks are reported' grep -q '"ranks":[[:space:]]*2,' per-rank/report.json
try 'threads are reported' grep -q '"threads":[[:space:]]*1,' per-rank/report.json
if [ "$flags" ]; then
    ranks 3 train - --keep last --dev "$DATA/sts-dev.tsv" -q -m "$TINY" --epochs 1 -o piped \
        < "$DATA/sts-train.tsv"
    # the launcher of Open MPI 5 gives a process that reads slowly parts of its input twice
    repeats() {
        for _ in 1 2 3 4 5 6; do
            # shellcheck disable=SC2016   # for that shell
            job 3 sh -c '[ "${OMPI_COMM_WORLD_RANK:-0}" != 0 ] || { sleep 0.1; dd bs=300 2> /dev/null; }' \
                < "$DATA/sts-train.tsv" 2> /dev/null | cmp -s - "$DATA/sts-train.tsv" || return 0
        done
        return 1
    }
    if ! same bert-0 piped > /dev/null && repeats; then
        skip 'data from stdin' "$MPIRUN gives other processes, too, parts of their input twice"
    else try 'data from stdin' same bert-0 piped
    fi
fi

# ---- the other commands, their output once and in order ----

# Quiet, since the launcher of Open MPI 5 moves bytes of stdout to stderr where both are written:
# mpirun sh -c 'seq 20000; echo >&2' loses some as well.
"$STSFIT" encode -q -m "$TINY" < "$DATA/sts-dev.tsv" > encode.out
"$STSFIT" score -m "$TINY" "$DATA/sts-dev.tsv" > score.out
"$STSFIT" eval -m "$TINY" --json "$DATA/sts-dev.tsv" > eval.out
for k in 2 3; do
    ranks $k encode -q -m "$TINY" < "$DATA/sts-dev.tsv" > many.out
    try "encode on $k ranks" cmp -s encode.out many.out
    ranks $k score -m "$TINY" "$DATA/sts-dev.tsv" > many.out
    try "score on $k ranks" cmp -s score.out many.out
    ranks $k eval -m "$TINY" --json "$DATA/sts-dev.tsv" > many.out
    try "eval on $k ranks" cmp -s eval.out many.out
done

# ---- stopping and resuming at another number of ranks ----

# Runs stsfit, on rank $ODD as $TWIST wants it.
# shellcheck disable=SC2016
rank='n=${OMPI_COMM_WORLD_RANK:-${PMI_RANK:-0}}; echo $$ > "$WORK/pid.$n"
    [ "$n" != "$ODD" ] || eval "$TWIST"; exec "$STSFIT" "$@"'
odd() { # N RANK TWIST ARGUMENTS...
    n=$1 ODD=$2 TWIST=$3
    shift 3
    export ODD TWIST
    job "$n" sh -c "$rank" sh "$@"
}
odd_train() { # N RANK TWIST OUTPUT OPTIONS...
    who="$1 $2"
    TWIST=$3 out=$4
    shift 4
    # shellcheck disable=SC2086
    odd $who "$TWIST" train pairs.tsv --keep last --dev "$DATA/sts-dev.tsv" -q -o "$out" "$@"
}
when() { # FILE COMMAND: a twist that runs the command once the file is there; $$ is then the rank
    echo "(until ls $WORK/$1; do sleep 0.1; done; $2) > /dev/null 2>&1 &"
}
gone() { # no rank of the last odd run is left
    for f in pid.*; do
        if kill -0 "$(cat "$f")" 2> /dev/null; then return 1; fi
    done
}
last_step() { # RUN: the last one logged
    sed -n '/"step"/h;${x;s/.*"step":\([0-9]*\).*/\1/p;}' "$1/log.jsonl" 2> /dev/null || echo 0
}
stopped() { # NAME RUN EXIT-CODE
    try "$1 ends the run" grep -q '"interrupted"' "$2/report.json"
    [ -z "$flags" ] || try "$1 is no success" [ "$3" -ne 0 ]
    try "$1 saves the last step" whole "$2/checkpoint-$(last_step "$2")"
}
# More steps than can be done before mpirun passes the signal on.
signal_mpirun() { # SIGNAL RUN STEP OPTIONS...: once that step is done
    sent=$1 run=$2 step=$3
    shift 3
    # shellcheck disable=SC2086   # the flags are words
    "$MPIRUN" $flags -n 2 "$STSFIT" train pairs.tsv --keep last --dev "$DATA/sts-dev.tsv" -q -o "$run" \
        -m "$TINY" --epochs 1000 --batch-size 2 --save-steps 50 "$@" > out 2> err &
    pid=$!
    await "[ 0\$(last_step $run) -ge $step ]" && kill -"$sent" $pid
    wait $pid
}
cp "$DATA/sts-train.tsv" pairs.tsv
# A low rate: over hundreds of steps AdamW makes rounding grow.
long="-m $TINY --epochs 6 --batch-size 8 --lr 5e-6"
# shellcheck disable=SC2086
train_as "$STSFIT" -- whole $long
# shellcheck disable=SC2016,SC2086
odd_train 3 1 "$(when stop/log.jsonl 'kill -TERM $$')" stop $long > out 2> err
stopped 'SIGTERM to a rank' stop $?
# shellcheck disable=SC2086
train 2 stop $long --resume
try 'resume on 2 ranks after 3' same whole stop
# shellcheck disable=SC2086
train_as "$STSFIT" -- whole $long --resume --guard "$DATA/sts-dev.tsv"
# shellcheck disable=SC2086
train 2 stop $long --resume --guard "$DATA/sts-dev.tsv"
guarded() { # RUN...: what the guard's Spearman has gained
    for run; do
        sed -n '/"guard":.{/,/}/p' "$run/report.json" | sed -n 's/.*"difference":[[:space:]]*\([^,]*\).*/\1/p'
    done
}
alike() { guarded whole stop | awk '{ x[NR] = $1 } END { exit NR != 2 || (x[1] - x[2]) ^ 2 > 1e-4 }'; }
try '--guard on 2 ranks' alike
# SIGUSR1 is passed on by every mpirun, and the ranks have all the time they need. So it is with
# SIGINT and SIGTERM, but for PRRTE, which kills the ranks a quarter of a second later whatever its
# settings say: then the last checkpoint is what the run continues from.
signal_mpirun USR1 stop-USR1 1
stopped 'SIGUSR1 to mpirun' stop-USR1 $?
for signal in INT TERM; do
    case $flags in
        *prtemca*)
            signal_mpirun $signal stop-$signal 101
            try "SIG$signal to mpirun is no success" [ $? -ne 0 ]
            signal_mpirun USR1 stop-$signal $(($(last_step stop-$signal) + 1)) --resume
            stopped "SIGUSR1 after SIG$signal and --resume" stop-$signal $?
            ;;
        *)
            signal_mpirun $signal stop-$signal 1
            stopped "SIG$signal to mpirun" stop-$signal $?
            ;;
    esac
done

# ---- one message, one exit code; the last checkpoint whole ----

mkdir elsewhere nowhere other
head -200 pairs.tsv > elsewhere/pairs.tsv
cp pairs.tsv other && cp -R bert-0/model other && cp -R "$TINY" model

try 'bad options' says 2 'no-such-option' ranks 3 train x --no-such-option
try 'no data' says 1 'absent.tsv' ranks 3 train absent.tsv
try 'no model' says 4 'absent' ranks 2 eval -m absent "$DATA/sts-dev.tsv"
try 'diverged' says 5 'not finite' train 3 hot -m "$TINY" --lr 1000 --weight-decay 1000000 \
    --warmup 0 --epochs 30
try 'a missed gate' says 6 'spearman_cosine' train 2 gate -m "$TINY" --max-steps 2 \
    --fail-under spearman_cosine=0.99
try 'data that differ' says 3 'pairs.tsv: on .* (rank 1) it differs' \
    odd_train 2 1 'cd elsewhere' x -m "$TINY"
try 'data that are absent' says 1 'rank 1 on .*pairs.tsv' odd_train 3 1 'cd nowhere' x -m "$TINY"
try 'models that differ' says 3 'model: on .* (rank 2) it differs' \
    odd_train 3 2 'cd other' x -m model
try 'settings that differ' says 2 'lr is .*0.001.* rank 0' odd_train 2 1 'set -- "$@" --lr 0.001' x \
    -m "$TINY"
# shellcheck disable=SC2016
if "$STSFIT" encode -m "$TINY" --precision bf16 pairs.tsv > nowhere/vectors 2> nowhere/err; then
    try 'precisions that differ' says 2 'the precision differs: fp32 .* (rank 0), bf16 .* (rank 1)' \
        odd 2 1 'set -- "$@" --precision bf16' encode -m "$TINY" pairs.tsv
else
    skip 'precisions that differ' "$(cat nowhere/err)"
fi
version=$("$STSFIT" --version | cut -d ' ' -f 2)
digit=$((${version##*.} % 9 + 1)) # a version of the same length
sed "s/${version%.*}\.${version##*.}/${version%.*}.$digit/g" "$STSFIT" > other/stsfit && chmod +x other/stsfit
try 'versions that differ' says 2 "$version .* (rank 0), ${version%.*}.$digit .* (rank 1)" \
    odd 2 1 'STSFIT=other/stsfit' losses

# shellcheck disable=SC2016,SC2086
odd_train 3 2 "$(when 'killed/checkpoint-*/trainer.json' 'kill -9 $$')" killed $long \
    --save-steps 5 > out 2> err
try 'a killed rank ends the job' [ $? -ne 0 ]
try 'no rank stays' await gone
for c in killed/checkpoint-*; do try 'a whole checkpoint' whole "$c"; done
# shellcheck disable=SC2086
train 4 killed $long --save-steps 5 --resume
try 'resume on 4 ranks after a rank was killed' same whole killed

for key in loss grad_norm spearman_cosine; do
    echo "mpi: largest difference of $key: $(grep "^$key " largest | cut -d ' ' -f 2 | sort -g | tail -n 1)"
done
tally
