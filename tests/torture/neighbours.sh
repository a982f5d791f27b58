#!/bin/sh
# neighbours.sh [ROUNDS]: every command that writes, in a hostile neighbourhood: links, FIFOs,
# devices and foreign names where its output goes, and files and directories exchanged for links
# under way. Nothing outside is written, read into an output or removed, and nothing hangs.
set -u
cd "$(dirname "$0")/../.." || exit 1
case ${STSFIT:-stsfit} in /*) ;; *) STSFIT=$PWD/${STSFIT:-stsfit} ;; esac
rounds=${1:-42} root=$PWD dir=$(mktemp -d) && trap 'kill "$swapper" 2> /dev/null; rm -rf "$dir"' EXIT
cd "$dir" || exit 1
swapper='' passed=0 failed=0
head -n 24 "$root/data/sts-train.tsv" > train.tsv
cut -f 6 train.tsv > texts
cp -R "$root/data/tiny-bert" model
# What no command may touch, made anew after each that did.
outside() {
    rm -rf outside
    mkdir -p outside/sub
    echo 'the secret' > outside/secret
    echo deep > outside/sub/deep
    find outside -exec touch -d 2001-01-01 {} +
    find outside -exec ls -ld {} + > before
}
outside
fail() { failed=$((failed + 1)); echo "FAILED: $*"; }
stsfit() { timeout 60 "$STSFIT" "$@"; }
train() {
    stsfit train train.tsv -q --batch-size 8 --max-steps 4 --save-steps 1 --save-total-limit 2 "$@"
}

# run NAME COMMAND...: it ends by itself, and leaves what is outside alone
run() {
    label=$1
    shift
    "$@" > out 2> err < /dev/null
    code=$?
    [ "$code" -lt 124 ] || { fail "$label: exit $code: $(head -c 200 err)"; return; }
    find outside -exec ls -ld {} + | cmp -s - before ||
        { fail "$label: outside was touched: $(find outside -newermt 2001-01-02 | tr '\n' ' ')"; outside; return; }
    # links are not followed, and pipes not opened
    leak=$(find . -path ./outside -prune -o -type f ! -path './other/*' -exec grep -ls 'the secret' {} +)
    [ "$leak" = '' ] || { fail "$label: the secret is in $leak"; return; }
    passed=$((passed + 1))
}

# ---- planted before: KIND NAME puts something under a name that the command may use ----
plant() {
    rm -rf "$2"
    mkdir -p "$(dirname "$2")"
    case $1 in
    link) ln -s "$dir/outside/secret" "$2" ;;
    new) ln -s "$dir/outside/new" "$2" ;;
    folder) ln -s "$dir/outside" "$2" ;;
    fifo) mkfifo "$2" ;;
    device) ln -s /dev/zero "$2" ;;
    directory) mkdir "$2" ; echo mine > "$2/mine" ;;
    esac
}
names='report.json config.json log.jsonl predictions.tsv report.html .lock model model.unfinished checkpoint-1
checkpoint-4 .unfinished-1 model/README.md checkpoint-4/config.json checkpoint-4/optimizer.bin'
train -m model -o whole || fail 'a run'
for kind in link new folder fifo device directory; do
    for name in $names; do
        for how in '' --resume --overwrite; do
            rm -rf run
            [ "$how" = '' ] || cp -R whole run
            plant $kind "run/$name"
            run "train $how, $name is a $kind" train -m model -o run ${how:+"$how"}
            [ $kind != directory ] || [ "$how" != '' ] || [ "$(cat "run/$name/mine" 2> /dev/null)" = mine ] ||
                fail "train, $name: a foreign directory is gone"
        done
    done
    for name in trial-1 trial-1/model trial-1/report.json tune.json; do
        rm -rf run
        plant $kind "run/$name"
        run "tune, $name is a $kind" stsfit tune -q --trials 1 --max-steps 1 -m model --dev train.tsv -o run train.tsv
    done
    for name in r.npy.part r.npy.part.json; do
        rm -rf r.npy*
        plant $kind "$name"
        run "encode --resume, $name is a $kind" stsfit encode --resume -m whole -o r.npy texts
    done
    for name in predictions v.npy page.html; do
        plant $kind "$name"
        run "eval, $kind" stsfit eval -m whole --predictions "$name" train.tsv
        plant $kind "$name"
        run "encode, $kind" stsfit encode -m whole -o "$name" --format npy texts
        plant $kind "$name"
        run "report, $kind" stsfit report whole -o "$name"
        rm -rf "$name"
    done
    for command in "merge model model" "distill -m model" "shrink -m model --layers 0" "export -m model"; do
        plant $kind made
        # shellcheck disable=SC2086
        run "$command, $kind" stsfit $command -q -o made
        [ $kind != directory ] || [ "$(cat made/mine 2> /dev/null)" = mine ] || fail "$command: a foreign directory is gone"
    done
    rm -rf made
    for name in tokenizer.json LICENSE vocab.txt model.safetensors 1_Pooling notes.txt; do
        rm -rf run other
        cp -R model other
        plant $kind "other/$name"
        run "train, the model's $name is a $kind" train -m other -o run
        plant $kind "other/$name"
        run "info, the model's $name is a $kind" stsfit info other
    done
done

# ---- exchanged under way: PATH is a link to outside every other moment ----
swap() {
    path=$1 to=$2 begun=${3-}
    while [ "$begun" != '' ] && [ ! -s "$begun" ]; do sleep 0.01; done
    while [ -e "$dir/swapping" ]; do
        mv "$path" "$path.aside" 2> /dev/null && ln -s "$to" "$path"
        rm "$path" 2> /dev/null
        mv "$path.aside" "$path" 2> /dev/null
    done
}
exchange() { # PATH TO [FILE: once this is there]
    touch "$dir/swapping"
    swap "$@" 2> /dev/null &
    swapper=$!
}
settle() {
    rm -f "$dir/swapping"
    wait "$swapper"
    swapper=''
}
i=0
while [ $i -lt "$rounds" ]; do
    rm -rf run run.aside other
    cp -R model other
    case $((i % 7)) in
    0)
        cp -R whole run
        exchange "$dir/run/checkpoint-3" "$dir/outside"
        run 'exchanged checkpoint' train -m model -o run --overwrite
        ;;
    1)
        cp -R whole run
        exchange "$dir/run/model" "$dir/outside"
        run 'exchanged model' train -m model -o run --overwrite
        ;;
    2)
        cp "$dir/model/vocab.txt" other/LICENSE
        exchange "$dir/other/LICENSE" "$dir/outside/secret"
        run 'exchanged licence' train -m other -o run
        ;;
    3)
        exchange "$dir/other/1_Pooling" "$dir/outside"
        run 'exchanged folder' train -m other -o run
        ;;
    4)
        exchange "$dir/run" "$dir/outside" "$dir/run/log.jsonl"
        run 'exchanged run' train -m model -o run
        ;;
    5)
        exchange "$dir/other/1_Pooling" "$dir/outside"
        run 'exchanged folder of a merged model' stsfit merge other model -q -o run
        ;;
    6)
        exchange "$dir/other/tokenizer.json" "$dir/outside/secret"
        run 'exchanged tokenizer of a shrunk model' stsfit shrink -m other --layers 0 -q -o run
        ;;
    esac
    settle
    i=$((i + 1))
done
echo "neighbours: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
