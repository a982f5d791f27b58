# A bad model: exit 4, naming file and key or tensor; nothing is written.
. "$ROOT/tests/cli/common"
bad() { rc "$STSFIT" encode -m m dev.tsv; rm -rf m; cp -R "$tiny" m; chmod -R u+w m; }
rm -rf m; cp -R "$tiny" m; chmod -R u+w m
rm m/model.safetensors; bad
rm m/config.json; bad
rm m/tokenizer.json m/vocab.txt; bad
dd if=/dev/null of=m/model.safetensors bs=1 seek=1000 2> /dev/null; bad
printf '\377\377\377\377\377\377\377\177' | dd of=m/model.safetensors conv=notrunc 2> /dev/null; bad
sed 's/"model_type": "bert"/"model_type": "gpt2"/' "$tiny/config.json" > m/config.json; bad
sed 's/"hidden_size": 32/"hidden_size": 33/' "$tiny/config.json" > m/config.json; bad
sed 's/"hidden_act": "gelu"/"hidden_act": "gelu_fancy"/' "$tiny/config.json" > m/config.json; bad
grep -v '"hidden_size"' "$tiny/config.json" > m/config.json; bad
echo '{' > m/config.json; bad
sed 's/Pooling"/Poolink"/' "$tiny/modules.json" > m/modules.json; bad
rc "$STSFIT" encode -m nowhere dev.tsv
rc "$STSFIT" train train.tsv -m nowhere -o run
[ ! -e run/model ] && echo "nothing written"
rc "$STSFIT" score dev.tsv
