"""Writes lib/token/unicode_tables.c: what the tokenizers library (0.23) takes code points for.

Its parts carry tables of different Unicode versions, so they are asked one code point at a time.
Needs Python 3.11 (whose unicodedata is of Unicode 14, the oldest that PCRE2 10.40 to 10.42 have) and
tokenizers 0.23.  Usage: python scripts/unicode_tables.py > lib/token/unicode_tables.c
"""
import unicodedata

from tokenizers import Regex, normalizers, pre_tokenizers

POINTS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
CATEGORIES = "Lu Ll Lt Lm Lo Mn Mc Me Nd Nl No Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So Zs Zl Zp Cc Cf Co"
assert unicodedata.unidata_version == "14.0.0"


def ranges(points):
    """[(first, last, value)] of a {point: value}, ascending."""
    out = []
    for c in sorted(points):
        if out and out[-1][1] == c - 1 and out[-1][2] == points[c]:
            out[-1][1] = c
        else:
            out.append([c, c, points[c]])
    return out


def kept(normalizer, c):
    return normalizer.normalize_str("a" + chr(c) + "b") != "ab"


def pieces(splitter, c):
    return [s for s, _ in splitter.pre_tokenize_str("\u0378" + chr(c) + "\u0378")]


def dropped(**flags):
    off = {"clean_text": False, "handle_chinese_chars": False, "strip_accents": False,
           "lowercase": False}
    n = normalizers.BertNormalizer(**{**off, **flags})
    return {c: 1 for c in POINTS if not kept(n, c)}


def newer():
    """Categories of code points that regular expressions know and Unicode 14 does not."""
    out = {}
    unknown = [c for c in POINTS if unicodedata.category(chr(c)) == "Cn"]
    for i, name in enumerate(CATEGORIES.split()):
        splitter = pre_tokenizers.Split(Regex(r"\p{%s}" % name), "isolated")
        out.update({c: "UTF8PROC_CATEGORY_" + name.upper() for c in unknown if len(pieces(splitter, c)) == 3})
    return out


def scripts():
    """The scripts of UnicodeScripts as numbers from 1 on; 0 (joins with anything) is left out."""
    splitter = pre_tokenizers.UnicodeScripts()
    known, out, last = ["a", "\u0431"], {}, 0  # a character of each script

    def joins(a, b):
        return len(splitter.pre_tokenize_str(a + b)) == 1

    for c in POINTS:
        char = chr(c)
        if joins(known[0], char) and joins(known[1], char):
            continue
        order = [last] + [i for i in range(len(known)) if i != last]
        last = next((i for i in order if joins(known[i], char)), len(known))
        if last == len(known):
            known.append(char)
        out[c] = last + 1
    return out


def write(name, kind, about, points, value=False):
    print(f"\n/* {about} */\nconst {kind} {name}[] = {{")
    line = "   "
    for first, last, v in ranges(points):
        item = f" {{0x{first:x}, 0x{last:x}" + (f", {v}" if value else "") + "},"
        if len(line) + len(item) > 100:
            print(line)
            line = "   "
        line += item
    print(f"{line}\n}};\nconst size_t {name}_n = sizeof {name} / sizeof *{name};")


def main():
    bert = pre_tokenizers.BertPreTokenizer()
    accents = normalizers.StripAccents()
    print("/* unicode_tables.c - what the reference takes code points for, where that is not what utf8proc\n"
          " * says. Written by scripts/unicode_tables.py; not edited by hand. */\n"
          '#include "token/unicode_tables.h"')
    write("sts_range_punct", "sts_range", "Punctuation: ASCII's, and the P categories of Unicode 8.",
          {c: 1 for c in POINTS if pieces(bert, c)[1:2] == [chr(c)]})
    write("sts_range_control", "sts_range", "What BertNormalizer cleans away: Cc, Cf and Co of Unicode 8, U+FFFD.",
          dropped(clean_text=True))
    write("sts_range_accent", "sts_range", "What its strip_accents drops: Mn of Unicode 8.",
          dropped(strip_accents=True))
    write("sts_range_mark", "sts_range", "Marks (M) of Unicode 9, the version of the normal forms.",
          {c: 1 for c in POINTS if not kept(accents, c)})
    write("sts_range_script", "sts_script_range", "Scripts of UnicodeScripts, numbered; kana are Han.",
          scripts(), True)
    write("sts_range_newer", "sts_category_range", "Assigned in Unicode 15 to 16.", newer(), True)


if __name__ == "__main__":
    main()
