"""The loss of a dev set: sentence-transformers' classes on batches in file order, weighted by rows."""

import warnings

import numpy as np
import torch

from golden.common import GOLDEN, numbers, write_json
from golden.losses import CLASSES, vectors

ROWS, BATCH, DIM = 37, 8, 6
COLUMNS = {
    "cosine-similarity": 2, "cosent": 2, "angle": 2, "contrastive-cosine": 2,
    "multiple-negatives-ranking": 2, "multiple-negatives-ranking:scale=3": 3, "triplet:margin=5": 3,
}


def run():
    warnings.simplefilter("ignore")
    rng = np.random.Generator(np.random.PCG64(21))
    columns = [c.astype(np.float32).astype(np.float64) for c in vectors(22, ROWS, DIM)]
    labels = rng.integers(0, 17, ROWS) / 16
    out = {"inputs": {"batch": BATCH, "labels": labels.tolist(),
                      **dict(zip("uvw", map(numbers, columns)))}}
    for name, count in COLUMNS.items():
        loss = CLASSES[name]().eval()
        total = 0.0
        for lo in range(0, ROWS, BATCH):
            part = [{"x": torch.tensor(c[lo:lo + BATCH])} for c in columns[:count]]
            y = torch.tensor(labels[lo:lo + BATCH], dtype=torch.float64)
            with torch.no_grad():
                total += loss(part, y).item() * len(y)
        scored = not name.startswith(("multiple", "triplet"))
        out[name] = {"columns": count, "scored": scored, "value": total / ROWS}
    write_json(GOLDEN / "dev_loss.json", out)
    print("dev_loss.json: %d losses" % len(COLUMNS))
