#!/usr/bin/env python3
"""Smoke check: triage of 64 MB takes no more than so many times the CPU seconds of `grep -c` on the same file.

The bound is three times what it was when the check was written (6.0), so that a busy machine passes and a lost fast path
does not. CPU seconds, not wall time. For real figures: ./dev bench.
"""
import os
import sys
import tempfile
from pathlib import Path

from corpora import call
from measuring import Command, Meter, alternate
from peers import ERRORS

PROGRAM = Path(os.environ.get("REGTRIAGE", Path(__file__).resolve().parents[2] / "build" / "regtriage")).resolve()
TOOLS = PROGRAM.parent / "tests" / "bench"
BYTES, RUNS, BOUND = 64 << 20, 5, 18


def main():
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "text.log"
        call([TOOLS / "make_corpus", BYTES, "text=%s" % log])
        costs = alternate({"triage": Command([PROGRAM, "triage", "--threads", 2, log]),
                           "grep": Command(["env", "LC_ALL=C", "grep", "-cE", ERRORS, log])}, RUNS, Meter(TOOLS / "run_once", folder))
    ratio = costs["triage"].cpu / costs["grep"].cpu
    print("triage %.3f s, grep -c %.3f s of CPU: %.1f times as much, at most %d" % (
        costs["triage"].cpu, costs["grep"].cpu, ratio, BOUND))
    return 0 if ratio <= BOUND else 1


if __name__ == "__main__":
    sys.exit(main())
