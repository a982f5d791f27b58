"""Tiny random models of every architecture, written by the reference libraries."""

import os
import shutil

import numpy as np
import torch
import transformers
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import (
    Pooling, StaticEmbedding, Transformer)
from tokenizers import Tokenizer

from golden import vocab
from golden.common import GOLDEN

torch.set_num_threads(1)
transformers.utils.logging.set_verbosity_error()
transformers.utils.logging.disable_progress_bar()
MODELS = GOLDEN / "models"
MAX_LENGTH = 40

BERT_SPECIALS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
ROBERTA_SPECIALS = ("<s>", "<pad>", "</s>", "<unk>")


def common_config(**more):
    """Sizes of a tiny post-norm encoder; 44 positions for 40 tokens."""
    base = dict(hidden_size=24, num_hidden_layers=2, num_attention_heads=3, intermediate_size=48,
                max_position_embeddings=44)
    return {**base, **more}


def bert_tokenizer(lowercase=True, merges=90):
    return transformers.BertTokenizer(
        vocab=vocab.wordpiece(merges, lowercase, BERT_SPECIALS), do_lower_case=lowercase,
        model_max_length=MAX_LENGTH)


def bert():
    tok = bert_tokenizer()
    return tok, transformers.BertModel(transformers.BertConfig(vocab_size=len(tok), **common_config()))


def distilbert():
    tok = bert_tokenizer(lowercase=False)
    config = transformers.DistilBertConfig(
        vocab_size=len(tok), dim=24, n_layers=2, n_heads=3, hidden_dim=48, max_position_embeddings=44)
    return tok, transformers.DistilBertModel(config)


def electra():
    tok = bert_tokenizer()
    config = transformers.ElectraConfig(vocab_size=len(tok), embedding_size=16, **common_config())
    return tok, transformers.ElectraModel(config)


def mpnet():
    vocabulary = vocab.wordpiece(90, True, ("<s>", "<pad>", "</s>", "<unk>", "[UNK]"))
    vocabulary["<mask>"] = len(vocabulary)
    tok = transformers.MPNetTokenizer(vocab=vocabulary, model_max_length=MAX_LENGTH)
    config = transformers.MPNetConfig(vocab_size=len(tok), **common_config(), pad_token_id=1,
                                      bos_token_id=0, eos_token_id=2)
    return tok, transformers.MPNetModel(config)


def roberta():
    vocabulary, merges = vocab.byte_bpe(90, ROBERTA_SPECIALS)
    vocabulary = dict(vocabulary)
    vocabulary["<mask>"] = len(vocabulary)
    tok = transformers.RobertaTokenizer(vocab=vocabulary, merges=merges, model_max_length=MAX_LENGTH,
                                        mask_token=transformers.AddedToken("<mask>", lstrip=True, special=True))
    config = transformers.RobertaConfig(vocab_size=len(tok), type_vocab_size=1, pad_token_id=1,
                                        bos_token_id=0, eos_token_id=2, layer_norm_eps=1e-5,
                                        **common_config())
    return tok, transformers.RobertaModel(config)


def xlmr():
    pieces, raw = vocab.unigram(260, "nmt_nfkc")
    table = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0)] + pieces + [("<mask>", 0.0)]
    tok = transformers.XLMRobertaTokenizer(
        vocab=table, _spm_precompiled_charsmap=raw, model_max_length=MAX_LENGTH,
        mask_token=transformers.AddedToken("<mask>", lstrip=True, special=True))
    config = transformers.XLMRobertaConfig(vocab_size=len(tok), type_vocab_size=1, pad_token_id=1,
                                           bos_token_id=0, eos_token_id=2, layer_norm_eps=1e-5,
                                           **common_config())
    return tok, transformers.XLMRobertaModel(config)


def camembert():
    pieces, raw = vocab.unigram(260)
    table = [("<s>NOTUSED", 0.0), ("<pad>", 0.0), ("</s>NOTUSED", 0.0), ("<unk>", 0.0),
             ("<unk>NOTUSED", -100.0), ("<s>", 0.0), ("</s>", 0.0)] + pieces + [("<mask>", 0.0)]
    tok = transformers.CamembertTokenizer(vocab=table, _spm_precompiled_charsmap=raw,
                                          model_max_length=MAX_LENGTH)
    config = transformers.CamembertConfig(vocab_size=len(tok), type_vocab_size=1, pad_token_id=1,
                                          bos_token_id=5, eos_token_id=6, layer_norm_eps=1e-5,
                                          **common_config())
    return tok, transformers.CamembertModel(config)


