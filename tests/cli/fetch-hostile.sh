# A hub may be a stranger's: what it says of a file is no code, and what modules.json names stays
# below the model's directory; a redirection leads to no local file.
. "$ROOT/tests/cli/hub"
cp -R "$DATA/tiny-bert" hub/sentence-transformers/size
printf '1;system("touch run-by-size");x=1' > hub/sentence-transformers/size/model.safetensors.size
cp -R "$DATA/tiny-bert" hub/sentence-transformers/up
printf '[\n  {"idx": 0, "path": "", "type": "sentence_transformers.models.Transformer"},\n  {"idx": 1, "path": "..", "type": "sentence_transformers.models.Pooling"}\n]\n' > hub/sentence-transformers/up/modules.json
echo '{"theirs": 1}' > hub/sentence-transformers/config.json
cp -R "$DATA/tiny-bert" hub/sentence-transformers/moved
printf 'file://%s/config.json' "$PWD" > hub/sentence-transformers/moved/tokenizer_config.json.moved
echo '{"mine": 1}' > config.json
"$STSFIT" fetch -q -o size size
"$STSFIT" fetch -q -o up up
"$STSFIT" fetch -q -o moved moved > /dev/null 2>&1 || echo "moved: exit $?"
grep -rl mine moved.part || echo "moved: no local file"
ls -1
cat config.json home/*.json 2> /dev/null || :
