# int8 and ubinary vectors are, byte for byte, those that sentence-transformers makes of the same
# vectors, and eval's figures those of its evaluator. REFERENCE_PYTHON: a Python that has it.
. "$ROOT/tests/cli/common"
cut -f 6,7 "$DATA/sts-dev.tsv" | tr '\t' '\n' > texts
head -150 texts > other
encode() { "$STSFIT" encode -q -m "$tiny" --normalize "$@"; }
encode texts -o float.npy
encode other -o other.npy
encode texts --vectors int8 -o int8.npy
encode texts --vectors int8 --calibration other -o calibrated.npy
encode texts --vectors ubinary -o ubinary.npy
for type in int8 ubinary; do "$STSFIT" eval -m "$tiny" "$DATA/sts-dev.tsv" --vectors $type --json > $type.json; done
cp -R "$tiny" tiny
cp "$DATA/sts-dev.tsv" dev.tsv
run_python "${REFERENCE_PYTHON:-python3}" <<'END'
import json
from reference import imports
with imports():
    import numpy as np
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.evaluation import EmbeddingSimilarityEvaluator
    from sentence_transformers.util import quantize_embeddings

float32, other = np.load("float.npy"), np.load("other.npy")
for name, type, options in (("int8", "int8", {}), ("ubinary", "ubinary", {}),
                            ("calibrated", "int8", {"calibration_embeddings": other})):
    want, got = quantize_embeddings(float32, type, **options), np.load(name + ".npy")
    print(name, got.dtype, "equal" if want.dtype == got.dtype and (want == got).all() else "different")


def exact(type, similarity):
    return type == "ubinary" and similarity in ("manhattan", "dot")


rows = [line.rstrip("\n").split("\t") for line in open("dev.tsv", encoding="utf-8")]
names = ["cosine", "euclidean", "manhattan", "dot"]
for type in ("int8", "ubinary"):
    evaluator = EmbeddingSimilarityEvaluator([r[5] for r in rows], [r[6] for r in rows], [float(r[4]) for r in rows],
                                             similarity_fn_names=names, precision=type, show_progress_bar=False)
    want = evaluator(SentenceTransformer("tiny", device="cpu"))
    got = json.load(open(type + ".json"))["files"][0]["vectors"]
    for kind in ("pearson", "spearman"):
        # a number beside a step of int8 may fall on its other side; float32 cosines of bits split ties
        close = [abs(got[kind + "_" + n] - want[kind + "_" + n]) < (1e-9 if exact(type, n) else 3e-3) for n in names]
        print(type, kind, "equal" if all(close) else "different: %s" % close)
END
