# --teacher: losses that learn from another model's vectors, alone and in sums; what is resumed ends
# with the same bits, the projection to another width included.
. "$ROOT/tests/cli/common"
options='--max-steps 4 --save-steps 2 --save-total-limit 9 --dropout 0.1'
teach() { # OUT TEACHER LOSS OPTIONS
    to=$1 by=$2 what=$3
    shift 3
    train_tiny -o "$to" --teacher "$by" --loss "$what" $options "$@"
}
# A teacher of another width: the built-in encoder.
"$STSFIT" train train.tsv --dev dev.tsv -o words -q --max-steps 2

for loss in gist embed-distill embed-distill:distance=mse embed-distill:distance=l2 score-distill \
    'cosine-similarity+0.5*embed-distill+0.1*gist'; do
    for teacher in "$tiny" words; do
        rm -rf run
        teach run "$teacher" "$loss"
        was=$(weights run)
        rm -r run/checkpoint-4
        "$STSFIT" train --resume -q -o run
        [ "$(weights run)" = "$was" ] || echo "$loss by $teacher: resumed to other bits"
    done
    echo "$loss: $(grep -c '"type":"step"' run/log.jsonl) steps"
done
ls run/checkpoint-4 | grep projection
ls run/model | grep -c projection || :
"$VALIDATE" "$ROOT/data/schema/report.schema.json" run/report.json
"$STSFIT" train train.tsv --dev dev.tsv -m "$tiny" -o shown --teacher words --loss gist --max-steps 1 \
    2>&1 > /dev/null | tr '\n' ' ' | sed 's/  */ /g' | grep -o 'teacher words: [0-9]* distinct texts, vectors of [0-9]*'

# A model that is its own teacher has nothing to learn from its vectors.
teach same "$tiny" embed-distill --dropout 0
number loss < same/log.jsonl | awk '{ print ($1 < 1e-3) }'

# In parts of a batch and in batches of parts the loss sees the whole batch.
train_tiny -o whole --teacher words --loss embed-distill+gist --max-steps 3 --dropout 0
train_tiny -o parts --teacher words --loss embed-distill+gist --max-steps 3 --dropout 0 --mini-batch 2
holds "$(distance whole parts)" '<' 1e-5

# The teacher is part of the settings; it is refused where no loss learns from one, and missed.
rm -r run/checkpoint-4
cp -r "$tiny" small
rc train_tiny -o run --teacher small --loss "$loss" $options --resume
"$STSFIT" train train.tsv --dev dev.tsv -m words -o again -q --max-steps 3 --keep last
cp -r again/model words/
rc train_tiny -o run --teacher words --loss "$loss" $options --resume 2> changed
sed 's/was [0-9]* in\(.*\) is [0-9]* now/was SUM in\1 is SUM now/' changed >&2
rc train_tiny -o no --teacher words --loss cosent
rc train_tiny -o no --loss gist
rc train_tiny -o no --loss embed-distill --teacher none-there
rc train_tiny -o no --loss embed-distill --teacher words --dims 8,4
rc "$STSFIT" train train.tsv --dev dev.tsv -m "$tiny" -q -o run --overwrite --teacher run/checkpoint-2 --loss gist
[ ! -e no ] || echo 'a refused run left something'
