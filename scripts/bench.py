#!/usr/bin/env python3
"""The tables of `make bench`: stsfit and the reference in turn, medians and ratios.

Times are of whole steps as each program reports them, the first ones left out by neither. The
floor is the step's matrix products alone, on the mean number of tokens (build/release/gemm_floor);
where texts are long, attention's own products are added to it at the same rate.
"""
import array
import json
import os
import random
import re
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import time

QUICK = bool(os.environ.get("QUICK"))
ROUNDS = int(os.environ.get("ROUNDS", 1 if QUICK else 3))
STEPS = int(os.environ.get("STEPS", 40))
WARM = 8  # the least that the reference needs before it reports a rate
DATA, DEV, MODEL, REFERENCE = (os.environ[k] for k in ("DATA", "DEV", "MODEL", "REFERENCE"))
PROGRAM = os.path.abspath("stsfit")
BUILT = os.path.abspath("build/release")
SCRATCH = tempfile.mkdtemp(prefix="stsfit-bench-")
RUN = os.path.join(SCRATCH, "run")
PARTS = sys.argv[1:] or (["quick"] if QUICK else []) or ["train", "large", "start", "encode", "threads", "bf16", "bag", "read", "tokenize", "profile", "growth"]


def call(command, stdin=None, **env):
    """Wall seconds and stdout of a command."""
    start = time.monotonic()
    with subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env={**os.environ, **env}) as p:
        out, err = p.communicate()
        if p.returncode:
            sys.exit(f"bench: {' '.join(command)}: {err.decode()[-500:]}")
    return time.monotonic() - start, out


def median(rows, key):
    return statistics.median(r[key] for r in rows)


# ---- what is trained on what ----

def long_texts(path, tokens=256, rows=400):
    words = "the a man woman dog runs plays guitar house tree water red small city walks reads book".split()
    rng = random.Random(1)
    with open(path, "w") as f:
        for i in range(rows):
            a, b = (" ".join(rng.choice(words) for _ in range(tokens - 2)) for _ in range(2))
            f.write(f"g\tf\ty\t{i}\t{5 * rng.random():.3f}\t{a}\t{b}\n")
    return path


