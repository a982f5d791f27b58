# A batch embedded in parts: loss and gradients of the whole batch, dropout on, for every kind of loss.
. "$ROOT/tests/cli/common"
# The first step of both runs, to float rounding.
compare() { # NAME OPTIONS...
    name=$1
    shift
    for n in 0 3; do
        rm -rf "run$n"
        train_tiny -o "run$n" --lr 1e-4 --max-steps 3 --dropout 0.1 --mini-batch $n "$@" 2> /dev/null
        sed -n 's/.*"type":"step".*"loss":\([^,]*\).*"grad_norm":\([^,]*\).*/\1 \2/p' "run$n/log.jsonl" > "steps$n"
    done
    paste -d ' ' steps0 steps3 | awk -v name="$name" '
        function far(x, y,    d) { d = x - y; if (x < 0) x = -x; return d > 2e-5 * x || -d > 2e-5 * x }
        { bad += far($1, $3) + far($2, $4) } END { print name ": " NR " steps, " bad + 0 " differ" }'
}
"${CC:-cc}" -shared -fPIC -I"$ROOT/lib" -o mine.so "$ROOT/lib/examples/log_cosh.c" -lm
compare cosine-similarity
compare ranking --loss mnrl:min_score=0
compare sum --loss 'cosent+0.5*mnrl:min_score=0'
compare dimensions --loss cosent --dims 32,8
compare plug-in --loss ./mine.so
compare accumulated --loss cosent --accumulate 2

# As large as the batch, it is no change at all.
train_tiny -o plain --max-steps 2
train_tiny -o large --max-steps 2 --mini-batch 8
[ "$(weights plain)" = "$(weights large)" ] && echo "the same bits"

# Resumed, the same bits too.
options='--loss cosent --max-steps 4 --mini-batch 3 --save-steps 2 --save-total-limit 9'
train_tiny -o part $options
was=$(weights part)
rm -r part/checkpoint-4
train_tiny -o part $options --resume
[ "$(weights part)" = "$was" ] && echo "resumed"
