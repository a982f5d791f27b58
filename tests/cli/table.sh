# scripts/table.sh: a row for each model and method, from runs that are kept: stopped and started
# again, it makes those that are missing.
. "$ROOT/tests/cli/common"
command -v python3 > /dev/null || { echo "python3 is not installed" > skipped; exit 0; }
mkdir data
cp train.tsv data/sts-train.csv
cp dev.tsv data/sts-dev.csv
export STSFIT STSB="$PWD/data" SICK="$PWD/dev.tsv" OUT="$PWD/out" SEEDS='1 2' EPOCHS=1 THREADS=1
table() { # FILE MODEL...: the table into FILE
    into=$1
    shift
    sh "$ROOT/scripts/table.sh" "$@" > "$into" 2> log
    echo "$(grep -c seed log || :) runs"
}
untimed() { sed 's/[0-9.]* |$/|/' "$1"; }
figures() { sed 's/[0-9][0-9.]*/N/g' "$1"; }
table first bag
figures first

# The mean of the runs that one would make by hand.
for seed in 1 2; do
    "$STSFIT" train data/sts-train.csv --dev data/sts-dev.csv --loss cosent --epochs 1 --seed $seed \
        -o run$seed -q --json | sed -n '/"after"/,$p' | number spearman_cosine
done > by-hand
mean=$(awk '{ s += 50 * $1 } END { printf "%.2f", s }' by-hand)
grep -c "| bag | cosent | 2 | $mean ± " first

# What is there stays; what is missing, as after a kill, is made again, to the same figures.
rm out/bag.cosent.2.json
: > out/bag.cosent.2.json.part
table again bag
untimed first > was
untimed again | diff was -
ls out | sort

# A model under a name of its own; no SICK.
SEEDS=1 SICK=none
table other tiny="$tiny"
figures other
rc sh "$ROOT/scripts/table.sh" no-such-model 2>&1 | grep -v '^no-such'
STSB=nowhere
rc sh "$ROOT/scripts/table.sh"
