"""Variants of a one-layer BERT: poolings, modules, spellings, weight files, activations."""

import json
import os
import shutil

import numpy as np
import torch
import transformers
from safetensors.torch import load_file, save_file
from sentence_transformers.base.modules.dense import Dense
from sentence_transformers.base.modules.normalize import Normalize
from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

from golden import models, vocab
from golden.common import GOLDEN

VARIANTS = GOLDEN / "variants"
SPECIALS = models.BERT_SPECIALS
OLD_MODULES = "sentence_transformers.models."


def tokenizer(lowercase=True):
    table = vocab.wordpiece(12, lowercase, SPECIALS, alphabet=34)
    return transformers.BertTokenizer(vocab=table, do_lower_case=lowercase, model_max_length=40)


def transformer(name, act="gelu", lowercase=True, seed=7):
    """A bare transformer directory loaded into the reference's module."""
    tok = tokenizer(lowercase)
    config = transformers.BertConfig(
        vocab_size=len(tok), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=42, hidden_act=act)
    bare = VARIANTS / (name + ".bare")
    models.randomize(transformers.BertModel(config), seed).save_pretrained(bare)
    tok.save_pretrained(bare)
    module = Transformer(str(bare))
    shutil.rmtree(bare)
    return module


def save(name, *after, **options):
    models.save_model([transformer(name, **options), *after], VARIANTS / name)
    return VARIANTS / name


def mean():
    return Pooling(16, "mean")


def link_all():
    """Replace every file that equals the one of variants/base by a symbolic link, as in a cache snapshot."""
    base = VARIANTS / "base"
    for path in sorted(VARIANTS.glob("*/**/*")):
        inner = path.relative_to(VARIANTS).parts[1:]
        same = base.joinpath(*inner)
        if base in path.parents or path.is_symlink() or not path.is_file() or not same.is_file():
            continue
        if path.read_bytes() == same.read_bytes():
            path.unlink()
            path.symlink_to("/".join([".."] * len(inner) + ["base", *inner]))


def dump(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="ascii")


def edit(path, **changes):
    value = json.loads(path.read_text())
    value.update(changes)
    dump(path, value)


def dense(seed, width, activation, **options):
    module = Dense(16, width, activation_function=activation, **options)
    return models.randomize(module, seed)


def poolings():
    for mode in ("cls", "max", "mean_sqrt_len_tokens", "weightedmean", "lasttoken"):
        save("pool-" + mode, Pooling(16, mode))
    save("pool-concat", Pooling(16, ("mean", "cls", "lasttoken")))
    save("pool-all", Pooling(16, ("cls", "max", "mean", "mean_sqrt_len_tokens", "weightedmean", "lasttoken")))


def modules():
    save("dense-tanh", mean(), dense(1, 12, torch.nn.Tanh()))
    save("dense-residual", mean(), dense(2, 12, torch.nn.ReLU(), use_residual=True))
    save("dense-nobias-normalize", mean(), dense(3, 20, torch.nn.Identity(), bias=False), Normalize())
    save("normalize", mean(), Normalize())
    path = save("prompt", Pooling(16, "mean", include_prompt=False))
    edit(path / "config_sentence_transformers.json", prompts={"query": "a man: ", "document": ""},
         default_prompt_name="query")


def old_pooling(width, **modes):
    names = ("cls_token", "mean_tokens", "max_tokens", "mean_sqrt_len_tokens")
    return {"word_embedding_dimension": width,
            **{"pooling_mode_" + n: modes.get(n, False) for n in names}}


def old_modules(path, *parts):
    dump(path / "modules.json", [
        {"idx": i, "name": str(i), "path": "" if i == 0 else "%d_%s" % (i, part), "type": OLD_MODULES + part}
        for i, part in enumerate(parts)])


def old_spelling(name, parts=("Transformer", "Pooling"), lower=False, length=24, **options):
    """As sentence-transformers 2.0 wrote it: vocab.txt, old names, old pooling keys."""
    path = save(name, mean(), **options)
    table = json.loads((path / "tokenizer.json").read_text())["model"]["vocab"]
    (path / "vocab.txt").write_text("".join(t + "\n" for t in table), encoding="utf-8")
    for file in ("tokenizer.json", "config_sentence_transformers.json"):
        (path / file).unlink()
    dump(path / "config_sentence_transformers.json", {"__version__": {
        "sentence_transformers": "2.0.0", "transformers": "4.6.1", "pytorch": "1.8.1"}})
    dump(path / "tokenizer_config.json", {
        "do_lower_case": options.get("lowercase", True), "unk_token": "[UNK]", "sep_token": "[SEP]",
        "pad_token": "[PAD]", "cls_token": "[CLS]", "mask_token": "[MASK]", "tokenize_chinese_chars": True,
        "strip_accents": None, "model_max_length": 512, "tokenizer_class": "BertTokenizer"})
    dump(path / "special_tokens_map.json", {
        "unk_token": "[UNK]", "sep_token": "[SEP]", "pad_token": "[PAD]", "cls_token": "[CLS]",
        "mask_token": "[MASK]"})
    dump(path / "sentence_bert_config.json", {"max_seq_length": length, "do_lower_case": lower})
    old_modules(path, *parts)
    dump(path / "1_Pooling" / "config.json", old_pooling(16, mean_tokens=True))
    return path


