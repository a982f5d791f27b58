"""Tokenizers of every shape over the corpus: tokenizer.json in, ids out, by the tokenizers library."""

import json

from tokenizers import (AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors)

from golden import corpus, vocab
from golden.common import GOLDEN, write_ids

# Models whose tokenizer is none of the others here (distilbert is bert-cased, the rest bert-uncased).
OWN = ("albert", "camembert", "modernbert", "mpnet", "roberta", "xlmr")
BERT = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
GPT2 = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
CL100K = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|"
          r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
QWEN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}|"
        r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")


def cls_sep(tok, cls="[CLS]", sep="[SEP]"):
    tok.post_processor = processors.TemplateProcessing(
        single="%s $A %s" % (cls, sep), pair="%s $A %s $B:1 %s:1" % (cls, sep, sep),
        special_tokens=[(t, tok.token_to_id(t)) for t in (cls, sep)])
    return tok


def wordpiece(normalizer=None, pre=None, lowercase=True, post=cls_sep, **options):
    tok = Tokenizer(models.WordPiece(vocab.wordpiece(90, lowercase, BERT), unk_token="[UNK]", **options))
    if normalizer:
        tok.normalizer = normalizer
    tok.pre_tokenizer = pre or pre_tokenizers.BertPreTokenizer()
    tok.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in BERT])
    return post(tok) if post else tok


def byte_level(add_prefix_space=False, pre=None, normalizer=None, **options):
    vocabulary, merges = vocab.byte_bpe(90, ("<s>", "<pad>", "</s>", "<unk>", "<mask>"))
    tok = Tokenizer(models.BPE(**{"vocab": vocabulary, "merges": merges, **options}))
    tok.pre_tokenizer = pre or pre_tokenizers.ByteLevel(add_prefix_space=add_prefix_space)
    if normalizer:
        tok.normalizer = normalizer
    return tok


def known_words():
    """The byte vocabulary and some whole words that no merge reaches."""
    vocabulary, _ = vocab.byte_bpe(90, ("<s>", "<pad>", "</s>", "<unk>", "<mask>"))
    words = ["\u0120fox", "\u0120jumps", "quick", "\u0120\u0120", "...", "word", "xx", "\u00c3\u00a9t\u00c3\u00a9"]
    return {**vocabulary, **{w: len(vocabulary) + i for i, w in enumerate(words)}}


def roberta_specials(tok, lstrip=True):
    tok.add_special_tokens([AddedToken(t, special=True, normalized=True, lstrip=lstrip and t == "<mask>")
                            for t in ("<s>", "<pad>", "</s>", "<unk>", "<mask>")])
    return tok


def roberta_post(tok, trim_offsets=True, add_prefix_space=False):
    tok.post_processor = processors.RobertaProcessing(
        ("</s>", 2), ("<s>", 0), trim_offsets=trim_offsets, add_prefix_space=add_prefix_space)
    return tok


def unigram(normalizer="charsmap", pre=None, byte_fallback=False, unk_id=0, size=260):
    pieces, raw = vocab.unigram(size)
    table = [("<unk>", 0.0), ("<s>", 0.0), ("</s>", 0.0)] + pieces
    if byte_fallback:
        table += [("<0x%02X>" % b, -12.0) for b in range(256)]
    tok = Tokenizer(models.Unigram(table, unk_id=unk_id, byte_fallback=byte_fallback))
    if normalizer == "charsmap":
        normalizer = normalizers.Precompiled(raw)
    if normalizer:
        tok.normalizer = normalizer
    tok.pre_tokenizer = pre or pre_tokenizers.Metaspace()
    return tok


def llama(fuse_unk=True, byte_fallback=True, normalizer=None, pre=None, **options):
    specials = ("<unk>", "<s>", "</s>") + tuple("<0x%02X>" % b for b in range(256) if byte_fallback)
    vocabulary, merges = vocab.char_bpe(120, specials)
    tok = Tokenizer(models.BPE(vocab=vocabulary, merges=merges, unk_token="<unk>", fuse_unk=fuse_unk,
                               byte_fallback=byte_fallback, **options))
    if normalizer:
        tok.normalizer = normalizer
    if pre:
        tok.pre_tokenizer = pre
    tok.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in ("<unk>", "<s>", "</s>")])
    return tok


