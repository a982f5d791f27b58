"""Thirty-step training curves in float64 by a plain loop over sentence-transformers' losses."""

import math
import warnings

import torch
from sentence_transformers.sentence_transformer import losses

from golden import texts
from golden.common import GOLDEN, numbers, read_tsv, write_json
from golden.reference import embed, features, load

STEPS = 30
EMBED = [0, 1, 5, 10]


def scored():
    return [([r[5], r[6]], float(r[4]) / 5) for r in read_tsv("pairs.tsv")]


def binary():
    return [(columns, 1.0 if score >= 0.5 else 0.0) for columns, score in scored()]


def triplets():
    return [(r, 0.0) for r in read_tsv("triplets.tsv")[1:]]


def tuples(columns=5):
    return [(r[:columns], 0.0) for r in read_tsv("tuples.tsv")[1:]]


# name here -> (sentence-transformers' class with its arguments, data)
LOSSES = {
    "cosine-similarity": (lambda m: losses.CosineSimilarityLoss(m), scored),
    "cosent": (lambda m: losses.CoSENTLoss(m), scored),
    "angle": (lambda m: losses.AnglELoss(m), scored),
    "contrastive-cosine": (lambda m: losses.ContrastiveLoss(m), scored),
    "online-contrastive": (lambda m: losses.OnlineContrastiveLoss(m), binary),
    "multiple-negatives-ranking": (lambda m: losses.MultipleNegativesRankingLoss(m), scored),
    "triplet": (lambda m: losses.TripletLoss(m, triplet_margin=1), triplets),
    "triplet-margin5": (lambda m: losses.TripletLoss(m), triplets),
}


def batches(rows, size):
    """File order, for ever; the row count is a multiple of the batch size."""
    while True:
        for i in range(0, len(rows), size):
            part = rows[i:i + size]
            yield [list(c) for c in zip(*(r[0] for r in part))], torch.tensor([r[1] for r in part])


def linear(step, warmup, total):
    """The factor of transformers' linear schedule at step 0, 1, ..."""
    if step < warmup:
        return step / max(1, warmup)
    return max(0.0, (total - step) / max(1, total - warmup))


def decay_groups(model, weight_decay):
    """The trainer's own groups: no decay on biases and normalisation weights."""
    from transformers.trainer_pt_utils import get_parameter_names
    bad = [r"bias", r"layernorm", r"rmsnorm", r"(?:^|\.)norm(?:$|\.)", r"_norm(?:$|\.)"]
    decayed = set(get_parameter_names(model, [torch.nn.LayerNorm], bad))
    named = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    return [{"params": [p for n, p in named if n in decayed], "weight_decay": weight_decay},
            {"params": [p for n, p in named if n not in decayed], "weight_decay": 0.0}]


def curve(model, loss, rows, lr, weight_decay=0.0, accumulate=1, batch_size=16, steps=STEPS, prompts=(None, None)):
    own = {id(p) for p in model.parameters()}
    extra = {"params": [p for p in loss.parameters() if id(p) not in own], "weight_decay": 0.0}
    groups = decay_groups(model, weight_decay) + ([extra] if extra["params"] else [])
    optimizer = torch.optim.AdamW(groups, lr=lr, betas=(0.9, 0.999), eps=1e-8)
    warmup = math.ceil(steps * 0.1)
    feed = batches(rows, batch_size)
    out = {"lr": [], "loss": [], "grad_norm": []}
    for step in range(steps):
        total = 0.0
        for _ in range(accumulate):
            columns, labels = next(feed)
            value = loss([features(model, c, prompts[k > 0]) for k, c in enumerate(columns)], labels) / accumulate
            value.backward()
            total += value.item()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        rate = lr * linear(step, warmup, steps)
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.step()
        optimizer.zero_grad()
        out["lr"].append(rate)
        out["loss"].append(total)
        out["grad_norm"].append(norm.item())
    return out


def record(path, loss_name, lr, **settings):
    model = load(path)
    make, data = LOSSES[loss_name]
    result = {"loss_name": loss_name, "base_lr": lr, "steps": STEPS, "warmup": math.ceil(STEPS * 0.1),
              "batch_size": 16, "max_grad_norm": 1.0, "weight_decay": 0.0, "accumulate": 1, **settings}
    result.update(curve(model, make(model), data(), lr, **settings))
    result["embeddings"] = numbers(embed(model, [texts.SENTENCES[i] for i in EMBED]))
    return result


def run():
    warnings.simplefilter("ignore")
    few = {"sentences": [texts.SENTENCES[i] for i in EMBED]}
    models = GOLDEN / "models"
    for path in sorted(models.iterdir()):
        curves = dict(few)
        for lr in (5e-5, 1e-3):
            curves["cosine-similarity lr=%g" % lr] = record(path, "cosine-similarity", lr)
        write_json(GOLDEN / "curves" / (path.name + ".json"), curves)
        print("curves/%s.json" % path.name)
    curves = dict(few)
    for name in LOSSES:
        for lr in (5e-5, 1e-3):
            curves["%s lr=%g" % (name, lr)] = record(models / "bert", name, lr)
    for lr in (5e-5, 1e-3):
        for weight_decay in (0.01, 5.0):
            key = "cosine-similarity lr=%g weight_decay=%g" % (lr, weight_decay)
            curves[key] = record(models / "bert", "cosine-similarity", lr, weight_decay=weight_decay)
        for name in ("cosine-similarity", "cosent"):
            key = "%s lr=%g accumulate=2" % (name, lr)
            curves[key] = record(models / "bert", name, lr, accumulate=2)
    write_json(GOLDEN / "curves" / "losses.json", curves)
    print("curves/losses.json")
