"""The logs that are measured: made once, kept below the build folder, made anew when their maker has changed."""
import hashlib
import random
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
CAPTURES = HERE.parent / "data" / "captures"
HEAD_BYTES = 100 << 20  # lnav gets the head of the text only; more of it would take minutes
WORST = ["huge-line", "all-errors", "all-distinct", "all-escapes", "deep-nesting"]
WORST_FACTOR, LARGE_FACTOR = 0.25, 10  # a flood that is held in full takes ten times its size of memory
SPARE = 1 << 30  # stays free on the disk


@dataclass(frozen=True)
class Corpus:
    """`make` names a method of Corpora; `factor` is about its size as a share of the text corpus; `source` are the files
    that decide its bytes; `base` is the corpus it is made from, with the program `tool`."""
    name: str
    file: str
    make: str
    factor: float
    source: tuple
    base: str = ""
    tool: str = ""


GENERATOR, REPLAY = ("make_corpus.cc", "made_text.h"), ("make_replay.py",)
CATALOGUE = {row.name: row for row in [
    Corpus("text", "text.log", "generate", 1.0, GENERATOR),
    Corpus("json", "json.log", "generate", 0.9, GENERATOR),
    Corpus("docker-json", "docker-json.log", "generate", 1.17, GENERATOR),
    Corpus("cri", "cri.log", "generate", 1.09, GENERATOR),
    Corpus("gz", "text.log.gz", "compress", 0.12, GENERATOR, "text", "gzip"),
    Corpus("zst", "text.log.zst", "compress", 0.1, GENERATOR, "text", "zstd"),
    Corpus("head", "head.log", "behead", 0.1, GENERATOR, "text"),
    Corpus("scale", "scale.log", "replay", 1.0, REPLAY),
    Corpus("mix", "mix.log", "shuffle", 1.0, ("corpora.py",)),
    *[Corpus(kind, kind + ".log", "make_worst", WORST_FACTOR, ("make_worst.cc", "made_text.h")) for kind in WORST],
    Corpus("large", "large.log", "generate", LARGE_FACTOR, GENERATOR),
]}


class NoRoom(Exception):
    pass


class Corpora:
    """The corpora of one size in one folder. `makers` is the folder of make_corpus and make_worst."""

    def __init__(self, build, makers, size, say):
        self.folder, self.makers, self.size, self.say = Path(build) / "corpora" / str(size), Path(makers), size, say

    def path(self, name):
        return self.folder / CATALOGUE[name].file

    def bytes(self, name):
        return self.path(name).stat().st_size

    def prepare(self, names):
        """Makes what is missing of `names`; says beforehand what that takes and stops where there is no room for it."""
        wanted = {name for name in names} | {CATALOGUE[name].base for name in names} - {""}
        missing = [row for row in CATALOGUE.values() if row.name in wanted and not self.is_current(row)]
        self.folder.mkdir(parents=True, exist_ok=True)
        need, free = int(sum(row.factor for row in missing) * self.size), shutil.disk_usage(self.folder).free
        if not missing:
            return
        self.say("making %s in %s: about %.1f GB; %.1f GB are free" % (
            ", ".join(row.name for row in missing), self.folder, need / 1e9, free / 1e9))
        if need + SPARE > free:
            raise NoRoom("that leaves less than %.0f GB free on the disk; take a smaller --bytes, or --only some targets" % (SPARE / 1e9))
        for row in missing:
            self.make(row)

    def make(self, row):
        path = self.path(row.name)
        stamp = path.with_name(path.name + ".made-by")
        stamp.unlink(missing_ok=True)
        part = path.with_name(path.name + ".part")
        try:
            getattr(self, row.make)(row, part)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        part.rename(path)
        stamp.write_text(self.origin(row))

    def is_current(self, row):
        path = self.path(row.name)
        stamp = path.with_name(path.name + ".made-by")
        return path.exists() and stamp.exists() and stamp.read_text() == self.origin(row)

    @staticmethod
    def origin(row):
        return hashlib.sha256(b"".join((HERE / file).read_bytes() for file in row.source)).hexdigest()

    # ---- the makers: each writes the whole of a corpus to `out` ----

    def generate(self, row, out):
        form, factor = ("text", LARGE_FACTOR) if row.name == "large" else (row.name, 1)
        call([self.makers / "make_corpus", self.size * factor, "%s=%s" % (form, out)])

    def make_worst(self, row, out):
        call([self.makers / "make_worst", row.name, int(self.size * WORST_FACTOR), out])

    def replay(self, _, out):
        call([sys.executable, HERE / "make_replay.py", "--bytes", self.size, "--out", out])

    def compress(self, row, out):
        argv = ["gzip", "-1", "-c"] if row.name == "gz" else ["zstd", "-q", "-3", "-c"]
        with open(out, "wb") as file:
            call([*argv, self.path("text")], stdout=file)

    def behead(self, _, out):
        with open(self.path("text"), "rb") as log, open(out, "wb") as file:
            file.write(log.read(HEAD_BYTES))
            file.write(log.readline())

    def shuffle(self, _, out):
        """The registry's captures of all versions and both formatters, woven into one another line by line, again and again:
        each keeps its order, and no two rounds are woven alike. Terminal output is left out: its lines have no time."""
        paths = sorted(path for path in CAPTURES.glob("*/*/registry*.log") if not path.parent.name.startswith("tty"))
        logs = [path.read_bytes().splitlines(keepends=True) for path in paths]
        order = [number for number, lines in enumerate(logs) for _ in lines]
        rng, written = random.Random(1), 0
        with open(out, "wb", buffering=1 << 20) as file:
            while written < self.size:
                rng.shuffle(order)
                next_of = [iter(lines) for lines in logs]
                text = b"".join([next(next_of[number]) for number in order])
                file.write(text)
                written += len(text)


def call(argv, **options):
    subprocess.run([str(word) for word in argv], check=True, **options)
