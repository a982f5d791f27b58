"""Pearson and Spearman correlations by scipy, in full precision."""

import warnings

import numpy as np
from scipy import stats

from golden.common import GOLDEN, write_json


def cases():
    rng = np.random.Generator(np.random.PCG64(5))
    x = rng.standard_normal(120)
    out = {
        "random": (x[:50], rng.standard_normal(50)),
        "correlated": (x, x * 0.8 + rng.standard_normal(120) * 0.4),
        "ties in x": (np.round(x * 2) / 2, x + rng.standard_normal(120) * 0.3),
        "ties in both": (np.round(x), np.round(x + rng.standard_normal(120) * 0.7)),
        "graded 0..5": (np.round(np.clip(x + 2.5, 0, 5) * 5) / 5, np.tanh(x + rng.standard_normal(120))),
        "two points": (np.array([1.0, 2.0]), np.array([5.0, 3.0])),
        "three points, tie": (np.array([1.0, 1.0, 2.0]), np.array([0.5, 0.25, 0.75])),
        "perfect": (np.arange(10.0), np.arange(10.0) * 3 + 1),
        "reversed": (np.arange(10.0), -np.arange(10.0) ** 3),
        "monotonic": (np.arange(12.0), np.exp(np.arange(12.0))),
        "large offset": (x[:60] * 1e-3 + 1e6, x[:60] + rng.standard_normal(60)),
        "tiny values": (x[:40] * 1e-12, x[20:60] * 1e-12 + x[:40] * 1e-12),
        "huge values": (x[:40] * 1e150, x[:40] * 1e150 + x[40:80] * 1e150),
        "almost constant": (np.array([0.1] * 19 + [0.2]), np.linspace(0, 1, 20)),
        "signed zero ties": (np.array([0.0, -0.0, 1.0, -1.0]), np.array([1.0, 2.0, 3.0, 0.0])),
        "constant x": (np.full(8, 0.3), np.arange(8.0)),
        "constant y": (np.arange(8.0), np.full(8, 0.3)),
        "constant both": (np.full(5, 1.0), np.full(5, 2.0)),
    }
    return out


def number(value):
    return None if np.isnan(value) else float(value)


def run():
    out = {}
    for name, (x, y) in cases().items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pearson, spearman = stats.pearsonr(x, y)[0], stats.spearmanr(x, y)[0]
        out[name] = {"x": x.tolist(), "y": y.tolist(), "x_ranks": stats.rankdata(x).tolist(),
                     "y_ranks": stats.rankdata(y).tolist(), "pearson": number(pearson),
                     "spearman": number(spearman)}
    write_json(GOLDEN / "metrics.json", out, digits=17)
    print("metrics.json: %d cases" % len(out))