def words(normalizer, pre, unk="[UNK]"):
    """A word list over what this very pipeline makes of the corpus: every second word is known."""
    tok = Tokenizer(models.WordLevel({"x": 0}, unk_token="x"))
    if normalizer:
        tok.normalizer = normalizer
    if pre:
        tok.pre_tokenizer = pre
    seen = {}
    for line in corpus.build():
        text = normalizer.normalize_str(line) if normalizer else line
        for word, _ in pre.pre_tokenize_str(text) if pre else [(text, None)]:
            seen[word] = True
    known = [w for i, w in enumerate(sorted(seen, key=lambda w: (len(w), w))[:260]) if i % 2 == 0]
    tok.model = models.WordLevel(vocab.numbered([unk] + known), unk_token=unk)
    return tok


def lengths(normalizer, pre):
    """A byte BPE without merges behind a split: an id a byte, and split points shown by a marker."""
    pre = pre_tokenizers.Sequence([pre, pre_tokenizers.Metaspace(replacement="|", prepend_scheme="always",
                                                                 split=False),
                                   pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    return bytes_only(pre, normalizer)


def bytes_only(pre, normalizer=None):
    vocabulary, _ = vocab.byte_bpe(0, ("<s>", "<pad>", "</s>", "<unk>", "<mask>"))
    return byte_level(pre=pre, normalizer=normalizer, vocab=vocabulary, merges=[])


def added(tok):
    """Added tokens in every combination of single_word, lstrip, rstrip and normalized."""
    names = {"solo": dict(single_word=True), "left": dict(lstrip=True), "right": dict(rstrip=True),
             "both": dict(lstrip=True, rstrip=True), "plain": {}}
    extra = []
    for i, (name, flags) in enumerate(names.items()):
        extra.append(AddedToken(name, normalized=True, **flags))
        extra.append(AddedToken(name.upper(), normalized=False, **flags))
    extra += [AddedToken("caf\u00e9tag", normalized=True), AddedToken("\u00e9l\u00e8ve", normalized=False),
              AddedToken("NewTok", normalized=True), AddedToken("new tok", normalized=True),
              AddedToken("<tok>", normalized=False, single_word=True, lstrip=True, rstrip=True),
              AddedToken("word1", normalized=True, single_word=True, rstrip=True),
              AddedToken("word2", normalized=True, single_word=True, lstrip=True)]
    tok.add_tokens(extra)
    tok.add_special_tokens([AddedToken("<|endoftext|>", special=True, normalized=False),
                            AddedToken("<cls>", special=True, normalized=True, lstrip=True)])
    return tok


def bert_normalizer(**options):
    return normalizers.BertNormalizer(**{**dict(lowercase=True), **options})


def template_zoo(tok):
    ids = {t: tok.token_to_id(t) for t in BERT}
    tok.post_processor = processors.TemplateProcessing(
        single="[CLS] [MASK] $A:0 [SEP]:1 [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", ids["[CLS]"]), ("[SEP]", ids["[SEP]"]), ("[MASK]", ids["[MASK]"])])
    return tok


def bert_post(tok):
    tok.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    return tok


def two_posts(tok):
    tok.post_processor = processors.Sequence([
        processors.ByteLevel(trim_offsets=True),
        processors.TemplateProcessing(single="<s> $A </s>", pair="<s> $A </s> $B </s>",
                                      special_tokens=[("<s>", 0), ("</s>", 2)])])
    return tok


def bert_family():
    n, p = normalizers, pre_tokenizers
    return {
        "bert-uncased": lambda: wordpiece(bert_normalizer()),
        "bert-cased": lambda: wordpiece(bert_normalizer(lowercase=False), lowercase=False),
        "bert-lower-keep-accents": lambda: wordpiece(bert_normalizer(strip_accents=False)),
        "bert-cased-strip-accents": lambda: wordpiece(
            bert_normalizer(lowercase=False, strip_accents=True), lowercase=False),
        "bert-no-cjk": lambda: wordpiece(bert_normalizer(handle_chinese_chars=False)),
        "bert-no-clean": lambda: wordpiece(bert_normalizer(clean_text=False)),
        "bert-added": lambda: added(wordpiece(bert_normalizer())),
        "bert-added-cased": lambda: added(wordpiece(bert_normalizer(lowercase=False), lowercase=False)),
        "bert-bertprocessing": lambda: wordpiece(bert_normalizer(), post=bert_post),
        "bert-template": lambda: wordpiece(bert_normalizer(), post=template_zoo),
        "bert-no-post": lambda: wordpiece(bert_normalizer(), post=None),
        "wordpiece-options": lambda: wordpiece(
            n.Lowercase(), p.Whitespace(), max_input_chars_per_word=12, continuing_subword_prefix="##"),
    }


