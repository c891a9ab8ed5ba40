#!/usr/bin/env python3
"""Golden scenarios: each capture of tests/data/captures, and the bundled sample, against its expect.json.

  cases_test.py [CAPTURE...]     names or parts of names; the program is $REGTRIAGE or build/regtriage

expect.json is made by derive_expect.py beside this file. For each capture the program reads all its logs at once, and
  - every error line has its code and verdict, every silent line is called one,
  - the counts per code agree, each incident has a finding with its cause and its subject,
  - and no finding is left over. A wrong cause at confidence "certain" is reported apart: it is the worst answer.
"""
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("REGTRIAGE", str(SOURCE / "build" / "regtriage"))
REAL = ("client", "fault", "loss")


def report_of(files):
    done = subprocess.run([PROGRAM, "triage", "--format", "json", "--events", "--full", *map(str, files)], capture_output=True, timeout=120)
    if done.returncode:
        raise RuntimeError("exit %d: %s" % (done.returncode, done.stderr.decode(errors="replace")[-300:]))
    return json.loads(done.stdout)


def line_misses(expect, report):
    said = {"%s:%d" % (Path(e["source"]).name, e["line"]): e for e in report["events"]}
    for at, want in expect["lines"].items():
        event = said.get(at) or {}
        verdict, code = event.get("verdict"), event.get("code") or ""
        if want.startswith("silent"):
            right = verdict in (REAL if want == "silent client" else ("fault", "loss"))
        else:
            right = ("noise" if verdict == "noise" else "real" if verdict in REAL else verdict) + " " + code == want if verdict else False
        if not right:
            yield "%s: want %s, got %s %s" % (at, want, verdict, code)


def code_misses(expect, report):
    for code, want in expect["codes"].items():
        got = report["codes"].get(code, {})
        real = sum(got.get(v, 0) for v in REAL)
        if (got.get("noise", 0), real, got.get("undetermined", 0)) != (want["noise"], want["real"], want["undetermined"]):
            yield "%s: want %s, got %s" % (code, want, got)


def answers(finding, incident):
    named = {s for key in ("repositories", "tags", "digests", "uploads") for s in finding[key]}
    return finding["cause"] in incident["causes"] and (not incident["subjects"] or named & set(incident["subjects"]))


def finding_misses(expect, report):
    findings = [f for f in report["findings"] if f["class"] != "noise"]
    explained = set()
    for incident in expect["findings"]:
        hits = [i for i, f in enumerate(findings) if answers(f, incident)]
        explained.update(hits[:max(2, len(incident["subjects"]))])  # one each; scattered subjects may take more
        if not hits:
            yield "no finding says %s about %s" % (" or ".join(incident["causes"]), incident["subjects"][:3])
    for i, f in enumerate(findings):
        if i not in explained:
            worst = "CERTAIN AND WRONG: " if f["confidence"] == "certain" and f["cause"] != "undetermined" else ""
            yield "%sunexplained finding %s (%s): %s" % (worst, f["cause"], f["confidence"], f["title"])


def misses_of(case):
    name, expect_file, files = case
    expect = json.loads(expect_file.read_text())
    try:
        report = report_of(files)
        return name, [*line_misses(expect, report), *code_misses(expect, report), *finding_misses(expect, report)]
    except (RuntimeError, ValueError, KeyError, subprocess.TimeoutExpired) as problem:
        return name, ["no answer: %r" % problem]


def cases():
    captures = SOURCE / "tests" / "data" / "captures"
    for expect in sorted(captures.glob("*/*/expect.json")):
        yield "/".join(expect.parts[-3:-1]), expect, sorted(expect.parent.glob("*.log"))
    yield "samples/harbor-s3-stale", Path(__file__).parent / "sample_expect.json", [SOURCE / "samples/harbor-s3-stale/registry.log"]


def main(wanted):
    chosen = [c for c in cases() if not wanted or any(w in c[0] for w in wanted)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(misses_of, chosen))
    for name, misses in results:
        for miss in misses:
            print("%s  %s" % (name, miss))
    failed = sum(1 for _, misses in results if misses)
    print("%d captures, %d with misses" % (len(results), failed))
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
