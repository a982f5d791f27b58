#!/usr/bin/env python3
"""The tables of `make bench`: stsfit and the reference in turn, medians and ratios.

Times are of whole steps as each program reports them, the first ones left out by neither; the
floor is the time that stsfit's steps spend inside its matrix products, in the same run.
"""
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = int(os.environ.get("ROUNDS", 3))
STEPS = int(os.environ.get("STEPS", 40))
DATA, DEV, MODEL, REFERENCE = (os.environ[k] for k in ("DATA", "DEV", "MODEL", "REFERENCE"))
PROGRAM = os.path.abspath("stsfit")
SCRATCH = tempfile.mkdtemp(prefix="stsfit-bench-")
PARTS = sys.argv[1:] or ["train", "start", "encode", "threads", "bag", "read", "tokenize", "growth"]


def call(command, stdin=None, **env):
    """Wall seconds, peak megabytes and stdout of a command."""
    start = time.monotonic()
    with subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env={**os.environ, **env}) as p:
        out, err = p.communicate()
        if p.returncode:
            sys.exit(f"bench: {' '.join(command)}: {err.decode()[-500:]}")
    return time.monotonic() - start, out


def own(data, model, steps, batch, threads=2, extra=()):
    run = os.path.join(SCRATCH, "run")
    call([PROGRAM, "train", data, "--dev", DEV_FEW, "-m", model, "-o", run, "--overwrite", "-q",
          "--max-steps", str(steps), "--batch-size", str(batch), "--threads", str(threads), *extra])
    report = json.load(open(os.path.join(run, "report.json")))
    t = report["timings"]
    pairs = t["pairs_per_s"]
    return {"pairs": pairs, "floor": t["train_seconds"] / t["gemm_seconds"] if t["gemm_seconds"] else 0,
            "mb": report["peak_memory_bytes"] / 1e6}


def reference(data, model, steps, batch, extra=()):
    _, out = call([REFERENCE, "scripts/reference.py", "--model", model, "--train", data, "--dev", DEV_FEW,
                   "--max-steps", str(steps), "--batch-size", str(batch), "--threads", "2", *extra])
    line = json.loads(out.decode().strip().splitlines()[-1])
    return {"pairs": line["pairs_per_s"], "mb": line["peak_rss_mb"]}


def median(rows, key):
    return statistics.median(r[key] for r in rows)


def side_by_side(name, data, model, batch, steps, extra=(), reference_extra=()):
    """One row of the table; the programs alternate."""
    mine, theirs = [], []
    for _ in range(ROUNDS):
        mine.append(own(data, model, steps, batch, extra=extra))
        if REFERENCE:
            theirs.append(reference(data, model, steps, batch, reference_extra))
    row = f"| {name} | {median(mine, 'pairs'):.1f} | "
    row += f"{median(theirs, 'pairs'):.1f} | {median(mine, 'pairs') / median(theirs, 'pairs'):.2f} | " \
        if theirs else "- | - | "
    row += f"{median(mine, 'floor'):.2f} | {median(mine, 'mb'):.0f} | "
    row += f"{median(theirs, 'mb'):.0f} |" if theirs else "- |"
    print(row, flush=True)


def long_texts(path, tokens=256, rows=400):
    words = "the a man woman dog runs plays guitar house tree water red small city walks reads book".split()
    rng = random.Random(1)
    with open(path, "w") as f:
        for i in range(rows):
            a, b = (" ".join(rng.choice(words) for _ in range(tokens - 2)) for _ in range(2))
            f.write(f"g\tf\ty\t{i}\t{5 * rng.random():.3f}\t{a}\t{b}\n")
    return path


def base_model():
    """A random BERT of the base size, made by the reference."""
    path = os.path.join(SCRATCH, "bert-base")
    code = """
import sys, torch
from sentence_transformers import SentenceTransformer, models
from transformers import BertConfig, BertModel
import shutil, os
BertModel(BertConfig(vocab_size=30522)).save_pretrained(sys.argv[1])
for f in ('tokenizer.json', 'tokenizer_config.json', 'vocab.txt', 'special_tokens_map.json'):
    p = os.path.join(sys.argv[2], f)
    if os.path.exists(p): shutil.copy(p, sys.argv[1])
"""
    call([REFERENCE, "-c", code, path, MODEL], HF_HUB_OFFLINE="1")
    return path


