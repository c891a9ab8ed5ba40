#!/usr/bin/env python3
"""Makes the logs of tests/data/laws from captures: real lines, spread over several hours, with many reads per key.

  make_law_logs.py CORPUS [OUT]

CORPUS holds <scenario>/<variant>/{truth.json,registry*.log}. The phases of a capture are set 90 minutes apart (times
inside the lines and inside `_state` alike), and every phase of reads is repeated until each key was read more than 16 times, with
request ids of its own. The same captures give the same bytes.
"""
import base64
import hashlib
import json
import re
import sys
from datetime import datetime, timedelta
from pathlib import Path

LOGS = {  # name: (capture, envelope); the formats, grammars and transports that the laws are held against
    "stale-text": ("03-redis-stale-fs/text-1", None),
    "three-v283": ("23-three-incidents/v283-1", None),
    "abort-json": ("13-client-abort/json-1", None),
    "blob-missing-cri": ("05-blob-data-missing/text-1", "cri"),
    "s3-errors-v271": ("09-s3-errors/v271-1", None),
    "replicas-text": ("11-replicas-unshared/text-1", None),
    "never-logstash": ("02-never-existed/logstash-1", None),
    "link-missing-docker": ("05-layer-link-missing/v3-1", "docker-json"),
}
APART = timedelta(minutes=90)
READS = 18
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
RFC3339 = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?=(?:\.\d+)?(?:Z|\+00:00))")
ACCESS = re.compile(r"\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d(?= \+0000)")
GO = re.compile(r"^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d(?= )")
STATE = re.compile(r"(?<=_state=)[\w-]+(?:%3D|=)*")
REQUEST = re.compile(r"http\.request\.id\W+(%s)" % UUID.pattern)


def moved(text, form, by):
    return (datetime.strptime(text, form) + by).strftime(form)


def move_state(token, by):
    """The signed token with its StartedAt moved; the signature is not ours to make and stays."""
    raw = base64.urlsafe_b64decode(token.replace("%3D", "=") + "=" * (-len(token.replace("%3D", "=")) % 4))
    body = RFC3339.sub(lambda m: moved(m.group(1), "%Y-%m-%dT%H:%M:%S", by), raw[32:].decode())
    return base64.urlsafe_b64encode(raw[:32] + body.encode()).decode().replace("=", "%3D")


def move(line, by):
    line = STATE.sub(lambda m: move_state(m.group(0), by), line)
    line = RFC3339.sub(lambda m: moved(m.group(1), "%Y-%m-%dT%H:%M:%S", by), line)
    line = ACCESS.sub(lambda m: moved(m.group(0), "%d/%b/%Y:%H:%M:%S", by), line)
    return GO.sub(lambda m: moved(m.group(0), "%Y/%m/%d %H:%M:%S", by), line)


def renamed(line, nth):
    """Another request with the same content."""
    found = REQUEST.search(line)
    if not found or not nth:
        return line
    digits = hashlib.sha256(("%s %d" % (found.group(1), nth)).encode()).hexdigest()
    return line.replace(found.group(1), "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:32])))


def phases_of(name, truth, lines):
    starts = [p["after"].get(name, 0) for p in truth["phases"]] + [len(lines)]
    yield "start", lines[:starts[0]]
    for phase, begin, end in zip(truth["phases"], starts, starts[1:]):
        yield phase["name"], lines[begin:end]


def law_log(name, truth, lines):
    out = []
    for nth, (phase, part) in enumerate(phases_of(name, truth, lines)):
        repeats = READS if phase.startswith("pull") else 1
        for again in range(repeats):
            out += [renamed(move(line, nth * APART + timedelta(seconds=20 * again)), again) for line in part]
    return out


def wrapped(lines, envelope):
    """Each line as the transport keeps it; the transport's clock is the line's, a little later."""
    second = "2026-11-24T23:00:00"  # of the line, or of the one before it
    for nth, line in enumerate(lines):
        found = RFC3339.search(line)
        second = found.group(1) if found else second
        stamp = "%s.%09dZ" % (second, 1000 * nth)
        yield "%s stdout F %s" % (stamp, line) if envelope == "cri" else \
            json.dumps({"log": line + "\n", "stream": "stderr", "time": stamp}, separators=(",", ":"))


def main():
    corpus, out = Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else Path(__file__).parent / "laws")
    for log, (capture, envelope) in LOGS.items():
        truth = json.loads((corpus / capture / "truth.json").read_text())
        target = out / log
        target.mkdir(parents=True, exist_ok=True)
        for file in sorted((corpus / capture).glob("registry*.log")):
            lines = law_log(file.name, truth, file.read_text().split("\n")[:-1])
            lines = list(wrapped(lines, envelope)) if envelope else lines
            (target / file.name).write_text("".join(line + "\n" for line in lines))


if __name__ == "__main__":
    main()
