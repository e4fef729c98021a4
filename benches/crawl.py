#!/usr/bin/env python3
"""crawl.py N OUT.jsonl - N records as a crawl has them, made from a seed: the same file on every machine.

Seven records in ten stand alone; the others are versions of one text, two to eight, with a paragraph cut, a word changed or a
line broken, and all of them carry the frame of one of 200 sites. `cluster` says what belongs together."""
import itertools
import json
import random
import sys

random.seed(20260401)
SYLLABLES = [c + v + e for c in "bdfgklmnprstvz" for v in "aeiou" for e in ("", "n", "r", "s")]
WORDS = ["".join(random.choices(SYLLABLES, k=random.choice((1, 2, 2, 3)))) for _ in range(40_000)]
# Zipf: the word of rank r is as frequent as 1/r.
WEIGHTS = list(itertools.accumulate(1 / (rank + 5) for rank in range(len(WORDS))))


def paragraph(words):
    text = " ".join(random.choices(WORDS, cum_weights=WEIGHTS, k=words))
    return text[0].upper() + text[1:] + "."


SITES = [[paragraph(12), paragraph(30), paragraph(20)] for _ in range(200)]


def article():
    return [paragraph(random.randint(30, 90)) for _ in range(random.randint(4, 10))]


def version(paragraphs):
    paragraphs = list(paragraphs)
    if len(paragraphs) > 4 and random.random() < 0.3:
        del paragraphs[random.randrange(len(paragraphs))]
    at = random.randrange(len(paragraphs))
    words = paragraphs[at].split(" ")
    words[random.randrange(len(words))] = random.choice(WORDS)
    if random.random() < 0.3:
        words.insert(len(words) // 2, "\n")
    paragraphs[at] = " ".join(words)
    return paragraphs


count, name = int(sys.argv[1]), sys.argv[2]
with open(name, "w", encoding="utf-8") as out:
    number = cluster = 0
    while number < count:
        cluster += 1
        text = article()
        alone = random.random() < 0.89
        for _ in range(1 if alone else random.randint(2, 8)):
            if number == count:
                break
            site = random.randrange(len(SITES))
            body = text if alone else version(text)
            record = {
                "id": f"r{number}",
                "cluster": f"c{cluster}",
                "url": f"https://site{site}.example/{number}",
                "text": "\n\n".join([SITES[site][0], *body, *SITES[site][1:]]),
            }
            out.write(json.dumps(record) + "\n")
            number += 1
