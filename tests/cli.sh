#!/bin/sh
# cli.sh [--update] [WORD]: the command line's tests. A case is tests/cli/NAME.sh with what it is to
# print (NAME.out, NAME.err; nothing when absent) and its exit code (NAME.rc; 0 when absent). It
# runs in an empty directory of its own, with STSFIT (the program), ROOT (the checkout), DATA
# (ROOT/data) and VALIDATE (a checker of JSON Schemas). WORD, or ONLY=WORD: those cases whose names
# contain it; --update writes what they print as what they are to print. CASES: another directory
# of cases; JOBS (default 2): how many at a time. A case that cannot run here leaves the reason in a
# file called `skipped`: it counts as skipped, and what it printed is not compared.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tally.sh
update='' word=${ONLY-}
for arg in "$@"; do
    case $arg in --update) update=1 ;; *) word=$arg ;; esac
done

absolute() { case $1 in /*) echo "$1" ;; *) echo "$PWD/$1" ;; esac; }
ROOT=$PWD
STSFIT=$(absolute "${STSFIT:-stsfit}")
VALIDATE=$(absolute "${BUILD:-build/release}/validate")
DATA=$ROOT/data CASES=$(absolute "${CASES:-tests/cli}") UPDATE=$update
WORK=$(mktemp -d) || exit 1
trap 'chmod -R u+w "$WORK"; rm -rf "$WORK"' EXIT
trap 'exit 130' INT TERM
export ROOT STSFIT VALIDATE DATA CASES UPDATE WORK
export LC_ALL=C STSFIT_THREADS=1 PYTHONDONTWRITEBYTECODE=1
unset NO_COLOR CLICOLOR_FORCE OMP_NUM_THREADS CLICOLOR TERM

# What one case printed against what it is to print; the difference, if any, on stdout.
cat > "$WORK/one" <<'END'
name=$1 expected=$CASES/$1 got=$WORK/$1
mkdir "$got.dir" && cd "$got.dir" || exit 1
sh -eu "$expected.sh" > "$got.out" 2> "$got.err" < /dev/null
echo $? > "$got.rc"
if [ -s skipped ] && [ "$(cat "$got.rc")" -eq 0 ]; then
    cp skipped "$got.skipped"
    exit 0
fi
cd / || exit 1
for part in out err rc; do
    empty=/dev/null
    [ $part != rc ] || { echo 0 > "$got.zero"; empty=$got.zero; }
    if [ "$UPDATE" ]; then
        if cmp -s "$got.$part" "$empty"; then rm -f "$expected.$part"
        else cp "$got.$part" "$expected.$part"
        fi
    fi
    [ -f "$expected.$part" ] && empty=$expected.$part
    diff -u --label "$name.$part: expected" --label "$name.$part: got" "$empty" "$got.$part" ||
        touch "$got.failed"
done > "$got.diff"
[ -f "$got.failed" ] || echo "ok: cli: $name"
END

find "$CASES" -name "*$word*.sh" | sort | sed 's|.*/||; s|\.sh$||' > "$WORK/names"
xargs -P "${JOBS:-2}" -n 1 sh "$WORK/one" < "$WORK/names"

while read -r name; do
    if [ -f "$WORK/$name.skipped" ]; then
        skip "$name" "$(cat "$WORK/$name.skipped")"
    elif [ -f "$WORK/$name.failed" ] || [ ! -f "$WORK/$name.diff" ]; then
        fail "$name" "$(cat "$WORK/$name.diff")"
    else
        passed=$((passed + 1))
    fi
done < "$WORK/names"
tally
