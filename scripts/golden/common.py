"""Paths, versions, threads and number formats shared by the golden parts."""

import gzip
import importlib.metadata
import json
import os
import pathlib
import sys

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("RAYON_NUM_THREADS", "1")

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
GOLDEN = ROOT / "tests" / "golden"

PINNED = {
    "sentence-transformers": "6.2.0",
    "transformers": "5.23.0",
    "tokenizers": "0.23.3",
    "torch": "2.13.0",
    "numpy": "2.4.6",
    "scipy": "1.17.1",
    "safetensors": "0.8.0",
    "sentencepiece": "0.2.3",
}


def versions():
    """What is installed; a version other than the pinned one is said on stderr."""
    found = {name: importlib.metadata.version(name).split("+")[0] for name in PINNED}
    for name, version in found.items():
        if version != PINNED[name]:
            print("golden: %s is %s, pinned is %s" % (name, version, PINNED[name]), file=sys.stderr)
    return found


def numbers(x):
    """Tensors and arrays to nested lists of doubles."""
    if hasattr(x, "detach"):
        x = x.detach().double().cpu().numpy()
    if hasattr(x, "tolist"):
        x = x.tolist()
    return x


def shorten(value, digits):
    """Every float in a nested value with that many significant digits."""
    if isinstance(value, float):
        return float("%.*g" % (digits, value))
    if isinstance(value, dict):
        return {k: shorten(v, digits) for k, v in value.items()}
    return [shorten(v, digits) for v in value] if isinstance(value, list) else value


def write_json(path, value, digits=12):
    """One top-level key a line: compact, and a diff still says what changed."""
    value = shorten(value, digits)
    path.parent.mkdir(parents=True, exist_ok=True)
    body = ",\n".join(
        json.dumps(k) + ":" + json.dumps(v, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
        for k, v in value.items())
    path.write_text("{\n" + body + "\n}\n", encoding="ascii")


def write_ids(path, rows):
    """Gzip of one JSON array a line, without a time stamp, so that it is the same every time."""
    text = "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode("ascii"), 9, mtime=0))


def read_tsv(name):
    with open(GOLDEN / name, encoding="utf-8", newline="\n") as f:
        return [line.rstrip("\n").split("\t") for line in f]