def train():
    print("\n| training | pairs/s | reference | ratio | step over its GEMMs | MB | reference MB |")
    print("|---|---|---|---|---|---|---|")
    side_by_side("batch 16", DATA, MODEL, 16, STEPS)
    side_by_side("batch 16, reference grouped by length", DATA, MODEL, 16, STEPS,
                 reference_extra=("--group-by-length",))
    side_by_side("batch 64", DATA, MODEL, 64, max(STEPS // 3, 14))
    side_by_side("256 tokens each, batch 16", long_texts(os.path.join(SCRATCH, "long.tsv")), MODEL, 16,
                 max(STEPS // 6, 14))
    if REFERENCE:
        side_by_side("BERT-base, random, batch 16", DATA, base_model(), 16, max(STEPS // 6, 14))


def sentences():
    path = os.path.join(SCRATCH, "sentences.txt")
    with open(path, "w") as f:
        for name in (DATA, DEV):
            for line in open(name, encoding="utf-8", newline="\n"):
                f.write("\n".join(line.rstrip("\r\n").split("\t")[5:7]) + "\n")
    return path


ENCODE = """
import sys, time
import torch; torch.set_num_threads(2)
from sentence_transformers import SentenceTransformer
m = SentenceTransformer(sys.argv[1], device='cpu')
lines = open(sys.argv[2], encoding='utf-8').read().split('\\n')[:-1]
m.encode(lines[:64])
t = time.time(); m.encode(lines, batch_size=32); print(time.time() - t)
"""


def encode():
    path = sentences()
    n = sum(1 for _ in open(path, encoding="utf-8", newline="\n"))
    mine, theirs = [], []
    for _ in range(ROUNDS):
        seconds, _ = call([PROGRAM, "encode", "-m", MODEL, path, "-q", "--format", "npy", "-o",
                           os.path.join(SCRATCH, "v.npy")])
        mine.append(n / seconds)
        if REFERENCE:
            theirs.append(n / float(call([REFERENCE, "-c", ENCODE, MODEL, path], HF_HUB_OFFLINE="1")[1]))
    print(f"\nencode {n} sentences: {statistics.median(mine):.0f}/s, start-up included", end="")
    print(f"; reference, warm: {statistics.median(theirs):.0f}/s; ratio "
          f"{statistics.median(mine) / statistics.median(theirs):.2f}" if theirs else "")


FIRST = """
import sys
from sentence_transformers import SentenceTransformer
print(SentenceTransformer(sys.argv[1], device='cpu').encode('hello')[0])
"""


def start():
    text = os.path.join(SCRATCH, "hello.txt")
    open(text, "w").write("hello\n")
    mine, theirs = [], []
    for _ in range(ROUNDS):
        mine.append(call([PROGRAM, "encode", "-q", "-m", MODEL, text])[0])
        if REFERENCE:
            theirs.append(call([REFERENCE, "-c", FIRST, MODEL], HF_HUB_OFFLINE="1")[0])
    print(f"\nfrom the command to the first vector: {statistics.median(mine):.2f} s", end="")
    print(f"; reference {statistics.median(theirs):.2f} s; "
          f"ratio {statistics.median(theirs) / statistics.median(mine):.1f}" if theirs else "")


def threads():
    one, two = [], []
    for _ in range(ROUNDS):
        one.append(own(DATA, MODEL, STEPS, 16, threads=1))
        two.append(own(DATA, MODEL, STEPS, 16, threads=2))
    print(f"\ntwo threads over one: {median(two, 'pairs') / median(one, 'pairs'):.2f}")


def bag():
    seconds, rows, mb = [], 0, 0
    for _ in range(ROUNDS):
        run = os.path.join(SCRATCH, "bag")
        call([PROGRAM, "train", DATA, "--dev", DEV, "-o", run, "--overwrite", "-q"])
        report = json.load(open(os.path.join(run, "report.json")))
        rows = report["data"]["train"]["rows"] * 4
        seconds.append(report["timings"]["total_seconds"])
        mb = report["peak_memory_bytes"] / 1e6
        score = report["evaluations"]["after"]["dev"]["spearman_cosine"]
    print(f"\nbuilt-in encoder, 4 epochs: {statistics.median(seconds):.1f} s, {mb:.0f} MB, "
          f"{rows / statistics.median(seconds):.0f} pairs/s with everything, dev Spearman {100 * score:.2f}")
    if not shutil.which("fasttext"):
        print("fastText: not installed here")
        return
    text = os.path.join(SCRATCH, "fasttext.txt")
    with open(text, "w") as f:
        for line in open(DATA, encoding="utf-8", newline="\n"):
            c = line.rstrip("\r\n").split("\t")
            f.write(f"__label__{round(float(c[4]))} {c[5].lower()} {c[6].lower()}\n")
    theirs = [call(["fasttext", "supervised", "-input", text, "-output", os.path.join(SCRATCH, "ft"), "-epoch", "4",
                    "-minn", "2", "-maxn", "4", "-dim", "384", "-thread", "2"])[0] for _ in range(ROUNDS)]
    print(f"fastText supervised, the same text, epochs, width and n-grams: {statistics.median(theirs):.1f} s")


def read():
    path = os.path.join(SCRATCH, "big.tsv")
    body = open(DATA, "rb").read()
    size = int(os.environ.get("READ_MB", 1000)) << 20
    with open(path, "wb") as f:
        while f.tell() < size:
            f.write(body)
    mine, cut = [], []
    for _ in range(ROUNDS):
        mine.append(call([os.path.abspath("build/release/read_data"), path])[0])
        with open(os.devnull, "wb") as null:
            start_ = time.monotonic()
            subprocess.run(["cut", "-f", "5-7", path], stdout=null, check=True)
            cut.append(time.monotonic() - start_)
    print(f"\nreading {size >> 20} MB: {statistics.median(mine):.2f} s; cut -f 5-7 {statistics.median(cut):.2f} s")


def tokenize():
    path = sentences()
    big = os.path.join(SCRATCH, "tokens.txt")
    body = open(path, "rb").read()
    with open(big, "wb") as f:
        for _ in range(20):
            f.write(body)
    n = body.count(b"\n") * 20
    own_rate = statistics.median(
        n / call([PROGRAM, "tokenize", "-q", "-m", MODEL, big, "--threads", "1"])[0] for _ in range(ROUNDS))
    print(f"\ntokenizing: {own_rate:.0f} sentences/s, reading and printing included", end="")
    code = ("import sys,time,tokenizers\nt=tokenizers.Tokenizer.from_file(sys.argv[1]+'/tokenizer.json')\n"
            "t.no_padding();l=open(sys.argv[2],encoding='utf-8').read().split('\\n')[:-1]\n"
            "s=time.time()\nfor x in l: t.encode(x)\nprint(len(l)/(time.time()-s))")
    if REFERENCE:
        rate = float(call([REFERENCE, "-c", code, MODEL, path], TOKENIZERS_PARALLELISM="false")[1])
        print(f"; reference, one thread: {rate:.0f}/s; ratio {own_rate / rate:.1f}", end="")
    print()


def growth():
    """Tokens a second as texts and batches grow; a table, and a picture."""
    rows = []
    for length in (8, 32, 128, 256):
        data = long_texts(os.path.join(SCRATCH, "g.tsv"), length, 300)
        for batch in (1, 16, 64):
            steps = max(3, min(40, 20000 // (length * batch)))
            r = own(data, MODEL, steps, batch)
            rows.append((length, batch, r["pairs"] * 2 * length))
    print("\n| tokens a text | batch 1 | batch 16 | batch 64 | (tokens/s)\n|---|---|---|---|")
    for length in sorted({r[0] for r in rows}):
        print(f"| {length} | " + " | ".join(f"{r[2]:.0f}" for r in rows if r[0] == length) + " |")
    draw(rows, os.environ.get("GROWTH_SVG", os.path.join(SCRATCH, "growth.svg")))


def draw(rows, path):
    top = max(r[2] for r in rows)
    colours = {1: "#0072b2", 16: "#d55e00", 64: "#009e73"}
    lengths = sorted({r[0] for r in rows})
    x = {n: 80 + 120 * i for i, n in enumerate(lengths)}
    out = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 560 320" font-family="sans-serif" font-size="12">',
           "<title>Training speed against length and batch size</title>",
           '<text x="280" y="312" text-anchor="middle">tokens a text</text>',
           '<text x="14" y="160" transform="rotate(-90 14 160)" text-anchor="middle">tokens a second</text>']
    for i in range(5):
        y, v = 280 - 60 * i, top * i / 4
        out.append(f'<path d="M70 {y}H530" stroke="#ccc"/><text x="66" y="{y + 4}" text-anchor="end">{v:.0f}</text>')
    for n in lengths:
        out.append(f'<text x="{x[n]}" y="296" text-anchor="middle">{n}</text>')
    for k, (batch, colour) in enumerate(colours.items()):
        points = " ".join(f"{x[r[0]]},{280 - 240 * r[2] / top:.1f}" for r in rows if r[1] == batch)
        out.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2" '
                   f'stroke-dasharray="{("none", "6 3", "2 2")[k]}"/>')
        out.append(f'<text x="{400}" y="{40 + 16 * k}" fill="{colour}">batch {batch}</text>')
    open(path, "w").write("\n".join(out + ["</svg>"]) + "\n")
    print(f"picture: {path}")


def machine():
    name = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "?") \
        if os.path.exists("/proc/cpuinfo") else "?"
    print(f"{time.strftime('%Y-%m-%d')}, {name}, {os.cpu_count()} processors, medians of {ROUNDS}; "
          f"OPENBLAS_CORETYPE {os.environ.get('OPENBLAS_CORETYPE', 'not set')}")


machine()
DEV_FEW = os.path.join(SCRATCH, "dev.tsv")
with open(DEV, "rb") as few:
    open(DEV_FEW, "wb").write(b"".join(few.readlines()[:100]))
try:
    for part in PARTS:
        globals()[part]()
finally:
    if "GROWTH_SVG" in os.environ or "growth" not in PARTS:
        shutil.rmtree(SCRATCH)
