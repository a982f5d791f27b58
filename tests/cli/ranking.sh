# The forms of the ranking loss: each trains, resumes to the same bits and differs from the plain one;
# rows that share a text are not negatives of each other in a batch that has both.
. "$ROOT/tests/cli/common"
options='--max-steps 4 --save-steps 2 --save-total-limit 9 --dropout 0'
printf 'a dog runs\ta dog is running\na dog runs\tthe hound is running\na man sits\ta man is seated\n' > few
sed 's/^/the /' few > more
cat more >> few
train_pairs() { "$STSFIT" train few --dev none -m "$tiny" -q --batch-size 6 --no-shuffle "$@"; }
train_pairs -o plain $options --loss mnrl
for form in symmetric=1 gte=1 hardness_mode=in_batch_negatives,hardness_strength=9 scale=10; do
    train_pairs -o run $options --loss "mnrl:$form"
    was=$(weights run)
    [ "$was" = "$(weights plain)" ] && echo "$form: as the plain one"
    rm -r run/checkpoint-4
    "$STSFIT" train --resume -q -o run
    [ "$(weights run)" = "$was" ] || echo "$form: resumed to other bits"
    rm -r run
    echo "$form"
done
for mask in 0 1; do
    train_pairs -o mask$mask --batches shuffled --max-steps 1 --dropout 0 --loss mnrl:mask=$mask
done
holds "$(number loss < mask1/log.jsonl)" '<' "$(number loss < mask0/log.jsonl)"
"$STSFIT" train few --dev none -m "$tiny" -o warned --max-steps 1 --loss mnrl:hardness_mode=hard_negatives 2>&1 |
    grep -o 'hardness_mode has no effect.*'
rc "$STSFIT" train few -m "$tiny" -o bad --loss mnrl:hardness_mode=hard
rc "$STSFIT" train few -m "$tiny" -o bad --loss mnrl:symmetric=2
