#!/usr/bin/env python3
"""Write tests/golden: what the reference libraries say, for the tests to compare with.

    python scripts/golden.py [PART...]      all parts but minilm, model2vec and isotonic when none is named

Python 3.11 with sentence-transformers 6.2.0, transformers 5.23.0, tokenizers 0.23.3,
torch 2.13.0, numpy 2.4.6, scipy 1.17.1, safetensors 0.8.0, sentencepiece 0.2.3;
model2vec 0.10.0 and scikit-learn for model2vec, scikit-learn for isotonic.
Deterministic: the same versions write the same bytes but for the last digits of floats.
"""

import importlib
import sys

from golden import common

PARTS = ["texts", "corpus", "metrics", "classes", "quantized", "losses", "dev_loss", "models", "variants",
         "encode", "curves", "methods", "tokens"]
EXTRA = ["minilm", "model2vec", "isotonic"]


def main():
    names = sys.argv[1:] or PARTS
    for name in names:
        if name not in PARTS + EXTRA:
            sys.exit("golden: no part '%s', there are: %s" % (name, " ".join(PARTS + EXTRA)))
    common.write_json(common.GOLDEN / "VERSIONS.json", common.versions())
    for name in names:
        importlib.import_module("golden." + name).run()


if __name__ == "__main__":
    main()
