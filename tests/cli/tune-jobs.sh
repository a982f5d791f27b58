# tune --jobs: several trials at once come to the same trials whatever is interrupted, or killed, and when.
. "$ROOT/tests/cli/common"
export STSFIT_THREADS=2
options="train.tsv --dev dev.tsv -q --trials 6 --seeds 3 --jobs 2"
trials() { sed '/"seconds"/d; /"written"/d; /"command_line"/d; /"version"/d' "$1/tune.json"; }
same() {
    [ "$(trials "$2")" = "$(trials whole)" ] && [ "$(weights "$2")" = "$(weights whole)" ] && echo "$1: the same"
    ls "$2" > names
    ls whole | cmp - names
}
"$STSFIT" tune $options -o whole
"$VALIDATE" "$DATA/schema/tune.schema.json" whole/tune.json
ls whole
grep -c '"repeats"' whole/tune.json
# a search that ends within a round, and is extended
"$STSFIT" tune $options --trials 4 --seeds 1 -o part
"$STSFIT" tune $options -o part --resume
same extended part
# interrupted while two trials are in progress
rm -rf part
"$STSFIT" tune $options -o part 2> message &
pid=$!
while [ ! -s part/trial-2/log.jsonl ] || [ ! -s part/trial-3/log.jsonl ]; do sleep 0.01; done
kill -INT $pid
rc wait $pid 2> /dev/null
cat message
"$STSFIT" tune $options -o part --resume
same interrupted part
# killed again and again
rm -rf part
for try in 1 2 3 4 5 6 7 8 9; do
    "$STSFIT" tune $options -o part --resume 2> /dev/null &
    pid=$!
    sleep "0.$try"
    kill -9 $pid 2> /dev/null || true
    wait $pid 2> /dev/null || true
done
"$STSFIT" tune $options -o part --resume 2> /dev/null
same killed part
# other jobs are another search
rc "$STSFIT" tune $options --jobs 3 -o whole --resume 2>&1
rc "$STSFIT" tune $options --jobs 0 -o other 2>&1
rc "$STSFIT" tune $options --jobs 65 -o other 2>&1
[ -e other ] || echo "nothing was written"
# a trial that fails stops the other, and leaves what can be resumed
rm -rf part
mkdir part
echo mine > part/trial-3
rc "$STSFIT" tune $options -o part 2>&1
cat part/trial-3
rm part/trial-3
ls part
"$STSFIT" tune $options -o part --resume
same failed part
# no time, and folds
rc "$STSFIT" tune $options --minutes 0.00001 -o short 2>&1
"$STSFIT" tune train.tsv -q --folds 3 --epochs 1 --trials 3 --jobs 2 -o folds
"$STSFIT" tune train.tsv -q --folds 3 --epochs 1 --trials 2 --jobs 2 -o again
"$STSFIT" tune train.tsv -q --folds 3 --epochs 1 --trials 3 --jobs 2 -o again --resume
[ "$(trials folds)" = "$(trials again)" ] && [ "$(weights folds)" = "$(weights again)" ] && echo "folds: the same"
