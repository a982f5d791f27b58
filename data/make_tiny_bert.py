#!/usr/bin/env python3
"""Writes tiny-bert/: a BERT of 32 units and random weights, as sentence-transformers saves it.

Needs sentence-transformers (written with 6.2). It knows nothing; it is for tests and trials
offline. A vocab.txt that is there is kept: learning it anew breaks ties as chance has it.
"""
import glob
import json
import os
import shutil
import tempfile

import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from sentence_transformers import SentenceTransformer, models as st
from transformers import BertConfig, BertModel, BertTokenizerFast

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "tiny-bert")
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
VOCABULARY, LENGTH, SEED = 1000, 64, 42


def learn_vocabulary(path):
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    trainer = trainers.WordPieceTrainer(vocab_size=VOCABULARY, special_tokens=SPECIAL,
                                        min_frequency=2)
    lines = [line.rstrip("\n").split("\t") for name in ("sts-train.tsv", "sts-dev.tsv")
             for line in open(os.path.join(HERE, name), encoding="utf-8")]
    tokenizer.train_from_iterator([text for line in lines for text in line[5:7]], trainer)
    order = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    with open(path, "w", encoding="utf-8") as out:
        out.writelines(token + "\n" for token, _ in order)


def read_vocabulary(path):
    with open(path, encoding="utf-8") as lines:
        return {token.rstrip("\n"): i for i, token in enumerate(lines)}


def random_bert(size):
    torch.manual_seed(SEED)
    bert = BertModel(BertConfig(vocab_size=size, hidden_size=32, num_hidden_layers=2,
                                num_attention_heads=4, intermediate_size=64,
                                max_position_embeddings=LENGTH, initializer_range=0.1))
    with torch.no_grad():               # no bias stays zero and no gain stays one: mistakes show
        for name, value in bert.named_parameters():
            if name.endswith("bias") or "LayerNorm" in name:
                value.add_(0.05 * torch.randn_like(value))
    return bert


def main():
    with tempfile.TemporaryDirectory() as part:
        path = os.path.join(part, "vocab.txt")
        if os.path.exists(os.path.join(OUT, "vocab.txt")):
            shutil.copy(os.path.join(OUT, "vocab.txt"), path)
        else:
            learn_vocabulary(path)
        vocabulary = read_vocabulary(path)
        random_bert(len(vocabulary)).save_pretrained(part)
        tokenizer = BertTokenizerFast(vocab=vocabulary, do_lower_case=True, model_max_length=LENGTH)
        tokenizer.save_pretrained(part)
        bert = st.Transformer(part, max_seq_length=LENGTH)
        shutil.rmtree(OUT, ignore_errors=True)
        SentenceTransformer(modules=[bert, st.Pooling(32, "mean")], device="cpu").save(
            OUT, create_model_card=False)
        shutil.copy(path, OUT)
    os.chmod(os.path.join(OUT, "model.safetensors"), 0o644)
    for name in glob.glob(os.path.join(OUT, "*.json")):       # no path of this machine may go out
        data = json.load(open(name, encoding="utf-8"))
        assert part not in json.dumps(data), name


if __name__ == "__main__":
    main()
