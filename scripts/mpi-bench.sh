#!/bin/sh
# mpi-bench.sh MODEL [DATA]: how fast training is on several machines, measured on two test hosts
# (scripts/mpi-hosts.sh) at 10, 1 and 0.1 Gbit/s, a rank of one thread each; a model that predicts it,
# beside what was measured; what the model says of 2 to 256 hosts; and what a build with MPI costs a
# single process. MODEL: a directory, all-MiniLM-L6-v2 say; DATA: pairs (the sample set). Needs root
# and Open MPI; some six minutes on two processors.
#
# The model. A step's exchange is V bytes a rank each way: 2 (p - 1) / p of the gradients of all tensors
# but the word embeddings, and of those the rows that the batch touches. With C the seconds that a rank
# computes, H those that it handles the exchange (copies, sums, system calls), W = 8 V / rate on the
# wire, of which what follows the first layer's backward pass can hide behind it, B, and n messages
# with a latency L one after the other:
#     step = max(C + H, C - B + W) + n L
# C is measured with no exchange at all (two processes at once), B is two thirds of its matrix products
# (backward makes two for each of forward's), H comes from a run without a limit, L from a tiny model.
set -u
cd "$(dirname "$0")/.." || exit 1
case ${1-} in -h|--help|'') sed -n '2,6s/^# //p' scripts/mpi-bench.sh; exit 2 ;; esac
. scripts/mpi-hosts.sh
why=$(hosts_possible) || { echo "mpi-bench: $why: run it as root, with Open MPI and iproute2" >&2; exit 1; }
MODEL=$1 DATA=${2:-data/sts-train.tsv} TINY=data/tiny-bert
[ -f "$MODEL/config.json" ] || { echo "mpi-bench: $MODEL: no config.json there" >&2; exit 1; }
BUILD=build/mpicc
{ make -s -j 2 all && make -s -j 2 MPI=1 MODE=release BUILD=$BUILD $BUILD/stsfit; } >&2 || exit 1
WORK=$(mktemp -d) || exit 1
PLAIN=$WORK/stsfit MPI=$WORK/stsfit-mpi
cp stsfit "$PLAIN" && cp $BUILD/stsfit "$MPI" || exit 1
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export LC_ALL=C STSFIT_THREADS=1 OMP_WAIT_POLICY=passive
trap 'hosts_down; rm -rf "$WORK"' EXIT
trap 'exit 130' INT TERM
began=$(date +%s)
head -n 200 "$DATA" > "$WORK/pairs.tsv"
head -n 12 "$DATA" > "$WORK/dev.tsv"
hosts_up 2

timing() { sed -n "s/.*\"$2\":[[:space:]]*\\([0-9.e-]*\\).*/\\1/p" "$1/report.json" | head -n 1; }
per_step() { # RUN [KEY]: seconds of a step
    awk "BEGIN { print $(timing "$1" "${2:-train_seconds}") / $(timing "$1" steps_done) }"
}
median() { sort -g | awk '{ x[NR] = $1 } END { print (x[int((NR + 1) / 2)] + x[int(NR / 2) + 1]) / 2 }'; }
calc() { awk "BEGIN { printf \"%.6g\", $1 }"; }
setting() { sed -n "s/.*\"$1\":[[:space:]]*\\([0-9]*\\).*/\\1/p" "$MODEL/config.json" | head -n 1; }

options="$WORK/pairs.tsv --dev $WORK/dev.tsv -q --overwrite --save-total-limit 1 --keep last"
# shellcheck disable=SC2086   # the options are words
train() { # PROGRAM RUN MODEL BATCH STEPS
    "$1" train $options -o "$WORK/$2" -m "$3" --batch-size "$4" --max-steps "$5"
}
alone() { # MODEL BATCH STEPS [KEY]: seconds of a step, two processes at once and no exchange
    train "$PLAIN" a "$1" "$2" "$3" & other=$!
    train "$PLAIN" b "$1" "$2" "$3"
    wait $other
    { per_step "$WORK/a" "${4-}"; per_step "$WORK/b" "${4-}"; } | median
}
# shellcheck disable=SC2086
hosts() { # MODEL STEPS: seconds of a step on the two hosts, 16 pairs together; bytes into "sent"
    before=$(hosts_sent "${NET}1")
    hosts_run "$MPI" train $options -o "$WORK/h" -m "$1" --batch-size 16 --max-steps "$2" >&2
    echo $(($(hosts_sent "${NET}1") - before)) > "$WORK/sent"
    per_step "$WORK/h"
}
again() { # TIMES COMMAND...: the median
    times=$1
    shift
    for _ in $(seq "$times"); do "$@"; done | median
}

