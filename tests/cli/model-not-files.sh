# A directory, a FIFO or a link that leads nowhere under the name of a file that a model may have is an
# error, never taken for an absent file; under a name of what only people read it is passed over.
. "$ROOT/tests/cli/common"
tell() { sed "s|^stsfit: m/[^:]*: |  |" err; }
place() { # KIND NAME
    rm -rf m
    cp -R "$tiny" m
    chmod -R u+w m
    rm -f "m/$2"
    case $1 in
        directory) mkdir "m/$2" ;;
        pipe) mkfifo "m/$2" ;;
        nowhere) ln -s gone "m/$2" ;;
        itself) ln -s "$(basename "$2")" "m/$2" ;;
    esac
}
for kind in directory pipe nowhere itself; do
    echo "$kind:"
    for name in modules.json config.json config_sentence_transformers.json sentence_bert_config.json \
        tokenizer.json tokenizer_config.json special_tokens_map.json added_tokens.json vocab.txt merges.txt \
        1_Pooling/config.json model.safetensors; do
        place "$kind" "$name"
        rc "$STSFIT" encode -q -m m dev.tsv 2> err
        grep -q "^stsfit: m/$name: " err || { echo "$name:"; cat err; }
        tell
    done | sort | uniq -c | sed 's/^ *//'
    place "$kind" stsfit.json
    rc "$STSFIT" score -q -m m dev.tsv --calibrate 2> err
    tell
    for name in README.md LICENSE NOTICE.txt; do
        place "$kind" "$name"
        "$STSFIT" encode -q -m m dev.tsv > vectors 2> err || cat err
    done
done
