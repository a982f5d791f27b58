# model2vec distills the same vectors, of WordPiece, Unigram and BPE, with words added; and what is
# written opens there and in sentence-transformers. REFERENCE_PYTHON: a Python that has both.
. "$ROOT/tests/cli/common"
cut -f 6 dev.tsv > texts
echo 'A zebracorn ☃ learns machine learning.' >> texts
printf 'zebracorn\nmachine learning\nthe\n' > words
for model in "$tiny" "$ROOT/tests/golden/models/xlmr" "$ROOT/tests/golden/models/roberta"; do
    name=${model##*/}
    cp -R "$model" "$name"
    "$STSFIT" distill -q -m "$name" -o "$name-static" --dims 16
done
"$STSFIT" distill -q -m tiny-bert -o tiny-bert-worded --dims 16 --vocabulary words --sif 1e-3
"$STSFIT" distill -q -m xlmr -o xlmr-worded --dims 16 --vocabulary words --pooling first
for out in *-static *-worded; do "$STSFIT" encode -q -m "$out" texts > "$out.tsv"; done
run_python "${REFERENCE_PYTHON:-python3}" <<'END'
from reference import imports
with imports():
    import numpy as np
    from model2vec import StaticModel
    from model2vec.distill import distill
    from sentence_transformers import SentenceTransformer

texts = open("texts", encoding="utf-8").read().splitlines()
words = open("words").read().splitlines()


def cosines(x):
    x = x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)
    return x @ x.T


def compare(name, client, got, want):
    print(name, client, "equal" if np.abs(cosines(got) - cosines(want)).max() < 1e-4 else "different")


cases = [(name + "-static", name, {}) for name in ("tiny-bert", "xlmr", "roberta")]
cases.append(("tiny-bert-worded", "tiny-bert", {"vocabulary": words, "sif_coefficient": 1e-3}))
cases.append(("xlmr-worded", "xlmr", {"vocabulary": words, "pooling": "first"}))
for out, name, options in cases:
    ours = np.loadtxt(out + ".tsv", delimiter="\t", ndmin=2)
    own = distill(name, pca_dims=16, device="cpu", quantize_to="float32", **options)
    compare(out, "model2vec's own", ours, own.encode(texts))
    compare(out, "in model2vec", ours, StaticModel.from_pretrained(out).encode(texts))
    model = SentenceTransformer(out, device="cpu")
    compare(out, "in sentence-transformers", ours, model.encode(texts, show_progress_bar=False))
END
