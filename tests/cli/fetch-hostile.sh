# A hub may be a stranger's: what it says of a file is no code, and what modules.json names stays
# below the model's directory; a redirection leads to no local file.
command -v python3 > /dev/null || { echo "no python3 for a hub to fetch from" > skipped; exit 0; }
command -v curl > /dev/null || command -v wget > /dev/null || { echo "no curl and no wget" > skipped; exit 0; }
mkdir -p hub/sentence-transformers home
cp -R "$DATA/tiny-bert" hub/sentence-transformers/size
printf '1;system("touch run-by-size");x=1' > hub/sentence-transformers/size/model.safetensors.size
cp -R "$DATA/tiny-bert" hub/sentence-transformers/up
printf '[\n  {"idx": 0, "path": "", "type": "sentence_transformers.models.Transformer"},\n  {"idx": 1, "path": "..", "type": "sentence_transformers.models.Pooling"}\n]\n' > hub/sentence-transformers/up/modules.json
echo '{"theirs": 1}' > hub/sentence-transformers/config.json
python3 "$ROOT/tests/tools/hub.py" hub port &
server=$!
trap 'kill $server' EXIT
for _ in $(seq 100); do [ -f port ] || sleep 0.1; done
export STSFIT_HUB="http://127.0.0.1:$(cat port)" STSFIT_EXEC_PATH="$ROOT/scripts" HOME="$PWD/home"
unset XDG_DATA_HOME XDG_CACHE_HOME HF_HOME HF_HUB_CACHE HF_ENDPOINT
echo '{"mine": 1}' > config.json
"$STSFIT" fetch -q -o size size
"$STSFIT" fetch -q -o up up
ls -1
cat config.json home/*.json 2> /dev/null || :
