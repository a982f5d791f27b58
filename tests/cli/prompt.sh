# A model's default prompt goes before the texts that are evaluated, and before training texts only
# with --train-prompt; what is saved keeps it.
. "$ROOT/tests/cli/common"
prompted() { # PROMPT INCLUDE: a copy of the tiny BERT
    mkdir "$1"
    cp -r "$tiny"/* "$1"
    cat > "$1/config_sentence_transformers.json" <<EOF
{"prompts": {"sts": "a man says: "}, "default_prompt_name": "sts", "similarity_fn_name": "cosine"}
EOF
    sed "s/\"include_prompt\": true/\"include_prompt\": $2/" "$tiny/1_Pooling/config.json" \
        > "$1/1_Pooling/config.json"
}
first_loss() {
    "$STSFIT" train train.tsv --dev dev.tsv -m "$1" -o "run-$1$2" --dropout 0 --no-shuffle --max-steps 1 \
        --progress none $2 2> "$1$2.err"
    { tr '\n' ' ' < "$1$2.err"; echo; } | sed 's/  */ /g' | sed -n "s/.*\(the model's default prompt.*\) loss cosine.*/\1/p"
    number loss < "run-$1$2/log.jsonl"
}
prompted with true
prompted without false
mkdir none
cp -r "$tiny"/* none
none=$(first_loss none '')
for m in with without; do
    first_loss $m '' > plain.txt
    first_loss $m --train-prompt > asked.txt
    sed '$d' plain.txt
    sed '$d' asked.txt
    [ "$(tail -n 1 plain.txt)" = "$none" ] || echo "$m: the prompt is in training"
    [ "$(tail -n 1 asked.txt)" != "$none" ] || echo "$m: --train-prompt does nothing"
    "$VALIDATE" "$ROOT/data/schema/report.schema.json" run-$m/report.json
    grep -o '"prompt.*' run-$m/report.json run-$m--train-prompt/report.json
    cmp $m/config_sentence_transformers.json run-$m/model/config_sentence_transformers.json
done
# the dev set is evaluated as eval does, which puts the prompt before
for m in none with without; do
    "$STSFIT" eval -m $m dev.tsv --json | number spearman_cosine > eval.txt
    sed -n '/"before"/,$p' run-$m/report.json | number spearman_cosine | cmp - eval.txt
    cat eval.txt
done | sort -u | wc -l | tr -d ' '
rc "$STSFIT" train train.tsv --dev dev.tsv -m with -o run-with --dropout 0 --no-shuffle --max-steps 1 \
    --resume --train-prompt -q
