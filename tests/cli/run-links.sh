# Links in a run directory: nothing outside of it is written, cut or removed, and the run is as ever.
. "$ROOT/tests/cli/common"
train_tiny -o whole --epochs 2 --save-steps 2 --save-total-limit 9
mkdir -p outside/sub
echo mine > outside/mine
echo deep > outside/sub/deep
untouched() {
    [ "$(find outside | sort | tr '\n' ' ')" = "outside outside/mine outside/sub outside/sub/deep " ] &&
        [ "$(cat outside/mine outside/sub/deep)" = 'mine
deep' ] || echo "$1: outside was touched"
}
# what is not known to be stsfit's is refused, and stays
refused() {
    code=0
    train_tiny -o run --epochs 2 --save-steps 2 "$2" 2> /dev/null || code=$?
    [ $code = 2 ] || echo "$1 $2: exit $code"
    untouched "$1 $2"
    [ -L "run/${1%% *}" ] || echo "$1 $2: the link is gone"
}
again() {
    train_tiny -o run --epochs 2 --save-steps 2 "$2" || echo "$1 $2: exit $?"
    untouched "$1 $2"
    [ "$(weights run)" = "$(weights whole)" ] || echo "$1 $2: other weights"
    [ ! -L run/model ] || echo "$1 $2: model is a link"
}
start() {
    rm -rf run
    cp -R whole run
    rm -rf run/checkpoint-6 run/checkpoint-8 run/checkpoint-10
}
for name in model report.json report.html log.jsonl config.json predictions.tsv checkpoint-3 checkpoint-6 \
    checkpoint-99 .unfinished-1 model.unfinished; do
    for to in outside outside/mine outside/new .; do
        start
        rm -rf "run/$name"
        ln -s "../$to" "run/$name"
        case "$name $to" in
        log.jsonl*|predictions.tsv*|report.json*|config.json*|report.html*) ;; # not as files any more
        checkpoint-6*) refused "$name to $to" --resume ;;
        *) again "$name to $to" --resume ;;
        esac
        start
        rm -rf "run/$name"
        ln -s "../$to" "run/$name"
        case $name in
        report.json|checkpoint-[36]) refused "$name to $to" --overwrite ;;
        *) again "$name to $to" --overwrite ;;
        esac
    done
done
# a lock that leads elsewhere is none
for to in mine new; do
    start
    rm run/.lock
    ln -s "../outside/$to" run/.lock
    rc train_tiny -o run --epochs 2 --resume 2>&1
    untouched "the lock to $to"
done
# a checkpoint kept elsewhere is read; what its checksums do not list is not handed on
start
rm -rf run/model
mv run/checkpoint-5 elsewhere
ln -s ../elsewhere run/checkpoint-5
ln -s ../outside elsewhere/out
ln -s ../outside/mine elsewhere/secret
ln -s . elsewhere/a
ln -s . elsewhere/b
mkfifo elsewhere/pipe
again "a checkpoint elsewhere" --resume
ls run/model
[ -f elsewhere/model.safetensors ] && echo "elsewhere as it was"
