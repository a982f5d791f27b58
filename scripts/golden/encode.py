"""Token ids, embeddings and gradients of every architecture and variant, in float64."""

import torch
from sentence_transformers.sentence_transformer.losses import CosineSimilarityLoss

from golden import texts
from golden.common import GOLDEN, numbers, read_tsv, write_json
from golden.reference import embed, features, load, tensor_names, token_ids

FEW = [0, 2, 3, 5, 8, 10]


def first_pairs(n):
    rows = read_tsv("pairs.tsv")[:n]
    return [r[5] for r in rows], [r[6] for r in rows], [float(r[4]) / 5 for r in rows]


def sample(grad):
    """Norm, and eight values in row-major order from the row with the largest norm."""
    width = grad.shape[-1]
    rows = grad.reshape(-1, width) if grad.dim() > 1 else grad.reshape(1, -1)
    offset = int(rows.norm(dim=1).argmax()) * width
    return {"shape": list(grad.shape), "norm": numbers(grad.norm()), "offset": offset,
            "values": numbers(grad.flatten()[offset:offset + 8])}


def gradients(model):
    """The loss over the first four pairs and a sample of each tensor's gradient."""
    a, b, scores = first_pairs(4)
    model.zero_grad()
    loss = CosineSimilarityLoss(model)([features(model, a), features(model, b)], torch.tensor(scores))
    loss.backward()
    tensors, unused = {}, []
    for name, p in tensor_names(model):
        if p.grad is None:
            unused.append(name)
            continue
        tensors[name] = sample(p.grad)
    return {"loss": loss.item(), "tensors": tensors, "unused": unused}


def describe(model, sentences, with_gradients=True):
    out = {"max_seq_length": None if isinstance(model.max_seq_length, float) else model.max_seq_length,
            "dimension": model.get_embedding_dimension(),
            "sentences": sentences,
            "ids": [token_ids(model, s) for s in sentences],
            "embeddings": numbers(embed(model, sentences))}
    if with_gradients:
        out["gradients"] = gradients(model)
    return out


def run():
    for path in sorted((GOLDEN / "models").iterdir()):
        write_json(GOLDEN / (path.name + ".json"), describe(load(path), texts.SENTENCES))
        print(path.name + ".json")
    few = [texts.SENTENCES[i] for i in FEW]
    variants = sorted(p for p in (GOLDEN / "variants").glob("*") if p.is_dir())
    for path in variants:
        differs = path.name.startswith(("base", "pool-", "dense-", "normalize", "act-", "static-"))
        write_json(GOLDEN / "variants" / (path.name + ".json"), describe(load(path), few, differs))
        print("variants/%s.json" % path.name)
