"""What is asked of the program: each target is a figure of one contest with the bound it must keep and the aim behind it."""
from dataclasses import dataclass

GIB = 1 << 30
MIB = 1 << 20
MEGABYTE = 1_000_000
AT_AIM, OK, MISSED, NOT_RUN = "ok, at the aim", "ok", "missed", "not run"


@dataclass(frozen=True)
class Target:
    """`measure` takes the costs of the contest {name: Cost} and which of them counts ("seconds", "cpu"); `uses` are the
    names it looks at. `unit` stands behind the figures; a ratio has none. Less is better but for `faster`, which counts
    how many times faster we are. `compares`: two commands are held against each other, so CPU seconds say something, too."""
    name: str
    title: str
    contest: str
    uses: tuple
    measure: object
    must: float
    aim: float
    unit: str = ""
    faster: bool = False
    compares: bool = False

    def verdict(self, figure):
        keeps = (lambda bound: figure >= bound) if self.faster else (lambda bound: figure <= bound)
        return AT_AIM if keeps(self.aim) else OK if keeps(self.must) else MISSED


def ratio(name, title, contest, ours, theirs, must, aim):
    """What `ours` costs ÷ what `theirs` costs."""
    return Target(name, title, contest, (ours, theirs),
                  lambda costs, kind="seconds": getattr(costs[ours], kind) / getattr(costs[theirs], kind), must, aim, compares=True)


def ratio_per_byte(name, title, contest, ours, theirs, must, aim):
    return Target(name, title, contest, (ours, theirs),
                  lambda costs, kind="seconds": costs[ours].per_byte(kind) / costs[theirs].per_byte(kind), must, aim, compares=True)


def times_faster(name, title, contest, ours, theirs, must, aim):
    return Target(name, title, contest, (ours, theirs),
                  lambda costs, kind="seconds": costs[theirs].per_byte(kind) / costs[ours].per_byte(kind), must, aim, "x", True, True)


def peak(name, title, contest, ours, must, aim):
    return Target(name, title, contest, (ours,), lambda costs: costs[ours].peak / MIB, must, aim, "MiB")


def milliseconds(name, title, ours, must, aim):
    return Target(name, title, "small", (ours,), lambda costs: costs[ours].seconds * 1000, must, aim, "ms")


TARGETS = [
    ratio("rg", "triage, text ÷ rg -c", "text", "triage", "rg -c", 2.5, 1.5),
    ratio("duckdb", "triage, text ÷ DuckDB per digest", "text", "triage", "duckdb", 0.45, 0.25),
    ratio("duckdb-1", "the same, one thread each", "one-thread", "triage, 1 thread", "duckdb, 1 thread", 0.45, 0.25),
    ratio("duckdb-json", "triage, JSON ÷ DuckDB per digest", "json", "triage json", "duckdb json", 0.55, 0.35),
    ratio("mawk", "triage, one thread ÷ mawk per digest", "one-thread", "triage, 1 thread", "mawk", 0.75, 0.5),
    times_faster("lnav", "times faster than lnav per digest", "lnav", "triage", "lnav", 33, 60),
    times_faster("jq", "times faster than jq per digest", "json", "triage json", "jq", 22, 40),
    ratio("threads", "two threads ÷ one thread", "one-thread", "triage", "triage, 1 thread", 0.58, 0.53),
    ratio("ingest", "ingest, fresh database ÷ triage", "text", "ingest", "triage", 1.3, 1.1),
    Target("cpu", "CPU seconds per GiB", "text", ("triage",), lambda costs: costs["triage"].per_byte("cpu") * GIB, 0.95, 0.6, "s"),
    peak("peak", "peak memory", "text", "triage", 80, 64),
    peak("peak-large", "peak memory, ten times the size", "large", "triage large", 80, 64),
    ratio("docker-json", "docker-json ÷ plain", "wrapped", "triage docker-json", "triage", 1.3, 1.15),
    ratio("cri", "CRI ÷ plain", "wrapped", "triage cri", "triage", 1.3, 1.15),
    ratio("gz", "gz ÷ gzip -dc", "gz", "triage gz", "gzip", 1.05, 1.0),
    ratio("zst", "zst ÷ zstd -dc", "zst", "triage zst", "zstd", 1.4, 1.1),
    Target("database", "database after the text", "text", ("ingest",), lambda costs: costs["ingest"].result_size / MEGABYTE, 10, 2, "MB"),
    ratio_per_byte("mix", "shuffled mix ÷ text, per byte", "mix", "triage mix", "triage", 1.3, 1.1),
    ratio("stdin", "a pipe ÷ the file by name", "stdin", "cat | triage", "triage", 1.5, 1.2),
    ratio("rules", "20 more rules ÷ none", "rules", "triage, 20 rules", "triage", 1.10, 1.03),
    ratio("scale", "replayed log ÷ rg -c", "scale", "triage scale", "rg -c scale", 3.0, 2.0),
    milliseconds("version", "--version", "--version", 5, 5),
    milliseconds("query", "query, database of 10 MB", "query", 15, 15),
    milliseconds("again", "ingest of what is known", "ingest again", 20, 20),
    *[ratio_per_byte(kind, "%s ÷ text, per byte" % kind, "worst", kind, "triage", bound, bound)
      for kind, bound in (("huge-line", 2), ("all-errors", 2), ("all-distinct", 4), ("all-escapes", 2), ("all-json", 2), ("deep-nesting", 2))],
    peak("peak-distinct", "peak memory, all distinct", "worst", "all-distinct", 256, 256),
]
