# --average: the mean of what was evaluated, evaluated like any other weights, selected or not by its
# value on dev; the same bits after an interruption.
. "$ROOT/tests/cli/common"
quick() { train_tiny --lr 1e-3 --max-steps 30 --eval-steps 4 "$@"; }
# the mean of the last three evaluations is what merge makes of these checkpoints
quick -o last --average last:3 --keep last --save-total-limit 99
"$STSFIT" merge last/checkpoint-25 last/checkpoint-28 last/checkpoint-30 -o merged -q
holds "$(distance last merged)" '<' 1e-6
holds "$(distance last last/checkpoint-30)" '>' 1e-4
value() { "$STSFIT" eval -m "$1" dev.tsv --json | number spearman_cosine; }
averaged() { sed -n 's/.*"step":'"$2"',.*"averaged":{\([^}]*\)}.*/\1/p' "$1/log.jsonl" | number spearman_cosine; }
holds "$(averaged last 30)" == "$(value last)"
# checkpoints that the mean needs stay, however few others do
quick -o few --average last:3 --keep last
[ "$(weights few)" = "$(weights last)" ] && echo "few checkpoints: the same"
ls few
# without a dev set the evaluations' steps count
train_tiny --dev none --lr 1e-3 --max-steps 30 --eval-steps 4 -o nodev --average last:3 -q
[ "$(weights nodev)" = "$(weights last)" ] && echo "without dev: the same"
# the best of all that was evaluated, averaged or not, is selected
for average in last:3 best:3 ema:0.9; do
    quick -o run --overwrite --average $average
    "$VALIDATE" "$DATA/schema/report.schema.json" run/report.json
    "$VALIDATE" -l "$DATA/schema/log.schema.json" run/log.jsonl
    best=$(sed -n '/"best":[[:space:]]*{/,/}/p' run/report.json | number value)
    top=$(grep -o '"spearman_cosine":[^,]*' run/log.jsonl | cut -d : -f 2 | sort -g | tail -n 1)
    start=$("$STSFIT" eval -m "$tiny" dev.tsv --json | number spearman_cosine)
    holds "$best" == "$(echo "$top $start" | tr ' ' '\n' | sort -g | tail -n 1)"
    holds "$(value run) - $best" '<' 1e-12
    holds "$best - $(value run)" '<' 1e-12
    echo "$average: $(grep -c '"averaged"' run/log.jsonl) means"
done
# cut short and resumed: all that was done after a checkpoint is done again, to the bit
for average in last:3 best:3 ema:0.9; do
    for keep in best last; do
        quick -o whole --overwrite --average $average --keep $keep
        quick -o cut --overwrite --average $average --keep $keep --save-steps 3 --save-total-limit 99
        [ "$(weights cut)" = "$(weights whole)" ] || echo "$average $keep: depends on checkpoints"
        for at in 27 18 4; do
            rm -rf again
            cp -R cut again
            for c in again/checkpoint-*; do [ "${c##*-}" -le $at ] || rm -rf "$c"; done
            "$STSFIT" train --resume -o again -q
            [ "$(weights again)" = "$(weights cut)" ] && [ "$(steps again)" = "$(steps cut)" ] ||
                echo "$average $keep $at: differs"
        done
    done
done
# without the file that has the mean, or a checkpoint of it, nothing is lost in silence
quick -o cut --overwrite --average ema:0.9
rm cut/checkpoint-30/average.bin
rc "$STSFIT" train --resume -o cut -q 2>&1 | tail -n 2
quick -o cut --overwrite --average last:3
rm -r cut/checkpoint-25
rc "$STSFIT" train --resume -o cut -q 2>&1
for bad in last last:1 best:x ema:1 ema:0 mean:3 last:2.5; do
    rc train_tiny -o none --average $bad 2>&1
done
rc train_tiny -o none --average best:2 --dev none 2>&1
rc "$STSFIT" train --resume -o cut --average last:2 2>&1