def bpe_family():
    n, p = normalizers, pre_tokenizers
    meta = n.Sequence([n.Prepend("\u2581"), n.Replace(" ", "\u2581")])
    return {
        "roberta": lambda: roberta_post(roberta_specials(byte_level(False))),
        "roberta-prefix-space": lambda: roberta_post(roberta_specials(byte_level(True)), True, True),
        "roberta-no-trim": lambda: roberta_post(roberta_specials(byte_level(False), False), False, False),
        "roberta-added": lambda: added(roberta_post(roberta_specials(byte_level(True)))),
        "bytelevel-no-regex": lambda: byte_level(pre=p.ByteLevel(add_prefix_space=True, use_regex=False)),
        "bytelevel-ignore-merges": lambda: byte_level(ignore_merges=True, vocab=known_words()),
        "bytelevel-nfc-two-posts": lambda: two_posts(byte_level(normalizer=n.NFC())),
        "llama-prepend": lambda: llama(normalizer=meta),
        "llama-metaspace-first": lambda: llama(pre=p.Metaspace(prepend_scheme="first", split=False)),
        "bpe-metaspace-always": lambda: llama(pre=p.Metaspace(prepend_scheme="always")),
        "bpe-metaspace-never": lambda: llama(byte_fallback=False, pre=p.Metaspace(prepend_scheme="never")),
        "bpe-no-fuse-unk": lambda: llama(fuse_unk=False, byte_fallback=False, pre=p.Metaspace()),
        "bpe-fuse-unk": lambda: llama(byte_fallback=False, pre=p.WhitespaceSplit()),
        "llama-added": lambda: added(llama(normalizer=meta)),
    }


def unigram_family():
    n, p = normalizers, pre_tokenizers
    always = p.Metaspace(prepend_scheme="always")
    return {
        "unigram-charsmap": unigram,
        "unigram-first": lambda: added(unigram(pre=p.Metaspace(prepend_scheme="first"))),
        "unigram-never-split": lambda: unigram(pre=p.Metaspace(prepend_scheme="never", split=False)),
        "unigram-always-nosplit": lambda: unigram(
            normalizer=n.Replace("  ", "\u2581 "), pre=p.Metaspace(prepend_scheme="always", split=False)),
        "unigram-whitespace-split": lambda: unigram(pre=p.Sequence([p.WhitespaceSplit(), always])),
        "unigram-no-normalizer": lambda: unigram(normalizer=None),
        "unigram-byte-fallback": lambda: unigram(byte_fallback=True),
        "unigram-t5": lambda: unigram(normalizer=n.Sequence([
            n.Precompiled(vocab.unigram(260)[1]), n.Replace(Regex(" {2,}"), "\u2581")])),
        "unigram-strip-replace": lambda: unigram(normalizer=n.Sequence([
            n.Precompiled(vocab.unigram(260)[1]), n.Strip(left=False, right=True),
            n.Replace(Regex(" {2,}"), "\u2581")])),
        "unigram-albert": lambda: unigram(normalizer=n.Sequence([
            n.Replace("``", '"'), n.Replace("''", '"'), n.NFKD(), n.StripAccents(), n.Lowercase(),
            n.Precompiled(vocab.unigram(260)[1])]), pre=p.Sequence([p.WhitespaceSplit(), always])),
    }