# ---- what goes into the model ----

hidden=$(setting hidden_size) layers=$(setting num_hidden_layers) wide=$(setting intermediate_size)
positions=$(setting max_position_embeddings) vocabulary=$(setting vocab_size)
shape() { # HIDDEN LAYERS WIDE POSITIONS: floats exchanged, word embeddings apart
    calc "$2 * (4 * $1 * ($1 + 1) + 2 * $1 * $3 + $1 + $3 + 4 * $1) + ($4 + 4) * $1"
}
rows() { # PAIRS: different tokens in their texts
    head -n "$1" "$DATA" | cut -f 6,7 | tr '\t' '\n' | "$PLAIN" tokenize -m "$MODEL" | tr ' ' '\n' |
        sort -u | grep -c .
}
C16=$(again 3 alone "$MODEL" 16 16)
C=$(again 3 alone "$MODEL" 8 24)
products=$(per_step "$WORK/a" gemm_seconds)
B=$(calc "$products * 2 / 3")
tiny_alone=$(again 3 alone $TINY 8 40)
tiny=$(again 3 hosts $TINY 40)
free=$(again 3 hosts "$MODEL" 24)
few=$(cat "$WORK/sent")
hosts "$MODEL" 4 > /dev/null
V=$(calc "($few - $(cat "$WORK/sent")) / 20")           # counted on the wire
dense=$(shape "$hidden" "$layers" "$wide" "$positions")
touched=$(rows 16) more=$(rows 400)
power=$(calc "log($more / $touched) / log(400 / 16)")   # of the pairs: Heaps' law
by_shape=$(calc "4 * ($dense + $touched * $hidden)")    # at two ranks
n=$(calc "2 * (int($dense / 1048576) + 2) + 2")         # buckets and rows, out and back; two small ones
L=$(calc "($tiny - $tiny_alone) / 6")                   # of the tiny model: one bucket, rows, two small
awk "BEGIN { exit !($L < 0) }" && L=0
H=$(calc "$free - $C - $n * $L")
awk "BEGIN { exit !($H < 0) }" && H=0

ms() { calc "1000 * ($1)"; }
date=$(date -u +%Y-%m-%d) cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
cat << END
Measured on $date, ${cpu:-an unknown processor}, two hosts in one machine, one thread each;
$(basename "$MODEL"), 16 pairs a step. Milliseconds a step unless said otherwise.

computes (C)                 $(ms "$C")   with 8 pairs; $(ms "$C16") with 16
hides the exchange (B)       $(ms "$B")
handles the exchange (H)     $(ms "$H")   without a limit a step took $(ms "$free")
latency a message (L)        $(ms "$L")   times $n messages
bytes sent a rank (V)        $V   counted; by the shape $by_shape

| Gbit/s | delay | predicted ms | measured ms | measured / predicted |
|---|---|---|---|---|
END

# ---- predicted and measured ----

