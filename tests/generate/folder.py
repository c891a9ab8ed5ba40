"""A folder of logs in the making, with its truth, and the clients that ask.

Every line is told with its time and, where it is loud or part of an incident, what it is: "noise", "real" or "silent".
"""
import contextlib
import hashlib
import random
from collections import defaultdict, namedtuple

from grammar import MS, SECOND

Client = namedtuple("Client", "address agent user")
Image = namedtuple("Image", "layers config digest")
Incident = namedtuple("Incident", "name causes subjects")

DOCKER = "docker/24.0.7 go/go1.20.10 git-commit/311b9ff kernel/5.15.0-89-generic os/linux arch/amd64 UpstreamClient(Docker-Client/24.0.7 \\(linux\\))"
AGENTS = [DOCKER, "containerd/v1.7.2", "skopeo/1.9.3", "buildkit/v0.12", "containers/5.23.1 (github.com/containers/image)"]


class Folder:
    """Lines of several files. Deterministic: all chance comes from the seed."""

    def __init__(self, seed, start):
        self.rng = random.Random(seed)
        self.now = start
        self.lines = defaultdict(list)  # file → [(time, order, text, verdict, code)]
        self.incidents = []
        self.verdict = "noise"  # of the loud lines that are told now
        self.serial = 0

    def tell(self, name, at, text, verdict=None, code=""):
        """verdict: None for a line that says nothing, "loud" for one that is what happens now makes it."""
        self.serial += 1
        self.lines[name].append((at, self.serial, text, self.verdict if verdict == "loud" else verdict, code))

    @contextlib.contextmanager
    def incident(self, name, causes, subjects):
        """Loud lines told inside are the incident's."""
        self.incidents.append(Incident(name, causes, subjects))
        self.verdict = "real"
        yield
        self.verdict = "noise"

    def wait(self, seconds):
        self.now += int(seconds * SECOND)

    def pause(self, low=1, high=8):
        self.now += self.rng.randint(low * MS, high * MS)

    def digest(self, *what):
        """Of something named, always the same; of nothing, a new one."""
        told = "/".join(map(str, what)) or "%d" % self.rng.getrandbits(128)
        return "sha256:" + hashlib.sha256(told.encode()).hexdigest()

    def image(self, layers=3, base=()):
        made = tuple(base) + tuple(self.digest() for _ in range(layers - len(base)))
        return Image(made, self.digest(), self.digest())

    def uuid(self):
        x = "%032x" % self.rng.getrandbits(128)
        return "%s-%s-4%s-a%s-%s" % (x[:8], x[8:12], x[13:16], x[17:20], x[20:])

    def client(self, user="builder", agent=None, address=None):
        address = address or "10.%d.%d.%d" % (self.rng.randint(20, 40), self.rng.randint(0, 9), self.rng.randint(2, 250))
        return Client(address, agent or self.rng.choice(AGENTS), user)
