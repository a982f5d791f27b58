# Batches without a text twice: the default of ranking losses; any step resumes to the same bits.
. "$ROOT/tests/cli/common"
cut -f 6,7 train.tsv | awk -F '\t' 'BEGIN { print "sentence1\tsentence2" }
    { print } NR % 3 == 0 { print $1 "\tA man is singing." } NR % 5 == 0 { print $2 "\t" $1 }' > pairs.tsv
rank() { "$STSFIT" train pairs.tsv --dev none -m "$tiny" -q --batch-size 8 --loss mnrl --epochs 2 "$@"; }
rank -o whole --save-steps 1 --save-total-limit 99
rank -o shuffled --batches shuffled
grep -h -o '"batches":[[:space:]]*"[a-z-]*"' whole/config.json shuffled/config.json
cmp -s whole/model/model.safetensors shuffled/model/model.safetensors || echo "other batches, other weights"
grep -c '"type":"step"' whole/log.jsonl
for cut in 1 10 14 25; do
    rm -rf part
    mkdir part
    cp whole/report.json whole/log.jsonl whole/config.json part
    for c in whole/checkpoint-*; do [ "${c##*-}" -gt $cut ] || cp -R "$c" part; done
    rank -o part --save-steps 1 --save-total-limit 99 --resume
    [ "$(weights part)" = "$(weights whole)" ] || echo "cut at $cut: other weights"
done
echo "all cuts tried"
rc rank -o part --batches shuffled --resume 2>&1 | grep -o '^exit .*\|batches was.*in ' | sort

# Scores are no reason for it, unless asked.
train_tiny -o scored --loss cosent --max-steps 1
train_tiny -o asked --loss cosent --max-steps 1 --batches no-duplicates
grep -h -o '"batches":[[:space:]]*"[a-z-]*"' scored/config.json asked/config.json
