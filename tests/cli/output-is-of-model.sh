# An output under the name of a file that a model or a checkpoint has is refused before any work, and
# the file stays; other names in the directory, and such names elsewhere, are fine.
. "$ROOT/tests/cli/common"
train_tiny -o run --max-steps 1
cp -R "$tiny" base
cp base/model.safetensors base/pytorch_model-00001-of-00002.bin
cp -R run run.was
cp -R base base.was
cut -f 6 dev.tsv > texts
for name in base/config.json base/modules.json base/model.safetensors base/1_Pooling/config.json base/vocab.txt \
    ./base//tokenizer.json base/pytorch_model-00001-of-00002.bin run/model/README.md run/checkpoint-1/trainer.json \
    run/checkpoint-1/optimizer.bin run/checkpoint-1/checksums.json; do
    rc "$STSFIT" encode -m base texts -o $name
    rc "$STSFIT" eval -q -m base dev.tsv --predictions $name
    rc "$STSFIT" report -q run -o $name
done
(cd base/1_Pooling && rc "$STSFIT" encode -m .. ../../texts -o config.json)
diff -r run run.was && diff -r base base.was && echo "nothing changed"
"$STSFIT" encode -q -m base texts -o base/vectors.tsv
"$STSFIT" encode -q -m base texts -o base/vectors.tsv
"$STSFIT" encode -q -m base texts -o config.json
"$STSFIT" encode -q -m base texts -o config.json
"$STSFIT" report -q run -o README.md
ls base/vectors.tsv config.json README.md
