# What is written opens in sentence-transformers and model2vec, and gives the vectors that it gives
# here. REFERENCE_PYTHON: a Python that has both.
. "$ROOT/tests/cli/common"
cut -f 6 dev.tsv > texts
echo 'A man sings ☃ loudly.' >> texts
tune() { "$STSFIT" train train.tsv --dev dev.tsv -q --max-steps 3 --lr 0.01 "$@"; }
for kind in float32 int8 shared-int8; do
    tune -m "$ROOT/tests/golden/model2vec/$kind" -o "$kind"
    "$STSFIT" encode -m "$kind" texts > "$kind.tsv"
done
cp -RL "$ROOT/tests/golden/models/static" cut
sed '1s/{/{"truncate_dim": 5,/' cut/config_sentence_transformers.json > json
mv json cut/config_sentence_transformers.json
tune -m cut -o short
"$STSFIT" encode -m short texts > short.tsv
tune -m bag -o bag # whose approximation lies beside it
mkdir approximation
cp -R bag/model/*.json bag/model/0_StaticEmbedding approximation
rm approximation/config.json
"$STSFIT" encode -m approximation texts > bag.tsv
run_python "${REFERENCE_PYTHON:-python3}" <<'END'
from reference import imports
with imports():
    import numpy as np
    from model2vec import StaticModel
    from sentence_transformers import SentenceTransformer

texts = open("texts", encoding="utf-8").read().splitlines()


def compare(name, client, got):
    ours = np.loadtxt(name + ".tsv", delimiter="\t", ndmin=2)
    same = ours.shape == got.shape and np.allclose(ours, got, atol=1e-6)
    print(name, client, got.shape[1], "equal" if same else "different")


for name in ("float32", "int8", "shared-int8"):
    compare(name, "model2vec", StaticModel.from_pretrained(name + "/model").encode(texts))
for name in ("float32", "int8", "shared-int8", "short", "bag"):
    model = SentenceTransformer(name + "/model", device="cpu")
    compare(name, "sentence-transformers", model.encode(texts, show_progress_bar=False))
END
