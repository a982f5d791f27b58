#!/bin/sh
# same.sh N: N runs of one command give one hash.
set -eu
cd "$(dirname "$0")/../.."
case ${STSFIT:-stsfit} in /*) ;; *) STSFIT=$PWD/${STSFIT:-stsfit} ;; esac
root=$PWD dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
cd "$dir"
head -n 80 "$root/data/sts-train.tsv" > train.tsv
i=0
while [ $i -lt "$1" ]; do
    "$STSFIT" train train.tsv -m "$root/data/tiny-bert" -q --epochs 1 --threads 2 -o run --overwrite
    sha256sum < run/model/model.safetensors
    i=$((i + 1))
done | sort -u > hashes
[ "$(wc -l < hashes)" -eq 1 ] || { cat hashes; exit 1; }
echo "$1 runs, one hash"
