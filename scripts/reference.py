#!/usr/bin/env python3
"""One plain sentence-transformers 6.2 training run, to set side by side with stsfit.

    python scripts/reference.py --model DIR --train sts-train.csv --dev sts-dev.csv [options]

Prints one JSON line: pairs per second once warm, seconds to the end of the first step, peak
memory, loss at the start and the end, Spearman and Pearson on dev before and after.
"""

import argparse
import json
import os
import resource
import sys
import tempfile
import time


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--model", required=True, help="a sentence-transformers or transformers directory")
    parser.add_argument("--train", required=True, help="STSbenchmark's seven columns, tab separated")
    parser.add_argument("--dev", required=True, help="the same; evaluated before and after")
    parser.add_argument("--loss", default="cosine-similarity",
                        choices=["cosine-similarity", "cosent", "angle", "contrastive-cosine",
                                 "online-contrastive", "multiple-negatives-ranking",
                                 "cached-multiple-negatives-ranking"])
    parser.add_argument("--mini-batch", type=int, default=32, help="of the cached loss")
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--epochs", type=float, default=4)
    parser.add_argument("--max-steps", type=int, default=-1)
    parser.add_argument("--lr", type=float, default=5e-5)
    parser.add_argument("--warmup", type=float, default=0.1, help="fraction below 1, else steps")
    parser.add_argument("--weight-decay", type=float, default=0.0)
    parser.add_argument("--dropout", type=float, help="every dropout of the model (default: its configuration)")
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--threads", type=int, default=0, help="0: torch's choice")
    parser.add_argument("--output", help="save the trained model here")
    parser.add_argument("--group-by-length", action="store_true",
                        help="batches of similar length, within shuffled windows of 50 batches")
    parser.add_argument("--no-shuffle", action="store_true", help="file order")
    return parser.parse_args()


ARGS = parse()
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
if ARGS.threads:
    os.environ["OMP_NUM_THREADS"] = str(ARGS.threads)

import torch  # noqa: E402
from datasets import Dataset, disable_progress_bars  # noqa: E402
from scipy import stats  # noqa: E402
from sentence_transformers import (  # noqa: E402
    SentenceTransformer, SentenceTransformerTrainer, SentenceTransformerTrainingArguments)
from sentence_transformers.base.sampler import DefaultBatchSampler  # noqa: E402
from sentence_transformers.sentence_transformer import losses  # noqa: E402
from transformers import TrainerCallback  # noqa: E402

LOSSES = {
    "cosine-similarity": losses.CosineSimilarityLoss,
    "cosent": losses.CoSENTLoss,
    "angle": losses.AnglELoss,
    "contrastive-cosine": losses.ContrastiveLoss,
    "online-contrastive": losses.OnlineContrastiveLoss,
    "multiple-negatives-ranking": losses.MultipleNegativesRankingLoss,
    "cached-multiple-negatives-ranking": lambda model: losses.CachedMultipleNegativesRankingLoss(
        model, mini_batch_size=ARGS.mini_batch),
}
WARM = 4
WINDOW = 50


def read(path):
    with open(path, encoding="utf-8", newline="\n") as f:
        rows = [line.rstrip("\r\n").split("\t") for line in f]
    return [(r[5], r[6], float(r[4]) / 5) for r in rows]


def dataset(rows, loss):
    """Labels as the loss wants them: graded, 0 or 1, or none for the likely positives."""
    ranking = loss.endswith("multiple-negatives-ranking")
    if ranking:
        rows = [r for r in rows if r[2] >= 0.8]
    columns = {"sentence1": [r[0] for r in rows], "sentence2": [r[1] for r in rows]}
    if loss in ("contrastive-cosine", "online-contrastive"):
        columns["score"] = [float(r[2] >= 0.5) for r in rows]
    elif not ranking:
        columns["score"] = [r[2] for r in rows]
    return Dataset.from_dict(columns)


