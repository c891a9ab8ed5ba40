#!/usr/bin/env python3
"""The bundled sample's story, live: a real registry with a Redis descriptor cache loses data, and the program reads its log.

Needs docker-registry, redis-server, skopeo and curl (Debian's packages); without them it says so and is skipped (exit 77).
Everything listens on 127.0.0.1 on free ports and is stopped by process id.

  1. two images are pushed and pulled
  2. the data of one is removed from storage behind the registry's back; Redis is not told
  3. it is pushed again ("succeeds") and pulled (fails)
  4. the log goes through a pipe into the program: verdicts, cause, advice
  5. each `confirm` that can be run here is run and must settle it; what `do` says must repair it, in its order
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from servers import Bench, Image, digest_of

SOURCE = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("REGTRIAGE", str(SOURCE / "build" / "regtriage"))
NEEDED = ("docker-registry", "redis-server", "redis-cli", "skopeo", "curl")
GOOD, BROKEN = "team/web", "team/app"
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"  # sha256 of nothing


def break_it(bench, image):
    """The story up to the point where someone looks into the log."""
    good = Image(1)
    for healthy, repository in ((good, GOOD), (image, BROKEN)):
        assert bench.push(healthy, repository, "v1") and bench.pull(repository, "v1"), "the registry works"
    for data in [*image.blobs, image.manifest]:
        bench.data_file(digest_of(data)).unlink()
    assert bench.push(image, BROKEN, "v1"), "the push out of the stale cache is answered as if it had worked"
    assert not bench.pull(BROKEN, "v1"), "the image is broken"
    for data in image.blobs:
        assert bench.get_blob(BROKEN, digest_of(data)) != (200, len(data))
    assert bench.pull(GOOD, "v1"), "the other image is not"


def triage(log, *more):
    """The answer for a log that comes through a pipe."""
    done = subprocess.run([PROGRAM, "--format", "json", "--events", *more], input=log, capture_output=True, timeout=60)
    if done.returncode:
        raise AssertionError("exit %d: %s" % (done.returncode, done.stderr.decode(errors="replace")))
    return json.loads(done.stdout)


class Live(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.bench = Bench(cls.folder.name)
        cls.addClassCleanup(cls.bench.__exit__)
        cls.bench.__enter__()
        cls.image = Image(2)
        break_it(cls.bench, cls.image)
        cls.log = cls.bench.log.read_bytes()
        cls.report = triage(cls.log)
        cls.finding = next(iter(cls.report["findings"]), None)

    def test_1_every_probe_of_a_push_is_noise_and_nothing_else_is(self):
        codes, log = self.report["codes"], self.log.decode()
        probes = sum('err.code="blob unknown"' in line for line in log.splitlines())
        pulls = sum('err.code="manifest unknown"' in line for line in log.splitlines())
        self.assertGreaterEqual(probes, 6)
        self.assertGreaterEqual(pulls, 1)
        self.assertEqual((codes["BLOB_UNKNOWN"]["total"], codes["BLOB_UNKNOWN"]["noise"]), (probes, probes))
        self.assertEqual((codes["MANIFEST_UNKNOWN"]["total"], codes["MANIFEST_UNKNOWN"]["loss"]), (pulls, pulls))

    def test_2_the_cause_is_the_cache_that_outlives_the_data(self):
        self.assertEqual([f["cause"] for f in self.report["findings"] if f["class"] != "noise"], ["stale_descriptor_cache"])
        self.assertIn(self.finding["confidence"], ("certain", "probable"))
        self.assertEqual((self.finding["verdict"], self.finding["state"]), ("loss", "ongoing"))
        self.assertEqual(self.finding["repositories"], [BROKEN])
        self.assertIn("v1", self.finding["tags"])

    def test_3_the_pushes_that_stored_nothing_are_called_silent(self):
        silent = {(e["method"], e["status"]) for e in self.report["events"] if e["verdict"] == "loss" and not e["code"]}
        self.assertLessEqual({("HEAD", 200), ("PUT", 201), ("GET", 200)}, silent)

    def test_4_each_confirmation_that_can_be_run_here_settles_it(self):
        checked = [self.check_confirmation(line) for line in self.finding["confirm"]]
        self.assertGreaterEqual(sum(checked), 3, self.finding["confirm"])
        # … and what the commands wrote, fed beside the log, settles it.
        settled = triage(self.log, "-", self.folder.name + "/L", self.folder.name + "/K")["findings"]
        self.assertEqual([(f["cause"], f["confidence"]) for f in settled if f["class"] != "noise"],
                         [("stale_descriptor_cache", "certain")])

    def test_5_the_advice_never_touches_more_than_the_cache(self):
        wrong = re.compile(r"flush(all|db)", re.I)
        self.assertFalse([line for line in self.finding["do"] if wrong.search(line)])
        self.assertTrue([line for line in self.finding["do_not"] if wrong.search(line)])

    def test_6_what_it_says_to_do_repairs_the_image(self):
        self.assertFalse(self.push_and_pull(), "before the cache is cleared a push repairs nothing")
        commands = [line for line in self.finding["do"] if line.startswith("redis-cli")]
        self.assertTrue(commands)
        for command in commands:
            self.assertEqual(self.shell(command).returncode, 0, command)
        self.assertTrue(self.push_and_pull(), "after it a push repairs the image")
        healed = triage(self.bench.log.read_bytes())["findings"]
        self.assertEqual([(f["cause"], f["state"]) for f in healed if f["class"] != "noise"], [("stale_descriptor_cache", "healed")])

    def push_and_pull(self):
        return self.bench.push(self.image, BROKEN, "v1") and self.bench.pull(BROKEN, "v1")

    def check_confirmation(self, line):
        """Runs one `confirm` line; False if it needs what is not here (a bucket)."""
        if re.search(r"(^|; )(aws|mc) ", line):
            return False
        done = self.shell(line)
        if "; find " in line:
            self.assertIn("/blobs/sha256/", self.made("L"), line)
        elif line.startswith("redis-cli"):
            self.assertTrue(self.made("K"), "the cache still describes it: " + line)
        elif line.startswith("grep"):
            self.assertIn("redis", done.stdout, line)
        elif line.startswith("curl") and "sha256sum" in line:
            self.assertEqual(done.stdout.split()[:1], [EMPTY], line)
        else:
            self.fail("this test does not know what to expect of: " + line)
        return True

    def made(self, name):
        return (Path(self.folder.name) / name).read_text()

    def shell(self, line):
        """Runs a line of the answer with the names of this place in the blanks that it leaves."""
        for blank, value in (("https://REGISTRY", "http://127.0.0.1:%d" % self.bench.port), ("REGISTRY.log", str(self.bench.log)),
                             ("-u USER ", ""), ("ROOT", str(self.bench.root)), ("redis-cli -n DB", "redis-cli -p %d -n 0" % self.bench.redis_port)):
            line = line.replace(blank, value)
        return subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=30, cwd=self.folder.name)


if __name__ == "__main__":
    missing = [name for name in NEEDED if not shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin")]
    if missing:
        print("live test skipped: not installed here: %s (on Debian: ./dev setup)" % ", ".join(missing))
        sys.exit(77)
    unittest.main(verbosity=2)
