# A search that is interrupted, at whatever moment, or killed, continues and comes to the same trials.
. "$ROOT/tests/cli/common"
options="train.tsv --dev dev.tsv -q --trials 4 --seeds 2"
search() { "$STSFIT" tune $options "$@"; }
trials() { sed '/"seconds"/d; /"written"/d; /"command_line"/d; /"version"/d' "$1/tune.json"; }
same() {
    [ "$(trials part)" = "$(trials whole)" ] && echo "$1: the same trials"
    [ "$(weights part)" = "$(weights whole)" ] && echo "$1: the same weights"
    ls part > part.names
    ls whole | cmp - part.names
}
search -o whole
# after a number of steps of the second trial
"$STSFIT" tune $options -o part 2> message &
pid=$!
while [ ! -s part/trial-2/log.jsonl ]; do sleep 0.01; done
kill -INT $pid
rc wait $pid 2> /dev/null
cat message
grep -o '"status":.*interrupted"' part/tune.json
"$VALIDATE" "$DATA/schema/tune.schema.json" part/tune.json
value=$("$STSFIT" eval -m part dev.tsv --json | number spearman_cosine)
holds "$value" '>' 0
search -o part --resume
same interrupted
# killed again and again
rm -rf part
for try in 1 2 3 4 5 6 7 8 9; do
    "$STSFIT" tune $options -o part --resume 2> /dev/null &
    pid=$!
    sleep "0.$try"
    kill -9 $pid 2> /dev/null || true
    wait $pid 2> /dev/null || true
done
"$STSFIT" tune $options -o part --resume 2> /dev/null &
pid=$!
while [ ! -s part/tune.json ]; do sleep 0.01; done
kill -9 $pid 2> /dev/null || true
wait $pid 2> /dev/null || true
# and in the instant in which a trial gets its first report
mkdir part/trial-99
touch part/trial-99/.lock part/trial-99/report.json.tmp-12
search -o part --resume 2> /dev/null
same killed
# a program that ended in the middle of moving the best run leaves a search that can be resumed
search -o part --overwrite --trials 3 --seeds 1
cp -R part half
rm -rf half/model
sed 's/"published":[^,]*/"published": 0/' part/tune.json > half/tune.json
search -o half --trials 3 --seeds 1 --resume
[ "$(weights half)" = "$(weights part)" ] && echo "half moved: the same weights"
# the model moved, the report not yet: nothing is trained again; or neither
mkdir half/trial-1
mv half/report.json half/config.json half/trial-1
cp -R half lost
rm -rf lost/model
for dir in half lost; do
    sed 's/"published":[^,]*/"published": 0/' part/tune.json > $dir/tune.json
    search -o $dir --trials 3 --seeds 1 --resume
    [ "$(weights $dir)" = "$(weights part)" ] && echo "$dir: the same weights"
    ls $dir
done
