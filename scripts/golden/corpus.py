"""The tokenizer corpus: texts that tend to break tokenizers, all our own."""

import random

from golden.common import GOLDEN

PLAIN = [
    "",
    " ",
    "a",
    "The quick brown fox jumps over the lazy dog.",
    "A man is playing a guitar.",
    "It's John's dog; they'll say we've won, I'd say he's 'right' and you're not. I'M",
    "IT'S HE'LL WE'VE don't won't can't shouldn't've y'all'd 'tis rock 'n' roll's",
    "don’t won’t it’s ‘quoted’ “double” „deutsch“ «français» ‹x› 「日本」",
    "state-of-the-art re-use e-mail well-known 10-year-old co-operate --option -x",
    "Hello,world!How are you?I'm fine...Thanks!!! Really?!?!",
    "3.14159 1,000,000 1e-5 0x1F 007 12:30:59 2024-05-17 $9.99 50% #1 @home 1/2 x^2",
    "1 22 333 4444 55555 666666 7777777 88888888 999999999 1234567890123456789",
    "a1b2c3 x86_64 v2.0.1-rc3 snake_case camelCase PascalCase SCREAMING_CASE kebab-case",
    "http://example.org/path?q=1&r=2#frag user@example.org C:\\dir\\file.txt ~/x/../y",
    "<html><body class=\"a\">&amp; &lt;x&gt; </body></html>",
    "for (int i = 0; i < n; i++) { a[i] += b[i] * c; } // done",
    "\"double\" 'single' `tick` (round) [square] {curly} <angle> |pipe| \\back/ ^~",
    "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
    "+1 -1 ±1 ×2 ÷3 ≤4 ≠5 ≈6 ∞ √2 ∑ ∫ ∂ π ∈ ∀ ∃ ∅ ⊂ ⇒ →",
    "$ € £ ¥ ₹ ₽ ¢ ¤ ₿ ﷼",
    "©2024 ®™ §5 ¶ † ‡ • … ‰ ′ ″ ‽ ⁂ ¡hola! ¿qué?",
    "$1^2+3=4<5>6|7~8`9",
    "a+b=c a<b a>b a|b a~b a`b a^b a$b",
    "hyphen‐ nb‑hyphen figure‒ en– em— bar― minus−",
    "UPPER lower MiXeD ÀÉÎÕÜ àéîõü ÇÑ çñ ŠŽ šž ŁØĐ łøđ",
    "Straße STRASSE straẞe Maß ß ſ long-s ﬀ ﬁ ﬂ ﬃ ﬄ ﬅ ﬆ",
    "İstanbul ıspanak I i İ ı Iİıi İİ",
    "ΑΒΓΔ αβγδ ΌΣΟΣ ΣΑΣ Σ ς σ ό ώ ΐ ΰ ἀ ᾳ ᾼ ῼ ῗ",
    "Привет мир! Ёлка ёлка Йод йод Щука їжак ґанок Ў ЎЎ",
    "Ǆ ǅ ǆ Ǉ ǈ ǉ Ǌ ǋ ǌ Ǳ ǲ ǳ ŉ ǰ ẖ ẗ ẘ ẙ ẚ ẞ",
    "Ein Mann reitet auf einem Pferd über die Brücke.",
    "Die Bürgermeisterin eröffnete gestern das Straßenfest in Köln; größer als je zuvor!",
    "Donaudampfschifffahrtsgesellschaftskapitänsmütze",
    "Un garçon mange une pêche à côté de l'hôtel où naît l'été.",
    "El niño comió una piña; ¿cuándo llegó el pingüino?",
    "Příliš žluťoučký kůň úpěl ďábelské ódy.",
    "Pchnąć w tę łódź jeża lub ośm skrzyń fig.",
    "Tiếng Việt có nhiều dấu: ắ ằ ẳ ẵ ặ ế ề ể ễ ệ ố ồ ổ ỗ ộ",
    "Tiếng Việt", "Þetta er íslenska, ðæ.", "Ñandú Ñ n\u0303 N\u0303",
    "男の人が馬に乗っています。",
    "硬い帽子をかぶった人が、通りで踊っている!?",
    "カタカナ ひらがな 漢字 ガギグゲゴ ガギグ ﾊﾝｶｸ ｶﾞｷﾞｸﾞ ﾊﾟ ー 々 〆 〇 ゝ ヽ",
    "は\u3099 ハ\u309a か\u3099か ｶ\uff9e ｶ\u3099",
    "我喜欢在早上喝茶。今天天气很好,我们去公园吧!",
    "繁體中文與简体中文混排English和数字123。",
    "𠀀𠀁 𪚥 㐀 䶵 豈 更 丽 \U0002f800\U0002f801 ⼀ ⺀ 〇 ㄅㄆㄇ ㆠ",
    "안녕하세요 세계! 나는 학교에 간다. 뷁 쀍",
    "\u1112\u1161\u11ab\u1100\u1173\u11af 한글 ㅎㅏㄴ ㄱ ㅏ ﾡ ﾢ",
    "\u1100\u1161\u11a8\u11a8 \u1100\u1100\u1161 가\u11a8 각\u11a8",
    "สวัสดีชาวโลก ฉันชอบกินข้าวผัด น้ำ กำ ที่นี่",
    "ภาษาไทยไม่มีช่องว่างระหว่างคำ ๐๑๒๓",
    "مرحبا بالعالم! القطة على الطاولة.",
    "السَّلَامُ عَلَيْكُمْ ٠١٢٣٤٥٦٧٨٩ ۰۱۲۳ لا ﻻ ﷲ ﷺ ﺍﺏ ـــ",
    "שלום עולם! הַחֲתוּלָה יְשֵׁנָה שׁ שׂ \ufb2a \ufb2b \ufb1d",
    "नमस्ते दुनिया! हिन्दी में क्षत्रिय क़ ख़ ग़ कि की कृ ०१२",
    "বাংলা ভাষা কো কৌ ড় ঢ় য়", "தமிழ் மொழி கொ கோ", "తెలుగు ಕನ್ನಡ മലയാളം",
    "မြန်မာစာ ភាសាខ្មែរ ລາວ བོད་ཡིག", "ქართული Ქართული ᲐᲑᲒ ⴀ", "Հայերեն և եւ ﬓ ﬔ",
    "አማርኛ ᏣᎳᎩ ꮳꮃꭹ ᐃᓄᒃ ᚠᚢᚦ", "Ꭰ ꭰ Ꮿ ꮿ Ɐ ɐ Ꞌ ꞌ ﬓ",
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 zwnj a\u200db a\u200cb",
    "\U0001f600 \U0001f602\U0001f923 \U0001f44d\U0001f3fd ok\U0001f44d\U0001f3ffok",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 family",
    "\U0001f3f3\ufe0f\u200d\U0001f308 \U0001f3f4\u200d\u2620\ufe0f \u2764\ufe0f\u200d\U0001f525",
    "\U0001f1e9\U0001f1ea\U0001f1ef\U0001f1f5\U0001f1fa\U0001f1f8 \U0001f1e9",
    "1\ufe0f\u20e3 #\ufe0f\u20e3 *\u20e3 \u2639\ufe0e \u2639\ufe0f \u263a",
    "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f scotland",
    "\U0001f9d1\U0001f3fb\u200d\U0001f91d\u200d\U0001f9d1\U0001f3ff \U0001f9d1\u200d\U0001f4bb",
    "\U0001fae0\U0001fae8\U0001fac6 \U0001fa77 \U0001f6dc new emoji",
    "text\U0001f600text\U0001f600\U0001f600text",
]

