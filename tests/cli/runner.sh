# The runner of these tests tells what fails: other output, other messages, another exit code.
. "$ROOT/tests/cli/common"
mkdir cases
echo 'echo right' > cases/good.sh
echo right > cases/good.out
echo 'echo wrong' > cases/out.sh
echo right > cases/out.out
echo 'echo noise >&2' > cases/err.sh
echo 'exit 3' > cases/rc.sh
echo 'false; echo not reached' > cases/stops.sh
echo 1 > cases/stops.rc
rc env JOBS=1 CASES="$PWD/cases" ONLY= sh "$ROOT/tests/cli.sh" | grep -v -e '^[-+ @]' -e '^\(---\|+++\)'
rc env JOBS=1 CASES="$PWD/cases" ONLY= sh "$ROOT/tests/cli.sh" --update | tail -n 2
rc env JOBS=1 CASES="$PWD/cases" ONLY= sh "$ROOT/tests/cli.sh" | tail -n 2
ls cases/*.rc
