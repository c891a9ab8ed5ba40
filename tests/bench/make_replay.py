#!/usr/bin/env python3
"""Writes a registry log of any size by replaying captures of a real registry (2.8.3) with planted incidents.

  make_replay.py --bytes 1G --seed 1 --out big.log

Every replay gets fresh digests, upload and request ids, repositories, tags, client addresses and times. The work
is good pushes and pulls; incidents of known kinds lie evenly over the day, one for each 8 MB. The same arguments give
the same bytes. For measuring only: what lines mean is tested on the captures themselves.
"""
import argparse
import base64
import json
import random
import re
import sys
import urllib.parse
from bisect import bisect_left
from datetime import datetime, timedelta, timezone
from pathlib import Path

CAPTURES = Path(__file__).resolve().parents[1] / "data" / "captures"
VERSION = "v283-1"
# capture, its phases as (first, last) line: pushed once, then pulled again and again; and how often
GOOD = [("23-three-incidents", [(5, 33)], [(148, 157)], 40), ("23-three-incidents", [(62, 119)], [(158, 171)], 20),
        ("07-index-missing-child", [(47, 86)], [(87, 100), (101, 114)], 20), ("21-auth", [(6, 49)], [(50, 64)], 20)]
PLANTED = [("03-redis-stale-blob", [(5, 33), (34, 51), (52, 61), (62, 71)]),
           ("06-revision-missing", [(6, 89), (95, 122), (123, 142)]),
           ("07-index-missing-child", [(6, 86), (87, 114), (115, 144)]),
           ("14-digest-mismatch", [(6, 27), (28, 33), (34, 64)]),
           ("23-three-incidents", [(5, 171), (172, 175), (176, 265)])]
BYTES_PER_INCIDENT, HOURS, PULLS = 8 << 20, 24, 2
START = datetime(2026, 3, 2, 6, tzinfo=timezone.utc)
SECOND = 10**9
TOKEN = re.compile(
    r"(?P<hex>[0-9a-f]{64})|(?P<uuid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})|_state=(?P<state>[\w-]+(?:%3D|=)*)"
    r"|(?P<ip>\b10\.[234]\d\.\d\.\d+)|(?P<at>\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d \+0000)|(?P<time>\d{4}-\d\d-\d\dT[\d:.]+Z)"
    r"|/v2/(?P<path>[a-z0-9._/-]+)(?=/(?:blobs|manifests)/)|vars\.name=\"?(?P<name>[a-z0-9._/-]+)"
    r"|/manifests/(?P<tag>[\w.-]+)(?=[ \"?])|vars\.reference=\"?(?P<reference>(?!sha256:)[\w.-]+)")
KINDS = {"path": "repository", "name": "repository", "reference": "tag"}
TEAMS = ["team-a", "team-b", "team-c", "library", "platform", "shop", "data", "infra", "mobile", "labs"]
APPS = ["api", "web", "auth", "cart", "search", "billing", "gateway", "worker", "etl", "reports", "mail", "cron", "images",
        "proxy", "cache", "metrics", "admin", "docs", "orders", "stock"]


def nanoseconds(text):
    head, _, rest = text.rstrip("Z").partition(".")
    seconds = (datetime.fromisoformat(head + "+00:00") - START).total_seconds()
    return int(seconds) * SECOND + int((rest + "0" * 9)[:9])


class Clock:
    """Texts of times, given in nanoseconds since START."""

    def __init__(self):
        self.second, self.head, self.access = None, "", ""

    def texts(self, at):
        second, rest = divmod(at, SECOND)
        if second != self.second:
            when = START + timedelta(seconds=second)
            self.second, self.head = second, when.strftime("%Y-%m-%dT%H:%M:%S")
            self.access = when.strftime("%d/%b/%Y:%H:%M:%S +0000")
        return "%s.%09dZ" % (self.head, rest), self.access


class Trace:
    """A capture, each line as a % format and the numbers of its slots. Slots 0 and 1 are the two texts of the time."""

    def __init__(self, name):
        self.slots = {}  # (kind, text in the capture) -> slot
        rows = (CAPTURES / name / VERSION / "registry.log").read_text("utf-8", "replace").split("\n")
        self.lines, now = [None], 0
        for row in rows:
            hit = re.match(r'time="([^"]+)"', row)
            now = nanoseconds(hit[1]) if hit else now
            self.lines.append((now, *self.compile(row + "\n")))

    def compile(self, row):
        form, slots, at = [], [], 0
        for hit in TOKEN.finditer(row):
            begin, end = hit.span(hit.lastgroup)
            form += [row[at:begin].replace("%", "%%"), "%s"]
            slots.append(self.slot(KINDS.get(hit.lastgroup, hit.lastgroup), row[begin:end]))
            at = end
        return "".join(form) + row[at:].replace("%", "%%"), slots

    def slot(self, kind, text):
        if kind in ("time", "at"):
            return ("time", "at").index(kind)
        return self.slots.setdefault((kind, text), len(self.slots) + 2)


