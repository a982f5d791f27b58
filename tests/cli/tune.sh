# tune: trials of training, the defaults first; the best run stays. The same trials come out of the same
# data, seed and number, in one go or after interruptions.
. "$ROOT/tests/cli/common"
search() { "$STSFIT" tune train.tsv --dev dev.tsv -q --seed 3 "$@"; }
# what does not depend on the clock
trials() { sed '/"seconds"/d; /"written"/d; /"command_line"/d; /"version"/d; /"status":.*"\(running\|out of time\)"/d' "$1/tune.json"; }
value() { "$STSFIT" eval -m "$1" dev.tsv --json | number spearman_cosine; }
"$STSFIT" tune train.tsv --dev dev.tsv --seed 3 -o out --trials 6 2>&1 | grep -o '^trial 1  defaults\|^trial  Spearman\|too high\|^completed'
"$VALIDATE" "$DATA/schema/tune.schema.json" out/tune.json
"$VALIDATE" "$DATA/schema/report.schema.json" out/report.json
ls out
grep -c 'All trials' out/report.html
# the first trial is what train does; the run that stays is the best one, and can be trained again
"$STSFIT" train train.tsv --dev dev.tsv -q --seed 3 -o plain
first=$(sed -n '/"trials"/,$p' out/tune.json | number value)
best=$(sed -n '/"best"/,/}/p' out/tune.json | number value)
holds "$first - $(value plain)" '<' 1e-12
holds "$(value plain) - $first" '<' 1e-12
holds "$best" '>=' "$first"
holds "$(value out) - $best" '<' 1e-12
holds "$best - $(value out)" '<' 1e-12
"$STSFIT" train --config out/config.json -q -o again
[ "$(weights again)" = "$(weights out)" ] && echo "again: the same"
# a second search is the same, and so is one that continues a shorter one
search -o twice --trials 6
[ "$(trials twice)" = "$(trials out)" ] && [ "$(weights twice)" = "$(weights out)" ] && echo "twice: the same"
search -o longer --trials 2
rc search -o longer --trials 6 2> message
grep -c -e --resume message
search -o longer --trials 6 --resume
[ "$(trials longer)" = "$(trials out)" ] && [ "$(weights longer)" = "$(weights out)" ] && echo "longer: the same"
# with other seeds, the best trials are trained again; the mean decides
search -o seeds --trials 3 --seeds 3
"$VALIDATE" "$DATA/schema/tune.schema.json" seeds/tune.json
grep -c '"repeats"' seeds/tune.json
sed -n '/"best"/,/}/p' seeds/tune.json | number seeds
search -o seeds --trials 3 --seeds 3 --resume
ls seeds
# given options stay
search -o given --trials 4 --lr 0.002 --epochs 2
grep -c '"lr":[[:space:]]*0.002,' given/tune.json
grep -c '"epochs":[[:space:]]*2,' given/tune.json
# no time at all: what there is can be resumed
rc search -o short --minutes 0.00001 2>&1
search -o short --trials 6 --resume
[ "$(trials short)" = "$(trials out)" ] && echo "short: the same"
# every trial diverges
rc search -o lost --trials 2 --lr 1000 --max-grad-norm 0 --loss cosine-similarity 2>&1 | tail -n 2
