#!/usr/bin/env python3
"""Calls of the program against what they must print: a folder each, found by itself.

  cli_test.py [--update] [PART OF A NAME...]      the program is $REGTRIAGE or build/regtriage

tests/cli/COMMAND/CASE/ holds
  cmd      shell lines, run by sh in a copy of the folder; `regtriage` is the program,
           $CAPTURES is tests/data/captures, $SAMPLES is samples, $PATTERNS is patterns
  stdin    what is piped in (without it nothing)
  stdout, stderr, status   what must come out; a file that is not there means nothing, or 0
The hash of the ruleset is printed as RULESET, for it changes with every rule. --update writes the files anew and
shows what changed.
"""
import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parents[1]
PROGRAM = Path(os.environ.get("REGTRIAGE", SOURCE / "build" / "regtriage")).resolve()
PARTS = ("stdout", "stderr", "status")
SECONDS = 240  # a hang, not a slow machine


def environment(folder):
    return {"PATH": "%s:/usr/bin:/bin" % folder, "LC_ALL": "C.UTF-8", "TERM": "xterm", "CAPTURES": str(SOURCE / "tests/data/captures"),
            "SAMPLES": str(SOURCE / "samples"), "PATTERNS": str(SOURCE / "patterns"), "HOME": str(folder),
            "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", ""), "TSAN_OPTIONS": os.environ.get("TSAN_OPTIONS", "")}


def steady(text):
    return re.sub(rb'(ruleset"?:? "?)[0-9a-f]{12}', rb"\1RULESET", text).replace(str(SOURCE).encode(), b"SOURCE")


def outcome(case):
    """What the program really says: {"stdout": bytes, ...}."""
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "work"
        shutil.copytree(case, work, ignore=shutil.ignore_patterns(*PARTS))
        (Path(folder) / "regtriage").symlink_to(PROGRAM)
        stdin = (case / "stdin").read_bytes() if (case / "stdin").is_file() else b""
        try:
            done = subprocess.run(["sh", "./cmd"], cwd=work, env=environment(folder), input=stdin, capture_output=True, timeout=SECONDS)
        except subprocess.TimeoutExpired as late:
            return {"stdout": late.stdout or b"", "stderr": b"no end within %d seconds\n" % SECONDS, "status": b"hangs\n"}
    return {"stdout": steady(done.stdout), "stderr": steady(done.stderr), "status": b"%d\n" % done.returncode if done.returncode else b""}


def expected(case):
    return {part: (case / part).read_bytes() if (case / part).is_file() else b"" for part in PARTS}


def difference(name, want, got):
    lines = [text.decode(errors="backslashreplace").splitlines() for text in (want, got)]
    return "\n".join(difflib.unified_diff(*lines, name + " expected", name + " now", lineterm=""))


def update(case, got):
    for part, text in got.items():
        if text:
            (case / part).write_bytes(text)
        else:
            (case / part).unlink(missing_ok=True)


def main():
    words = [w for w in sys.argv[1:] if w != "--update"]
    cases = sorted(p.parent for p in HERE.glob("*/*/cmd"))
    cases = [c for c in cases if not words or any(w in str(c.relative_to(HERE)) for w in words)]
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(outcome, cases))
    wrong = 0
    for case, got in zip(cases, outcomes):
        want = expected(case)
        if want == got:
            continue
        wrong += 1
        for part in PARTS:
            if want[part] != got[part]:
                print(difference("%s/%s" % (case.relative_to(HERE), part), want[part], got[part]))
        if "--update" in sys.argv:
            update(case, got)
    print("%d calls, %d %s" % (len(cases), wrong, "written anew" if "--update" in sys.argv else "wrong"))
    return 1 if wrong and "--update" not in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
