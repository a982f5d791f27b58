# A GGUF file per type of numbers; and what llama.cpp cannot run is refused, with nothing written.
. "$ROOT/tests/cli/common"
models=$ROOT/tests/golden/models
for type in f32 f16 q8_0; do
    "$STSFIT" export -m "$tiny" -o tiny.gguf --type $type
    head -c 4 tiny.gguf
    echo " $(($(wc -c < tiny.gguf) % 32)) bytes past a multiple of 32"
done
"$STSFIT" export -q -m "$tiny" -o again.gguf --type q8_0
cmp tiny.gguf again.gguf
for model in bert distilbert roberta xlmr camembert modernbert; do
    "$STSFIT" export -m "$models/$model" -o $model.gguf
done
rm -- *.gguf
for model in mpnet albert electra static; do
    rc "$STSFIT" export -m "$models/$model" -o out.gguf 2>&1 | plain
done
modern() { # EDIT: a ModernBERT whose config.json is edited so
    rm -rf modern && cp -R "$models/modernbert" modern
    sed "$1" "$models/modernbert/config.json" > modern/config.json
}
modern 's/"hidden_activation": "gelu"/"hidden_activation": "relu"/'
rc "$STSFIT" export -q -m modern -o out.gguf 2>&1 | plain
modern '/layer_types/,/]/s/full_attention/sliding_attention/'
rc "$STSFIT" export -q -m modern -o out.gguf 2>&1 | plain
cp -R "$tiny" two
echo '{"embedding_dimension": 32, "pooling_mode": ["mean", "max"]}' > two/1_Pooling/config.json
rc "$STSFIT" export -m two -o out.gguf
cp -R "$tiny" other
sed 's/"BertPreTokenizer"/"Whitespace"/' "$tiny/tokenizer.json" > other/tokenizer.json
rm other/tokenizer_config.json
rc "$STSFIT" export -m other -o out.gguf
cp -R "$tiny" plain
rm plain/tokenizer.json
rc "$STSFIT" export -m plain -o out.gguf
rc "$STSFIT" export -m "$tiny"
rc "$STSFIT" export -m "$tiny" -o none/out.gguf
rc "$STSFIT" export -m "$tiny" -o out.gguf --type q4_0
rc "$STSFIT" export -m none -o out.gguf
[ ! -c /dev/full ] || rc "$STSFIT" export -m "$tiny" -o /dev/full 2> /dev/null
ls | grep -c gguf || true
