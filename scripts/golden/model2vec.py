"""model2vec's own layout (no modules.json): tables of every number format, and what it encodes."""

import json
import shutil

import numpy as np
from golden import texts
from golden.common import GOLDEN, numbers, write_json
from model2vec import StaticModel
from model2vec.model import quantize_model
from tokenizers import Tokenizer

DIRECTORY = GOLDEN / "model2vec"
WIDTH = 8
UNKNOWN = "A man sings \u2603 loudly."

# name: (how its table is made, what its config.json says besides)
KINDS = {
    "float32": ({}, {"normalize": True}),
    "float16": ({"quantize_to": "float16"}, {}),
    "float64": ({"quantize_to": "float64"}, {"normalize": True, "model_type": "model2vec"}),
    "int8": ({"quantize_to": "int8"}, {"normalize": True}),
    "shared-int8": ({"quantize_to": "int8", "vocabulary_quantization": 30}, {"normalize": True}),
}


def save(name, model, config):
    path = DIRECTORY / name
    model.save_pretrained(path)
    for unused in ("modules.json", "README.md", "tokenizer.json"):
        (path / unused).unlink()
    shutil.copy(GOLDEN / "models" / "static" / "tokenizer.json", path)
    kept = json.loads((path / "config.json").read_text())
    kept = {key: kept[key] for key in ("embedding_dtype", "vocabulary_quantization") if key in kept}
    (path / "config.json").write_text(json.dumps({**config, **kept}, indent=4), encoding="utf-8")
    return path


def run():
    shutil.rmtree(DIRECTORY, ignore_errors=True)
    tokenizer = Tokenizer.from_file(str(GOLDEN / "models" / "static" / "tokenizer.json"))
    rng = np.random.Generator(np.random.PCG64(7))
    vectors = rng.standard_normal((tokenizer.get_vocab_size(), WIDTH)).astype(np.float32)
    few = [texts.SENTENCES[i] for i in (0, 2, 5, 8)]
    for name, (table, config) in KINDS.items():
        model = StaticModel(vectors, tokenizer, normalize=config.get("normalize", False))
        path = save(name, quantize_model(model, **table) if table else model, config)
        loaded = StaticModel.from_pretrained(path)
        loaded.embedding = loaded.embedding.astype(np.float64)
        sentences = few + [UNKNOWN] if "normalize" in config else few
        unknown = [loaded.unk_token_id in loaded.tokenizer.encode(s, add_special_tokens=False).ids
                   for s in sentences]
        assert "normalize" in config or not any(unknown), "without it lengths would differ"
        write_json(DIRECTORY / (name + ".json"),
                   {"max_seq_length": None, "dimension": WIDTH, "sentences": sentences,
                    "embeddings": numbers(loaded.encode(sentences))})
        print("model2vec/%s.json: unknown tokens in %d" % (name, sum(unknown)))