MARKS = [
    "e\u0301 e\u0300\u0301 a\u0323\u0302 a\u0302\u0323 q\u0307\u0323 q\u0323\u0307 s\u0323\u0307",
    "\u00e9 \u1ec7 \u1e69 \u0071\u0307\u0323 \u212b \u00c5 A\u030a \u2126 \u03a9 \u212a K",
    "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a a\u0334lgo",
    "\u0301 leading mark", " \u0301", "\u0301\u0301\u0301", "a\u0301\u0301\u0301\u0301b",
    "a" + "\u0300\u0316\u0301\u0317" * 12 + "b", "o" + "\u0308" * 60,
    "\u0344 \u0343 \u0340 \u0341 \u0374 \u037e \u0387 \u1fef \u2000\u2001",
    "\u0f43 \u0f73 \u0f75 \u0f81 \u0958 \u09dc \u0a33 \u0b5c \u2adc \ufb1f \ufb2c",
    "\u00e4 a\u0308 \u00c4 A\u0308 \u01d5 U\u0308\u0304 \u1e0b\u0323 d\u0323\u0307",
    "x\u20dd x\u20e3 x\u0489 x\u1ab0 x\ufe20y\ufe21 x\u1dfa", "\u0e01\u0e49\u0e33 \u0e33",
    "\u2460\u0301 \u2460 \u2474 \u2488 \u24b6 \u24d0 \u24ea \u3220 \u3251 \u32c0 \U0001f100",
    "\u00bd \u00bc \u2153 1\u00bd \u215b \u2189 \u00b2 \u00b3 x\u00b9 \u2070 \u2099 \u00aa \u00ba",
    "\u2160 \u2163 \u216f \u2170 \u2183 \u2164\u2165", "\u210c \u2115 \u211d \u2102 \u2119 \u210e",
    "\U0001d400\U0001d401\U0001d41a \U0001d4d0\U0001d4ea \U0001d538 \U0001d7ce\U0001d7d8\U0001d7ff",
    "\U0001d504\U0001d530 \U0001d6a8\U0001d6c2 \U0001d6a4 \U0001d15e \U0001d1bb",
    "\uff21\uff22\uff23 \uff41\uff42 \uff11\uff12\uff13 \uff01\uff1f \uff5e \uffe5 \uff0f\u3000\uff0e",
    "\u3300 \u3306 \u337b \u337f \u33a1 \u33cb \u33ff \u2121 \u213b \u3000",
    "\u3131\u314f \u3164 \uffa0 \u3200 \u320e \u3260 \u327f", "\ufb00\ufb01\ufb02 \ufb03\u0301 \ufb13",
    "\ufdfa \ufdfb \ufefb \ufe70 \ufe8d\ufe8e \ufef5", "\u1100\u1161 \uac00 \uac01 \u1100\u1161\u11a8",
    "\u0132\u0133 \u01c4 \u013f \u0149 \u01f1 \u0e33 \u0eb3 \u0f77 \u0675", "\u017f\u0323\u0307 \u1e9b\u0323",
    "\u2024 \u2025 \u2026 \u203c \u2047 \u2049 \u2057 \u20a8 \u2100", "\u00b4 \u00a8 \u00af \u00b8 \u02d8",
    "\u1d43 \u1d2c \u02b0 \u2090 \u1d78 \ua69c", "\u0915\u093c \u0958 \u0929 \u0928\u093c",
]