predict() { # GBIT DELAY-SECONDS
    awk "BEGIN { W = 8 * $V / ($1 * 1e9); x = $C + $H; y = $C - $B + W
                 printf \"%.6g\", (x > y ? x : y) + $n * ($L + $2) }"
}
line() { # GBIT STEPS TIMES [DELAY-MS]
    if [ $# -gt 3 ]; then hosts_rate "$1gbit" "$4ms"; else hosts_rate "$1gbit"; fi || return
    expected=$(predict "$1" "$(calc "${4:-0} / 1000")")
    took=$(again "$3" hosts "$MODEL" "$2")
    printf '| %s | %s | %.0f | %.0f | %.2f |\n' "$1" "${4-none}" "$(ms "$expected")" "$(ms "$took")" \
        "$(calc "$took / $expected")"
}
line 10 24 3
line 1 16 3
line 0.1 6 2
if hosts_delay; then line 1 16 2 1; else echo "(no delay set: this kernel has no netem)"; fi
hosts_rate none

# ---- what the model says of others ----

fixed=$(calc "2 * $C - $C16")       # a step's cost whatever the batch: clip, update
awk "BEGIN { exit !($fixed < 0) }" && fixed=0
cat << END

Hosts as fast as one of these, 16 pairs per rank and step: pairs per second, over those of one host; then
"xN" where fewer than 80 % of the hosts' power is used: --accumulate N brings it there. BERT-base by its
shape: products and update grow with the numbers in its layers.

| model | Gbit/s | 2 hosts | 4 | 8 | 16 | 32 | 64 | 128 | 256 |
|---|---|---|---|---|---|---|---|---|---|
END
table() { # NAME HIDDEN LAYERS WIDE POSITIONS VOCABULARY
    big=$(shape "$2" "$3" "$4" "$5")
    work=$(calc "$3 * $2 * ($2 * 4 + 2 * $4) / ($layers * $hidden * ($hidden * 4 + 2 * $wide))")
    for gbit in 1 10 25 100; do
        awk -v name="$1" -v gbit=$gbit -v floats="$big" -v work="$work" -v grow="$(calc "$big / $dense")" \
            -v h="$2" -v vocabulary="$6" -v pairs16="$C16" -v fixed="$fixed" -v B="$B" -v L="$L" \
            -v handle="$(calc "$H / $V")" -v touched="$touched" -v power="$power" '
        BEGIN {
            one = fixed * grow + (pairs16 - fixed) * work       # a micro-batch with its update
            micro = (pairs16 - fixed) * work
            hide = 2 * B * work                                 # B was of 8 pairs
            printf "| %s | %s |", name, gbit
            for (p = 2; p <= 256; p *= 2) {
                for (k = 1; k < 10000; k++) {
                    rows = touched * (p * k) ^ power
                    if (rows > vocabulary) rows = vocabulary
                    V = 2 * (p - 1) / p * 4 * (floats + rows * h)
                    n = 2 * (int(floats / 1048576) + 2) + 2
                    C = one + (k - 1) * micro
                    x = C + handle * V; y = C - hide + 8 * V / (gbit * 1e9)
                    used = C / ((x > y ? x : y) + n * L * log(p) / log(2))
                    if (k == 1) first = used
                    if (used >= 0.8) break
                }
                printf " %.*f%s |", first * p < 10, first * p, k == 1 ? "" : " x" k
            }
            print ""
        }'
    done
}
table "$(basename "$MODEL")" "$hidden" "$layers" "$wide" "$positions" "$vocabulary"
table BERT-base 768 12 3072 512 30522

# ---- one rank against a build without MPI ----

for _ in 1 2 3 4 5; do
    train "$PLAIN" plain "$MODEL" 16 12
    train "$MPI" built "$MODEL" 16 12
    # shellcheck disable=SC2086
    mpirun -q -n 1 "$MPI" train $options -o "$WORK/rank" -m "$MODEL" --batch-size 16 --max-steps 12
    for run in built rank; do
        calc "$(per_step "$WORK/$run") / $(per_step "$WORK/plain")" >> "$WORK/$run.ratio"
        echo >> "$WORK/$run.ratio"
    done
done
spread() { sort -g "$1" | sed -n '1p;$p' | paste -s -d ' ' | sed 's/ / to /'; }
cat << END

A step of one process against the build without MPI, five pairs of runs in turn, median (range):
built with MPI $(median < "$WORK/built.ratio") ($(spread "$WORK/built.ratio")), and started by mpirun -n 1 \
$(median < "$WORK/rank.ratio") ($(spread "$WORK/rank.ratio")).
END
echo "mpi-bench: $(($(date +%s) - began)) s" >&2
