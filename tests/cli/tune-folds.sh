# tune --folds: every row is predicted by a run that did not train on it, and no text is in two folds;
# the model that stays is trained on all rows.
. "$ROOT/tests/cli/common"
search() { "$STSFIT" tune train.tsv -q --folds 3 --epochs 2 "$@"; }
"$STSFIT" tune train.tsv --folds 3 --epochs 2 --trials 3 -o out 2>&1 | grep -o 'folds    out of fold, trial [0-9]* has spearman_cosine\|chosen   trial [0-9] of 3, by out-of-fold'
"$VALIDATE" "$DATA/schema/tune.schema.json" out/tune.json
ls out
grep -c '"ci95"' out/tune.json
grep -o '"chosen_by":.*' out/tune.json
sed -n '/"train":/,/"held_out"/p' out/report.json | grep -o '"rows":.*\|"held_out":.*'
search --trials 3 -o again
trials() { sed '/"seconds"/d; /"written"/d; /"command_line"/d' "$1/tune.json"; }
[ "$(trials again)" = "$(trials out)" ] && [ "$(weights again)" = "$(weights out)" ] && echo "again: the same"
"$STSFIT" train --config out/config.json -q -o config
[ "$(weights config)" = "$(weights out)" ] && echo "config: the same"
# interrupted in a fold
"$STSFIT" tune train.tsv -q --folds 3 --epochs 2 --trials 3 -o part 2> /dev/null &
pid=$!
while [ ! -s part/trial-2/log.jsonl ]; do sleep 0.01; done
kill -INT $pid
rc wait $pid 2> /dev/null
search --trials 3 -o part --resume
[ "$(trials part)" = "$(trials out)" ] && [ "$(weights part)" = "$(weights out)" ] && echo "interrupted: the same"
# pairs without scores have no such predictions; texts that are all linked leave no folds
cut -f 6,7 train.tsv | sed '1s/^/sentence1	sentence2\n/' > pairs.tsv
rc "$STSFIT" tune pairs.tsv --folds 3 -q -o none 2>&1
awk -F '\t' 'BEGIN { OFS = "\t" } NR == 1 { first = $6 } { $6 = first; print }' train.tsv > linked.tsv
rc "$STSFIT" tune linked.tsv --folds 3 -q -o none 2>&1
