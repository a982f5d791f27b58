#!/usr/bin/env python3
"""Writes sts-train.tsv and sts-dev.tsv from sample-events.txt and sample-synonyms.txt.

A pair is one event worded twice: in other words, with details left out, or with one thing or more
changed. What differs sets the score, as the notes in README.md say. Same seed, same files.
"""
import os
import random
import re

HERE = os.path.dirname(os.path.abspath(__file__))
TRAIN, DEV, SEED = 480, 160, 2
LOSS = {"s": .28, "o": .38, "v": .34, "x": .42, "n": .16, "p": .18, "a": .10}   # share of the score
NOT = .6
DETAIL_MISSING, DETAIL_OTHER = .07, .12
FIELD = re.compile(r"([{\[])(\w)(?:=([^}\]]*))?[}\]]")


class Event:
    def __init__(self, lines, topic, genre):
        self.topic, self.genre = topic, genre
        self.lines = [l if l.startswith("I ") else l[0].lower() + l[1:] for l in lines]
        self.slots, self.details = {}, {}
        for bracket, key, values in FIELD.findall(lines[0]):
            (self.slots if bracket == "{" else self.details)[key] = values.split("|")

    def draw(self, rng):
        state = {k: rng.randrange(len(v)) for k, v in self.slots.items()}
        for key, values in self.details.items():
            state[key] = rng.choice([None] + list(range(len(values))))
        return state

    def words(self, line, state):
        def fill(match):
            key, values = match.group(2), match.group(3)
            if state[key] is None:
                return ""
            own = values.split("|") if values else self.slots.get(key) or self.details[key]
            return own[state[key]]
        return FIELD.sub(fill, self.lines[line])


def read_events():
    """The events, and by ("lead" or "tail", genre) what may stand before or after them."""
    topic, events, around = None, [], {}
    text = open(os.path.join(HERE, "sample-events.txt"), encoding="utf-8").read()
    for block in re.split(r"\n\s*\n", text):
        lines = [l for l in block.strip().split("\n") if l and not l.startswith("#")]
        if lines and lines[0].startswith("topic "):
            topic = lines.pop(0).split()[1:]
        while lines and lines[0].startswith(("lead ", "tail ")):
            place, genre, values = lines.pop(0).split(" ", 2)
            around[place, genre] = values.split("|")
        if lines:
            events.append(Event(lines, *topic))
    return events, around


def surround(rng, text, genre, around):
    """Now and then, words before or after that say nothing of what happened."""
    place = rng.choice(["", "lead", "tail"])
    if not place or '"' in text:
        return text
    extra = rng.choice(around[place, genre])
    if genre == "forums":
        text = text[0].upper() + text[1:]
        return f"{extra} {text}" if place == "lead" else \
            f"{text}{'' if text.endswith('?') else '.'} {extra[:-1]}"
    if place == "lead" and text.split()[0] in ("in", "on", "off", "because", "for", "after"):
        return text
    return f"{extra} {text}" if place == "lead" else f"{text} {extra}"


def read_synonyms():
    text = open(os.path.join(HERE, "sample-synonyms.txt"), encoding="utf-8").read()
    groups = [l.split("|") for l in text.split("\n") if l and not l.startswith("#")]
    return sorted(groups, key=lambda g: -len(g[0]))


def finish(text, picks, groups):
    """Synonyms in, article right, capital letter, full stop."""
    for group in groups:
        pattern = r"\b(a |an )?" + re.escape(group[0]) + r"\b"
        text = re.sub(pattern, lambda m: (m.group(1) or "") + picks[group[0]], text)
    text = re.sub(r"\b([Aa])n? (?=(\w))", lambda m: m.group(1) +
                  ("n " if m.group(2) in "aeioAEIO" or m.group(2) == "u" else " "), text)
    text = re.sub(r"\b(an) (?=(used|one|union|euro|unit))", "a ", text)
    text = re.sub(r"\ba (?=(hour|honest))", "an ", text)
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r" ([,.?])", r"\1", text)
    headline = text.endswith("~")
    text = text.rstrip("~ ")
    text = text[0].upper() + text[1:]
    return text if headline or text.endswith("?") else text + "."


