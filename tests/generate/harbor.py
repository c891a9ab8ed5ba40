"""A Harbor in small: rows of its database, what its registry holds, its descriptor cache; every operation tells the lines of every component.

What it answers follows formats.md 2.4 and the captures of a running v2.7.4; where versions differ, the source at the tag is named.
"""
from folder import Folder
from grammar import (MS, OCI_MANIFEST, Bare, access, beego, beego_access, common, go_duration, harbor, logrus2, nginx, postgresql, redis, shown,
                     upload_state)

CORE = "172.18.0.7"
UNKNOWN_TEXT = {"manifest unknown": "manifest unknown", "blob unknown": "blob unknown to registry",
                "manifest blob unknown": "blob unknown to registry"}
OCI = {"manifest unknown": "MANIFEST_UNKNOWN", "blob unknown": "BLOB_UNKNOWN", "manifest blob unknown": "MANIFEST_BLOB_UNKNOWN"}
BASIC = 'basic authentication challenge for realm "harbor-registry-basic-realm": invalid authorization credential'
NOTIFIER = "pkg/notifier/notifier.go:205"
HANDLERS = {
    "PUSH_ARTIFACT": ("InternalArtifact", "AuditLog", "ArtifactWebhook", "Replication", "P2PPreheat"),
    "PULL_ARTIFACT": ("InternalArtifact", "ArtifactWebhook", "AuditLog"),
    "DELETE_ARTIFACT": ("Replication", "AuditLog", "ArtifactWebhook", "DeleteArtifactWebhook"),
}


def size_of(digest):
    """Bytes of a blob: some thousands, always the same for one digest."""
    return 2000 + int(digest[7:11], 16)