CONTROLS = [
    "tab\there\tand\t\tthere", "new\nline\r\nand\rreturn\n\n\nthree",
    " leading", "trailing ", "  two  spaces  ", "   three   spaces   ",
    "many" + " " * 20 + "spaces", " " * 30, "\t\n \r\n", "\n", "a\n", "\na", "a \n b", "a\t \tb",
    "a \n\n  b\n   c\n\td\n\t\te ", "x  y   z    w     v      u", "end with spaces      ",
    "bell\x07 back\x08space vt\x0b ff\x0c esc\x1b del\x7f nel\x85 end",
    "a\x01b\x02c\x1fd\x7fe\x80f\x9fg", "\x01", "\x1c\x1d\x1e\x1f", "\x0b\x0c\x85",
    "zero\u200bwidth\u200cnon\u200djoiner\u2060word\ufeffbom", "\ufeffstarts with a mark",
    "ls\u2028ps\u2029end", "\u2028", "soft\u00adhyphen \u00ad", "\u200e\u200f\u202a\u202e\u2066\u2069 bidi",
    "nbsp\u00a0nbsp \u00a0 \u00a0\u00a0", "\u00a0leading", "trailing\u00a0",
    "\u1680ogham\u2000a\u2001b\u2002c\u2003d\u2004e\u2005f\u2006g\u2007h\u2008i\u2009j\u200ak",
    "\u202fnarrow\u205fmath\u3000ideo\u180emvs", "word\u3000word", "\u3000", "\u2003\u2003",
    "\ufffd replacement \ufffc object \ufff9\ufffa\ufffb", "a\ufffdb", "\ufe0f \ufe0e a\ufe0f",
    "unassigned \u0378 \u0380 \u05ff \u2fe0 \U0001fbff \U000e0fff x\u0378y \u2072 \U0003ffff",
    "private \ue000 \uf8ff \U000f0000 \U0010fffd x\ue000y", "nonchar \ufdd0 \ufffe \uffff \U0001ffff",
    "\u061c \u2064 \u206a \u206f \U000e0001 \U000e0020 invisible", "\u115f\u1160 \u17b4 \u17b5",
    "\u00a0\u1680\u2028\u2029\u202f\u205f\u3000", "a\u0085b", "a\u2028b\u2029c",
]

