"""Who runs against whom: each contest is a set of commands that alternate.

A contest is a function from the bench to {name: Command}; CONTESTS says what it needs. Targets (targets.py) speak of the
names used here.
"""
import subprocess
from dataclasses import dataclass
from pathlib import Path

from corpora import HERE, WORST, call
from measuring import Command

TEN_MEGABYTES = 10_000_000
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
NOT_UNDERSTOOD = 3  # the status for a source without one line that could be used


@dataclass(frozen=True)
class Contest:
    """`corpora` are those it reads; `repeat` multiplies the rounds of what takes milliseconds."""
    name: str
    commands: object
    corpora: tuple
    repeat: int = 1


class Bench:
    """What the contests draw on. `work` is a folder for what the commands write."""

    def __init__(self, program, corpora, peers, work):
        self.program, self.corpora, self.peers, self.work = Path(program).resolve(), corpora, peers, Path(work)

    def log(self, name):
        return self.corpora.path(name).resolve()

    def triage(self, name, *options, threads=2, statuses=(0,)):
        argv = [self.program, "triage", "--threads", threads, *options, self.log(name)]
        return Command(argv, self.corpora.bytes(name), statuses=statuses)

    def peer(self, peer, argv, name):
        return Command(argv, self.corpora.bytes(name), peer=peer)


def remove_database(path):
    for suffix in ("", "-wal", "-shm", "-journal", ".lock"):
        Path(str(path) + suffix).unlink(missing_ok=True)


def text(bench):
    log, database = bench.log("text"), bench.work / "fresh.db"
    ingest = Command([bench.program, "ingest", "--threads", 2, "--db", database, log], bench.corpora.bytes("text"),
                     before=lambda: remove_database(database), result=database)
    return {"triage": bench.triage("text"), "rg -c": bench.peer("rg", bench.peers.count_rg(log), "text"),
            "duckdb": bench.peer("duckdb", bench.peers.per_digest_duckdb(log, 2), "text"), "grep -c": bench.peer("grep", bench.peers.count_grep(log), "text"),
            "ingest": ingest}


def one_thread(bench):
    log = bench.log("text")
    return {"triage, 1 thread": bench.triage("text", threads=1), "mawk": bench.peer("mawk", bench.peers.per_digest_mawk(log), "text"),
            "duckdb, 1 thread": bench.peer("duckdb", bench.peers.per_digest_duckdb(log, 1), "text"), "triage": bench.triage("text")}


def json(bench):
    log = bench.log("json")
    return {"triage json": bench.triage("json"), "duckdb json": bench.peer("duckdb", bench.peers.per_digest_duckdb(log, 2, "json"), "json"),
            "jq": bench.peer("jq", bench.peers.per_digest_jq(log), "json")}


def lnav(bench):
    return {"triage": bench.triage("text"), "lnav": bench.peer("lnav", bench.peers.per_digest_lnav(bench.log("head")), "head")}


def wrapped(bench):
    return {"triage": bench.triage("text"), "triage docker-json": bench.triage("docker-json"), "triage cri": bench.triage("cri")}


def packed(form, program):
    def commands(bench):
        plain = bench.corpora.bytes("text")  # the speed is that of the text inside
        return {"triage " + form: Command(bench.triage(form).argv, plain),
                program: Command(bench.peers.unpack(program, bench.log(form)), plain, peer=program, silent=True)}
    return commands


def mix(bench):
    return {"triage": bench.triage("text"), "triage mix": bench.triage("mix")}


def stdin(bench):
    piped = ["sh", "-c", 'cat "$1" | "$0" triage --threads 2 -', bench.program, bench.log("text")]
    return {"triage": bench.triage("text"), "cat | triage": Command(piped, bench.corpora.bytes("text"))}


def rules(bench):
    return {"triage": bench.triage("text"), "triage, 20 rules": bench.triage("text", "--patterns", HERE / "twenty_rules.json")}


def scale(bench):
    return {"triage scale": bench.triage("scale"), "rg -c scale": bench.peer("rg", bench.peers.count_rg(bench.log("scale")), "scale")}


def small(bench):
    known, ten = bench.work / "known.db", bench.work / "ten.db"
    remove_database(known)
    ingest = [bench.program, "ingest", "--threads", 2, "--db", known, bench.log("text")]
    call(ingest, **QUIET)
    make_database(bench, ten)
    question = "SELECT cause, count(*) FROM findings GROUP BY cause"
    return {"--version": Command([bench.program, "--version"]), "query": Command([bench.program, "query", "--db", ten, question]),
            "ingest again": Command(ingest)}


def make_database(bench, path):
    """A database of at least 10 MB and not much more."""
    log, size = bench.work / "ten.log", TEN_MEGABYTES // 4
    while True:
        remove_database(path)
        call([bench.corpora.makers / "make_worst", "all-distinct", size, log])
        call([bench.program, "ingest", "--db", path, log], **QUIET)
        made = path.stat().st_size
        if TEN_MEGABYTES <= made < 1.2 * TEN_MEGABYTES:
            return
        size = int(size * TEN_MEGABYTES * 1.05 / made)


def worst(bench):
    logs = {kind: bench.triage(kind, statuses=(0, NOT_UNDERSTOOD) if kind == "huge-line" else (0,)) for kind in WORST}
    return {"triage": bench.triage("text"), **logs, "all-json": bench.triage("json")}


def large(bench):
    return {"triage large": bench.triage("large")}


CONTESTS = [
    Contest("text", text, ("text",)),
    Contest("one-thread", one_thread, ("text",)),
    Contest("json", json, ("json",)),
    Contest("lnav", lnav, ("text", "head")),
    Contest("wrapped", wrapped, ("text", "docker-json", "cri")),
    Contest("gz", packed("gz", "gzip"), ("text", "gz")),
    Contest("zst", packed("zst", "zstd"), ("text", "zst")),
    Contest("mix", mix, ("text", "mix")),
    Contest("stdin", stdin, ("text",)),
    Contest("rules", rules, ("text",)),
    Contest("scale", scale, ("scale",)),
    Contest("small", small, ("text",), repeat=3),
    Contest("worst", worst, ("text", "json", *WORST)),
    Contest("large", large, ("large",)),
]
