#!/usr/bin/env python3
"""A long day at the screen: thousands of decisions, filters, comparisons and undos in a real terminal.

  longday.py RECTO COLLECTION [--decisions 5000] [--filters 500] [--comparisons 300] [--undos 100] [--reopenings 20]
             [--exports 5] [--minutes 30] [--frame 100] [--keep FOLDER]

First a fifth of the work in short sittings, each opened and closed again; then one long sitting with the rest, while
another process exports. It fails when the long sitting has more than 1.05 times the memory, or other open files, at its
end than after its first quarter; when a key waited longer than --frame milliseconds for its frame; when the review log
does not verify or does not hold every decision; when the day takes longer than --minutes. Prints what it measured as
JSON. Linux, standard library only. The sample of the keys is fixed, so two runs do the same.

A frame is late by the program's own fault only on a machine that is not busy otherwise: the time that this process
itself waited for the processor is taken from it, where the kernel tells it (/proc/PID/schedstat).
"""
import argparse, fcntl, json, os, pty, random, re, select, shutil, signal, struct, subprocess, sys, tempfile, termios, time

FRAME = b"\x1b[?2026l"
WORDS = ("the", "water", "council", "report", "house", "river", "new", "year", "school", "open", "market", "people")
FILTERS = ("{a}", "{a} {b}", "versions:>1", "-is:reviewed {a}", "title:{a}", "{a} OR {b}", "#todo", "is:kept", "words:>{n}",
           '"{a} {b}"', "{a}*", "is:dropped OR #good", "date:>2015 {b}", "-{a} {b}", "sim:>0.8")


class Sitting:
    """One run of the program in a terminal of its own."""

    def __init__(self, command, environment):
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], command, environment)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        self.tail, self.screen = b"", b""
        self.samples, self.waits = [], []

    def read(self, seconds):
        """Reads what comes within so many seconds; says whether anything came, and whether a frame ended in it."""
        ready, _, _ = select.select([self.master], [], [], max(0, seconds))
        if not ready:
            return False, False
        try:
            data = os.read(self.master, 1 << 16)
        except OSError:
            return False, False
        self.screen = (self.screen + data)[-(1 << 16):]
        whole = self.tail + data
        self.tail = whole[-(len(FRAME) - 1):]
        return bool(data), FRAME in whole

    def settle(self, quiet=0.3, longest=900):
        """Waits until nothing was written for so many seconds: an idle program writes nothing."""
        end, last = time.monotonic() + longest, time.monotonic()
        while time.monotonic() < end:
            came, _ = self.read(0.05)
            if came:
                last = time.monotonic()
            elif time.monotonic() - last > quiet:
                return
        raise SystemExit("it never comes to rest")

    def waited(self):
        """Seconds that its threads waited for a processor that others had."""
        total = 0
        try:
            for task in os.listdir(f"/proc/{self.pid}/task"):
                with open(f"/proc/{self.pid}/task/{task}/schedstat") as file:
                    total += int(file.read().split()[1])
        except (OSError, IndexError):
            pass
        return total / 1e9

    def key(self, keys, longest=5.0):
        """Sends keys and waits for their frame; a key that changes nothing has none."""
        while self.read(0)[0]:
            pass
        before, start = self.waited(), time.monotonic()
        os.write(self.master, keys)
        while time.monotonic() - start < longest:
            came, framed = self.read(min(0.15, longest))
            if framed:
                took = time.monotonic() - start
                waited = min(max(0.0, self.waited() - before), took)
                self.samples.append((1000 * took, 1000 * waited, keys))
                return
            if not came:
                return

    def type(self, text):
        for letter in text:
            self.key(letter.encode())

    def status(self):
        with open(f"/proc/{self.pid}/status") as file:
            text = file.read()
        own, mapped = (int(re.search(rf"{name}:\s+(\d+)", text).group(1)) for name in ("RssAnon", "RssFile"))
        # What files lend (the index is mapped) is the system's to take back, so only the program's own is held to the limit.
        return own, len(os.listdir(f"/proc/{self.pid}/fd")), mapped

    def is_at_work(self):
        """Says whether a thread of it, or of a process that it started, runs or waits for a disk or a processor."""
        pids = [str(self.pid)]
        for pid in pids:
            try:
                for task in os.listdir(f"/proc/{pid}/task"):
                    with open(f"/proc/{pid}/task/{task}/children") as file:
                        pids += file.read().split()
                    with open(f"/proc/{pid}/task/{task}/stat") as file:
                        if file.read().rsplit(")", 1)[1].split()[0] in "RD":
                            return True
            except OSError:
                # A thread or a process that ended meanwhile: it was at work.
                return True
        return False

    def idle(self, longest=3600):
        """Waits until none of its threads wanted anything for two seconds: what it does in the background is done."""
        end, since = time.monotonic() + longest, time.monotonic()
        while time.monotonic() - since < 2:
            if self.is_at_work():
                since = time.monotonic()
            if time.monotonic() > end:
                raise SystemExit("it never comes to rest")
            self.read(0.02)

    def quit(self):
        os.write(self.master, b"\x1b\x1bQ")
        end = time.monotonic() + 60
        while time.monotonic() < end:
            self.read(0.05)
            pid, code = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                os.close(self.master)
                if code != 0:
                    raise SystemExit(f"it ended with {code}")
                return
        os.kill(self.pid, signal.SIGKILL)
        raise SystemExit("it did not end")


