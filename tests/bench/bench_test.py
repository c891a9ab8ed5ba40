#!/usr/bin/env python3
"""`./dev bench` itself, on corpora of 1 MB: what it measures is what it says. Its figures are no business of a test."""
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import corpora
import targets
from contests import CONTESTS
from measuring import Command, Cost, Failed, Meter, alternate

HERE = Path(__file__).resolve().parent
PROGRAM = Path(os.environ.get("REGTRIAGE", HERE.parents[1] / "build" / "regtriage")).resolve()
TOOLS = PROGRAM.parent / "tests" / "bench"


def bench(build, *options):
    argv = [sys.executable, str(HERE / "bench.py"), str(build), "--bytes", "1M", "--runs", "1", *options]
    return subprocess.run(argv, capture_output=True, text=True, check=False)


class Driver(unittest.TestCase):
    """One build folder of its own, so that nothing lies there from before."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.build = Path(folder.name)
        (cls.build / "regtriage").symlink_to(PROGRAM)
        (cls.build / "tests").symlink_to(TOOLS.parent)

    def test_chosen_targets_are_measured_and_no_other(self):
        figures = self.build / "figures.json"
        done = bench(self.build, "--only", "stdin", "--only", "mix", "--only", "ingest", "--json", str(figures))
        self.assertEqual(done.returncode, 0, done.stderr)
        found = json.loads(figures.read_text())
        self.assertEqual({t["name"] for t in found["targets"]}, {"stdin", "mix", "ingest"})
        for target in found["targets"]:
            self.assertGreater(target["measured"], 0)
            self.assertIn(target["title"], done.stdout)
        for costs in found["costs"].values():
            for cost in costs.values():
                self.assertGreater(cost["seconds"], 0)
                self.assertGreater(cost["peak"], 1 << 20)
        self.assertGreater(found["costs"]["text"]["ingest"]["result_size"], 0)

    def test_a_corpus_is_made_once(self):
        self.assertEqual(bench(self.build, "--only", "rules").returncode, 0)
        log = self.build / "corpora" / str(1 << 20) / "text.log"
        before = log.stat().st_mtime_ns
        again = bench(self.build, "--only", "rules")
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertNotIn("making", again.stderr)
        self.assertEqual(log.stat().st_mtime_ns, before)

    def test_it_stops_before_it_fills_the_disk(self):
        done = bench(self.build, "--only", "rules", "--bytes", "1000000G")
        self.assertEqual(done.returncode, 1)
        self.assertIn("leaves less than", done.stderr)
        self.assertFalse((self.build / "corpora" / str(1000000 << 30) / "text.log").exists())

    def test_a_name_that_is_none_is_answered_with_the_nearest(self):
        done = bench(self.build, "--only", "duckdb-jsn")
        self.assertEqual(done.returncode, 2)
        self.assertIn("did you mean 'duckdb-json'?", done.stderr)


class Makers(unittest.TestCase):
    def test_the_speed_corpus_is_the_same_on_every_machine(self):
        # The figures in notes and commits speak of these bytes.
        want = {"text": "c923a47acc92bf8d", "json": "70b287a5ac9d53e5"}
        for form, digest in want.items():
            with self.subTest(form), tempfile.TemporaryDirectory() as folder:
                log = Path(folder) / "log"
                corpora.call([TOOLS / "make_corpus", 1 << 20, "%s=%s" % (form, log)])
                self.assertEqual(hashlib.sha256(log.read_bytes()).hexdigest()[:16], digest)

    def test_the_envelopes_hold_the_text(self):
        with tempfile.TemporaryDirectory() as folder:
            text, docker, cri = (Path(folder) / form for form in ("text", "docker-json", "cri"))
            corpora.call([TOOLS / "make_corpus", 1 << 18, *("%s=%s" % (path.name, path) for path in (text, docker, cri))])
            self.assertEqual("".join(json.loads(line)["log"] for line in docker.read_text().splitlines()), text.read_text())
            self.assertEqual("".join(line.split(" ", 3)[3] for line in cri.read_text().splitlines(keepends=True)), text.read_text())

    def test_a_replayed_log_holds_the_incidents_that_were_planted(self):
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder) / "scale.log"
            corpora.call([sys.executable, HERE / "make_replay.py", "--bytes", 2 << 20, "--out", log])
            report = subprocess.run([PROGRAM, "triage", "--format", "json", log], capture_output=True, check=True).stdout
        causes = {finding["cause"] for finding in json.loads(report)["findings"]}
        self.assertLessEqual({"stale_descriptor_cache", "manifest_revision_missing", "index_child_deleted", "digest_mismatch"}, causes)


class Measuring(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.meter = Meter(TOOLS / "run_once", folder.name)

    def test_the_memory_of_the_driver_is_nobody_elses(self):
        ballast = bytearray(300 << 20)
        cost = alternate({"true": Command(["true"], silent=True)}, 1, self.meter)["true"]
        self.assertEqual(len(ballast), 300 << 20)
        self.assertLess(cost.peak, 50 << 20)

    def test_the_cost_of_a_pipe_is_that_of_all_its_programs(self):
        burn = "dd if=/dev/zero bs=1M count=400 status=none | cksum"
        cost = alternate({"pipe": Command(["sh", "-c", burn])}, 1, self.meter)["pipe"]
        self.assertGreater(cost.cpu, 0.02)

    def test_a_command_that_fails_or_says_nothing_has_no_figures(self):
        for argv in (["false"], ["true"], ["/no/such/program"]):
            with self.subTest(argv), self.assertRaises(Failed):
                alternate({"it": Command(argv)}, 1, self.meter)


class Targets(unittest.TestCase):
    def test_each_speaks_of_a_contest_that_is_there_and_has_a_name_of_its_own(self):
        self.assertEqual(len({t.name for t in targets.TARGETS}), len(targets.TARGETS))
        self.assertLessEqual({t.contest for t in targets.TARGETS}, {c.name for c in CONTESTS})

    def test_an_aim_is_never_easier_than_the_bound(self):
        for target in targets.TARGETS:
            self.assertTrue(target.aim >= target.must if target.faster else target.aim <= target.must, target.name)

    def test_faster_counts_bytes_a_second_and_wants_more(self):
        lnav = next(t for t in targets.TARGETS if t.name == "lnav")
        costs = {"triage": Cost(1.0, 1.0, 0, 1000), "lnav": Cost(4.0, 4.0, 0, 100)}
        self.assertEqual(lnav.measure(costs), 40)
        self.assertEqual([lnav.verdict(x) for x in (32, 40, 60)], [targets.MISSED, targets.OK, targets.AT_AIM])


if __name__ == "__main__":
    unittest.main()
