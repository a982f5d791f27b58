# tune refuses what it cannot do, and a tune.json that it did not write, before it changes anything.
. "$ROOT/tests/cli/common"
search() { rc "$STSFIT" tune train.tsv -q --trials 2 "$@" 2>&1; }
search -o out
search -o out --dev none
search -o out --dev dev.tsv --folds 3
search -o out --folds 1
search -o out --folds 101
search -o out --dev dev.tsv --dry-run
search -o out --dev -
search -o out --dev dev.tsv --metric nonsense
search -o out --dev dev.tsv --seeds 0
rc "$STSFIT" tune - --dev dev.tsv -o out < train.tsv 2>&1
rc "$STSFIT" tune --dev dev.tsv -o out 2>&1
[ -e out ] || echo "nothing was written"
# a directory that is someone else's, and runs and searches that are there
mkdir other
echo '{"mine": true}' > other/tune.json
search -o other --dev dev.tsv
cat other/tune.json
"$STSFIT" train train.tsv --dev dev.tsv -q --max-steps 2 -o run
echo mine > run/notes
search -o run --dev dev.tsv
search -o run --dev dev.tsv --resume
search -o run --dev dev.tsv -m run --overwrite
search -o run --dev dev.tsv -m run/model --overwrite
search -o run --dev dev.tsv --overwrite
ls run
echo mine > run/model/notes
search -o run --dev dev.tsv --overwrite
rm run/model/notes
search -o run --dev dev.tsv --resume
search -o run --dev dev.tsv --resume --seed 1
head -n 30 train.tsv > fewer.tsv
rc "$STSFIT" tune fewer.tsv --dev dev.tsv -q -o run --resume --trials 2 2>&1
# train takes the place of a search, and of its directories only
"$STSFIT" train train.tsv --dev dev.tsv -q --max-steps 2 -o run --overwrite
ls run
# a search from a stranger: numbers out of range, words that are none, code, paths
rm -rf run
"$STSFIT" tune train.tsv --dev dev.tsv -q --trials 3 -o run
cp run/tune.json whole
number='[-0-9.e]*'
for edit in "s/\"seed\":.*$number,/\"seed\": -1,/" "s/\"trial\":\([^,]*\)2,/\"trial\": 9,/" 's/"status":[^,]*"completed",/"status": "splendid",/' \
    "s/\"lr\":[^,]*,/\"lr\": 1e9,/" "s/\"batch-size\":[^,]*,/\"batch-size\": 1e30,/" "s/\"epochs\":[^,]*,/\"epochs\": \"many\",/" \
    's/"loss":[^,]*,/"loss": ".\/mine.so",/' 's/"average":[^,]*,/"average": "best:99999",/' 's/"share":[^,]*,/"share": -3,/' \
    's/"metric":[^,]*,/"metric": "luck",/' 's/"published":[^,]*,/"published": 77,/' 's/"seconds":[^,]*,/"seconds": 1e99,/' \
    's/"trials":[^[]*\[/"trials": [7, /' 's/"options":[^{]*{/"options": 3, "other": {/'; do
    sed "$edit" whole > run/tune.json
    cmp -s whole run/tune.json && echo "$edit: changes nothing"
    search -o run --dev dev.tsv --resume | sed 's/byte [0-9]*/byte N/'
    "$STSFIT" report run -q && "$STSFIT" info run > text || echo "$edit: no page"
done
# names in it are text, on the page too
sed 's/"average":[^,]*,/"<script>": "<b>\\u001b[31m",/' whole > run/tune.json
"$STSFIT" report run -q
grep -c '<script>' run/report.html || :
grep -c '&lt;script&gt;' run/report.html
