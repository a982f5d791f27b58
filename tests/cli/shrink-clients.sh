# What shrink writes opens in sentence-transformers with the vectors that it has here: fewer layers, a
# Dense module, fewer tokens of WordPiece, Unigram and BPE, and all together. REFERENCE_PYTHON: a Python
# that has it.
. "$ROOT/tests/cli/common"
cut -f 6,7 dev.tsv | tr '\t' '\n' > texts
small() { out=$1; shift; "$STSFIT" shrink -q -m "$@" -o "$out"; "$STSFIT" encode -q -m "$out" texts > "$out.tsv"; }
small layers "$tiny" --layers 1
small dims "$tiny" --dims 8 --data texts
small all "$tiny" --layers 0 --dims 8 --data texts --vocabulary texts
for model in bert roberta xlmr; do small vocabulary-$model "$ROOT/tests/golden/models/$model" --vocabulary texts; done
run_python "${REFERENCE_PYTHON:-python3}" <<'END'
from reference import imports
with imports():
    import numpy as np
    from sentence_transformers import SentenceTransformer

texts = open("texts", encoding="utf-8").read().splitlines()
for name in ("layers", "dims", "all", "vocabulary-bert", "vocabulary-roberta", "vocabulary-xlmr"):
    model = SentenceTransformer(name, device="cpu")
    ours = np.loadtxt(name + ".tsv", delimiter="\t", ndmin=2)
    theirs = model.encode(texts, show_progress_bar=False)
    config = model[0].auto_model.config
    same = theirs.shape == ours.shape and np.abs(theirs - ours).max() < 1e-5
    print(name, "layers", config.num_hidden_layers, "tokens", config.vocab_size, [type(m).__name__ for m in model],
          "equal" if same else "different")
END
