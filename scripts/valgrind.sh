#!/bin/sh
# valgrind.sh: a short train, resume, eval, score and encode under valgrind, on the tiny BERT and on
# the built-in encoder: no invalid access, no use of what was not set, nothing lost. STSFIT is the
# program (make valgrind builds one without this machine's own instructions).
set -eu
cd "$(dirname "$0")/.."
command -v valgrind > /dev/null 2>&1 || { echo "valgrind is not installed: skipped"; exit 0; }
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
export STSFIT_THREADS=1
sed -n 1,24p data/sts-train.tsv > "$temp/train.tsv"
sed -n 1,12p data/sts-dev.tsv > "$temp/dev.tsv"
go() {
    echo "valgrind: stsfit $*"
    valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite,indirect \
        --show-leak-kinds=definite,indirect --num-callers=20 "$STSFIT" "$@" > /dev/null
}
cut -f 6 "$temp/dev.tsv" > "$temp/texts"
for model in data/tiny-bert bag; do
    run=$temp/$(basename $model)
    go train "$temp/train.tsv" --dev "$temp/dev.tsv" -m $model -o "$run" -q --max-steps 3 \
        --batch-size 8 --save-steps 1 --save-total-limit 9
    rm -rf "$run/checkpoint-3"
    go train "$temp/train.tsv" --dev "$temp/dev.tsv" -m $model -o "$run" -q --max-steps 3 \
        --batch-size 8 --save-steps 1 --save-total-limit 9 --resume
    go eval -m "$run" "$temp/dev.tsv"
    go score -m "$run" "$temp/dev.tsv"
    go encode -m "$run" "$temp/texts"
    go info "$run"
done
go check "$temp/train.tsv" "$temp/dev.tsv"
go tokenize -m data/tiny-bert "$temp/texts"
echo "valgrind: clean"