def albert():
    pieces, raw = vocab.unigram(260)
    table = [("<pad>", 0.0), ("<unk>", 0.0), ("[CLS]", 0.0), ("[SEP]", 0.0), ("[MASK]", 0.0)] + pieces
    tok = transformers.AlbertTokenizer(
        vocab=table, _spm_precompiled_charsmap=raw, model_max_length=MAX_LENGTH,
        mask_token=transformers.AddedToken("[MASK]", lstrip=True, special=True))
    config = transformers.AlbertConfig(
        vocab_size=len(tok), embedding_size=16, pad_token_id=0, bos_token_id=2, eos_token_id=3,
        **common_config(num_hidden_layers=3))
    return tok, transformers.AlbertModel(config)


def modernbert_tokenizer():
    """Byte-level BPE with NFC, a BERT template and added white-space tokens, as on the hub."""
    from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, processors
    vocabulary, merges = vocab.byte_bpe(90, ("|||IP_ADDRESS|||", "<|padding|>"))
    tok = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    tok.normalizer = normalizers.NFC()
    tok.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tok.add_special_tokens([AddedToken("<|padding|>", normalized=False, special=True)])
    tok.add_tokens([AddedToken(" " * n, normalized=True, special=False) for n in (6, 5, 4, 3, 2)])
    tok.add_special_tokens([AddedToken(t, special=True, normalized=False, lstrip=t == "[MASK]")
                            for t in ("[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]")])
    ids = [(t, tok.token_to_id(t)) for t in ("[CLS]", "[SEP]")]
    tok.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=ids)
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=tok, unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]",
        pad_token="[PAD]", mask_token="[MASK]", model_max_length=MAX_LENGTH,
        model_input_names=["input_ids", "attention_mask"])


def modernbert():
    tok = modernbert_tokenizer()
    config = transformers.ModernBertConfig(
        vocab_size=len(tok), **common_config(num_hidden_layers=4, intermediate_size=32), local_attention=8,
        global_attn_every_n_layers=3, pad_token_id=tok.pad_token_id, cls_token_id=tok.cls_token_id,
        sep_token_id=tok.sep_token_id, bos_token_id=tok.cls_token_id, eos_token_id=tok.sep_token_id)
    return tok, transformers.ModernBertModel(config)


ARCHITECTURES = {f.__name__: f for f in (
    bert, mpnet, roberta, xlmr, camembert, distilbert, electra, albert, modernbert)}


def randomize(model, seed):
    """Every tensor random, biases and norms too, so that nothing hides behind 0 or 1."""
    rng = np.random.Generator(np.random.PCG64(seed))
    with torch.no_grad():
        for name, p in sorted(model.named_parameters()):
            values = rng.standard_normal(tuple(p.shape))
            is_norm = p.dim() == 1 and "norm" in name.lower() and name.endswith("weight")
            scale = 0.2 if p.dim() == 1 else 0.6 if "embed" in name else 0.3
            p.copy_(torch.from_numpy((1.0 if is_norm else 0.0) + scale * values).float())
    return model


def save_model(modules, path):
    """Save through sentence-transformers, then drop the model card (no use in the tests)."""
    shutil.rmtree(path, ignore_errors=True)
    SentenceTransformer(modules=modules, device="cpu").save(str(path), create_model_card=False)


def build(name, seed):
    """A transformer directory as transformers writes it, wrapped by sentence-transformers."""
    tok, model = ARCHITECTURES[name]()
    bare = MODELS / (name + ".bare")
    randomize(model, seed).save_pretrained(bare)
    tok.save_pretrained(bare)
    transformer = Transformer(str(bare))
    save_model([transformer, Pooling(transformer.get_embedding_dimension(), "mean")], MODELS / name)
    shutil.rmtree(bare)


def build_static():
    vocabulary = vocab.wordpiece(90, True, BERT_SPECIALS)
    tok = Tokenizer.from_str(bert_tokenizer().backend_tokenizer.to_str())
    rng = np.random.Generator(np.random.PCG64(99))
    weights = rng.standard_normal((len(vocabulary), 24)).astype(np.float32)
    save_model([StaticEmbedding(tok, embedding_weights=weights)], MODELS / "static")


def run():
    os.makedirs(MODELS, exist_ok=True)
    for i, name in enumerate(ARCHITECTURES):
        build(name, 1000 + i)
    build_static()
    for path in sorted(MODELS.iterdir()):
        size = sum(f.stat().st_size for f in path.rglob("*") if f.is_file() and not f.is_symlink())
        print("models/%s: %d KB" % (path.name, size // 1024))