def spellings():
    old_spelling("old-vocab-txt")
    old_spelling("old-normalize-no-folder", ("Transformer", "Pooling", "Normalize"))
    path = old_spelling("old-max-cls")
    dump(path / "1_Pooling" / "config.json", old_pooling(16, cls_token=True, max_tokens=True))
    path = old_spelling("old-dense-bin", ("Transformer", "Pooling", "Dense"))
    head = dense(4, 12, torch.nn.Tanh())
    dump(path / "2_Dense" / "config.json", {
        "in_features": 16, "out_features": 12, "bias": True,
        "activation_function": "torch.nn.modules.activation.Tanh"})
    torch.save(head.state_dict(), path / "2_Dense" / "pytorch_model.bin")
    old_spelling("old-do-lower-case", lower=True, lowercase=False)
    path = save("stale-truncation", mean())
    edit(path / "tokenizer.json",
         truncation={"max_length": 6, "strategy": "LongestFirst", "stride": 0, "direction": "Right"},
         padding={"strategy": {"Fixed": 20}, "direction": "Right", "pad_to_multiple_of": None, "pad_id": 0,
                  "pad_type_id": 0, "pad_token": "[PAD]"})
    edit(path / "tokenizer_config.json", model_max_length=int(1e30))
    path = save("bare", mean())
    for name in ("modules.json", "config_sentence_transformers.json", "sentence_bert_config.json"):
        (path / name).unlink()
    shutil.rmtree(path / "1_Pooling")


def weights():
    path = save("bert-prefix-gamma", mean())
    tensors = load_file(path / "model.safetensors")
    old = {"bert." + k.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"): v
           for k, v in tensors.items()}
    old["bert.embeddings.position_ids"] = torch.arange(42).unsqueeze(0)
    old["cls.predictions.bias"] = torch.ones(len(tokenizer()))
    old["cls.seq_relationship.weight"] = torch.ones(2, 16)
    save_file(old, path / "model.safetensors", metadata={"format": "pt"})

    path = save("pytorch-bin", mean())
    (path / "model.safetensors").unlink()
    torch.save({**tensors, "embeddings.position_ids": torch.arange(42).unsqueeze(0)}, path / "pytorch_model.bin")

    for name, dtype in (("f16", torch.float16), ("bf16", torch.bfloat16)):
        path = save(name, mean())
        save_file({k: v.to(dtype) for k, v in tensors.items()}, path / "model.safetensors", metadata={"format": "pt"})
        edit(path / "config.json", dtype="float16" if name == "f16" else "bfloat16")

    path = save("sharded", mean())
    module = transformer("sharded-tmp")
    (path / "model.safetensors").unlink()
    module.model.save_pretrained(path, max_shard_size="5KB")
    for file in path.glob("*.safetensors"):
        file.chmod(0o644)


def activations():
    for act in ("gelu_new", "relu", "silu", "gelu_pytorch_tanh"):
        save("act-" + act, mean(), act=act)


def others():
    """Old configuration of ModernBERT, RoBERTa's two files, model2vec's tensors."""
    def link(name, source, skip):
        path = VARIANTS / name
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir()
        for file in sorted((models.MODELS / source).iterdir()):
            if file.name not in skip:
                (path / file.name).symlink_to("../../models/%s/%s" % (source, file.name))
        return path
    path = link("modernbert-old-config", "modernbert", {"config.json"})
    config = json.loads((models.MODELS / "modernbert" / "config.json").read_text())
    for key in ("rope_parameters", "layer_types", "dtype"):
        config.pop(key, None)
    dump(path / "config.json", {**config, "global_rope_theta": 160000.0, "local_rope_theta": 10000.0,
                                "global_attn_every_n_layers": 3, "local_attention": 8, "torch_dtype": "float32"})
    path = link("roberta-two-files", "roberta", {"tokenizer.json", "tokenizer_config.json"})
    model = json.loads((models.MODELS / "roberta" / "tokenizer.json").read_text())["model"]
    (path / "vocab.json").write_text(json.dumps(model["vocab"], ensure_ascii=False), encoding="utf-8")
    merges = "".join("%s\n" % (m if isinstance(m, str) else " ".join(m)) for m in model["merges"])
    (path / "merges.txt").write_text("#version: 0.2\n" + merges, encoding="utf-8")
    mask = {"__type": "AddedToken", "content": "<mask>", "lstrip": True, "normalized": False,
            "rstrip": False, "single_word": False, "special": True}
    dump(path / "tokenizer_config.json", {"model_max_length": 40, "add_prefix_space": False,
                                          "mask_token": mask, "tokenizer_class": "RobertaTokenizer"})
    path = link("static-model2vec", "static", {"model.safetensors"})
    rng = np.random.Generator(np.random.PCG64(5))
    count = len(json.loads((models.MODELS / "static" / "tokenizer.json").read_text())["model"]["vocab"])
    save_file({"embeddings": torch.from_numpy(rng.standard_normal((60, 8)).astype(np.float32)),
               "mapping": torch.from_numpy(rng.integers(0, 60, count)),
               "weights": torch.from_numpy(rng.uniform(0.1, 2, count).astype(np.float32))},
              path / "model.safetensors")


def run():
    shutil.rmtree(VARIANTS, ignore_errors=True)
    os.makedirs(VARIANTS)
    save("base", mean())
    for part in (poolings, modules, spellings, weights, activations, others):
        part()
    link_all()
    print("variants: %d" % len(list(VARIANTS.iterdir())))
