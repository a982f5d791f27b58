"""Tiny vocabularies, trained on our own sentences."""

import collections
import functools
import io
import tempfile

import sentencepiece
from sentencepiece import sentencepiece_model_pb2
from tokenizers import normalizers, pre_tokenizers

from golden import corpus, texts

# A small normaliser for sentencepiece: the form of the real one without its 300 KB.
SMALL_RULES = {
    "\u00a0": " ", "\u3000": " ", "\t": " ", "\n": " ", "\r": " ", "\u2028": " ", "\u200b": "",
    "\u00ad": "", "\ufb01": "fi", "\ufb02": "fl", "\u00bd": "1\u20442", "\u2460": "1", "\u2461": "2",
    "\uff21": "A", "\uff22": "B", "\uff23": "C", "\uff41": "a", "\uff11": "1", "\uff01": "!",
    "e\u0301": "\u00e9", "a\u0308": "\u00e4", "\u1100\u1161": "\uac00", "\u1100\u1161\u11a8": "\uac01",
    "\u304b\u3099": "\u304c", "\uff76\uff9e": "\u30ac", "\uff76": "\u30ab", "\u2126": "\u03a9",
    "\u2026": "...", "\u212b": "\u00c5", "\x01": "", "\x7f": "", "\U0001d400": "A",
}
MULTILINGUAL = [s for s in corpus.PLAIN if s]


def sentences():
    """Training text for every vocabulary: mostly the pairs, a little of the corpus."""
    out = []
    for _, a, b in texts.make_pairs():
        out += [a, b]
    return out * 2 + [s for s in texts.SENTENCES if s] + MULTILINGUAL


def word_counts(normalizer, pre_tokenizer):
    counts = collections.Counter()
    for line in sentences():
        text = normalizer.normalize_str(line) if normalizer else line
        counts.update(word for word, _ in pre_tokenizer.pre_tokenize_str(text))
    return counts


def alphabet_of(counts, limit):
    """The most frequent characters, in code point order."""
    chars = collections.Counter()
    for word, n in counts.items():
        for c in word:
            chars[c] += n
    return sorted(sorted(chars, key=lambda c: (-chars[c], c))[:limit])


def train_merges(counts, prefix, wanted, alphabet):
    """Plain BPE training with ties broken by spelling: the library's own breaks them at random."""
    words = [([w[0]] + [prefix + c for c in w[1:]], n) for w, n in sorted(counts.items())
             if all(c in alphabet for c in w)]
    merges = []
    while len(merges) < wanted:
        pairs = collections.Counter()
        for parts, n in words:
            for pair in zip(parts, parts[1:]):
                pairs[pair] += n
        if not pairs:
            break
        best = min(pairs, key=lambda p: (-pairs[p], p))
        merges.append(best)
        words = [(merge_word(parts, best, prefix), n) for parts, n in words]
    return merges


def merge_word(parts, pair, prefix):
    out = []
    for part in parts:
        if out and (out[-1], part) == pair:
            out[-1] = out[-1] + part[len(prefix):]
        else:
            out.append(part)
    return out


def numbered(tokens):
    return {token: i for i, token in enumerate(dict.fromkeys(tokens))}


@functools.cache
def wordpiece(merges, lowercase, specials, alphabet=60):
    """An ordered WordPiece vocabulary {token: id}, special tokens first."""
    counts = word_counts(normalizers.BertNormalizer(lowercase=lowercase),
                         pre_tokenizers.BertPreTokenizer())
    chars = alphabet_of(counts, alphabet)
    pairs = train_merges(counts, "##", merges, set(chars))
    return numbered(list(specials) + chars + ["##" + c for c in chars]
                    + [a + b[2:] for a, b in pairs])


@functools.cache
def byte_bpe(merges, specials):
    """(vocab, merges) of a byte-level BPE; all 256 bytes are in the alphabet."""
    counts = word_counts(None, pre_tokenizers.ByteLevel(add_prefix_space=True))
    chars = sorted(pre_tokenizers.ByteLevel.alphabet())
    pairs = train_merges(counts, "", merges, set(chars))
    return numbered(list(specials) + chars + [a + b for a, b in pairs]), pairs


@functools.cache
def char_bpe(merges, specials, alphabet=90):
    """(vocab, merges) of a BPE over characters with the metaspace in place of blanks."""
    counts = word_counts(None, pre_tokenizers.Metaspace())
    chars = alphabet_of(counts, alphabet)
    pairs = train_merges(counts, "", merges, set(chars))
    return numbered(list(specials) + chars + [a + b for a, b in pairs]), pairs


@functools.cache
def unigram(size, rule="small"):
    """(pieces with scores, charsmap bytes) as sentencepiece trains them, its specials left out."""
    with tempfile.TemporaryDirectory() as tmp:
        kwargs = {"normalization_rule_name": rule}
        if rule == "small":
            path = tmp + "/rules.tsv"
            with open(path, "w", encoding="ascii") as f:
                for src, dst in sorted(SMALL_RULES.items()):
                    hexes = [" ".join("%04X" % ord(c) for c in s) for s in (src, dst)]
                    f.write("%s\t%s\n" % tuple(hexes))
            kwargs = {"normalization_rule_tsv": path}
        out = io.BytesIO()
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(sentences() * 2 + sentences()[:384] * 8), model_writer=out, vocab_size=size,
            model_type="unigram", character_coverage=0.985, hard_vocab_limit=False,
            num_threads=1, minloglevel=2, **kwargs)
    proto = sentencepiece_model_pb2.ModelProto()
    proto.ParseFromString(out.getvalue())
    pieces = [(p.piece, p.score) for p in proto.pieces if p.type in (1, 6)]
    return pieces, proto.normalizer_spec.precompiled_charsmap
