"""Nondecreasing fits of scores by cosines, by scikit-learn's IsotonicRegression."""

import numpy as np
from sklearn.isotonic import IsotonicRegression

from golden.common import GOLDEN, write_json


def cases():
    rng = np.random.Generator(np.random.PCG64(31))
    for name, n, noise, ties in [("random", 60, 0.4, 0), ("ties", 80, 0.3, 12), ("few", 3, 0.5, 0),
                                 ("one", 1, 0, 0), ("falls all the way", 20, 0, 0),
                                 ("rises all the way", 20, 0, 0), ("equal scores", 15, 0, 0)]:
        x = rng.random(n) * 2 - 1
        if ties:
            x = np.round(x * ties) / ties
        y = np.clip((x + 1) / 2 + noise * rng.standard_normal(n), 0, 1)
        if name.startswith("falls"):
            y = 1 - y
        if name.startswith("equal"):
            y[:] = 0.5
        yield name, x, y


def run():
    out = {}
    at = np.linspace(-1.2, 1.2, 49)
    for name, x, y in cases():
        fit = IsotonicRegression(out_of_bounds="clip").fit(x, y)
        ask = np.concatenate([at, x])
        out[name] = {"x": x.tolist(), "y": y.tolist(), "at": ask.tolist(), "fit": fit.predict(ask).tolist()}
    write_json(GOLDEN / "isotonic.json", out, digits=17)
    print("isotonic.json: %d cases" % len(out))