def said_by_state(text):
    """A state is 32 bytes of HMAC and a JSON object that names repository and upload."""
    return json.loads(base64.urlsafe_b64decode(urllib.parse.unquote(text) + "==")[32:])


class Life:
    """One replay of a trace: digests, names and ids of its own, which all its phases share."""
    made = 0

    def __init__(self, trace, rng):
        self.trace, self.rng, self.values = trace, rng, [""] * (len(trace.slots) + 2)
        for (kind, text), slot in trace.slots.items():
            self.values[slot] = getattr(self, "new_" + kind)(text)

    def phase(self, lines, at, clock):
        """Rows (time, text) of the lines (first, last), the first of them at `at`."""
        first, last = lines
        begin = self.trace.lines[first][0]
        for then, form, slots in self.trace.lines[first:last + 1]:
            now = at + max(then - begin, 0)
            self.values[0], self.values[1] = clock.texts(now)
            yield now, form % tuple([self.values[slot] for slot in slots])

    def new_hex(self, _):
        return "%064x" % self.rng.getrandbits(256)

    def new_uuid(self, _):
        d = "%032x" % self.rng.getrandbits(128)
        return "%s-%s-4%s-a%s-%s" % (d[:8], d[8:12], d[13:16], d[17:20], d[20:])

    def new_ip(self, _):
        return "10.%d.%d.%d" % (20 + self.rng.randrange(20), self.rng.randrange(10), 2 + self.rng.randrange(240))

    def new_repository(self, _):
        return "%s/%s" % (self.rng.choice(TEAMS), self.rng.choice(APPS))

    def new_tag(self, _):
        Life.made += 1
        return "v%d.%d.%d" % (self.rng.randrange(9), self.rng.randrange(40), Life.made)

    def new_state(self, text):
        said = said_by_state(text)
        name = self.values[self.trace.slots[("repository", said["Name"])]]
        upload = self.values[self.trace.slots[("uuid", said["UUID"])]]
        body = json.dumps(dict(said, Name=name, UUID=upload), separators=(",", ":"))
        return base64.urlsafe_b64encode(self.rng.randbytes(32) + body.encode()).decode().replace("=", "%3D")


class Writer:
    """Merges what overlaps and writes it by time."""

    def __init__(self, out):
        self.out, self.waiting, self.bytes = out, [], 0

    def add(self, rows):
        last = 0
        for last, text in rows:
            self.waiting.append((last, len(self.waiting), text))
            self.bytes += len(text)
        return last

    def flush(self, until):
        self.waiting.sort()
        cut = bisect_left(self.waiting, (until,))
        self.out.write("".join([text for _, _, text in self.waiting[:cut]]))
        del self.waiting[:cut]


def write_log(out, size, seed):
    rng, clock, writer, traces = random.Random(seed), Clock(), Writer(out), {}
    for name, *_ in GOOD + PLANTED:
        traces[name] = traces.get(name) or Trace(name)
    span = HOURS * 3600 * SECOND
    incidents = max(len(PLANTED), size // BYTES_PER_INCIDENT)
    planted = now = jobs = 0

    def live(name, phases, pause):
        life, at = Life(traces[name], rng), now
        for phase in phases:
            at = writer.add(life.phase(phase, at, clock)) + int(rng.uniform(*pause) * SECOND)

    while writer.bytes < size or planted < incidents:
        if planted < incidents and writer.bytes >= size * planted // incidents:
            live(*PLANTED[planted % len(PLANTED)], (5, 120))
            planted += 1
        name, push, pulls, _ = rng.choices(GOOD, [row[-1] for row in GOOD])[0]
        live(name, push + rng.choices(pulls, k=1 + int(rng.expovariate(1 / PULLS))), (2, 200))
        now, jobs = min(span * writer.bytes // size, span), jobs + 1
        if jobs % 256 == 0:
            writer.flush(now)
    writer.flush(1 << 62)


def size_of(text):
    unit = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}.get(text[-1:].upper())
    return int(float(text[:-1]) * unit) if unit else int(text)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--bytes", type=size_of, default=size_of("200M"))
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--out", required=True)
    a = p.parse_args()
    with open(a.out, "w", buffering=1 << 20, encoding="utf-8", newline="\n") as out:
        write_log(out, a.bytes, a.seed)


if __name__ == "__main__":
    sys.exit(main())
