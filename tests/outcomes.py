#!/usr/bin/env python3
"""What recto makes of every file of the hostile corpus, held against the table of what it made before.

  outcomes.py RECTO CORPUS [--write]

The corpus says for many files "loads, or is refused": tests/outcomes.tsv says which of both recto does, how many records
load, and the first thing that is said of the others. With --write the table is written anew, to be read before it is
committed. Standard library only.
"""
import concurrent.futures, json, os, subprocess, sys, tempfile

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "outcomes.tsv")


def outcomes(recto, corpus):
    corpus = os.path.abspath(corpus)
    with open(os.path.join(corpus, "manifest.json")) as file:
        files = [it for it in json.load(file)["files"] if it["format"] != "script"]
    with tempfile.TemporaryDirectory() as home:
        names = ("DATA", "STATE", "CACHE", "CONFIG")
        env = dict(os.environ, **{f"XDG_{name}_HOME": os.path.join(home, name) for name in names})

        def one(entry):
            name = entry["file"].encode()
            if "raw_name_hex" in entry:
                name = b"fs/" + bytes.fromhex(entry["raw_name_hex"])
            path = os.path.join(os.fsencode(corpus), name)
            run = subprocess.run([recto, "check", path], env=env, stdin=subprocess.DEVNULL, capture_output=True)
            count = run.stdout.decode("utf-8", "replace").split(" ")[0]
            lines = run.stderr.decode("utf-8", "replace").splitlines()
            said = [line for line in lines if line.startswith("recto: ") and not line.startswith("recto: no record was")]
            first = said[0].replace(corpus, "").removeprefix("recto: ") if said else ""
            # The name of the file stands in front of it, and in the first column.
            first = first.split(": ", 1)[-1] if "raw_name_hex" not in entry else first
            return entry["file"].encode("unicode_escape").decode(), count, str(len(said)), first

        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            return ["\t".join(it) for it in pool.map(one, files)]


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    found = ["file\trecords\tlines said\tthe first of them"] + outcomes(*sys.argv[1:3])
    if sys.argv[3:] == ["--write"]:
        with open(TABLE, "w") as file:
            file.write("\n".join(found) + "\n")
        return
    with open(TABLE) as file:
        expected = file.read().splitlines()
    for was, now in zip(expected, found):
        if was != now:
            print(f"- {was}\n+ {now}")
    if expected != found:
        sys.exit("the outcomes differ from tests/outcomes.tsv")
    print(f"{len(found) - 1} outcomes as expected")


main()
