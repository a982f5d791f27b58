#!/bin/sh
# mpi_hosts.sh: ranks on two test hosts (scripts/mpi-hosts.sh) that fail in the middle of a run: the job
# ends by itself, the last checkpoint is whole, and the run resumes from there with the numbers of one
# process. `make drill`; needs root and Open MPI, and does nothing without.
set -u
cd "$(dirname "$0")/.." || exit 1
export NET=d
. scripts/mpi-hosts.sh
if ! why=$(hosts_possible); then
    echo "mpi_hosts: left out: $why"
    echo '0 passed, 0 failed'
    exit 0
fi
make -s MPI=1 BUILD=build/mpicc build/mpicc/stsfit > /dev/null || exit 1
WORK=$(mktemp -d) || exit 1
STSFIT=$WORK/stsfit DATA=$PWD/data
cp build/mpicc/stsfit "$STSFIT" || exit 1
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export MPI_FLAGS="-x STSFIT_MPI_TIMEOUT --mca oob_tcp_keepalive_time 5 --mca oob_tcp_keepalive_intvl 2
    --mca oob_tcp_keepalive_probes 3" LC_ALL=C STSFIT_THREADS=1 OMP_WAIT_POLICY=passive STSFIT_MPI_TIMEOUT=10
trap 'hosts_down; rm -rf "$WORK"' EXIT
trap 'exit 130' INT TERM
passed=0 failed=0
check() { # NAME COMMAND...: passes when the command does
    name=$1
    shift
    if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $name"; fi
}
steps() { sed 's/,"pairs_per_s.*//' "$1/log.jsonl"; }
alike() { # RUN RUN: every number of the logs within 1e-6
    [ "$(wc -l < "$1/log.jsonl")" -eq "$(wc -l < "$2/log.jsonl")" ] &&
        [ -z "$(paste -d , "$1/log.jsonl" "$2/log.jsonl" | awk -F '"(loss|grad_norm)":' '
            NF == 5 && (($2 - $4) ^ 2 > 1e-12 * $2 ^ 2 || ($3 - $5) ^ 2 > 1e-12 * $3 ^ 2)')" ]
}
options="$WORK/train.tsv --dev $WORK/dev.tsv -m $DATA/tiny-bert --max-steps 120 --batch-size 4 -q
    --save-steps 5"
await() { # FILE-PATTERN
    for _ in $(seq 600); do
        # shellcheck disable=SC2086
        if ls $1 > /dev/null 2>&1; then return; fi
        sleep 0.1
    done
    return 1
}

cd "$WORK" || exit 1
head -n 121 "$DATA/sts-train.tsv" > train.tsv
head -n 41 "$DATA/sts-dev.tsv" > dev.tsv
# shellcheck disable=SC2086
"$STSFIT" train $options -o whole
hosts_up 2
ranks_of() { # HOST: the processes of its ranks
    for p in $(ip netns pids "$1"); do
        if [ "$(readlink "/proc/$p/exe")" = "$STSFIT" ]; then echo "$p"; fi
    done
}
drill() { # NAME COMMAND: once there is a checkpoint
    # shellcheck disable=SC2086
    hosts_run "$STSFIT" train $options -o "$1" > "$1.out" 2>&1 &
    job=$!
    check "$1: a checkpoint" await "$1/checkpoint-*/trainer.json"
    at=$(wc -l < "$1/log.jsonl")
    $2
    start=$(date +%s)
    wait $job
    code=$?
    echo "$1: after $at steps, over $(($(date +%s) - start)) s later with exit code $code:" \
        "$(grep '^stsfit: ' "$1.out" || sed -n '/[a-z]/p;/[a-z]/q' "$1.out")"
    hosts_join stsd1
    check "$1: the job ends in failure" [ $code -ne 0 ]
    check "$1: no rank is left" await_end
    for c in "$1"/checkpoint-*; do
        check "$1: ${c##*/} is whole" "$STSFIT" eval -m "$c" "$DATA/sts-dev.tsv" > /dev/null
    done
    # shellcheck disable=SC2086
    hosts_run "$STSFIT" train $options -o "$1" --resume
    check "$1: resumes with the numbers of one process" alike whole "$1"
}
await_end() {
    for _ in $(seq 300); do
        [ -n "$(ranks_of stsd0)$(ranks_of stsd1)" ] || return 0
        sleep 0.1
    done
    return 1
}
kill_rank() { ranks_of stsd1 | xargs kill -9; }
cut_link() { hosts_cut stsd1; }
both() { cut_link; kill_rank; }
drill rank-killed kill_rank
drill link-cut cut_link
drill link-cut-and-rank-killed both
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