class Grouped(DefaultBatchSampler):
    """Windows of shuffled rows, sorted by length inside, their batches in random order."""

    def __init__(self, data, batch_size, drop_last, generator=None, seed=0, **kwargs):
        super().__init__(data, batch_size=batch_size, drop_last=drop_last, generator=generator,
                         seed=seed, **kwargs)
        self.size, self.draws = batch_size, generator or torch.Generator().manual_seed(seed)
        self.lengths = [len(a) + len(b) for a, b in zip(data["sentence1"], data["sentence2"])]

    def __iter__(self):
        order = torch.randperm(len(self.lengths), generator=self.draws).tolist()
        batches = []
        for i in range(0, len(order), self.size * WINDOW):
            part = sorted(order[i:i + self.size * WINDOW], key=lambda row: -self.lengths[row])
            batches += [part[j:j + self.size] for j in range(0, len(part), self.size)]
        for i in torch.randperm(len(batches), generator=self.draws).tolist():
            yield batches[i]


class InOrder(DefaultBatchSampler):
    def __iter__(self):
        count = len(self.sampler)
        for i in range(0, count, self.batch_size):
            yield list(range(i, min(i + self.batch_size, count)))


class Clock(TrainerCallback):
    """When each step ended, and every logged loss."""

    def __init__(self):
        self.start, self.ends, self.losses = time.perf_counter(), [], []

    def on_train_begin(self, args, state, control, **kwargs):
        self.start = time.perf_counter()

    def on_step_end(self, args, state, control, **kwargs):
        self.ends.append(time.perf_counter())

    def on_log(self, args, state, control, logs=None, **kwargs):
        if logs and "loss" in logs:
            self.losses.append(logs["loss"])

    def figures(self, batch_size):
        warm = self.ends[min(WARM, len(self.ends) - 1):]
        seconds = warm[-1] - warm[0]
        return {"steps": len(self.ends), "first_step_s": self.ends[0] - self.start,
                "train_s": self.ends[-1] - self.start,
                "pairs_per_s": (len(warm) - 1) * batch_size / seconds if seconds else None,
                "step_s": seconds / (len(warm) - 1) if len(warm) > 1 else None,
                "loss_first": self.losses[0] if self.losses else None,
                "loss_last": self.losses[-1] if self.losses else None}


def evaluate(model, rows):
    u, v = (model.encode([r[i] for r in rows], convert_to_tensor=True, show_progress_bar=False).double()
            for i in (0, 1))
    cosine = torch.cosine_similarity(u, v).cpu().numpy()
    gold = [r[2] for r in rows]
    return {"spearman_cosine": float(stats.spearmanr(gold, cosine)[0]),
            "pearson_cosine": float(stats.pearsonr(gold, cosine)[0])}


def set_dropout(model, p):
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = p
        for name in ("dropout_prob", "attention_dropout"):
            if isinstance(getattr(module, name, None), float):
                setattr(module, name, p)


def arguments():
    more = {}
    if ARGS.group_by_length or ARGS.no_shuffle:
        more["batch_sampler"] = Grouped if ARGS.group_by_length else InOrder
    return SentenceTransformerTrainingArguments(
        output_dir=ARGS.output or tempfile.mkdtemp(), num_train_epochs=ARGS.epochs, max_steps=ARGS.max_steps,
        per_device_train_batch_size=ARGS.batch_size, learning_rate=ARGS.lr, warmup_steps=ARGS.warmup,
        weight_decay=ARGS.weight_decay, seed=ARGS.seed, use_cpu=True, save_strategy="no", eval_strategy="no",
        logging_steps=10, disable_tqdm=True, report_to="none", **more)


def main():
    disable_progress_bars()
    if ARGS.threads:
        torch.set_num_threads(ARGS.threads)
    torch.manual_seed(ARGS.seed)
    model = SentenceTransformer(ARGS.model, device="cpu")
    if ARGS.dropout is not None:
        set_dropout(model, ARGS.dropout)
    train, dev = read(ARGS.train), read(ARGS.dev)
    before = evaluate(model, dev)
    clock = Clock()
    trainer = SentenceTransformerTrainer(
        model=model, args=arguments(), train_dataset=dataset(train, ARGS.loss), loss=LOSSES[ARGS.loss](model),
        callbacks=[clock])
    real_stdout, sys.stdout = sys.stdout, sys.stderr  # the trainer prints its logs; stdout is for the result
    trainer.train()
    sys.stdout = real_stdout
    result = {"model": ARGS.model, "loss": ARGS.loss, "batch_size": ARGS.batch_size, "seed": ARGS.seed,
              "threads": torch.get_num_threads(), "group_by_length": ARGS.group_by_length,
              **clock.figures(ARGS.batch_size),
              "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
              "dev_before": before, "dev": evaluate(model, dev)}
    if ARGS.output:
        model.save(ARGS.output)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
