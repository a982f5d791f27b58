#!/bin/sh
# bench.sh - speed and memory of stsfit, beside sentence-transformers where that can be had.
# REFERENCE (or REFERENCE_PYTHON) names a Python with sentence-transformers 6.2, datasets and
# accelerate (a virtual environment outside the tree);
# MODEL a sentence-transformers directory, DATA a file like sts-train.csv, DEV one like sts-dev.csv.
# Without them: own figures, on the sample data and the tiny model. ROUNDS, STEPS: how much; QUICK=1:
# the table of the README, in two minutes.
set -eu
cd "$(dirname "$0")/.."
command -v python3 >/dev/null || { echo "bench: needs python3 (standard library only)" >&2; exit 1; }
shared=data/stsbenchmark
[ -d "$shared" ] || shared=../shared/data/stsbenchmark
if [ -d "$shared" ]; then DATA=${DATA:-$shared/sts-train.csv} DEV=${DEV:-$shared/sts-dev.csv}; fi
if [ -d models/all-MiniLM-L6-v2 ]; then MODEL=${MODEL:-models/all-MiniLM-L6-v2}; fi
export DATA="${DATA:-data/sts-train.tsv}" DEV="${DEV:-data/sts-dev.tsv}"
export MODEL="${MODEL:-data/tiny-bert}" REFERENCE="${REFERENCE:-${REFERENCE_PYTHON:-}}"
exec python3 scripts/bench.py "$@"
