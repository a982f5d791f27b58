"""all-MiniLM-L6-v2 on STSbenchmark: curves, embeddings, dev figures; not one of the default parts.

STSFIT_MINILM names the model directory, STSFIT_STSB the folder with sts-train.csv and sts-dev.csv.
"""

import os

from scipy import stats
import torch
from sentence_transformers import SentenceTransformer

from golden import curves, texts
from golden.common import GOLDEN, numbers, write_json
from golden.reference import embed, load, token_ids

SENTENCES = [texts.SENTENCES[i] for i in (0, 4, 5, 7, 10)]


def stsb(name):
    """((sentence1, sentence2), score / 5) of every row; the file has no quoting."""
    with open(os.path.join(os.environ["STSFIT_STSB"], name), encoding="utf-8", newline="\n") as f:
        rows = [line.rstrip("\r\n").split("\t") for line in f]
    return [([r[5], r[6]], float(r[4]) / 5) for r in rows]


def dev_figures(model):
    rows = stsb("sts-dev.csv")
    a, b = (model.encode([r[0][i] for r in rows], convert_to_tensor=True, show_progress_bar=False).double()
            for i in (0, 1))
    cosine = torch.cosine_similarity(a, b).numpy()
    gold = [r[1] for r in rows]
    return {"pairs": len(rows), "pearson_cosine": float(stats.pearsonr(gold, cosine)[0]),
            "spearman_cosine": float(stats.spearmanr(gold, cosine)[0])}


def run():
    path = os.environ["STSFIT_MINILM"]
    model = load(path)
    out = {"sentences": SENTENCES, "max_seq_length": model.max_seq_length,
           "ids": [token_ids(model, s) for s in SENTENCES], "embeddings": numbers(embed(model, SENTENCES)),
           "stsb dev": dev_figures(SentenceTransformer(path, device="cpu"))}
    print("minilm: dev", out["stsb dev"])
    rows = stsb("sts-train.csv")[:480]
    for name in ("cosine-similarity", "cosent"):
        for settings in ({}, {"weight_decay": 5.0}) if name == "cosine-similarity" else ({},):
            model = load(path)
            result = {"loss_name": name, "base_lr": 5e-5, "steps": 30, "warmup": 3, "batch_size": 16,
                      "max_grad_norm": 1.0, "weight_decay": 0.0, "accumulate": 1, **settings}
            result.update(curves.curve(model, curves.LOSSES[name][0](model), rows, 5e-5, **settings))
            result["embeddings"] = numbers(embed(model, SENTENCES[:2]))
            key = "%s lr=5e-05%s" % (name, "".join(" %s=%g" % kv for kv in settings.items()))
            out[key] = result
            print("minilm:", key, result["loss"][0], result["loss"][-1])
    write_json(GOLDEN / "minilm.json", out)
