"""Thirty-step curves of models/bert with losses that are made of others: curves/methods.json."""

import warnings

import torch
from sentence_transformers.sentence_transformer import losses

from golden import curves, texts
from golden.common import GOLDEN, numbers, write_json
from golden.reference import embed, load


class Sum(torch.nn.Module):
    """A weighted sum: each part is run on the features, dropout being off."""

    def __init__(self, *terms):
        super().__init__()
        self.weights = [w for w, _ in terms]
        self.parts = torch.nn.ModuleList(p for _, p in terms)

    def forward(self, features, labels):
        return sum(w * part([dict(f) for f in features], labels)
                   for w, part in zip(self.weights, self.parts))


def mnrl(model, **settings):
    return losses.MultipleNegativesRankingLoss(model, **settings)


def three(model):
    return Sum((1, losses.CoSENTLoss(model)), (0.02, losses.AnglELoss(model)), (0.5, mnrl(model)))


def two(model):
    return Sum((1, losses.CosineSimilarityLoss(model)), (0.25, losses.ContrastiveLoss(model)))


# stsfit's --loss and --dims -> sentence-transformers' loss, data
METHODS = {
    ("cosine-similarity+0.25*contrastive-cosine", ""): (two, curves.scored),
    ("cosent+0.02*angle+0.5*mnrl:scale=20,min_score=0", ""): (three, curves.scored),
    ("cosine-similarity", "24,12:0.5,4:0.25"): (
        lambda m: losses.MatryoshkaLoss(m, losses.CosineSimilarityLoss(m), [24, 12, 4], [1, 0.5, 0.25]),
        curves.scored),
    ("cosine-similarity+0.25*contrastive-cosine", "8,24:2"): (
        lambda m: losses.MatryoshkaLoss(m, two(m), [8, 24], [1, 2]), curves.scored),
    ("cosent", "24,12"): (
        lambda m: losses.MatryoshkaLoss(m, losses.CoSENTLoss(m), [24, 12]), curves.scored),
    ("mnrl:min_score=0", "24,16,8"): (
        lambda m: losses.MatryoshkaLoss(m, mnrl(m), [24, 16, 8]), curves.scored),
    ("triplet:margin=1", "24,6:2"): (
        lambda m: losses.MatryoshkaLoss(m, losses.TripletLoss(m, triplet_margin=1), [24, 6], [1, 2]),
        curves.triplets),
}


ALL = ("query_to_doc", "query_to_query", "doc_to_query", "doc_to_doc")
BOTH = {"directions": ("query_to_doc", "doc_to_query"), "partition_mode": "per_direction"}
FOUR = "anchor=1,positive=2,negative=3,negative_2=4"
# stsfit's --loss -> data, sentence-transformers' settings; of tuples, stsfit's --columns
RANKING = {
    "mnrl:symmetric=1,min_score=0": ("pairs.tsv", BOTH),
    "mnrl:gte=1,min_score=0": ("pairs.tsv", {"directions": ALL}),
    "mnrl:gte=1,scale=10": ("triplets.tsv", {"directions": ALL, "scale": 10}),
    "mnrl:hardness_mode=in_batch_negatives,hardness_strength=9,min_score=0": (
        "pairs.tsv", {"hardness_mode": "in_batch_negatives", "hardness_strength": 9}),
    "mnrl:hardness_mode=hard_negatives,hardness_strength=5": (
        "triplets.tsv", {"hardness_mode": "hard_negatives", "hardness_strength": 5}),
    "mnrl:symmetric=1,hardness_mode=all_negatives,hardness_strength=2": (
        "triplets.tsv", {**BOTH, "hardness_mode": "all_negatives", "hardness_strength": 2}),
    "mnrl": ("tuples.tsv", {}),
    "mnrl:symmetric=1,hardness_mode=hard_negatives,hardness_strength=5": (
        "tuples.tsv", {**BOTH, "hardness_mode": "hard_negatives", "hardness_strength": 5}),
    "mnrl:scale=5": ("tuples.tsv", {"scale": 5}, FOUR),
    "mnrl:gte=1": ("tuples.tsv", {"directions": ALL}, FOUR),
}


def ranking():
    """Curves of the ranking loss in all its forms."""
    data = {"pairs.tsv": curves.scored, "triplets.tsv": curves.triplets, "tuples.tsv": curves.tuples}
    for loss, (name, settings, *columns) in RANKING.items():
        model = load(GOLDEN / "models" / "bert")
        rows = curves.tuples(4) if columns else data[name]()
        result = {"loss_name": loss, "data": name, "base_lr": 1e-3, "weight_decay": 0.0, "accumulate": 1}
        if columns:
            result["columns"] = columns[0]
        result.update(curves.curve(model, mnrl(model, **settings), rows, 1e-3))
        result["embeddings"] = numbers(embed(model, [texts.SENTENCES[i] for i in curves.EMBED]))
        yield "%s on %d texts of %s" % (loss, len(rows[0][0]), name) if columns else "%s on %s" % (loss, name), result


