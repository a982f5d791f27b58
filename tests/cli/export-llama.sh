# llama.cpp gives the vectors that are given here, tokens included. LLAMA_PYTHON: a Python that has
# llama-cpp-python.
. "$ROOT/tests/cli/common"
cut -f 6,7 "$DATA/sts-dev.tsv" | tr '\t' '\n' | cut -c 1-16 | head -200 > texts # within 40 tokens
echo "Ünïcödé 東京 5%" >> texts
run() { "$STSFIT" encode -q -m "$1" -o "$2.tsv" texts; "$STSFIT" tokenize -m "$1" texts > "$2.ids"; }
for model in bert distilbert roberta xlmr modernbert; do
    run "$ROOT/tests/golden/models/$model" $model
    "$STSFIT" export -q -m "$ROOT/tests/golden/models/$model" -o $model.gguf --type f32
done
run "$tiny" tiny
for type in f32 f16 q8_0; do "$STSFIT" export -q -m "$tiny" -o tiny-$type.gguf --type $type; done
run_python "${LLAMA_PYTHON:-python3}" <<'END'
from reference import imports
with imports():
    import numpy as np
    from llama_cpp import Llama

texts = open("texts", encoding="utf-8").read().splitlines()


def compare(name, file, least):
    ours = np.loadtxt(name + ".tsv", delimiter="\t", ndmin=2)
    ids = [[int(i) for i in line.split()] for line in open(name + ".ids")]
    model = Llama(file, embedding=True, n_ctx=512, verbose=False, n_threads=1)
    same = all(model.tokenize(t.encode(), True, False) == i for t, i in zip(texts, ids))
    got = np.array([model.embed(t, normalize=False) for t in texts])
    dot = (got * ours).sum(1)
    cosine = dot / np.linalg.norm(got, axis=1) / np.linalg.norm(ours, axis=1)
    print(file, "tokens", "same" if same else "differ", "vectors",
          "agree" if cosine.min() >= least else "differ")


for name in ("bert", "distilbert", "roberta", "xlmr", "modernbert"):
    compare(name, name + ".gguf", 0.9999)
for type, least in (("f32", 0.9999), ("f16", 0.9999), ("q8_0", 0.999)):
    compare("tiny", "tiny-%s.gguf" % type, least)
END