def random_bert(path, hidden, layers):
    """A BERT of random weights in MODEL's vocabulary: a block of normal numbers, over and over."""
    config = json.load(open(os.path.join(MODEL, "config.json")))
    config = {"architectures": ["BertModel"], "model_type": "bert", "vocab_size": config["vocab_size"],
              "hidden_size": hidden, "num_hidden_layers": layers, "num_attention_heads": max(1, hidden // 64),
              "intermediate_size": 4 * hidden, "max_position_embeddings": 512, "type_vocab_size": 2,
              "hidden_act": "gelu", "layer_norm_eps": 1e-12, "hidden_dropout_prob": 0.1,
              "attention_probs_dropout_prob": 0.1, "pad_token_id": 0}
    tensors = {f"embeddings.{kind}_embeddings.weight": (rows, hidden) for kind, rows in
               (("word", config["vocab_size"]), ("position", 512), ("token_type", 2))}
    norms = ["embeddings.LayerNorm"]
    for i in range(layers):
        layer = f"encoder.layer.{i}."
        for name, rows, columns in (
                *((f"attention.self.{kind}", hidden, hidden) for kind in ("query", "key", "value")),
                ("attention.output.dense", hidden, hidden), ("intermediate.dense", 4 * hidden, hidden),
                ("output.dense", hidden, 4 * hidden)):
            tensors[f"{layer}{name}.weight"], tensors[f"{layer}{name}.bias"] = (rows, columns), (rows,)
        norms += [f"{layer}attention.output.LayerNorm", f"{layer}output.LayerNorm"]
    for norm in norms:
        tensors[f"{norm}.weight"] = tensors[f"{norm}.bias"] = (hidden,)
    os.makedirs(path)
    json.dump(config, open(os.path.join(path, "config.json"), "w"))
    for name in ("tokenizer.json", "tokenizer_config.json", "vocab.txt", "special_tokens_map.json"):
        if os.path.exists(os.path.join(MODEL, name)):
            shutil.copy(os.path.join(MODEL, name), path)
    write_safetensors(os.path.join(path, "model.safetensors"), tensors)
    return path


def write_safetensors(path, tensors):
    rng = random.Random(1)
    block = array.array("f", (rng.gauss(0, 0.02) for _ in range(1 << 16)))
    header, end = {}, 0
    for name, shape in tensors.items():
        size = 4 * shape[0] * (shape[1] if len(shape) > 1 else 1)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [end, end + size]}
        end += size
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(head)) + head)
        for name, entry in header.items():
            count = (entry["data_offsets"][1] - entry["data_offsets"][0]) // 4
            values = array.array("f", [1.0]) * count if "LayerNorm.weight" in name else \
                (block * (count // len(block) + 1))[:count]
            values.tofile(f)


def tokens_of(model, data):
    """Mean tokens per text, special ones included."""
    return statistics.mean(len(line.split()) for line in token_lines(
        model, sentences(os.path.join(SCRATCH, "texts.txt"), (data,))))


def token_lines(model, texts):
    return call([PROGRAM, "tokenize", "-q", "-m", model, texts])[1].splitlines()


def sentences(path, files):
    with open(path, "w") as f:
        for name in files:
            for line in open(name, encoding="utf-8", newline="\n"):
                f.write("\n".join(line.rstrip("\r\n").split("\t")[5:7]) + "\n")
    return path


# ---- one measurement ----

def own(data, model, steps, batch, threads=2, extra=()):
    call([PROGRAM, "train", data, "--dev", DEV_FEW, "-m", model, "-o", RUN, "--overwrite", "-q",
          "--max-steps", str(steps), "--batch-size", str(batch), "--threads", str(threads), *extra])
    report = json.load(open(os.path.join(RUN, "report.json")))
    return {"pairs": report["timings"]["pairs_per_s"], "mb": report["peak_memory_bytes"] / 1e6,
            "precision": report["plan"]["precision"]}


def reference(data, model, steps, batch, extra=()):
    _, out = call([REFERENCE, "scripts/reference.py", "--model", model, "--train", data, "--dev", DEV_FEW,
                   "--max-steps", str(steps), "--batch-size", str(batch), "--threads", "2", *extra])
    line = json.loads(out.decode().strip().splitlines()[-1])
    return {"pairs": line["pairs_per_s"], "mb": line["peak_rss_mb"], "first": line["first_step_s"]}


def floor(model, tokens, texts, threads=2, half=False):
    """Seconds of a step's products over so many texts of so many tokens each; half: forward only."""
    c = json.load(open(os.path.join(model, "config.json")))
    hidden, inner, layers = c["hidden_size"], c["intermediate_size"], c["num_hidden_layers"]
    alone = float(call([os.path.join(BUILT, "gemm_floor"), *(str(v) for v in (
        round(texts * tokens), hidden, inner, layers, threads, 9))])[1].split()[half])
    return alone * (1 + tokens / (2 * hidden + inner))     # attention: 12 n^2 h on 6 n (4 h^2 + 2 h i)


def work_flops(model, tokens):
    """Arithmetic of a training step for one text, forward and backward."""
    c = json.load(open(os.path.join(model, "config.json")))
    h, i = c["hidden_size"], c["intermediate_size"]
    return c["num_hidden_layers"] * (6 * tokens * (4 * h * h + 2 * h * i) + 12 * tokens * tokens * h)


# ---- the parts ----

def side_by_side(name, data, model, batch, steps, reference_extra=()):
    """One row of the table; the programs alternate."""
    mine, theirs, least = [], [], []
    tokens = tokens_of(model, data)
    for _ in range(ROUNDS):
        mine.append(own(data, model, steps, batch))
        least.append(floor(model, tokens, 2 * batch))
        if REFERENCE:
            theirs.append(reference(data, model, steps, batch, reference_extra))
    ours, alone = median(mine, "pairs"), statistics.median(least)
    row = [name, f"{ours:.1f}", f"{1000 * batch / ours:.0f}", f"{1000 * alone:.0f}",
           f"{batch / ours / alone:.2f}", f"{median(mine, 'mb'):.0f}"]
    row += [f"{median(theirs, 'pairs'):.1f}", f"{ours / median(theirs, 'pairs'):.2f}",
            f"{median(theirs, 'mb'):.0f}"] if theirs else ["-"] * 3
    print("| " + " | ".join(row) + " |", flush=True)


def train():
    print("\n| training | pairs/s | ms a step | GEMM floor, ms | over it | MB | reference pairs/s | ratio | its MB |")
    print("|---|---|---|---|---|---|---|---|---|")
    side_by_side("batch 16", DATA, MODEL, 16, STEPS)
    if REFERENCE:
        side_by_side("batch 16, reference grouped by length", DATA, MODEL, 16, STEPS, ("--group-by-length",))
    side_by_side("batch 64", DATA, MODEL, 64, max(STEPS // 3, WARM))
    side_by_side("256 tokens each, batch 16", long_texts(os.path.join(SCRATCH, "long.tsv")), MODEL, 16,
                 max(STEPS // 8, WARM))
    base = random_bert(os.path.join(SCRATCH, "base"), 768, 12)
    side_by_side("BERT-base shape, random, batch 16", DATA, base, 16, max(STEPS // 4, WARM))


def large(batch=1024, part=32):
    """One step of the ranking loss on a batch in parts, and as many rows in batches of a part's size."""
    print("\n| ranking loss | pairs/s | MB | reference pairs/s | ratio | its MB |\n|---|---|---|---|---|---|")
    steps, cached = batch // part, ("--loss", "cached-multiple-negatives-ranking", "--mini-batch", str(part))
    mine = own(DATA, MODEL, 1, batch, extra=("--loss", "mnrl", "--mini-batch", str(part)))
    theirs = REFERENCE and reference(DATA, MODEL, 1, batch, cached)
    large_row(f"batch {batch} in parts of {part}, one step", mine, theirs and {**theirs, "pairs": batch / theirs["first"]})
    mine = own(DATA, MODEL, steps, part, extra=("--loss", "mnrl"))
    theirs = REFERENCE and reference(DATA, MODEL, steps, part, ("--loss", "multiple-negatives-ranking"))
    large_row(f"batch {part}, {steps} steps", mine, theirs)


def large_row(name, mine, theirs):
    other = f"{theirs['pairs']:.1f} | {mine['pairs'] / theirs['pairs']:.2f} | {theirs['mb']:.0f}" if theirs else "- | - | -"
    print(f"| {name} | {mine['pairs']:.1f} | {mine['mb']:.0f} | {other} |", flush=True)


def quick():
    """The table of the README in two minutes: few steps, one round, no long texts and no large model."""
    print("\n| work | stsfit | reference | ratio | over its matrix products |\n|---|---|---|---|---|")
    memory, trains = [], REFERENCE and importable("datasets")
    for batch, steps in ((16, 12), (64, WARM)):
        mine, least = own(DATA, MODEL, steps, batch), floor(MODEL, tokens_of(MODEL, DATA), 2 * batch)
        theirs = reference(DATA, MODEL, steps, batch) if trains else None
        quick_row(f"train, batch {batch}", mine["pairs"], theirs and theirs["pairs"], "pairs/s",
                  batch / mine["pairs"] / least)
        memory.append((f"peak memory, batch {batch}", mine["mb"], theirs and theirs["mb"], "MB"))
    for row in memory:
        quick_row(*row)
    path = sentences(os.path.join(SCRATCH, "some.txt"), (DATA,))
    lines = open(path, encoding="utf-8").readlines()[:2000]
    open(path, "w", encoding="utf-8").writelines(lines)
    seconds, _ = call([PROGRAM, "encode", "-q", "-m", MODEL, path, "--format", "npy", "-o",
                       os.path.join(SCRATCH, "v.npy"), "--threads", "2"])
    theirs = float(call([REFERENCE, "-c", ENCODE, MODEL, path], HF_HUB_OFFLINE="1")[1]) if REFERENCE else None
    quick_row(f"encode {len(lines)} sentences", len(lines) / seconds, theirs and len(lines) / theirs, "/s")


def importable(module):
    """Whether the reference's Python has it; says so where it has not."""
    has = subprocess.run([REFERENCE, "-c", f"import {module}"], capture_output=True, check=False).returncode == 0
    if not has:
        print(f"| (the reference cannot train: its Python has no {module}) | | | | |")
    return has


def quick_row(name, ours, theirs, unit, over=None):
    other = f"{theirs:.1f} {unit} | {ours / theirs:.2f}" if theirs else "- | -"
    print(f"| {name} | {ours:.1f} {unit} | {other} | {f'{over:.2f}' if over else ''} |", flush=True)


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
    path = sentences(os.path.join(SCRATCH, "sentences.txt"), (DATA, DEV))
    n = sum(1 for _ in open(path, encoding="utf-8", newline="\n"))
    mine, theirs, least = [], [], []
    distinct = set(token_lines(MODEL, path))    # equal texts are computed once
    tokens = statistics.mean(len(line.split()) for line in distinct)
    for _ in range(ROUNDS):
        least.append(floor(MODEL, tokens, 64, half=True) * len(distinct) / 64)
        seconds, _ = call([PROGRAM, "encode", "-m", MODEL, path, "-q", "--format", "npy", "-o",
                           os.path.join(SCRATCH, "v.npy")])
        mine.append(n / seconds)
        if REFERENCE:
            theirs.append(n / float(call([REFERENCE, "-c", ENCODE, MODEL, path], HF_HUB_OFFLINE="1")[1]))
    print(f"\nencode {n} sentences: {statistics.median(mine):.0f}/s, start-up included, "
          f"{n / statistics.median(mine) / statistics.median(least):.2f} of its products alone", end="")
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
    """Two over one; the same for its products alone, and for two programs side by side."""
    one, two, products = [], [], []
    tokens = tokens_of(MODEL, DATA)
    for _ in range(ROUNDS):
        one.append(own(DATA, MODEL, STEPS, 16, threads=1))
        two.append(own(DATA, MODEL, STEPS, 16, threads=2))
        products.append(floor(MODEL, tokens, 32, 1) / floor(MODEL, tokens, 32, 2))
    print(f"\ntwo threads over one: {median(two, 'pairs') / median(one, 'pairs'):.2f}; "
          f"of the products alone: {statistics.median(products):.2f}")


def bf16():
    """bf16 over float32, where processor and library have it."""
    tried = subprocess.run([PROGRAM, "encode", "-q", "-m", MODEL, "--precision", "bf16"], input=b"a text\n",
                           capture_output=True, check=False)
    if tried.returncode:
        print(f"\nbf16: not on this machine: {tried.stderr.decode().strip()}")
        return
    for batch, steps in ((16, STEPS), (64, max(STEPS // 3, 8))):
        plain, rounded = [], []
        for _ in range(ROUNDS):
            plain.append(own(DATA, MODEL, steps, batch))
            rounded.append(own(DATA, MODEL, steps, batch, extra=("--precision", "bf16")))
        print(f"\nbf16 over float32, batch {batch}: {median(rounded, 'pairs') / median(plain, 'pairs'):.2f} "
              f"({median(rounded, 'pairs'):.1f} pairs/s, {median(rounded, 'mb'):.0f} MB)")


def bag():
    seconds, rows, mb = [], 0, 0
    for _ in range(ROUNDS):
        call([PROGRAM, "train", DATA, "--dev", DEV, "-o", RUN, "--overwrite", "-q"])
        report = json.load(open(os.path.join(RUN, "report.json")))
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
        mine.append(call([os.path.join(BUILT, "read_data"), path])[0])
        with open(os.devnull, "wb") as null:
            begun = time.monotonic()
            subprocess.run(["cut", "-f", "5-7", path], stdout=null, check=True)
            cut.append(time.monotonic() - begun)
    os.remove(path)
    print(f"\nreading {size >> 20} MB: {statistics.median(mine):.2f} s; cut -f 5-7 {statistics.median(cut):.2f} s")


def tokenize():
    path = sentences(os.path.join(SCRATCH, "sentences.txt"), (DATA, DEV))
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


# Where the time of a step goes: the first pattern that a sample's "library symbol" matches.
KINDS = (("matrix products", r"blas|dnnl|gemm"), ("waiting for the other thread", r"libgomp|libomp|futex"),
         ("attention", r"attention|tile_|smallmm|probabilit|transpose|rope"),
         ("optimizer", r"update_|sum_of_squares|coast|scale_all|adamw|clip"),
         ("element-wise", r"gelu|act_|norm|bias|drop|residual|sum_columns|embed|row|pool"),
         ("data, files, the system", r"."))


def profile():
    """Shares of the samples that perf takes of a run; start-up and saving are among the last kind."""
    if not shutil.which("perf"):
        print("\nprofile: perf is not installed here")
        return
    data = os.path.join(SCRATCH, "perf.data")
    call(["perf", "record", "-q", "-e", "cpu-clock", "-F", "499", "-o", data, PROGRAM, "train", DATA, "--dev", DEV_FEW,
          "-m", MODEL, "-o", RUN, "--overwrite", "-q", "--max-steps", str(2 * STEPS), "--threads", "2"])
    share = dict.fromkeys((kind for kind, _ in KINDS), 0.0)
    text = call(["perf", "report", "-i", data, "--sort", "dso,sym", "--stdio"])[1].decode()
    for percent, where in re.findall(r"^ +([\d.]+)% +(.*)", text, re.M):
        share[next(kind for kind, pattern in KINDS if re.search(pattern, where))] += float(percent)
    print("\n| a step's time, batch 16 | % |\n|---|---|")
    for kind, percent in share.items():
        print(f"| {kind} | {percent:.1f} |")


def growth():
    """Tokens a second, and arithmetic a second, along each axis; a table and a picture."""
    models = {h: random_bert(os.path.join(SCRATCH, f"h{h}"), h, 4) for h in (128, 256, 384, 512, 1024)}
    axes = {"tokens per text": [(n, 16, 384) for n in (8, 32, 128, 512)],
            "pairs per batch": [(16, b, 384) for b in (1, 4, 16, 64, 256)],
            "hidden width": [(16, 16, h) for h in models]}
    curves = {}
    print("\n| tokens per text | pairs per batch | hidden | tokens/s | GFLOP/s |\n|---|---|---|---|---|")
    for axis, points in axes.items():
        for length, batch, hidden in points:
            data = long_texts(os.path.join(SCRATCH, "g.tsv"), length, max(300, 2 * batch))
            pairs = own(data, models[hidden], max(4, min(60, 12000 // (length * batch))), batch)["pairs"]
            tokens, rate = 2 * pairs * length, 2 * pairs * work_flops(models[hidden], length) / 1e9
            print(f"| {length} | {batch} | {hidden} | {tokens:.0f} | {rate:.0f} |", flush=True)
            curves.setdefault(axis, []).append(((length, batch, hidden)[list(axes).index(axis)], rate))
    path = os.environ.get("GROWTH_SVG", os.path.join(SCRATCH, "growth.svg"))
    open(path, "w").write(drawing(curves))
    print(f"picture: {path}")


def drawing(curves):
    """One panel an axis: arithmetic a second, which falls where something grows faster than it."""
    top = max(rate for points in curves.values() for _, rate in points)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {220 * len(curves) + 50} 250" '
           'font-family="sans-serif" font-size="11">',
           "<title>Arithmetic a second of training, as texts, batches and models grow</title>",
           '<rect width="100%" height="100%" fill="#fff"/>',
           '<text transform="translate(12 120) rotate(-90)" text-anchor="middle">GFLOP/s</text>']
    for k, (axis, points) in enumerate(curves.items()):
        left, step = 50 + 220 * k, 180 / (len(points) - 1)
        where = [(left + step * i, 200 - 170 * rate / top) for i, (_, rate) in enumerate(points)]
        for i in range(5):
            y = 200 - 42.5 * i
            out.append(f'<path d="M{left - 6} {y}H{left + 186}" stroke="#ddd"/>' + (
                f'<text x="{left - 8}" y="{y + 4}" text-anchor="end">{top * i / 4:.0f}</text>' if k == 0 else ""))
        out.append('<polyline fill="none" stroke="#0072b2" stroke-width="2" points="' +
                   " ".join(f"{x:.0f},{y:.1f}" for x, y in where) + '"/>')
        out += [f'<circle cx="{x:.0f}" cy="{y:.1f}" r="3" fill="#0072b2"/>'
                f'<text x="{x:.0f}" y="216" text-anchor="middle">{v}</text>' for (x, y), (v, _) in zip(where, points)]
        out.append(f'<text x="{left + 90}" y="236" text-anchor="middle">{axis}</text>')
    return "\n".join(out + ["</svg>"]) + "\n"


def machine():
    name = next((l.split(":")[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "?") \
        if os.path.exists("/proc/cpuinfo") else "?"
    print(f"{time.strftime('%Y-%m-%d')}, {name}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, "
          f"medians of {ROUNDS}, {BLAS}")


def blas():
    """The kernels that the program chooses; the products alone are measured with the same."""
    call([PROGRAM, "train", DATA, "--dev", DEV_FEW, "-o", RUN, "--overwrite", "-q", "--max-steps", "1"])
    return json.load(open(os.path.join(RUN, "report.json")))["machine"]["blas"]


DEV_FEW = os.path.join(SCRATCH, "dev.tsv")
with open(DEV, "rb") as few:
    open(DEV_FEW, "wb").write(b"".join(few.readlines()[:100]))
try:
    BLAS = blas()
    machine()
    for part in PARTS:
        globals()[part]()
finally:
    shutil.rmtree(SCRATCH)
