"""Loss values and gradients on random vectors, by sentence-transformers' classes in float64."""

import warnings

import numpy as np
import torch
from sentence_transformers.sentence_transformer import losses

from golden.common import GOLDEN, numbers, write_json

CLASSES = {
    "cosine-similarity": lambda: losses.CosineSimilarityLoss(Given()),
    "cosent": lambda: losses.CoSENTLoss(Given()),
    "cosent:scale=5": lambda: losses.CoSENTLoss(Given(), scale=5),
    "angle": lambda: losses.AnglELoss(Given()),
    "angle:scale=5": lambda: losses.AnglELoss(Given(), scale=5),
    "contrastive-cosine": lambda: losses.ContrastiveLoss(Given()),
    "contrastive-cosine:margin=1.2": lambda: losses.ContrastiveLoss(Given(), margin=1.2),
    "online-contrastive": lambda: losses.OnlineContrastiveLoss(Given()),
    "online-contrastive:margin=1.2": lambda: losses.OnlineContrastiveLoss(Given(), margin=1.2),
    "multiple-negatives-ranking": lambda: losses.MultipleNegativesRankingLoss(Given()),
    "multiple-negatives-ranking:scale=3": lambda: losses.MultipleNegativesRankingLoss(Given(), scale=3),
    "triplet:margin=5": lambda: losses.TripletLoss(Given()),
    "triplet:margin=1": lambda: losses.TripletLoss(Given(), triplet_margin=1),
}
# Every label is a float32 number, since some of the classes round labels to float32.
LABELS = {
    "graded": [0.125, 0.75, 0.5, 1.0, 0.0, 0.3125],
    "ties": [0.5, 0.5, 0.25, 1.0, 0.25, 1.0],
    "equal": [0.5] * 6,
    "binary": [1.0, 0.0, 1.0, 1.0, 0.0, 0.0],
    "ones": [1.0] * 6,
    "zeros": [0.0] * 6,
    "none": [0.0] * 6,
}


class Given(torch.nn.Module):
    """Stands for the model: the features are the embeddings already."""

    def forward(self, features):
        return {"sentence_embedding": features["x"]}


def vectors(seed, count, dim, closeness=2.5):
    """u, v, w that share a part, so that cosines spread over -1..1; three decimals, for brevity."""
    rng = np.random.Generator(np.random.PCG64(seed))
    shared = rng.standard_normal((count, dim))
    mix = rng.uniform(-1, 1, (count, 1)) * closeness
    return [np.round(rng.standard_normal((count, dim)) + mix * shared, 3) for _ in range(3)]


def case(name, loss, key, columns, labels):
    columns = [torch.tensor(c, dtype=torch.float64, requires_grad=True) for c in columns]
    value = loss([{"x": c} for c in columns], torch.tensor(labels, dtype=torch.float64))
    grads = torch.autograd.grad(value, columns, allow_unused=True) if value.requires_grad else [None] * 3
    grads = [torch.zeros_like(c) if g is None else g for c, g in zip(columns, grads)]
    out = {"loss": name, "input": key, "columns": len(columns), "labels": labels, "value": value.item()}
    for letter, g in zip("uvw", grads):
        out["d" + letter] = numbers(g)
    return out


def label_kinds(name, count):
    if name.startswith(("multiple", "triplet")):
        return ["none"]
    if count == 1:
        return ["graded", "ones", "zeros"] if ":" not in name else ["graded"]
    if ":" in name:
        return ["binary", "ties"]
    return ["binary", "ones", "zeros", "ties"] if name.startswith("online") else list(LABELS)


def run():
    warnings.simplefilter("ignore")
    sizes = {"B=6 d=5": (6, 5), "B=6 d=8": (6, 8), "B=1 d=5": (1, 5)}
    out = {"inputs " + k: dict(zip("uvw", map(numbers, vectors(100 * b + d, b, d))))
           for k, (b, d) in sizes.items()}
    for name, make in CLASSES.items():
        for columns in [2, 3] if name.startswith("multiple") else [3] if name.startswith("triplet") else [2]:
            for key, (count, _) in sizes.items():
                if ":" in name and key == "B=6 d=5" and not name.startswith("triplet"):
                    continue
                for kind in label_kinds(name, count):
                    labels = LABELS[kind][:count]
                    data = [out["inputs " + key][c] for c in "uvw"[:columns]]
                    title = "%s columns=%d %s labels=%s" % (name, columns, key, kind)
                    out[title] = case(name, make(), key, data, labels)
    write_json(GOLDEN / "losses.json", out)
    print("losses.json: %d cases" % (len(out) - len(sizes)))