SPECIALS = [
    "[CLS] [SEP] [PAD] [UNK] [MASK]", "[CLS]", "[SEP]a[SEP]", "a [MASK] b", "a[MASK]b", "a   [MASK]   b",
    "<s>", "</s>", "<s>hello</s>", "<mask>", " <mask>", "  <mask> ", "a<mask>b", "a <mask> b <mask>c",
    "<unk> <pad> <unk>", "[unk] [cls] [Mask] <MASK> <S>", "[ MASK ]", "[MASK", "MASK]", "[[MASK]]",
    "[MASK][MASK]", "<mask><mask>  <mask>", "\n<mask>\n", "\u00a0<mask>\u00a0x", "\u3000[MASK]\u3000",
    "<|endoftext|>", "a<|endoftext|>b", "|||IP_ADDRESS||| |||PHONE_NUMBER|||", "<|padding|> [unused0]",
    "<0x41> <0xE2>", "\u2581 \u2581a a\u2581b \u2581\u2581", "##ing ##a # ## a##b", "\u0120a \u010a \u0100",
    "solo", "soloist", "a solo b", "solosolo", "xsolo", "solo.", "Solo SOLO", "s\u00f3lo",
    "left", "a left", "  left", "aleft b", "LEFT left", "right", "right  a", "a right   b", "RIGHT right ",
    "both", "  both  ", "a  both  b", "aboth b", "BOTH both  both", "plain", "a plain b", "aplainb PLAIN",
    "sololeft leftright bothplain", "caf\u00e9tag cafe\u0301tag CAF\u00c9TAG", "tag\u00adged",
    "\u00e9l\u00e8ve token", "<tok> <TOK> <Tok>", "newtok NewTok NEWTOK new tok", "new  tok",
    "</s></s><s>", "a</s>", "<pad>a", "[PAD]a", "<cls> <sep> <eos>", "hello<unk>world",
    "1solo solo1 _solo solo_ \u00e9solo solo\u00e9 \u4e2dsolo solo\u4e2d -solo- solo\u0301 \u0301solo",
    "left\u00a0left \tleft\nleft right\u00a0\tright\n both\n\n", "solo solo\nsolo\tsolo",
]

LONG = [
    "x" * 99, "y" * 100, "z" * 101, "w" * 200, "ab" * 100, "a" * 100 + " b", "the" * 34, "\u00e9" * 101,
    "\u4e2d" * 101, "abcdefghijklmnopqrstuvwxyz" * 8, "." * 60, "-" * 30 + "=" * 30, "ha" * 40 + "!" * 12,
    "e\u0301" * 51, "1" * 40, "1234567890" * 12, "\U0001f600" * 30, "\uc548" * 40, "\u304b\u3099" * 30,
    " ".join("word%d" % i for i in range(60)), " ".join("aeiou") * 20, "a " * 70, "the man " * 30,
    "A man is riding a horse over the bridge while two children watch the river and wave. " * 4,
]

POOLS = [
    "abcdefgh etaoin shrdlu", "ABCDE Fghij KLM", "0123456789 .,", "!?.,;:'\"()-_/\\@#$%^&*+=<>[]{}|~` ",
    "äöüßÄÖÜéèêñçå ", "абвгд ЕЖЗ", "日本語中文漢字 、。", "ひらカタ ー", "한글가나다 ", "กขคงจ้่ำ ",
    "ابتث َُِ", "אבגד ְִ", "कखग ्िी", "\u0300\u0301\u0323\u0327\u0308 ", "\u00a0\u2003\u3000\t\n ",
    "\U0001f600\U0001f44d\U0001f3fd\u200d\ufe0f ", "①②½⅓Ⅳ㌀ﬁ ", "ＡＢｃ１２！　", "\x01\x7f\u200b\u00ad\ufeff ",
    "the man is riding a horse ", "'s 't 're 've 'm 'll 'd 'S 'LL ",
]


def build():
    rng = random.Random(20240517)
    lines = PLAIN + MARKS + CONTROLS + SPECIALS + LONG
    for _ in range(40):
        pools = rng.sample(POOLS, rng.randint(2, 6))
        lines.append("".join(rng.choice(rng.choice(pools)) for _ in range(rng.randint(8, 48))))
    return lines + ["nul\x00inside \x00 and end\x00"]


def lines():
    """The committed corpus, one text per line of tests/golden/corpus.jsonl."""
    import json
    with open(GOLDEN / "corpus.jsonl", encoding="ascii") as f:
        return [json.loads(line) for line in f]


def run():
    import json
    texts = build()
    with open(GOLDEN / "corpus.jsonl", "w", encoding="ascii", newline="\n") as f:
        for text in texts:
            f.write(json.dumps(text) + "\n")
    print("corpus.jsonl: %d lines" % len(texts))
