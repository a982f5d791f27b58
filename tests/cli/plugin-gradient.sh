# A loss whose gradient is wrong is refused before training: it would train in silence.
. "$ROOT/tests/cli/common"
command -v "${CC:-cc}" > /dev/null
"${CC:-cc}" -shared -fPIC -I"$ROOT/lib" -o wrong.so "$ROOT/tests/plugin/wrong.c"
rc train_tiny -o run --loss ./wrong.so --max-steps 3
ls
