"""A real registry with a Redis descriptor cache on free ports of 127.0.0.1, and images to push; all in one temporary folder."""
import ctypes
import gzip
import hashlib
import io
import json
import random
import signal
import socket
import subprocess
import tarfile
import time
import urllib.error
import urllib.request
from pathlib import Path

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"


def digest_of(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def die_with_parent():
    """Linux: a server goes when the test goes, even if that is killed (prctl PR_SET_PDEATHSIG)."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


class Image:
    """Two small layers, a config and a manifest; the seed decides the content."""

    def __init__(self, seed):
        rng = random.Random(seed)
        self.layers, diffs = [], []
        for nth in range(2):
            raw = io.BytesIO()
            with tarfile.open(fileobj=raw, mode="w") as tar:
                info = tarfile.TarInfo("srv/part-%d" % nth)
                info.size = 4096
                tar.addfile(info, io.BytesIO(rng.randbytes(info.size)))
            self.layers.append(gzip.compress(raw.getvalue(), mtime=0))
            diffs.append(digest_of(raw.getvalue()))
        self.config = json.dumps({"architecture": "amd64", "os": "linux", "config": {},
                                  "rootfs": {"type": "layers", "diff_ids": diffs}}).encode()
        described = [{"mediaType": kind, "digest": digest_of(data), "size": len(data)}
                     for kind, data in [(CONFIG, self.config)] + [(LAYER, layer) for layer in self.layers]]
        self.manifest = json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "config": described[0],
                                    "layers": described[1:]}).encode()
        self.blobs = [*self.layers, self.config]
        self.digest = digest_of(self.manifest)

    def write_layout(self, folder):
        """As an OCI image layout that skopeo reads."""
        blobs = folder / "blobs" / "sha256"
        blobs.mkdir(parents=True)
        for data in [*self.blobs, self.manifest]:
            (blobs / digest_of(data)[7:]).write_bytes(data)
        entry = {"mediaType": MANIFEST, "digest": self.digest, "size": len(self.manifest),
                 "annotations": {"org.opencontainers.image.ref.name": "image"}}
        (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [entry]}))
        (folder / "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')
        return folder


class Bench:
    """Starts servers and stops them by process id; use it with `with`."""

    def __init__(self, folder):
        self.folder, self.running, self.pulls = Path(folder), [], 0
        self.log = self.folder / "registry.log"
        self.root = self.folder / "storage"

    def __enter__(self):
        self.redis_port, self.port = free_port(), free_port()
        self.start(["redis-server", "--bind", "127.0.0.1", "--port", str(self.redis_port), "--save", "", "--appendonly", "no"],
                   self.redis_port, subprocess.DEVNULL)
        config = self.folder / "config.yml"
        config.write_text(json.dumps({
            "version": "0.1", "log": {"level": "info", "formatter": "text"},
            "storage": {"filesystem": {"rootdirectory": str(self.root)}, "cache": {"blobdescriptor": "redis"}, "delete": {"enabled": True}},
            "http": {"addr": "127.0.0.1:%d" % self.port, "secret": "only-for-this-test"},
            "redis": {"addr": "127.0.0.1:%d" % self.redis_port, "db": 0}}))
        with open(self.log, "wb") as out:
            self.start(["docker-registry", "serve", str(config)], self.port, out)
        return self

    def __exit__(self, *_):
        for process in reversed(self.running):
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def start(self, argv, port, out):
        process = subprocess.Popen(argv, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                                   env=self.environment(), preexec_fn=die_with_parent)
        self.running.append(process)
        until = time.monotonic() + 20
        while time.monotonic() < until and process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise RuntimeError("%s did not open port %d: %s" % (argv[0], port, self.log.read_text()[-500:] if self.log.exists() else ""))

    def environment(self):
        return {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(self.folder), "TMPDIR": str(self.folder), "TZ": "UTC", "LC_ALL": "C"}

    def skopeo(self, *arguments):
        done = subprocess.run(["skopeo", "--insecure-policy", *arguments], cwd=self.folder, env=self.environment(), timeout=60,
                              capture_output=True, text=True)
        return done.returncode == 0

    def push(self, image, repository, tag):
        layout = self.folder / ("layout-" + image.digest[7:19])
        if not layout.exists():
            image.write_layout(layout)
        return self.skopeo("copy", "--dest-tls-verify=false", "oci:%s:image" % layout,
                           "docker://127.0.0.1:%d/%s:%s" % (self.port, repository, tag))

    def pull(self, repository, tag):
        self.pulls += 1
        return self.skopeo("copy", "--src-tls-verify=false", "docker://127.0.0.1:%d/%s:%s" % (self.port, repository, tag),
                           "dir:%s" % (self.folder / ("pulled-%d" % self.pulls)))

    def get_blob(self, repository, digest):
        """Status and body length as a plain HTTP client sees them; (0, 0) if the answer breaks off."""
        try:
            url = "http://127.0.0.1:%d/v2/%s/blobs/%s" % (self.port, repository, digest)
            with urllib.request.urlopen(url, timeout=10) as answer:
                return answer.status, len(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, 0
        except (OSError, ValueError, EOFError) as error:
            return 0, 0
        except Exception:  # http.client.IncompleteRead and its kin
            return 0, 0

    def data_file(self, digest):
        return self.root / "docker/registry/v2/blobs/sha256" / digest[7:9] / digest[7:] / "data"

    def redis_cli(self, *arguments):
        done = subprocess.run(["redis-cli", "-p", str(self.redis_port), *arguments], capture_output=True, text=True, timeout=10)
        return done.stdout.strip()
