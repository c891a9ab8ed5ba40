#!/usr/bin/env python3
"""Writes a registry log of any size: good pushes and pulls, each push with its probes. The same arguments give the same bytes.

  make_log.py --bytes 200M --seed 1 --out big.log

For measuring only: what lines mean is tested on real captures. Lines are those of distribution's text formatter with the access log on.
"""
import argparse
import random
from datetime import datetime, timedelta, timezone

APP = ('time="%s" level=%s msg="response completed%s" %sgo.version=go1.19.8 http.request.host=registry.example.com '
       'http.request.id=%s http.request.method=%s http.request.remoteaddr=%s http.request.uri="%s" http.request.useragent="%s" '
       'http.response.duration=%.6fms http.response.status=%d http.response.written=%d\n')
ACCESS = '127.0.0.1 - - [%s +0000] "%s %s HTTP/1.1" %d %d "" "%s"\n'
UNKNOWN = 'err.code="blob unknown" err.detail=%s err.message="blob unknown to registry" '
AGENTS = ["docker/24.0.7 go/go1.20.10 git-commit/311b9ff kernel/5.15.0-89-generic os/linux arch/amd64", "containerd/v1.7.2", "skopeo/1.9.3"]


class Writer:
    def __init__(self, seed, out):
        self.rng, self.out, self.written = random.Random(seed), out, 0
        self.now = datetime(2026, 3, 2, 6, tzinfo=timezone.utc)

    def uuid(self):
        digits = "%032x" % self.rng.getrandbits(128)
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    def request(self, method, uri, status, written, client, agent, unknown=""):
        self.now += timedelta(microseconds=self.rng.randrange(500, 90000))
        stamp = self.now.strftime("%Y-%m-%dT%H:%M:%S.%f") + "%03dZ" % self.rng.randrange(1000)
        text = APP % (stamp, "error" if unknown else "info", " with error" if unknown else "", UNKNOWN % unknown if unknown else "",
                      self.uuid(), method, client, uri, agent, self.rng.uniform(0.5, 9), status, written)
        text += ACCESS % (self.now.strftime("%d/%b/%Y:%H:%M:%S"), method, uri, status, written, agent)
        self.out.write(text)
        self.written += len(text)

    def life_of_an_image(self):
        """One push and a few pulls."""
        rng = self.rng
        repository = "%s/%s-%d" % (rng.choice(("team-a", "team-b", "library")), rng.choice(("api", "web", "worker")), rng.randrange(40))
        who = ("10.20.%d.%d" % (rng.randrange(8), rng.randrange(250)), rng.choice(AGENTS))
        digests = ["sha256:%064x" % rng.getrandbits(256) for _ in range(rng.randrange(2, 6))]
        for digest in digests:
            self.request("HEAD", "/v2/%s/blobs/%s" % (repository, digest), 404, 157, *who, unknown=digest)
            self.request("POST", "/v2/%s/blobs/uploads/" % repository, 202, 0, *who)
            upload = "/v2/%s/blobs/uploads/%s" % (repository, self.uuid())
            self.request("PATCH", upload, 202, 0, *who)
            self.request("PUT", "%s?digest=%s" % (upload, digest.replace(":", "%3A")), 201, 0, *who)
        tag = "v%d.%d" % (rng.randrange(9), rng.randrange(30))
        self.request("PUT", "/v2/%s/manifests/%s" % (repository, tag), 201, 0, *who)
        for _ in range(rng.randrange(1, 6)):
            self.request("GET", "/v2/%s/manifests/%s" % (repository, tag), 200, 1200, *who)
            for digest in digests:
                self.request("GET", "/v2/%s/blobs/%s" % (repository, digest), 200, rng.randrange(2000, 90000), *who)


def size_of(text):
    return int(float(text.rstrip("KMG")) * {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}.get(text[-1], 1))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--bytes", default="200M")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--out", required=True)
    a = p.parse_args()
    with open(a.out, "w", buffering=1 << 20) as out:
        writer = Writer(a.seed, out)
        while writer.written < size_of(a.bytes):
            writer.life_of_an_image()


if __name__ == "__main__":
    main()
