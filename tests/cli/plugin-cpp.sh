# A loss of one's own in C++ (C++11, and C's file as C++20): its symbol is found, its numbers are those
# of C.
. "$ROOT/tests/cli/common"
cxx=${CXX:-c++}
if ! echo 'int i;' | "$cxx" -std=c++20 -x c++ -c -o /dev/null - 2> /dev/null; then
    echo "no C++20 compiler" > skipped
    exit 0
fi
build() { "$@" -Wall -Wpedantic -Werror -fvisibility=hidden -shared -fPIC -I"$ROOT/lib"; }
build "$cxx" -std=c++11 -o cpp.so "$ROOT/lib/examples/log_cosh.cpp"
build "$cxx" -std=c++20 -o cpp20.so -x c++ "$ROOT/lib/examples/log_cosh.c"
build "${CC:-cc}" -o c.so "$ROOT/lib/examples/log_cosh.c" -lm
for run in c cpp cpp20; do
    train_tiny -o $run --loss ./$run.so --max-steps 3
    sed -n 's/.*\("step":[0-9]*\).*\("loss":[^,]*\).*/\1 \2/p' "$run/log.jsonl" > "$run.losses"
done
grep -c step c.losses
cmp c.losses cpp.losses && cmp c.losses cpp20.losses && echo "the same"
