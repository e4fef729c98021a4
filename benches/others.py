#!/usr/bin/env python3
"""others.py TOOL FILE.jsonl OUT.tsv - what the programs that recto is measured against make of the same file.

TOOL is one of
  rensa         "keep unique documents" of its README: RMinHashDeduplicator(threshold=0.8, num_perm=128, use_lsh=True)
                over text.split(). It answers keep or drop for each record and names no groups.
  rensa-groups  the same signatures in RMinHashLSH with 16 bands; pairs of at least 0.8 are joined to groups.
  gaoya         the index of its README: 32 bits, threshold 0.5, 42 bands of 3, words, lower case; hits are joined.
Needs `pip install rensa gaoya`. Prints CPU seconds, wall seconds and peak memory; OUT.tsv has `id<TAB>group`."""
import json
import resource
import sys
import time


def read(path, ids):
    with open(path, encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            ids.append(record["id"])
            yield record["text"]


class Groups:
    """Disjoint sets of numbers."""

    def __init__(self):
        self.parent = {}

    def find(self, item):
        while self.parent.setdefault(item, item) != item:
            self.parent[item] = self.parent[self.parent[item]]
            item = self.parent[item]
        return item

    def join(self, one, other):
        one, other = self.find(one), self.find(other)
        if one != other:
            self.parent[max(one, other)] = min(one, other)


def rensa(texts, groups):
    from rensa import RMinHashDeduplicator

    tool = RMinHashDeduplicator(threshold=0.8, num_perm=128, use_lsh=True)
    tool.add_pairs((str(number), text.split()) for number, text in enumerate(texts))


def rensa_groups(texts, groups):
    from rensa import RMinHash, RMinHashLSH

    signatures = RMinHash.from_token_sets([text.split() for text in texts], num_perm=128, seed=42)
    index = RMinHashLSH(threshold=0.8, num_perm=128, num_bands=16)
    for number, signature in enumerate(signatures):
        index.insert(number, signature)
    for number, signature in enumerate(signatures):
        for other in index.query(signature):
            if other != number and signatures[other].jaccard(signature) >= 0.8:
                groups.join(number, other)


def gaoya(texts, groups):
    import gaoya

    index = gaoya.minhash.MinHashStringIndex(
        hash_size=32, jaccard_threshold=0.5, num_bands=42, band_size=3, num_hashes=42 * 3,
        analyzer="word", lowercase=True, ngram_range=(1, 1))
    texts = list(texts)
    index.par_bulk_insert_docs(list(range(len(texts))), texts)
    for number, text in enumerate(texts):
        for other in index.query(text):
            groups.join(number, other)


def main():
    tools = {"rensa": rensa, "rensa-groups": rensa_groups, "gaoya": gaoya}
    if len(sys.argv) != 4 or sys.argv[1] not in tools:
        sys.exit(__doc__)
    begin, ids, groups = time.time(), [], Groups()
    tools[sys.argv[1]](read(sys.argv[2], ids), groups)
    with open(sys.argv[3], "w", encoding="utf-8") as out:
        for number, name in enumerate(ids):
            out.write(f"{name}\t{groups.find(number)}\n")
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(f"{sys.argv[1]}: {used.ru_utime + used.ru_stime:.1f} CPU seconds, {time.time() - begin:.1f} s wall, "
          f"{used.ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
