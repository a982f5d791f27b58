"""Our own sentences: scored pairs, triplets, tuples, and the texts whose embeddings are recorded."""

import random

from golden.common import GOLDEN

WHO = ["A man", "A woman", "Two children", "The old farmer", "A young nurse", "My neighbour",
       "A group of students", "The tall carpenter", "An engineer", "A small girl"]
DO = [("is playing", "plays"), ("is repairing", "fixes"), ("is painting", "paints"),
      ("is carrying", "carries"), ("is looking at", "watches"), ("is cleaning", "cleans"),
      ("is selling", "sells"), ("is drawing", "sketches")]
WHAT = [("a guitar", "the guitar"), ("an old bicycle", "a used bike"), ("the garden fence", "a fence"),
        ("a wooden table", "the table made of wood"), ("a red kite", "the kite"),
        ("the kitchen window", "a window"), ("a basket of apples", "some apples"),
        ("the small boat", "a boat on the lake")]
WHERE = ["", " in the park", " near the river", " behind the house", " at the market",
         " on a rainy morning", " while it is snowing", " in front of the école"]
HAND = [
    ("5.000", "The bridge was closed after the storm.", "After the storm the bridge was shut."),
    ("4.800", "She sold her car last week.", "Last week she sold her car!"),
    ("4.250", "Prices rose by 3.5% in March.", "In March, prices went up about 3.5 per cent."),
    ("4.000", "The café serves naïve tourists.", "Tourists are served in the cafe."),
    ("3.600", "He doesn't like cold coffee.", "He'd rather not drink coffee when it's cold."),
    ("3.000", "The team won the match 2-1.", "The team lost the match 1-2."),
    ("2.750", "Die Katze schläft auf dem Sofa.", "Die Katze sitzt auf dem Teppich."),
    ("2.400", "You should sharpen the knife first.", "You should wash the knife first."),
    ("2.000", "The minister resigned on Monday.", "The minister spoke on Monday evening."),
    ("1.600", "Stir the soup slowly.", "The soup was served with bread."),
    ("1.200", "A dog barks at the postman.", "A dog sleeps under the old tree."),
    ("0.800", "The train to Köln is late.", "The bus driver is smiling."),
    ("0.500", "Water boils at 100 degrees.", "The swimming pool is closed today."),
    ("0.200", "I can't open this file.", "The mountain is covered with fog."),
    ("0.000", "Three birds sit on a wire.", "The lawyer signed the contract."),
    ("0.000", "Bake the bread for an hour.", "She moved to another city in 2019."),
]


def sentence(rng, form, who=None, do=None, what=None):
    who = who if who is not None else rng.randrange(len(WHO))
    do = do if do is not None else rng.randrange(len(DO))
    what = what if what is not None else rng.randrange(len(WHAT))
    return "%s %s %s%s." % (WHO[who], DO[do][form], WHAT[what][form], rng.choice(WHERE))


def other(rng, n, i):
    return (i + 1 + rng.randrange(n - 1)) % n


def make_pairs():
    """96 pairs over the whole scale: what is shared (who, does, what) sets the score."""
    rng = random.Random(7)
    rows = list(HAND)
    while len(rows) < 96:
        who, do, what = (rng.randrange(len(t)) for t in (WHO, DO, WHAT))
        same = [rng.random() < 0.6 for _ in range(3)]
        who2 = who if same[0] else other(rng, len(WHO), who)
        do2 = do if same[1] else other(rng, len(DO), do)
        what2 = what if same[2] else other(rng, len(WHAT), what)
        score = (0.2, 1.4, 3.1, 4.7)[sum(same)] + rng.randrange(-2, 4) * 0.1
        rows.append(("%.3f" % max(0, min(5, score)), sentence(rng, 0, who, do, what),
                     sentence(rng, rng.randrange(2), who2, do2, what2)))
    rng.shuffle(rows)
    return rows


def make_triplets():
    rng = random.Random(8)
    rows = []
    for _ in range(96):
        who, do, what = (rng.randrange(len(t)) for t in (WHO, DO, WHAT))
        rows.append((sentence(rng, 0, who, do, what), sentence(rng, 1, who, do, what),
                     sentence(rng, rng.randrange(2), other(rng, len(WHO), who), None,
                              other(rng, len(WHAT), what))))
    return rows


def make_tuples():
    """The triplets, with the negatives of two other rows."""
    rows = make_triplets()
    return [(*row, rows[i - 7][2], rows[i - 40][2]) for i, row in enumerate(rows)]


SENTENCES = [
    "A man is playing a guitar.",
    "The old farmer is repairing an old bicycle near the river.",
    "",
    "Hi",
    "The cafe's prices rose by 3.5% — isn't that a lot?",
    "Die Bürgermeisterin eröffnet die größte Brücke in Köln.",
    "男の人が馬に乗っています。",
    "Привет, мир! 안녕하세요 🙂👍🏽",
    "   two  children,   carrying\ta basket\nof apples   ",
    "[MASK] <mask> [CLS] </s> a [PAD] <pad> b",
    "A group of students is looking at the small boat and the red kite, " * 6,
    "the garden fence",
]


def run():
    with open(GOLDEN / "pairs.tsv", "w", encoding="utf-8", newline="\n") as f:
        for i, (score, a, b) in enumerate(make_pairs()):
            f.write("\t".join(["golden", "own", "train", "%04d" % i, score, a, b]) + "\n")
    with open(GOLDEN / "triplets.tsv", "w", encoding="utf-8", newline="\n") as f:
        f.write("anchor\tpositive\tnegative\n")
        for row in make_triplets():
            f.write("\t".join(row) + "\n")
    with open(GOLDEN / "tuples.tsv", "w", encoding="utf-8", newline="\n") as f:
        f.write("query\tanswer\tnegative_1\tnegative_2\tnegative_3\n")
        for row in make_tuples():
            f.write("\t".join(row) + "\n")
    print("pairs.tsv, triplets.tsv, tuples.tsv: 96 rows each")