def negate(text):
    """The first "is" or "are" denied; the text unchanged when it has none."""
    return re.sub(r" (is|are) ", r" \1 not ", text, count=1)


def pick_synonyms(rng, groups, other=None, differ=1):
    """One surface per group; against `other`, a different one with probability `differ`."""
    picks = {g[0]: rng.choice(g) for g in groups}
    for g in groups if other else []:
        same = rng.random() >= differ
        picks[g[0]] = other[g[0]] if same else rng.choice([w for w in g if w != other[g[0]]])
    return picks


def change(rng, event, state, how_many):
    """Another state with that many slots changed; details change on their own account."""
    state, share = dict(state), 1.0
    keys = sorted(event.slots, key=lambda k: rng.random() - .1 * (k == "x"))    # contraries first
    for key in keys[:how_many]:
        state[key] = rng.choice([i for i in range(len(event.slots[key])) if i != state[key]])
        share *= 1 - LOSS[key]
    for key, values in event.details.items():
        before = state[key]
        if rng.random() < .5:
            state[key] = rng.choice([None] + list(range(len(values))))
        if state[key] != before:
            share *= 1 - (DETAIL_MISSING if None in (before, state[key]) else DETAIL_OTHER)
    return state, share


def make_pair(rng, events, event, groups, around):
    kind = rng.choices(["same", "one", "two", "not", "topic", "far"], [44, 24, 8, 3, 7, 14])[0]
    line = rng.randrange(len(event.lines))
    state, picks = event.draw(rng), pick_synonyms(rng, groups)
    first = finish(surround(rng, event.words(line, state), event.genre, around), picks, groups)
    picks = pick_synonyms(rng, groups, picks, .9 if kind == "same" else .5)
    if kind in ("topic", "far"):
        near = kind == "topic"
        event2 = rng.choice([e for e in events if e is not event and e.genre == event.genre
                             and (e.topic == event.topic) == near])
        state, line = event2.draw(rng), rng.randrange(len(event2.lines))
        score, event = rng.uniform(.2, 1.2) if near else max(0, rng.gauss(.05, .15)), event2
    else:
        state, share = change(rng, event, state, {"one": 1, "two": rng.choice([2, 3])}.get(kind, 0))
        if rng.random() < (.9 if kind == "same" else .5):
            line = rng.choice([i for i in range(len(event.lines)) if i != line])
        score = 4.95 * share * (NOT if kind == "not" else 1) + rng.gauss(0, .2)
    second = event.words(line, state)
    second = negate(second) if kind == "not" else second
    second = finish(surround(rng, second, event.genre, around), picks, groups)
    if kind == "not" and " not " not in second:
        return make_pair(rng, events, event, groups, around)
    if rng.random() < .5:
        first, second = second, first
    return round(min(5, max(0, score)) * 5) / 5, first, second


def write(name, rng, events, count, groups, around, taken):
    """`taken` holds every sentence of the other file: no sentence is in both."""
    rows, mine, turn = [], set(), []
    while len(rows) < count:
        turn = turn or rng.sample(events, len(events))
        event = turn.pop()
        score, first, second = make_pair(rng, events, event, groups, around)
        pair = {first, second}
        if len(pair) < 2 or pair & taken or first in mine or second in mine:
            continue
        mine |= pair
        rows.append((event, score, first, second))
    with open(os.path.join(HERE, name), "w", encoding="utf-8", newline="\n") as out:
        for i, (event, score, first, second) in enumerate(rows):
            print("main-" + event.genre, event.topic, "sample", f"{i + 1:04d}", f"{score:.3f}",
                  first, second, sep="\t", file=out)
    return taken | mine


def main():
    rng, groups = random.Random(SEED), read_synonyms()
    events, around = read_events()
    taken = write("sts-train.tsv", rng, events, TRAIN, groups, around, set())
    write("sts-dev.tsv", rng, events, DEV, groups, around, taken)


if __name__ == "__main__":
    main()
