"""Two classes and partners: the reference's BinaryClassificationEvaluator and TranslationEvaluator
over vectors that are given, ties included."""

import numpy as np
from sentence_transformers.sentence_transformer.evaluation import (
    BinaryClassificationEvaluator, TranslationEvaluator)

from golden.common import GOLDEN, numbers, write_json

SIMILARITIES = ["cosine", "euclidean", "manhattan", "dot"]


class Vectors:
    """What the evaluators ask a model for: the vector of each text."""

    similarity_fn_name = "cosine"
    model_card_data = None

    def __init__(self, texts, vectors):
        self.vector = dict(zip(texts, vectors))

    def encode(self, texts, convert_to_numpy=True, **kwargs):
        import torch
        rows = [self.vector[t] for t in texts]
        return np.stack(rows) if convert_to_numpy else [torch.from_numpy(r) for r in rows]


class Binary(BinaryClassificationEvaluator):
    def store_metrics_in_model_card_data(self, *args, **kwargs):
        pass


class Translation(TranslationEvaluator):
    def store_metrics_in_model_card_data(self, *args, **kwargs):
        pass


def vectors(rng, n, dim):
    return rng.standard_normal((n, dim)).astype(np.float32)


def coarse_vectors(rng, n):
    """Of four numbers, lengths powers of two: every similarity of two is exact, so that rounding
    makes or breaks no tie."""
    one = np.eye(4)[rng.integers(0, 4, n)] * rng.choice([-2, -1, 1, 2], (n, 1))
    all_four = rng.choice([-1, 1], (n, 4))
    return np.where(rng.random((n, 1)) < 0.5, one, all_four).astype(np.float32)


def binary_cases():
    rng = np.random.Generator(np.random.PCG64(11))
    out = {}
    for name, n, dim, share in [
            ("random", 80, 8, 0.5), ("few positives", 90, 6, 0.08), ("two pairs", 2, 4, 0.5),
            ("ties", 120, 4, 0.4), ("ties, few positives", 60, 4, 0.1)]:
        coarse = name.startswith("ties")
        u, v = (coarse_vectors(rng, n) if coarse else vectors(rng, n, dim) for _ in range(2))
        y = (rng.random(n) < share).astype(int)
        y[0], y[1] = 1, 0
        if name == "random":
            v[y == 1] += u[y == 1]
        out[name] = (u, v, y)
    turn = np.linspace(0.1, 1.2, 6)  # the only positive pair is the least similar one
    out["nothing is found"] = (np.eye(6, 2, dtype=np.float32)[[0] * 6],
                               np.stack([np.cos(turn), np.sin(turn)], 1).astype(np.float32),
                               np.array([0, 0, 0, 0, 0, 1]))
    return out


def binary(u, v, y):
    a, b = ["a%d" % i for i in range(len(y))], ["b%d" % i for i in range(len(y))]
    model = Vectors(a + b, list(u) + list(v))
    got = Binary(a, b, y.tolist(), similarity_fn_names=SIMILARITIES, write_csv=False)(model)
    return {k: float(x) for k, x in got.items() if not k.startswith("max_")}


def partner_cases():
    rng = np.random.Generator(np.random.PCG64(12))
    out = {}
    for name, n, repeats in [("partners", 70, 0), ("partners that repeat", 50, 12), ("one pair", 1, 0),
                             ("more than a block", 300, 5)]:
        u = vectors(rng, n, 6)
        v = u + 0.8 * vectors(rng, n, 6)
        a, b = ["a%d" % i for i in range(n)], ["b%d" % i for i in range(n)]
        for k in range(repeats):
            i, j = rng.integers(0, n, 2)
            b[i], v[i] = b[j], v[j]
        out[name] = (a, b, u, v)
    return out


def partners(a, b, u, v):
    got = Translation(a, b, write_csv=False)(Vectors(a + b, list(u) + list(v)))
    return {k: float(x) for k, x in got.items()}


def run():
    out = {}
    for name, (u, v, y) in binary_cases().items():
        out[name] = {"u": numbers(u), "v": numbers(v), "positive": y.tolist(), "metrics": binary(u, v, y)}
    for name, (a, b, u, v) in partner_cases().items():
        out[name] = {"u": numbers(u), "v": numbers(v), "texts": [a, b], "metrics": partners(a, b, u, v)}
    write_json(GOLDEN / "classes.json", out, digits=9)
    print("classes.json: %d cases" % len(out))
