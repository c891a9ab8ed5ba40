#!/usr/bin/env python3
"""Folders of logs made from the grammars of products that cannot be run here, each with its truth, and what the program says of them.

  generated_test.py [NAME...]    names or parts of names; the program is $REGTRIAGE or build/regtriage

The folders are made anew beside the program, in generated/NAME, with NAME.truth.json beside each. Of each folder
  - every planted incident is found, by its cause and a subject,
  - no finding is left over, and none is certain and wrong,
  - every planted line has its verdict: noise, real, or silent,
  - and a healthy folder has no finding. The same folder in another form gives the same findings.
"""
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cases
from grammar import MINUTE, instant
from written import rotated, texts_of, truth_of, write_folder, write_tar

SOURCE = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("REGTRIAGE", str(SOURCE / "build" / "regtriage"))
TARGET = Path(PROGRAM).resolve().parent / "generated"
NEW_YEAR, EAST = instant("2026-01-01T00:00:00"), 480
REAL = ("client", "fault", "loss")


class NoArchives(RuntimeError):
    """This program reads no tar archives yet."""


def report_of(path, *options):
    command = [PROGRAM, "triage", "--format", "json", "--events", "--full", *options, str(path)]
    done = subprocess.run(command, capture_output=True, timeout=120)
    if done.returncode == 3 and b"is a tar archive, not a log" in done.stderr:
        raise NoArchives()
    if done.returncode:
        raise RuntimeError("exit %d: %s" % (done.returncode, done.stderr.decode(errors="replace")[-300:]))
    return json.loads(done.stdout)


def subjects_of(finding):
    return {s for key in ("repositories", "tags", "digests", "uploads") for s in finding[key]}


def finding_misses(truth, report):
    findings = [f for f in report["findings"] if f["class"] != "noise"]
    explained = set()
    for incident in truth["findings"]:
        hits = [i for i, f in enumerate(findings) if f["cause"] in incident["causes"] and subjects_of(f) & set(incident["subjects"])]
        explained.update(hits)
        if not hits:
            yield "no finding says %s about %s" % (" or ".join(incident["causes"]), ", ".join(incident["subjects"][:2]))
    for i, f in enumerate(findings):
        if i not in explained:
            worst = "CERTAIN AND WRONG: " if f["confidence"] == "certain" and f["cause"] != "undetermined" else ""
            yield "%sunexplained finding %s (%s): %s" % (worst, f["cause"], f["confidence"], f["title"])


def line_misses(truth, report, folder):
    said = {"%s:%d" % (Path(e["source"]).relative_to(folder), e["line"]): e for e in report["events"]}
    for at, (want, code) in truth["lines"].items():
        event = said.get(at)
        if event is None and not code and want != "silent":
            continue  # a loud line that is no error of a request
        verdict = event["verdict"] if event else None
        if (verdict if verdict == "noise" or want == "silent" else "real" if verdict in REAL else verdict) != want and \
                not (want == "silent" and verdict in REAL):
            yield "%s: want %s %s, got %s (%s)" % (at, want, code, verdict, event and event["code"])
        elif code and event["code"] != code:
            yield "%s: want code %s, got %s" % (at, code, event["code"])


def shape_of(report):
    """What must be the same of one folder in every form."""
    return sorted((f["cause"], f["confidence"], f["verdict"], tuple(sorted(subjects_of(f)))) for f in report["findings"] if f["class"] != "noise")


def over_new_year(make, minutes_east=0):
    """The same folder with the host's New Year in the middle of it."""
    times = [row[0] for rows in make().lines.values() for row in rows]
    return make(NEW_YEAR - minutes_east * MINUTE - (max(times) - min(times)) // 2)


def forms_of(case, make, folder):
    """The other forms of a folder: each with what it is called."""
    texts = texts_of(folder, "syslog")
    yield "plain", write_folder(texts_of(folder), TARGET / (case + "-plain"))
    yield "tar.gz", write_tar(texts, TARGET / (case + "-packed.tar.gz"))
    yield "rotated", write_folder(rotated(texts), TARGET / (case + "-rotated"))
    yield "UTC+8", write_folder(texts_of(folder, "syslog", EAST), TARGET / (case + "-utc8"))
    yield "New Year", write_folder(texts_of(over_new_year(make), "syslog"), TARGET / (case + "-new-year"))
    # What lies under /var/log/harbor: job files do not.
    there = {name: text for name, text in texts_of(over_new_year(make, EAST), "syslog", EAST).items() if not name.startswith("jobs/")}
    yield "New Year, UTC+8, rotated, without job files", write_folder(rotated(there), TARGET / (case + "-new-year-utc8"))


def form_misses(case, make, folder, base):
    for form, path in forms_of(case, make, folder):
        try:
            got = shape_of(report_of(path))
        except NoArchives:
            print("%s  not compared as %s: this program reads no archives" % (case, form))
            continue
        if form == "plain":
            got = as_sure_as(base, got)
        if got != base:
            yield "as %s: %s" % (form, difference(base, got))


def as_sure_as(base, got):
    """Without rsyslog many lines have no time, so a finding may be less sure there: only that difference is taken away."""
    sure = ("possible", "probable", "certain")
    said = {(cause, verdict, subjects): confidence for cause, confidence, verdict, subjects in base}
    return sorted((cause, max(confidence, said.get((cause, verdict, subjects), confidence), key=sure.index), verdict, subjects)
                  for cause, confidence, verdict, subjects in got)


def difference(want, got):
    lost, more = [f for f in want if f not in got], [f for f in got if f not in want]
    short = [" ".join([word, cause, confidence, *some[:2]]) for word, rows in (("lost", lost), ("more", more)) for cause, confidence, _, some in rows]
    return "; ".join(short) or "another count"


def misses_of(case):
    name, make, form, more_forms = case
    folder = make()
    truth = truth_of(folder)
    path = write_folder(texts_of(folder, form), TARGET / name, truth)
    try:
        report = report_of(path)
        misses = [*finding_misses(truth, report), *line_misses(truth, report, path)]
        if shape_of(report_of(path, "--threads", "1")) != shape_of(report):
            misses.append("one thread says something else than two")
        return name, misses + (list(form_misses(name, make, folder, shape_of(report))) if more_forms else [])
    except (RuntimeError, ValueError, KeyError, subprocess.TimeoutExpired) as problem:
        return name, ["no answer: %r" % problem]


def main(wanted):
    shutil.rmtree(TARGET, ignore_errors=True)
    chosen = [c for c in cases.all_cases() if not wanted or any(w in c.name for w in wanted)]
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(misses_of, chosen))
    for name, misses in results:
        for miss in misses[:12]:
            print("%s  %s" % (name, miss))
        if len(misses) > 12:
            print("%s  %d more" % (name, len(misses) - 12))
    failed = sum(1 for _, misses in results if misses)
    print("%d folders, %d with misses" % (len(results), failed))
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
