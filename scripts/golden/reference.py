"""Loading the tiny models in float64 and running them as sentence-transformers does."""

import logging

import torch
import transformers
from sentence_transformers import SentenceTransformer

torch.set_num_threads(1)
transformers.utils.logging.disable_progress_bar()
logging.getLogger("sentence_transformers").setLevel(logging.ERROR)


def load(path):
    """Double weights, evaluation mode (dropout 0)."""
    return SentenceTransformer(str(path), device="cpu").double().eval()


def token_ids(model, text):
    """The ids that reach the encoder for one text, truncation included, no padding."""
    return model.preprocess([text])["input_ids"].flatten().tolist()


def embed(model, texts, prompt=None):
    with torch.no_grad():
        out = model.encode(texts, prompt=prompt, convert_to_tensor=True, show_progress_bar=False, batch_size=4)
    assert out.dtype == torch.float64, out.dtype
    return out


def features(model, texts, prompt=None):
    return model.preprocess(texts, prompt=prompt)


def tensor_names(model):
    """[(name, parameter)], named as in the directory's files: 2_Dense/linear.weight."""
    out = []
    for index, (key, module) in enumerate(model.named_children()):
        inner = module.model if hasattr(module, "model") else module
        prefix = "" if index == 0 else "%d_%s/" % (index, type(module).__name__)
        out += [(prefix + name, p) for name, p in inner.named_parameters()]
    return out
