# A loss of one's own in C++: its symbol is found, its numbers are those of C.
. "$ROOT/tests/cli/common"
cxx=${CXX:-c++}
if ! echo 'int i;' | "$cxx" -std=c++20 -x c++ -c -o /dev/null - 2> /dev/null; then
    echo "no C++20 compiler" > skipped
    exit 0
fi
"$cxx" -std=c++20 -Wall -Wpedantic -Werror -fvisibility=hidden -shared -fPIC -I"$ROOT/lib" \
    -o cpp.so -x c++ "$ROOT/tests/plugin/log_cosh.c"
"${CC:-cc}" -shared -fPIC -I"$ROOT/lib" -o c.so "$ROOT/tests/plugin/log_cosh.c" -lm
train_tiny -o c --loss ./c.so --max-steps 3
train_tiny -o cpp --loss ./cpp.so --max-steps 3
for run in c cpp; do sed -n 's/.*\("step":[0-9]*\).*\("loss":[^,]*\).*/\1 \2/p' "$run/log.jsonl" > "$run.losses"; done
grep -c step c.losses
cmp c.losses cpp.losses && echo "the same"
