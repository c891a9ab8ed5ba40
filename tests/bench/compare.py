#!/usr/bin/env python3
"""The whole program beside ripgrep on the same log, in turns: median wall times, their ratio, and peak memory.

  compare.py PROGRAM [--bytes 200M] [--rounds 5] [--log FILE] [--threads N]

Without --log a log is generated (make_log.py). Both read from the page cache. A measurement, never a test: it always exits 0.
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ERRORS = "blob unknown|manifest unknown"


def run(argv):
    """Seconds and peak memory (MiB) of one run."""
    begin = time.perf_counter()
    with subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
    return time.perf_counter() - begin, usage.ru_maxrss / 1024


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("program")
    p.add_argument("--bytes", default="200M")
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--log", default="")
    p.add_argument("--threads", default="2")
    a = p.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        log = a.log or str(Path(folder) / "big.log")
        if not a.log:
            subprocess.run([sys.executable, str(Path(__file__).parent / "make_log.py"), "--bytes", a.bytes, "--out", log], check=True)
        contests = {"rg -c": ["rg", "-c", ERRORS, log], "triage": [a.program, "triage", "--threads", a.threads, "--format", "json", log]}
        results = {name: [] for name in contests}
        for name, argv in contests.items():
            run(argv)  # warms the page cache
        for _ in range(a.rounds):
            for name, argv in contests.items():
                results[name].append(run(argv))
        report(os.path.getsize(log), results)


def report(size, results):
    medians = {name: statistics.median(seconds for seconds, _ in runs) for name, runs in results.items()}
    print("log: %.0f MB, median of %d runs in turns" % (size / 1e6, len(results["triage"])))
    for name, seconds in medians.items():
        print("%-8s %8.3f s  %7.0f MB/s  %6.2f x rg  peak %4.0f MiB" % (
            name, seconds, size / 1e6 / seconds, seconds / medians["rg -c"], max(memory for _, memory in results[name])))


if __name__ == "__main__":
    main()
