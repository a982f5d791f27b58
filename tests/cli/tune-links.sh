# A search writes below its own directory: a link under the name of a trial's is not followed, and
# what it leads to stays as it is.
. "$ROOT/tests/cli/common"
mkdir outside
echo mine > outside/mine
search() { rc "$STSFIT" tune -q --trials 2 --max-steps 1 --epochs 1 -m "$tiny" --dev dev.tsv "$@" train.tsv; }
for trial in 1 2; do
    mkdir "search-$trial"
    ln -s ../outside "search-$trial/trial-$trial"
    search -o "search-$trial"
    ls -A outside
    rm "search-$trial/trial-$trial"
    search -o "search-$trial" --resume
done
# the directory itself may be one
ln -s elsewhere link
mkdir elsewhere
search -o link
ls elsewhere
