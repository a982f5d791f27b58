# Merged models open in sentence-transformers, with the mean of the weights, or for slerp those on the
# arc, tensor by tensor. REFERENCE_PYTHON: a Python that has it.
. "$ROOT/tests/cli/common"
train_tiny -o a --max-steps 6 --lr 1e-2 --keep last
train_tiny -o b --max-steps 6 --lr 1e-2 --keep last --seed 7
cut -f 6 dev.tsv > texts
for method in linear slerp; do
    "$STSFIT" merge a b -o $method --method $method --weights 1,3 -q
    "$STSFIT" encode -m $method texts > $method.tsv
done
run_python "${REFERENCE_PYTHON:-python3}" <<'END'
from reference import imports
with imports():
    import numpy as np
    from safetensors.numpy import load_file
    from sentence_transformers import SentenceTransformer

texts = open("texts", encoding="utf-8").read().splitlines()


def linear(a, b, t):
    return (1 - t) * a + t * b


def slerp(a, b, t):
    x, y = [v / (np.linalg.norm(v) if np.linalg.norm(v) > 1e-8 else 1) for v in (a, b)]
    dot = np.clip((x * y).sum(), -1, 1)
    if abs(dot) > 0.9995:
        return linear(a, b, t)
    angle = np.arccos(dot)
    curved.append(dot)
    return (np.sin((1 - t) * angle) * a + np.sin(t * angle) * b) / np.sin(angle)


curved = []
for method in (linear, slerp):
    name = method.__name__
    model = SentenceTransformer(name, device="cpu")
    ours = np.loadtxt(name + ".tsv", delimiter="\t")
    print(name, "opens:", np.allclose(ours, model.encode(texts, show_progress_bar=False), atol=1e-6))
    a, b, got = [load_file(d + "/model.safetensors") for d in ("a/model", "b/model", name)]
    near = [np.allclose(got[k], method(a[k].astype(float), b[k].astype(float), 0.75), atol=1e-7)
            for k in a]
    print(name, "weights:", all(near), "some on an arc:", bool(curved))
END
