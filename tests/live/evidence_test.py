#!/usr/bin/env python3
"""What a real registry's storage, cache and dry run say beside its log: each is made by the tool itself, and settles what the log
only suggests, or refutes it.

Needs what live_test.py needs; without it it says so and is skipped (exit 77).
"""
import datetime
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from servers import Bench, Image, digest_of

SOURCE = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("REGTRIAGE", str(SOURCE / "build" / "regtriage"))
NEEDED = ("docker-registry", "redis-server", "redis-cli", "skopeo")
GOOD, BROKEN = "team/web", "team/app"


class Evidence(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.bench = Bench(folder.name)
        self.addCleanup(self.bench.__exit__)
        self.bench.__enter__()
        self.image = Image(2)
        for image, repository in ((Image(1), GOOD), (Image(3), GOOD), (self.image, BROKEN), (Image(4), BROKEN)):
            tag = "v1" if image.digest in (Image(1).digest, self.image.digest) else "v2"
            assert self.bench.push(image, repository, tag) and self.bench.pull(repository, tag)

    def lose(self, *lost):
        """Behind the registry's back; and its cache is emptied, so that it admits it."""
        kept = {}
        for data in lost:
            path = self.bench.data_file(digest_of(data))
            kept[path] = path.read_bytes()
            path.unlink()
        self.redis("FLUSHALL")
        self.assertFalse(self.bench.pull(BROKEN, "v1"))
        return kept

    def redis(self, *words):
        return subprocess.run(["redis-cli", "-p", str(self.bench.redis_port), *words], capture_output=True, check=True).stdout

    def made(self, *command, stamp=True):
        """A file as the tool prints it, perhaps with the moment it was made before it."""
        head = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=1)).strftime("# listing %Y-%m-%dT%H:%M:%SZ\n")
        done = subprocess.run(command, capture_output=True, check=True, cwd=self.bench.folder, env=self.bench.environment())
        return (head.encode() if stamp else b"") + done.stdout

    def answer(self, *files):
        paths = [str(self.bench.log)]
        for nth, text in enumerate(files):
            path = self.bench.folder / ("evidence-%d" % nth)
            path.write_bytes(text)
            paths.append(str(path))
        done = subprocess.run([PROGRAM, "--format", "json", *paths], capture_output=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        findings = json.loads(done.stdout)["findings"]
        return [(f["cause"], f["confidence"]) for f in findings if f["class"] != "noise"]

    def find(self):
        return self.made("find", str(self.bench.root), "-name", "data", "-o", "-name", "link")

    def dry_run(self):
        return self.made("docker-registry", "garbage-collect", "--dry-run", str(self.bench.folder / "config.yml"))

    def test_a_listing_of_a_disk_makes_a_lost_layer_certain_and_refutes_it(self):
        kept = self.lose(self.image.layers[0])
        self.assertEqual(self.answer(), [("blob_data_missing", "probable")])
        for listing in (self.find(), self.made("ls", "-lR", str(self.bench.root)), self.made("find", str(self.bench.root), "-ls")):
            self.assertEqual(self.answer(listing), [("blob_data_missing", "certain")])
        for path, data in kept.items():
            path.write_bytes(data)
            os.utime(path, (1, 1))  # written long before the question: it was there
        (cause, sure), = self.answer(self.made("ls", "-lR", "--full-time", str(self.bench.root)))
        self.assertEqual(cause, "storage_root_changed")
        self.assertNotEqual(sure, "certain")

    def test_a_dry_run_reads_the_storage_without_the_cache(self):
        self.lose(self.image.manifest)
        guess = self.answer()
        self.assertEqual([cause for cause, _ in guess], ["manifest_revision_missing"])
        # It lists nothing of the lost manifest: lost, but not whether its link or its data is.
        self.assertNotIn(self.image.digest.encode(), self.dry_run())
        self.assertEqual(self.answer(self.dry_run()), [("manifest_revision_missing", "probable")])
        self.assertEqual(self.answer(self.dry_run(), self.find()), [("manifest_data_missing", "certain")])

    def test_a_dry_run_that_reads_the_manifest_refutes_its_loss(self):
        kept = self.lose(self.image.manifest)
        for path, data in kept.items():
            path.write_bytes(data)
        marks = self.dry_run()
        self.assertIn(b"marking manifest " + self.image.digest.encode(), marks)
        (cause, sure), = self.answer(marks)
        self.assertEqual(cause, "storage_root_changed")
        self.assertNotEqual(sure, "certain")

    def test_what_a_collection_named_and_a_later_dry_run_does_not_find_it_deleted(self):
        # Nothing names the layers any more, and the collection deletes them for good.
        link = self.bench.root / "docker/registry/v2/repositories" / BROKEN / "_manifests/revisions/sha256" / self.image.digest[7:] / "link"
        link.unlink()
        output = self.made("docker-registry", "garbage-collect", str(self.bench.folder / "config.yml"), stamp=False)
        layer = digest_of(self.image.layers[0])
        self.assertIn(b"blob eligible for deletion: " + layer.encode(), output)
        self.redis("FLUSHALL")
        self.assertEqual(self.bench.get_blob(BROKEN, layer)[0], 404)
        lines = b"".join(line + b"\n" for line in output.splitlines() if b"level=" not in line)
        self.assertEqual(self.answer(lines), [("deleted_by_garbage_collection", "probable")])
        self.assertEqual(self.answer(lines, self.dry_run()), [("deleted_by_garbage_collection", "certain")])

    def test_the_cache_still_describes_what_is_lost(self):
        self.bench.data_file(self.image.digest).unlink()
        self.assertFalse(self.bench.pull(BROKEN, "v1"))
        (cause, sure), = self.answer()
        self.assertEqual((cause, sure), ("manifest_revision_missing", "probable"))
        scan = self.redis("--scan")
        self.assertIn(self.image.digest.encode(), scan)
        self.assertEqual(self.answer(scan), [("stale_descriptor_cache", "probable")])
        self.assertEqual(self.answer(scan, self.find()), [("stale_descriptor_cache", "certain")])


if __name__ == "__main__":
    missing = [name for name in NEEDED if not shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin")]
    if missing:
        print("evidence test skipped: not installed here: %s (on Debian: ./dev setup)" % ", ".join(missing))
        sys.exit(77)
    unittest.main(verbosity=2)
