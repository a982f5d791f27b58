# --prompt and its like put a text before each one, by text, by name or by column, in every command
# that embeds; a model that was trained so keeps it where sentence-transformers looks for it.
. "$ROOT/tests/cli/common"
cp -r "$tiny" model
cat > model/config_sentence_transformers.json <<'END'
{"prompts": {"query": "a man: ", "document": ""}, "default_prompt_name": null}
END
printf 'a dog runs\nthe man sits\n' > texts
printf 'a dog runs\tthe man sits\nthe man sits\ta cat\n' > pairs
prefixed() { sed "s/^/$1/"; }
# The sentences of a file like STSbenchmark's, each after a text.
both_prefixed() { awk -F '\t' -v OFS='\t' -v text="$1" '{ $6 = text $6; $7 = text $7 } 1' "$2"; }

# single texts
for command in encode tokenize; do
    "$STSFIT" $command -m model texts > none
    prefixed 'a man: ' < texts | "$STSFIT" $command -m model > want
    "$STSFIT" $command -m model texts --prompt 'a man: ' | cmp - want
    "$STSFIT" $command -m model texts --prompt-name query | cmp - want
    "$STSFIT" $command -m model texts --prompt '' | cmp - none
    cmp -s none want && echo "$command: a prompt changes nothing"
done
# pairs, by column: with the same text in both, equal texts stay equal
sed 's/\t/\tis: /; s/^/a man: /' pairs | "$STSFIT" score -m model | cut -f 3 > want
"$STSFIT" score -q -m model pairs --prompt-name1 query --prompt2 'is: ' | cut -f 3 | cmp - want
"$STSFIT" score -m model pairs --prompt-name1 query --prompt2 'is: ' > /dev/null
both_prefixed 'a man: ' dev.tsv > before.tsv
"$STSFIT" eval -m model before.tsv --json 2> /dev/null | number spearman_cosine > want
"$STSFIT" eval -q -m model dev.tsv --prompt-name query --json | number spearman_cosine | cmp - want

# refused
rc "$STSFIT" encode -m model texts --prompt-name passage
cp -r model none-named
echo '{"prompts": {}}' > none-named/config_sentence_transformers.json
rc "$STSFIT" encode -m none-named texts --prompt-name query
rc "$STSFIT" score -m model pairs --prompt x --prompt-name query
rc "$STSFIT" eval -m model dev.tsv --prompt x --prompt2 y
rc "$STSFIT" train train.tsv -m model -o no --train-prompt --prompt x
[ ! -e no ] || echo 'a refused run left something'

# training: as if the text stood in the files, and kept as the default prompt
run() { # OUT TRAIN DEV OPTIONS
    out=$1 train=$2 dev=$3
    shift 3
    "$STSFIT" train "$train" --dev "$dev" -m model -o "$out" --dropout 0 --max-steps 2 \
        --no-shuffle --progress none "$@" 2> "$out.err"
}
both_prefixed 'it is: ' train.tsv > train-before.tsv
both_prefixed 'it is: ' dev.tsv > dev-before.tsv
run by-hand train-before.tsv dev-before.tsv
run all train.tsv dev.tsv --prompt 'it is: '
for field in loss spearman_cosine; do
    number $field < by-hand/log.jsonl > want.txt
    number $field < all/log.jsonl | cmp - want.txt
done
tr -d ' \n\t' < all/model/config_sentence_transformers.json; echo
tr "\n" " " < all.err | sed "s,  *, ,g" | grep -o "the prompt .it is: . goes before each text"
"$STSFIT" eval -m all dev.tsv --json 2> eval.err | number spearman_cosine > eval.txt
sed -n '/"after"/,$p' all/report.json | number spearman_cosine | head -n 1 | cmp - eval.txt
cat eval.err
"$VALIDATE" "$ROOT/data/schema/report.schema.json" all/report.json
rc "$STSFIT" train --resume train.tsv --dev dev.tsv -m model -o all --dropout 0 --max-steps 2 \
    --no-shuffle -q --prompt 'it was: '
"$STSFIT" train --resume -q -o all && echo resumed
# by column
run columns train.tsv dev.tsv --prompt1 'who: ' --prompt2 'it is: '
tr -d ' \n\t' < columns/model/config_sentence_transformers.json; echo
grep 'prompt' columns.err | tr '\n' ' ' | sed 's/  */ /g' | grep -o 'the prompt .*row'
grep -o 'stsfit: .*' columns.err | grep becomes
"$VALIDATE" "$ROOT/data/schema/report.schema.json" columns/report.json
