# A loss of one's own, from a shared object; what is none is refused.
. "$ROOT/tests/cli/common"
command -v "${CC:-cc}" > /dev/null
"${CC:-cc}" -shared -fPIC -I"$ROOT/lib" -o mine.so "$ROOT/lib/examples/log_cosh.c" -lm
"$STSFIT" losses ./mine.so | sed -n 1,2p
train_tiny -o run --loss ./mine.so --max-steps 3
grep -c '"type":"step"' run/log.jsonl
"${CC:-cc}" -shared -fPIC -DBROKEN=1 -I"$ROOT/lib" -o old.so "$ROOT/tests/plugin/broken.c"
rc train_tiny -o bad --loss ./old.so
echo text > no.so
rc train_tiny -o bad --loss ./no.so 2> err
cut -c 1-24 err
rc train_tiny -o bad --loss ./nowhere.so 2> err
cut -c 1-24 err