class Taught(torch.nn.Module):
    """A loss whose labels are made of a teacher's vectors [rows x columns x width], by the rows' numbers."""

    def __init__(self, loss, vectors):
        super().__init__()
        self.loss, self.vectors = loss, vectors

    def forward(self, features, labels):
        return self.loss(features, self.vectors[labels.long()])


class ScoreDistill(Taught):
    def forward(self, features, labels):
        u, v = self.vectors[labels.long()].unbind(1)
        return self.loss(features, torch.cosine_similarity(u, v))


def distill(distance):
    return lambda m, teacher, vectors: Taught(losses.EmbedDistillLoss(m, distance_metric=distance), vectors)


def projected(m, teacher, vectors):
    torch.manual_seed(1)
    loss = losses.EmbedDistillLoss(m, distance_metric="mse", projection_dim=vectors.shape[2])
    loss.projection.double()
    return Taught(loss, vectors)


def gist(**settings):
    return lambda m, teacher, vectors: losses.GISTEmbedLoss(m, teacher, **settings)


# stsfit's --loss -> data, teacher, sentence-transformers' loss
TAUGHT = {
    "gist:min_score=0": ("pairs.tsv", "models/electra", gist()),
    "gist:margin=0.1,margin_strategy=relative,contrast_anchors=0,temperature=0.05": (
        "triplets.tsv", "models/electra",
        gist(margin=0.1, margin_strategy="relative", contrast_anchors=False, temperature=0.05)),
    "embed-distill": ("triplets.tsv", "models/electra", distill("cosine")),
    "embed-distill:distance=mse": ("pairs.tsv", "models/electra", distill("mse")),
    "embed-distill:distance=l2": ("pairs.tsv", "models/electra", distill("l2")),
    "embed-distill:distance=mse,": ("pairs.tsv", "variants/base", projected),
    "score-distill": ("pairs.tsv", "models/electra",
                      lambda m, teacher, vectors: ScoreDistill(losses.CosineSimilarityLoss(m), vectors)),
}


def vectors_of(teacher, rows):
    return torch.stack([embed(teacher, list(c)) for c in zip(*(r[0] for r in rows))], dim=1)


def taught():
    """Curves of losses that learn from a teacher."""
    data = {"pairs.tsv": curves.scored, "triplets.tsv": curves.triplets}
    for loss, (name, teacher_name, make) in TAUGHT.items():
        model, teacher = load(GOLDEN / "models" / "bert"), load(GOLDEN / teacher_name)
        rows = [(columns, float(i)) for i, (columns, _) in enumerate(data[name]())]
        made = make(model, teacher, vectors_of(teacher, rows))
        result = {"loss_name": loss.rstrip(","), "data": name, "teacher": teacher_name, "base_lr": 1e-3,
                  "weight_decay": 0.0, "accumulate": 1}
        if make is projected:
            layer = made.loss.projection
            result["projection"] = [x for p in (layer.weight, layer.bias) for x in p.flatten().tolist()]
        result.update(curves.curve(model, made, rows, 1e-3))
        result["embeddings"] = numbers(embed(model, [texts.SENTENCES[i] for i in curves.EMBED]))
        yield "%s on %s by %s" % (loss.rstrip(","), name, teacher_name), result


# what goes before the first text of each row and before the others, and whether it is pooled
PROMPTS = [(("query: ", "query: "), True), (("Is this like: ", None), True), (("query: ", "a passage: "), False),
           ((None, "a passage: "), False)]


class Scored(torch.nn.Module):
    """A loss of scores where the labels are the rows' numbers."""

    def __init__(self, loss, scores):
        super().__init__()
        self.loss, self.scores = loss, torch.tensor(scores, dtype=torch.float64)

    def forward(self, features, labels):
        return self.loss(features, self.scores[labels.long()])


def at_dims(model, loss, dims, weights=None):
    return losses.MatryoshkaLoss(model, loss, dims, weights)