class Harbor(Folder):
    """version: (major, minor). helm: nginx prints its own time and nothing is wrapped."""

    def __init__(self, version, seed, start, helm=False, manifest_cache=False):
        super().__init__(seed, start)
        self.version, self.helm, self.manifest_cache = version, helm, manifest_cache
        self.tags, self.artifacts, self.trash = {}, {}, []   # (repo, tag) → digest; (repo, digest) → Image
        self.blob_rows = {}                                  # digest → "none" | "deleting" | "delete failed"
        self.links, self.revisions, self.data = set(), set(), set()
        self.registry_tags, self.cached_manifests = {}, set()
        self.known_user, self.serial_of = False, {}
        self.start_up()

    # -- what one component says --------------------------------------------------------------------------------------

    def core(self, level, place, message, fields=None, verdict=None, code=""):
        self.tell("core.log", self.now, harbor(self.now, level, place, message, fields), verdict, code)

    def registry_says(self, message, level="info", at=None, **fields):
        told = {"go.version": "go1.20.10", "instance.id": self.instance, "service": "registry", "version": "v2.8.3", **fields}
        self.tell("registry.log", at or self.now, logrus2(at or self.now, level, message, told))

    def audits(self):
        """core.log tells pushes, pulls and deletions at info from v2.1.0 to v2.8.x only: src/pkg/notifier/notifier.go, 52e66155d4 (v2.9.0)."""
        return (2, 1) <= self.version < (2, 9)

    def audit(self, topic, repo, tags, digest, operator):
        if not self.audits():
            return
        number = self.serial_of.setdefault((repo, digest), len(self.serial_of) + 1)
        for handler in HANDLERS[topic]:
            self.core("INFO", NOTIFIER, "Handle notification with Handler '%s' on topic '%s': ID-%d, Repository-%s Tags-[%s] Digest-%s Operator-%s "
                      "OccurAt-%s" % (handler, topic, number, repo, " ".join(tags), digest, operator, shown(self.now, "%Y-%m-%d %H:%M:%S")))

    def start_up(self):
        self.instance = self.uuid()
        self.core("ERROR", "lib/config/config.go:81", "failed to get config manager", verdict="noise")
        self.core("INFO", "core/main.go:259", "Version: v%d.%d.0, Git commit: 8693b25a" % self.version)
        self.tell("core.log", self.now, beego(self.now, "I", "server.go:281", "http server Running on http://:8080"))
        self.registry_says("using redis blob descriptor cache")
        self.registry_says("listening on [::]:5000")
        self.tell("registryctl.log", self.now, common(self.now, "127.0.0.1", "GET", "/api/health", 200, 9))
        self.tell("jobservice.log", self.now, harbor(self.now, "INFO", "jobservice/worker/cworker/c_worker.go:154", "Basic worker is started"))
        self.tell("postgresql.log", self.now, postgresql(self.now, "LOG", "database system is ready to accept connections"))
        self.tell("redis.log", self.now, redis(self.now, "M", "Ready to accept connections"))
        self.pause()

    # -- one request through nginx, core and, perhaps, the registry ---------------------------------------------------

    def ask(self, client, method, uri, status, size=0, back=None, verdict=None, code="", upstream=None, front=True):
        """back: what the registry answered, as a dict of answer(); None if core answered by itself."""
        took = self.rng.randint(3, 30) * MS
        begin, self.now = self.now, self.now + took
        if back:
            self.answer(client, method, begin, took, back)
        if self.version < (2, 2) and front:  # runmode dev: core prints its requests
            self.tell("core.log", self.now, beego_access(self.now, client.address, status, took, method, uri.split("?")[0],
                                                         "/v2/*" if uri.startswith("/v2/") else "/api/*"))
        if front:
            told = "loud" if status >= 400 and verdict is None else verdict
            text = nginx(self.now, client.address, method, uri, status, size, client.agent, took, helm=self.helm)
            self.tell("proxy.log", self.now, text, told, code)
        self.pause()

    def answer(self, client, method, begin, took, back):
        begin, end = begin + MS, begin + took - MS
        uri, status = back["uri"], back["status"]
        request = {"go.version": "go1.20.10", "http.request.host": back.get("host", "harbor.example.com"), "http.request.id": self.uuid(),
                   "http.request.method": method, "http.request.remoteaddr": back.get("remote", client.address), "http.request.uri": uri,
                   "http.request.useragent": client.agent}
        if back.get("type"):
            request["http.request.contenttype"] = back["type"]
        names = {"vars." + k: v for k, v in back.get("vars", {}).items()}
        response = {"http.response.duration": go_duration(end - begin), "http.response.status": Bare(status),
                    "http.response.written": Bare(back.get("size", 0))}
        user = {"auth.user.name": "harbor_registry_user" if self.version >= (2, 0) else client.user}
        if status != 401:
            self.tell("registry.log", begin, logrus2(begin, "info", "authorized request", {**request, **names}))
        for error, detail in back.get("errors", ()):
            told = {**user, **request, **names, **response, "err.code": error, "err.message": UNKNOWN_TEXT.get(error, "unknown error"),
                    "http.response.contenttype": "application/json; charset=utf-8"}
            if detail:
                told["err.detail"] = Bare(detail) if detail.startswith("sha256:") else detail
            self.tell("registry.log", end, logrus2(end, "error", "response completed with error", told), "loud", OCI.get(error, "UNKNOWN"))
        if status < 400:
            kind = {"http.response.contenttype": back["kind"]} if back.get("kind") else {}
            self.tell("registry.log", end, logrus2(end, "info", "response completed", {**request, **response, **kind}), back.get("verdict"))
        elif status == 401:
            why = "authorization token required" if self.version < (2, 0) else BASIC
            self.tell("registry.log", end, logrus2(end, "warning", "error authorizing context: " + why, {**request, **names}), "noise")
        host = CORE if back.get("host") is None or ":" not in back.get("remote", "") else back["remote"].split(":")[0]
        self.tell("registry.log", end, access(begin, host, method, uri, status, back.get("size", 0), client.agent))

    def log_in(self, client, repo, actions="pull"):
        old = self.version < (2, 0)
        self.ask(client, "GET", "/v2/", 401, 76, {"uri": "/v2/", "status": 401, "size": 87} if old else None, "noise", "UNAUTHORIZED")
        self.ask(client, "GET", "/service/token?account=%s&scope=repository%%3A%s%%3A%s&service=harbor-registry" % (
            client.user, repo.replace("/", "%2F"), actions.replace(",", "%2C")), 200, 853)

    # -- pulls --------------------------------------------------------------------------------------------------------

    def manifest(self, client, method, repo, reference):
        """Status of a HEAD or GET of a manifest."""
        uri = "/v2/%s/manifests/%s" % (repo, reference)
        digest = reference if ":" in reference else self.tags.get((repo, reference))
        if self.version < (2, 0):
            return self.manifest_of_old(client, method, repo, reference)
        if not digest or (repo, digest) not in self.artifacts:
            self.ask(client, method, uri, 404, 0 if method == "HEAD" else 104, code="NOT_FOUND")
            return 404
        if self.manifest_cache and digest in self.cached_manifests:
            self.ask(client, method, uri, 200, 0 if method == "HEAD" else 580)
        else:
            self.cache_miss(digest)
            if not self.from_registry(client, method, repo, uri, digest):
                return 404
        if method == "GET":
            self.audit("PULL_ARTIFACT", repo, [] if ":" in reference else [reference], digest, client.user)
        return 200

    def cache_miss(self, digest):
        if self.manifest_cache:
            if self.version < (2, 9):  # debug since: src/server/registry/manifest.go v2.9.0
                self.core("WARNING", "server/registry/manifest.go:96", "failed to get manifest from cache, error: key not found:redis: nil",
                          verdict="noise")
            self.cached_manifests.add(digest)

    def from_registry(self, client, method, repo, uri, digest):
        back = {"uri": "/v2/%s/manifests/%s" % (repo, digest), "vars": {"name": repo, "reference": digest}}
        if (repo, digest) in self.revisions and digest in self.data:
            self.ask(client, method, uri, 200, 0 if method == "HEAD" else 580, {**back, "status": 200, "size": 580, "kind": OCI_MANIFEST})
            return True
        why = [("manifest unknown", "unknown manifest name=%s revision=%s" % (repo, digest))]
        back = {**back, "status": 404, "size": 186, "errors": why}
        self.ask(client, method, uri, 404, 0 if method == "HEAD" else 186, back, code="MANIFEST_UNKNOWN")
        self.cached_manifests.discard(digest)
        return False

    def manifest_of_old(self, client, method, repo, reference):
        """1.10: the registry itself is asked, by tag (src/core/middlewares/registryproxy v1.10.0)."""
        uri = "/v2/%s/manifests/%s" % (repo, reference)
        back = {"uri": uri, "vars": {"name": repo, "reference": reference}}
        digest = reference if ":" in reference else self.registry_tags.get((repo, reference))
        if digest and (repo, digest) in self.revisions and digest in self.data:
            self.ask(client, method, uri, 200, 0 if method == "HEAD" else 580, {**back, "status": 200, "size": 580, "kind": OCI_MANIFEST})
            return 200
        why = "unknown manifest name=%s revision=%s" % (repo, digest) if digest else "unknown tag=" + reference
        self.ask(client, method, uri, 404, 0 if method == "HEAD" else 96, {**back, "status": 404, "size": 96, "errors": [("manifest unknown", why)]},
                 code="MANIFEST_UNKNOWN")
        return 404

    def get_blob(self, client, repo, digest, verdict=None):
        uri = "/v2/%s/blobs/%s" % (repo, digest)
        back = {"uri": uri, "vars": {"name": repo, "digest": digest}}
        if (repo, digest) in self.links and digest in self.data:
            size = size_of(digest)
            back = {**back, "status": 200, "size": size, "kind": "application/octet-stream", "verdict": verdict}
            self.ask(client, "GET", uri, 200, size, back)  # of two lines of one request the registry's is the one that counts
        else:
            self.ask(client, "GET", uri, 404, 157, {**back, "status": 404, "size": 157, "errors": [("blob unknown", digest)]}, code="BLOB_UNKNOWN")

    def pull(self, client, repo, tag):
        """As docker and containerd do (HEAD the tag, GET the digest), or as skopeo (GET the tag)."""
        self.log_in(client, repo)
        digest = self.tags.get((repo, tag)) if self.version >= (2, 0) else self.registry_tags.get((repo, tag))
        if "skopeo" in client.agent or "containers/" in client.agent:
            found = self.manifest(client, "GET", repo, tag)
        else:
            found = self.manifest(client, "HEAD", repo, tag)
            found = self.manifest(client, "GET", repo, digest if found == 200 else tag)
        image = self.artifacts.get((repo, digest))
        if found == 200 and image:
            for blob in (image.config, *image.layers):
                self.get_blob(client, repo, blob)

    # -- pushes -------------------------------------------------------------------------------------------------------

    def head_blob(self, client, repo, digest):
        uri = "/v2/%s/blobs/%s" % (repo, digest)
        if self.version >= (2, 0) and self.blob_rows.get(digest) != "none":
            self.ask(client, "HEAD", uri, 404, code="NOT_FOUND")
            return 404
        back = {"uri": uri, "vars": {"name": repo, "digest": digest}}
        if (repo, digest) in self.links and digest in self.data:
            self.ask(client, "HEAD", uri, 200, 0, {**back, "status": 200, "size": size_of(digest)})
            return 200
        self.ask(client, "HEAD", uri, 404, 0, {**back, "status": 404, "size": 157, "errors": [("blob unknown", digest)]}, code="BLOB_UNKNOWN")
        return 404

    def upload(self, client, repo, digest, front=True, **more):
        start, upload = self.now, self.uuid()
        name = {"vars": {"name": repo}, **more}
        begun = "/v2/%s/blobs/uploads/" % repo
        self.ask(client, "POST", begun, 202, 0, {"uri": begun, "status": 202, **name}, front=front)
        name = {"vars": {"name": repo, "uuid": upload}, "type": "application/octet-stream", **more}
        uri = "%s%s?_state=%s" % (begun, upload, upload_state(self.rng, repo, upload, 0, start))
        self.ask(client, "PATCH", uri, 202, 0, {"uri": uri, "status": 202, **name}, front=front)
        uri = "%s%s?_state=%s&digest=%s" % (begun, upload, upload_state(self.rng, repo, upload, size_of(digest), start), digest.replace(":", "%3A"))
        self.ask(client, "PUT", uri, 201, 0, {"uri": uri, "status": 201, **name}, front=front)
        self.links.add((repo, digest))
        self.data.add(digest)

    def send_layers(self, client, repo, image):
        self.log_in(client, repo, "pull,push")
        for blob in (*image.layers, image.config):
            if self.head_blob(client, repo, blob) == 404:
                self.upload(client, repo, blob)
            self.blob_rows[blob] = "none"

    def put_in_registry(self, client, repo, tag, image, status=201, code="", front=True, verdict=None, **more):
        reference = image.digest if self.version >= (2, 15) and front else tag  # goharbor/harbor 95003aa41b
        uri = "/v2/%s/manifests/%s" % (repo, tag)
        back = {"uri": "/v2/%s/manifests/%s" % (repo, reference), "status": 201, "type": OCI_MANIFEST, "vars": {"name": repo, "reference": reference},
                "verdict": verdict, **more}
        self.ask(client, "PUT", uri, status, 0 if status < 400 else 80, back, code=code, front=front)
        self.revisions.add((repo, image.digest))
        self.data.add(image.digest)
        if reference == tag:
            self.registry_tags[(repo, tag)] = image.digest

    def own_client(self):
        return self.client("", "harbor-registry-client", "%s:%d" % (CORE, self.rng.randint(40000, 60000)))

    def read_back(self, repo, image):
        """Core reads a new manifest and its config again."""
        own = self.own_client()
        inside = {"host": "registry:5000", "remote": own.address, "status": 200}
        if not self.known_user:
            self.known_user = True
            nobody = own._replace(agent="Go-http-client/1.1")
            self.ask(nobody, "GET", "/v2/", 401, 0, {**inside, "uri": "/v2/", "status": 401, "size": 87}, front=False)
        for kind, name, digest in (("manifests", "reference", image.digest), ("blobs", "digest", image.config)):
            uri = "/v2/%s/%s/%s" % (repo, kind, digest)
            size, told = (580, OCI_MANIFEST) if kind == "manifests" else (size_of(digest), "application/octet-stream")
            back = {**inside, "uri": uri, "size": size, "kind": told, "vars": {"name": repo, name: digest}}
            self.ask(own, "GET", uri, 200, 0, back, front=False)

    def put_manifest(self, client, repo, tag, image):
        new = (repo, image.digest) not in self.artifacts
        self.put_in_registry(client, repo, tag, image)
        if self.version < (2, 0):
            self.tell("core.log", self.now, beego_access(self.now, CORE, 200, 9 * MS, "POST", "/service/notifications", "/service/notifications"))
        elif new:
            self.read_back(repo, image)
        self.tags[(repo, tag)] = image.digest
        self.artifacts[(repo, image.digest)] = image
        self.blob_rows[image.digest] = "none"
        self.audit("PUSH_ARTIFACT", repo, [tag], image.digest, client.user)

    def push(self, client, repo, tag, image=None):
        image = image or self.image()
        if "containerd" in client.agent or "buildkit" in client.agent:
            self.log_in(client, repo, "pull,push")
            self.manifest(client, "HEAD", repo, tag)  # "is it there already?"
        self.send_layers(client, repo, image)
        self.put_manifest(client, repo, tag, image)
        return image
