"""int8 and ubinary vectors by sentence-transformers' quantize_embeddings: every byte."""

import numpy as np
from sentence_transformers.util import quantize_embeddings

from golden.common import GOLDEN, write_json


def cases():
    rng = np.random.Generator(np.random.PCG64(22))
    v = rng.standard_normal((12, 11)).astype(np.float32)
    flat = v.copy()
    flat[:, 3] = 0.25  # a number without a range
    flat[:, 4] = 0
    steps = np.stack([np.arange(12) * 0.1, -np.arange(12) / 3, np.arange(12) % 2] * 3, 1).astype(np.float32)
    return {
        "own ranges": (v, v),
        "calibrated": (v, rng.standard_normal((5, 11)).astype(np.float32)),  # some are out of range
        "no range": (flat, flat),
        "even steps": (steps, steps),
        "two vectors": (v[:2, :8], v[:2, :8]),
        "small and large": (v * np.logspace(-30, 30, 11, dtype=np.float32), None),
        "signed zeros": (np.array([[0.0, -0.0, 1e-40, -1e-40], [-0.0, 0.0, -1e-45, 1e-45]], np.float32), None),
    }


def run():
    out = {}
    for name, (v, calibration) in cases().items():
        calibration = v if calibration is None else calibration
        int8 = quantize_embeddings(v, "int8", calibration_embeddings=calibration)
        out[name] = {"width": v.shape[1], "vectors": v.ravel().tolist(), "calibration": calibration.ravel().tolist(),
                     "int8": int8.ravel().tolist(), "ubinary": quantize_embeddings(v, "ubinary").ravel().tolist()}
    write_json(GOLDEN / "quantized.json", out, digits=17)
    print("quantized.json: %d cases" % len(out))