# stsfit's --loss and --dims -> data, teacher, sentence-transformers' loss by model, vectors and scores
COMBINED = {
    ("cosine-similarity+0.5*embed-distill+0.25*score-distill", ""): (
        "pairs.tsv", "models/electra",
        lambda m, vectors, scores: Sum((1, Scored(losses.CosineSimilarityLoss(m), scores)),
                                       (0.5, distill("cosine")(m, None, vectors)),
                                       (0.25, ScoreDistill(losses.CosineSimilarityLoss(m), vectors)))),
    ("cosent+score-distill", "24,12:0.5"): (
        "pairs.tsv", "models/roberta",
        lambda m, vectors, scores: at_dims(m, Sum((1, Scored(losses.CoSENTLoss(m), scores)),
                                                  (1, ScoreDistill(losses.CosineSimilarityLoss(m), vectors))),
                                           [24, 12], [1, 0.5])),
    ("embed-distill:distance=l2", "24,8"): (
        "pairs.tsv", "models/electra",
        lambda m, vectors, scores: Taught(at_dims(m, losses.EmbedDistillLoss(m, distance_metric="l2"), [24, 8]),
                                          vectors)),
    ("gist:temperature=0.05,min_score=0+0.1*cosent", "24,8"): (
        "pairs.tsv", "models/electra",
        lambda m, vectors, scores: at_dims(m, Sum((1, losses.GISTEmbedLoss(m, load(GOLDEN / "models" / "electra"),
                                                                           temperature=0.05)),
                                                  (0.1, Scored(losses.CoSENTLoss(m), scores))), [24, 8])),
    ("mnrl:hardness_mode=all_negatives,hardness_strength=3+0.5*triplet:margin=2", "24,16"): (
        "triplets.tsv", None,
        lambda m, vectors, scores: at_dims(m, Sum(
            (1, mnrl(m, hardness_mode="all_negatives", hardness_strength=3.0)),
            (0.5, losses.TripletLoss(m, triplet_margin=2))), [24, 16])),
}


def combined():
    """Curves of sums, some of them at several dimensions, with parts that learn from a teacher."""
    data = {"pairs.tsv": curves.scored, "triplets.tsv": curves.triplets}
    for (loss, dims), (name, teacher_name, make) in COMBINED.items():
        model, given = load(GOLDEN / "models" / "bert"), data[name]()
        rows = [(columns, float(i)) for i, (columns, _) in enumerate(given)]
        made = make(model, teacher_name and vectors_of(load(GOLDEN / teacher_name), rows), [score for _, score in given])
        result = {"loss_name": loss, "dims": dims, "data": name, "base_lr": 1e-3, "weight_decay": 0.0,
                  "accumulate": 1}
        if teacher_name:
            result["teacher"] = teacher_name
        result.update(curves.curve(model, made, rows, 1e-3))
        result["embeddings"] = numbers(embed(model, [texts.SENTENCES[i] for i in curves.EMBED]))
        what = "%s%s on %s" % (loss, " dims " + dims if dims else "", name)
        yield what + (" by " + teacher_name if teacher_name else ""), result


def prompted():
    """Curves with prompts: those that the trainer's `prompts` would put before each column."""
    for (prompts, included), data in zip(PROMPTS, (curves.scored, curves.triplets, curves.scored, curves.triplets)):
        loss = "triplet:margin=1" if data is curves.triplets else "cosine-similarity"
        model = load(GOLDEN / "models" / "bert")
        model.set_pooling_include_prompt(included)
        made = losses.TripletLoss(model, triplet_margin=1) if data is curves.triplets else \
            losses.CosineSimilarityLoss(model)
        result = {"loss_name": loss, "triplets": data is curves.triplets, "base_lr": 1e-3, "weight_decay": 0.0,
                  "accumulate": 1, "prompts": prompts, "include_prompt": included}
        result.update(curves.curve(model, made, data(), 1e-3, prompts=prompts))
        result["embeddings"] = numbers(embed(model, [texts.SENTENCES[i] for i in curves.EMBED], prompts[0]))
        yield "%s prompts %s%s" % (loss, prompts, "" if included else " left out of pooling"), result


def run():
    warnings.simplefilter("ignore")
    out = {"sentences": [texts.SENTENCES[i] for i in curves.EMBED]}
    for (loss, dims), (make, data) in METHODS.items():
        for lr in (5e-5, 1e-3):
            model = load(GOLDEN / "models" / "bert")
            result = {"loss_name": loss, "dims": dims, "triplets": data is curves.triplets, "base_lr": lr,
                      "weight_decay": 0.0, "accumulate": 1}
            result.update(curves.curve(model, make(model), data(), lr))
            result["embeddings"] = numbers(embed(model, out["sentences"]))
            out["%s%s lr=%g" % (loss, " dims " + dims if dims else "", lr)] = result
    out.update(prompted())
    out.update(ranking())
    out.update(taught())
    out.update(combined())
    write_json(GOLDEN / "curves" / "methods.json", out)
    print("curves/methods.json")
