# Fewer layers, dimensions, tokens: alone and together; texts keep their tokens and, with the same
# layers, their vectors.
. "$ROOT/tests/cli/common"
cut -f 6,7 dev.tsv | tr '\t' '\n' > texts
shrink() { "$STSFIT" shrink "$@" | grep -v 'sentences per second'; }
shrink -m "$tiny" -o one --layers 1 --dev dev.tsv
"$STSFIT" info one | grep -o 'bert: 1 layers'
shrink -m "$tiny" -o narrow --dims 8 --data texts
"$STSFIT" encode -m narrow texts | awk -F '\t' 'NF != 8'
rc "$STSFIT" export -m narrow -o narrow.gguf
shrink -m "$tiny" -o all --layers 0 --dims 8 --data texts --vocabulary texts
grep -c 'are kept' all/README.md
for model in "$tiny" "$ROOT/tests/golden/models/xlmr" "$ROOT/tests/golden/models/roberta"; do
    name=${model##*/}
    shrink -m "$model" -o "$name" --vocabulary texts | head -1
    "$STSFIT" encode -q -m "$model" texts > before
    "$STSFIT" encode -q -m "$name" texts | paste before - | awk -F '\t' '{
        for (i = 1; i <= NF / 2; i++) { d = $i - $(i + NF / 2); if (d < -1e-5 || d > 1e-5) n++ }
    } END { if (n) print n, "numbers differ" }'
done
rc "$STSFIT" train train.tsv --dev dev.tsv -m all -q --max-steps 2 -o run
head -5 texts > few
shrink -m "$tiny" -o piped --vocabulary - < few | head -1
: > empty
rc "$STSFIT" shrink -m "$tiny" -o out
rc "$STSFIT" shrink -m "$tiny" -o out --layers 2
rc "$STSFIT" shrink -m "$tiny" -o out --layers 1,0
rc "$STSFIT" shrink -m "$tiny" -o out --layers 0,
rc "$STSFIT" shrink -m "$tiny" -o out --layers 4294967296
rc "$STSFIT" shrink -m "$ROOT/tests/golden/models/static" -o out --layers 0 2>&1 | plain
rc "$STSFIT" shrink -m "$ROOT/tests/golden/models/albert" -o out --layers 0 2>&1 | plain
rc "$STSFIT" shrink -m "$tiny" -o out --dims 64 --data texts
rc "$STSFIT" shrink -m "$tiny" -o out --dims 8
rc "$STSFIT" shrink -m "$tiny" -o out --dims 8 --data few
rc "$STSFIT" shrink -m "$tiny" -o out --vocabulary empty
rc "$STSFIT" shrink -m "$tiny" -o one --layers 0
rc "$STSFIT" shrink -m "$tiny" -o out --dims 4 --data - --vocabulary - < texts
rc "$STSFIT" shrink -m "$tiny" -o out --dims 4 --data - --dev - < texts
ls -d out* 2> /dev/null || echo "nothing was written"