class Day:
    def __init__(self):
        self.random = random.Random(7)
        self.done = dict(decisions=0, filters=0, comparisons=0, undos=0)

    def filter(self, sitting, query=None):
        pick = self.random.choice
        query = query or pick(FILTERS).format(a=pick(WORDS), b=pick(WORDS), n=pick((200, 400, 800)))
        sitting.key(b"f")
        sitting.key(b"\x15")
        sitting.type(query)
        sitting.key(b"\r")
        sitting.settle(0.08, 60)
        self.done["filters"] += 1

    def decide(self, sitting):
        sitting.key(self.random.choice((b"a", b"x", b"s", b"a", b"x", b"1", b"2", b"j1")))
        self.done["decisions"] += 1

    def compare(self, sitting):
        sitting.key(b"d")
        sitting.settle(0.05, 60)
        for key in (b"]", b"]", b"[", b"=", b"=", b"\x1b"):
            sitting.key(key)
        self.done["comparisons"] += 1

    def work(self, sitting, share, decisions, filters, comparisons, undos):
        """Does a share of the day's work, evenly mixed."""
        counts = dict(decisions=decisions, filters=filters, comparisons=comparisons, undos=undos)
        # A comparison begins with a filter, and behind one that may find nothing comes one that finds something.
        counts["filters"] = max(0, filters - comparisons) / 2
        goal = {name: round(share * count) for name, count in counts.items()}
        tasks = [name for name, count in goal.items() for _ in range(count) if name != "comparisons"]
        self.random.shuffle(tasks)
        each = max(1, len(tasks) // max(1, goal["comparisons"]))
        may_be_empty = True
        for at, task in enumerate(tasks):
            if task == "decisions":
                if may_be_empty:
                    self.filter(sitting, "-is:reviewed")
                    may_be_empty = False
                self.decide(sitting)
            elif task == "filters":
                self.filter(sitting)
                may_be_empty = True
            else:
                sitting.key(b"u")
                self.done["undos"] += 1
            if at % each == 0 and goal["comparisons"] > 0:
                goal["comparisons"] -= 1
                self.filter(sitting, "versions:>1")
                self.compare(sitting)
                may_be_empty = False
        sitting.settle(0.3, 60)


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = arguments.add_argument
    add("recto"), add("collection")
    for name, count in (("decisions", 5000), ("filters", 500), ("comparisons", 300), ("undos", 100), ("reopenings", 20), ("exports", 5)):
        add(f"--{name}", type=int, default=count)
    add("--minutes", type=float, default=30), add("--frame", type=float, default=100), add("--keep")
    it = arguments.parse_args()
    home = it.keep or tempfile.mkdtemp(prefix="longday-")
    environment = {key: os.environ[key] for key in ("PATH", "LANG") if key in os.environ}
    environment |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", "HOME": home}
    environment |= {f"XDG_{name}_HOME": os.path.join(home, name.lower()) for name in ("DATA", "STATE", "CACHE", "CONFIG")}
    recto, collection = os.path.abspath(it.recto), os.path.abspath(it.collection)
    counts = (it.decisions, it.filters, it.comparisons, it.undos)
    start, day, samples, opened = time.monotonic(), Day(), [], []
    clock = lambda: round(time.monotonic() - start)

    # The first opening reads and groups everything: that is the morning's coffee, measured elsewhere.
    first = Sitting([recto, collection], environment)
    first.idle()
    first.quit()
    opening = clock()
    for _ in range(it.reopenings):
        begun = time.monotonic()
        sitting = Sitting([recto, collection], environment)
        sitting.read(30)
        opened.append(round(1000 * (time.monotonic() - begun)))
        sitting.settle(0.5, 300)
        day.work(sitting, 0.2 / it.reopenings, *counts)
        samples += sitting.samples
        sitting.quit()
    short = clock() - opening
    sitting = Sitting([recto, collection], environment)
    sitting.idle()
    day.work(sitting, 0.2, *counts)
    sitting.idle()
    quarter = sitting.status()
    exports = []
    for number in range(it.exports):
        out = os.path.join(home, f"export-{start:.0f}-{number}.jsonl")
        query = ("is:kept", "#todo", "is:dropped", "is:reviewed", "#good")[number % 5]
        run = subprocess.Popen([recto, "export", query, collection, "-o", out], env=environment, stderr=subprocess.DEVNULL)
        day.work(sitting, 0.6 / it.exports, *counts)
        run.wait(900)
        exports.append((query, sum(1 for _ in open(out)) if os.path.exists(out) else -1))
    sitting.idle()
    end = sitting.status()
    samples += sitting.samples
    sitting.quit()

    verified = subprocess.run([recto, "review", "verify"], env=environment, capture_output=True, text=True)
    events = int((re.search(r"([\d,]+) event", verified.stdout + verified.stderr) or [0, "0"])[1].replace(",", ""))
    own = sorted(took - waited for took, waited, _ in samples)
    whole = sorted(took for took, _, _ in samples)
    at = lambda values, share: round(values[min(len(values) - 1, int(share * len(values)))], 1) if values else 0
    late = sorted(((round(took - waited), round(took), keys.decode()) for took, waited, keys in samples if took - waited > it.frame), reverse=True)
    result = {
        "done": day.done | {"reopenings": len(opened), "exports": len(exports)},
        "seconds": {"first opening": opening, "short sittings": short, "all": clock()},
        "reopening ms": {"median": at(sorted(opened), .5), "worst": max(opened, default=0)},
        "frames": len(samples),
        "ms to frame": {"p50": at(whole, .5), "p99": at(whole, .99), "worst": at(whole, 1)},
        "ms to frame without waiting for a processor": {"p50": at(own, .5), "p99": at(own, .99), "worst": at(own, 1)},
        "late": late[:10],
        "memory kB": {"after a quarter": quarter[0], "at the end": end[0], "ratio": round(end[0] / quarter[0], 3)},
        "mapped files kB": {"after a quarter": quarter[2], "at the end": end[2]},
        "open files": {"after a quarter": quarter[1], "at the end": end[1]},
        "exports": exports,
        "log": {"verified": verified.returncode == 0, "events": events},
    }
    print(json.dumps(result, indent=1, ensure_ascii=False))
    if not it.keep:
        shutil.rmtree(home, ignore_errors=True)
    wrong = [what for what, bad in (
        ("memory grew", end[0] > 1.05 * quarter[0]),
        ("files stay open", end[1] != quarter[1]),
        ("frames were late", bool(late)),
        ("the log does not verify", verified.returncode != 0),
        ("decisions are missing in the log", events < it.decisions),
        ("an export failed", any(count < 0 for _, count in exports)),
        ("the day was too long", clock() - opening > 60 * it.minutes),
    ) if bad]
    sys.exit("longday: " + ", ".join(wrong) if wrong else 0)


main()
