# A checkpoint whose checksums are right and whose contents are not: refused by key, never resumed
# from; the best one missing, damaged or of another model: reported before a step is taken.
. "$ROOT/tests/cli/common"
train_tiny -o whole --lr 3e-3 --epochs 2 --save-steps 2 --save-total-limit 9
best=$(sed -n '/"best":	{/,$p' whole/report.json | number step)
crc() { gzip -c "$1" | tail -c 8 | od -An -tx1 | awk '{ print $4 $3 $2 $1 }'; }
start() {
    rm -rf run
    cp -R whole run
    for step in 2 4 5 6 8 10; do
        case " $* " in *" $step "*) ;; *) rm -rf run/checkpoint-$step ;; esac
    done
}
# the checksum of trainer.json made right
agree() {
    awk -v bytes="$(wc -c < "$1/trainer.json")" -v crc="$(crc "$1/trainer.json")" '
        /"trainer.json"/ { inside = 1 }
        inside && /"bytes"/ { sub(/[0-9]+/, bytes + 0) }
        inside && /"crc32"/ { sub(/:.*/, ": \"" crc "\""); inside = 0 }
        { print }' "$1/checksums.json" > sums
    mv sums "$1/checksums.json"
}
go() { rc train_tiny -o run --lr 3e-3 --epochs 2 --resume "$@" 2>&1; }
lie() {
    start 4
    sed "$1" whole/checkpoint-4/trainer.json > run/checkpoint-4/trainer.json
    ! cmp -s whole/checkpoint-4/trainer.json run/checkpoint-4/trainer.json || echo "no lie: $1"
    agree run/checkpoint-4
    go
}
lie 's/"schema":	1/"schema": 2/'
lie 's/"step":	4/"step": 3/'
lie 's/"step":	4/"step": 4.5/'
lie 's/"best_step":	0/"best_step": 5/'
lie 's/"best_step":	0/"best_step": 2/; s/"best":	[0-9.]*,//'
lie 's/"stale":	0/"stale": 5/'
lie 's/"evaluated":	0/"evaluated": 5/'
lie 's/"evals":	\[\]/"evals": {}/'
lie "s/\"evals\":	\\[\\]/\"evals\": [$(awk 'BEGIN { for (i = 0; i < 500; i++) printf "{}," }'){}]/"
lie 's/"before":	{/"before": [], "after": {/'
lie 's/"pairs":	20,/"pairs": -20,/'
lie 's/"pairs":	20,//'
lie 's/"truncated":	0,/"truncated": "none",/'
[ ! -e run/checkpoint-5 ] && cmp whole/log.jsonl run/log.jsonl
# the best
[ "$best" = 5 ] || echo "the best is $best"
start 6
go
cmp whole/log.jsonl run/log.jsonl
go --keep last
cmp run/model/model.safetensors whole/checkpoint-10/model.safetensors
start 5 6
printf X | dd of=run/checkpoint-5/model.safetensors bs=1 seek=70000 conv=notrunc 2> /dev/null
go | sed 's/CRC-32.*written/CRC-32/'
"$STSFIT" train train.tsv --dev dev.tsv -m bag -q --max-steps 5 -o other
start 6
cp -R other/checkpoint-5 run/checkpoint-5
go