def normalizer_family():
    n, p = normalizers, pre_tokenizers
    chains = {
        "nfc": n.NFC(), "nfd": n.NFD(), "nfkc": n.NFKC(), "nfkd": n.NFKD(), "lowercase": n.Lowercase(),
        "nfd-lowercase-stripaccents": n.Sequence([n.NFD(), n.Lowercase(), n.StripAccents()]),
        "stripaccents": n.StripAccents(), "strip": n.Strip(), "prepend": n.Prepend("<<"),
        "replace": n.Sequence([n.Replace("the", "THE"), n.Replace(" ", "_"), n.Replace("aa", "b")]),
        "replace-regex": n.Sequence([n.Replace(Regex(r"\s+"), " "), n.Replace(Regex(r"\p{N}"), "#"),
                                     n.Replace(Regex("(a|e)+"), "")]),
        "nmt": n.Nmt(),
        "nfkc-lower-nfkc": n.Sequence([n.NFKC(), n.Lowercase(), n.NFKC()]),
    }
    return {"normalizer-" + k: (lambda v=v: bytes_only(
        p.ByteLevel(add_prefix_space=False, use_regex=False), v)) for k, v in chains.items()}


def pre_tokenizer_family():
    n, p = normalizers, pre_tokenizers
    out = {
        "wordlevel-whitespace": lambda: words(None, p.Whitespace()),
        "wordlevel-whitespace-split": lambda: words(n.NFKC(), p.WhitespaceSplit()),
        "wordlevel-punctuation": lambda: words(n.Lowercase(), p.Sequence([p.WhitespaceSplit(), p.Punctuation()])),
        "pre-whitespace": lambda: lengths(None, p.Whitespace()),
        "pre-whitespace-split": lambda: lengths(None, p.WhitespaceSplit()),
        "pre-bert": lambda: lengths(None, p.BertPreTokenizer()),
        "pre-digits": lambda: lengths(None, p.Digits(False)),
        "pre-digits-individual": lambda: lengths(None, p.Digits(True)),
        "pre-chardelimiter": lambda: lengths(None, p.CharDelimiterSplit("a")),
        "pre-unicodescripts": lambda: lengths(None, p.UnicodeScripts()),
        "split-string": lambda: lengths(None, p.Split(" ", "removed")),
        "split-gpt2": lambda: lengths(None, p.Split(Regex(GPT2), "isolated")),
        "split-cl100k-invert": lambda: lengths(None, p.Split(Regex(CL100K), "removed", True)),
        "split-qwen-nfc": lambda: lengths(n.NFC(), p.Split(Regex(QWEN), "isolated")),
        "pre-bytelevel": lambda: lengths(None, p.ByteLevel(add_prefix_space=True)),
    }
    for behavior in ("removed", "isolated", "merged_with_previous", "merged_with_next", "contiguous"):
        key = behavior.replace("_", "-")
        out["punctuation-" + key] = lambda b=behavior: lengths(None, p.Punctuation(b))
        out["split-" + key] = lambda b=behavior: lengths(None, p.Split(Regex(r"[aeiou\s]"), b))
        if behavior == "contiguous":
            continue  # with a greedy pattern the same as isolated
        out["split-invert-" + key] = lambda b=behavior: lengths(None, p.Split(Regex(r"[\p{L}\p{M}]+"), b, True))
    return out


def encode(tok, lines):
    tok.no_truncation()
    tok.no_padding()
    return [tok.encode(line, add_special_tokens=True).ids for line in lines]


def write(name, tok, lines):
    """The pipeline compactly, and its ids; the file is read back, so that ids are the file's."""
    folder = GOLDEN / "tokenizers"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (name + ".json")
    value = json.loads(tok.to_str())
    path.write_text(json.dumps(value, ensure_ascii=True, separators=(",", ":")) + "\n", encoding="ascii")
    write_ids(folder / (name + ".ids.jsonl.gz"), encode(Tokenizer.from_file(str(path)), lines))


def run():
    lines = corpus.lines()
    makers = {}
    for family in (bert_family, bpe_family, unigram_family, normalizer_family, pre_tokenizer_family):
        makers.update(family())
    for name, make in makers.items():
        write(name, make(), lines)
    for name in OWN:
        path = GOLDEN / "models" / name / "tokenizer.json"
        ids = encode(Tokenizer.from_file(str(path)), lines)
        write_ids(GOLDEN / "tokenizers" / ("model-%s.ids.jsonl.gz" % name), ids)
    print("tokenizers: %d" % len(makers))
