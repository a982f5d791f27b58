# Sums of losses: parts in the log, warnings of a part, shared objects, configurations, resuming.
. "$ROOT/tests/cli/common"
train_tiny -o run --loss 'cosent+0.02*angle+0.5*mnrl:scale=20' --max-steps 4 --no-shuffle 2> err
"$VALIDATE" -l "$ROOT/data/schema/log.schema.json" run/log.jsonl
grep -o '"parts":{"[^}]*}' run/log.jsonl | sed 's/:-*[0-9][^,}]*/:N/g' | sort | uniq -c | sed 's/^ *//'

# The loss is the weighted sum of the parts.
sed -n '/"type":"step"/s/.*"loss":\([^,]*\),"parts":{"cosent":\([^,]*\),"angle":\([^,]*\),"multiple-negatives-ranking":\([^}]*\)}.*/\1 \2 \3 \4/p' run/log.jsonl |
    awk '{ d = $1 - ($2 + 0.02 * $3 + 0.5 * $4); n += d * d < 1e-24 } END { print n " steps add up" }'

# Its configuration and its report name it in full; it resumes to the same bits.
grep -o "\"loss\":[[:space:]]*\"[^\"]*\"" run/report.json run/config.json | sort -u
loss='cosent+0.02*angle+0.5*mnrl'
train_tiny -o whole --loss "$loss:scale=20" --max-steps 4 2> /dev/null
train_tiny -o part --loss "$loss" --max-steps 4 --save-steps 2 --save-total-limit 9 2> /dev/null
rm -r part/checkpoint-4
train_tiny -o part --loss "$loss" --max-steps 4 --save-steps 2 --save-total-limit 9 --resume 2> /dev/null
[ "$(weights whole)" = "$(weights part)" ] && echo "resumed"
sed -n '/^tags:/,/^[^t-]/p' run/model/README.md | grep loss:

# A loss of one's own within a sum; the same loss twice.
"${CC:-cc}" -shared -fPIC -I"$ROOT/lib" -o mine.so "$ROOT/lib/examples/log_cosh.c" -lm
train_tiny -o mine --loss './mine.so:sharpness=4+0.1*cosent+cosent:scale=5' --max-steps 2 2> /dev/null
grep -o '"parts":{"[^}]*}' mine/log.jsonl | sed 's/:-*[0-9][^,}]*/:N/g' | sort -u
echo '{"loss": "cosent+./mine.so"}' > config.json
rc train_tiny -o refused --config config.json --max-steps 2

# A sum that cannot be, or does not fit the data.
rc train_tiny -o bad --loss 'cosent+angel'
rc train_tiny -o bad --loss '0*cosent'
{ printf 'sentence1\tsentence2\n'; cut -f 6,7 train.tsv; } > unscored.tsv
rc "$STSFIT" train unscored.tsv -m "$tiny" -q -o bad --dev none --loss 'mnrl+cosent'
rc "$STSFIT" losses 'cosent+angle'

# What only pulls is held by what pushes.
for loss in neg-cosine neg-cosine+cosent; do
    "$STSFIT" train train.tsv --dev dev.tsv -m "$tiny" -o "$loss" --loss "$loss" --max-steps 1 2>&1 |
        grep -c collapses || true
done
