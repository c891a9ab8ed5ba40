"""Registries other than Harbor: the same pushes, pulls and deletions, each told as the product tells it (formats.md 3-6)."""
from folder import Folder
from grammar import MS, SECOND, Bare, access, compact, go_duration, logrus3, rfc3339, shown

WORDS = {200: "OK", 201: "Created", 202: "Accepted", 404: "Not Found"}


class Product(Folder):
    """A registry with one log. A product says how a request is printed, and what it adds to an error."""

    name, prefix, own = "registry.log", "/v2/", ()  # own: incidents that only this product has

    def __init__(self, seed, start):
        super().__init__(seed, start)
        self.tags, self.revisions, self.blobs, self.images = {}, set(), set(), {}

    # -- what a product overrides -------------------------------------------------------------------------------------

    def request(self, client, method, uri, status, size, took, verdict, code):
        raise NotImplementedError

    def error(self, client, method, uri, status, code, detail, names):
        """Application lines of an error, before its access line."""

    # -- requests -----------------------------------------------------------------------------------------------------

    def ask(self, client, method, repo, rest, status, size=0, code="", detail="", **names):
        took = self.rng.randint(2, 25) * MS
        uri = "%s%s/%s" % (self.prefix, repo, rest)
        self.correlation = "01%024X" % self.rng.getrandbits(96)
        self.now += took
        if status >= 400:
            self.error(client, method, uri, status, code, detail, {"name": repo, **names})
        self.request(client, method, uri, status, size, took, "loud" if status >= 400 else None, code)
        self.pause()
        return status

    def manifest(self, client, method, repo, reference):
        digest = reference if ":" in reference else self.tags.get((repo, reference))
        if digest and (repo, digest) in self.revisions:
            return self.ask(client, method, repo, "manifests/" + reference, 200, 580, reference=reference)
        detail = "unknown manifest name=%s revision=%s" % (repo, digest) if digest else "unknown tag=" + reference
        return self.ask(client, method, repo, "manifests/" + reference, 404, 96, "MANIFEST_UNKNOWN", detail, reference=reference)

    def blob(self, client, method, repo, digest):
        if (repo, digest) in self.blobs:
            return self.ask(client, method, repo, "blobs/" + digest, 200, 2000 + int(digest[7:11], 16), digest=digest)
        return self.ask(client, method, repo, "blobs/" + digest, 404, 157, "BLOB_UNKNOWN", digest, digest=digest)

    def push(self, client, repo, tag):
        image = self.image()
        for digest in (*image.layers, image.config):
            if self.blob(client, "HEAD", repo, digest) == 404:
                upload = self.uuid()
                self.ask(client, "POST", repo, "blobs/uploads/", 202)
                self.ask(client, "PATCH", repo, "blobs/uploads/" + upload, 202, uuid=upload)
                self.ask(client, "PUT", repo, "blobs/uploads/%s?digest=%s" % (upload, digest.replace(":", "%3A")), 201, uuid=upload)
                self.blobs.add((repo, digest))
        self.ask(client, "PUT", repo, "manifests/" + tag, 201, reference=tag)
        self.tags[(repo, tag)], self.images[image.digest] = image.digest, image
        self.revisions.add((repo, image.digest))
        return image

    def pull(self, client, repo, tag):
        found = self.manifest(client, "HEAD", repo, tag)
        digest = self.tags.get((repo, tag))
        found = self.manifest(client, "GET", repo, digest if found == 200 else tag)
        for blob in (self.images[digest].config, *self.images[digest].layers) if found == 200 else ():
            self.blob(client, "GET", repo, blob)

    # -- incidents ----------------------------------------------------------------------------------------------------

    def healthy(self, count=6):
        for n in range(count):
            repo, tag = "team/app-%d" % n, "v1.%d.0" % n
            self.push(self.client(), repo, tag)
            self.wait(self.rng.uniform(1, 20))
            self.pull(self.client("deployer"), repo, tag)
            self.wait(self.rng.uniform(1, 20))

    def mistyped(self):
        with self.incident("mistyped", ["reference_never_existed"], ["team/app-0", "v9.9.9"]):
            for _ in range(2):
                self.pull(self.client("deployer"), "team/app-0", "v9.9.9")
                self.wait(30)

    def deleted(self):
        repo, tag = "team/worker", "v7.7.0"
        image = self.push(self.client(), repo, tag)
        self.wait(60)
        self.pull(self.client("deployer"), repo, tag)
        self.wait(900)
        self.ask(self.client("admin", "curl/7.88.1"), "DELETE", repo, "manifests/" + image.digest, 202, reference=image.digest)
        self.revisions.discard((repo, image.digest))
        del self.tags[(repo, tag)]
        self.wait(300)
        with self.incident("deleted", ["deleted_by_client"], [repo, tag, image.digest]):
            self.pull(self.client("deployer"), repo, tag)

    def lost(self):
        repo, tag = "team/search", "v5.1.0"
        image = self.push(self.client(), repo, tag)
        self.wait(60)
        self.pull(self.client("deployer"), repo, tag)
        self.wait(7200)
        self.blobs.discard((repo, image.layers[1]))
        with self.incident("lost", ["blob_data_missing", "layer_link_missing"], [repo, image.layers[1]]):
            for _ in range(2):
                self.pull(self.client("deployer"), repo, tag)
                self.wait(60)


class OpenShift(Product):
    """Errors at level info, request lines with instance.id (cases.md C006); distribution's access line beside."""

    def __init__(self, seed, start):
        super().__init__(seed, start)
        self.instance = self.uuid()

    def fields(self, client, method, uri):
        return {"go.version": "go1.20.12", "http.request.host": "image-registry.example.test:5000", "http.request.id": self.uuid(),
                "http.request.method": method, "http.request.remoteaddr": client.address + ":40112", "http.request.uri": uri,
                "http.request.useragent": client.agent, "instance.id": self.instance, "openshift.logger": "registry"}

    def error(self, client, method, uri, status, code, detail, names):
        told = {**self.fields(client, method, uri), **{"vars." + k: v for k, v in names.items()}, "err.code": code.lower().replace("_", " "),
                "err.detail": detail, "err.message": "blob unknown to registry" if code == "BLOB_UNKNOWN" else "manifest unknown",
                "http.response.status": str(status), "http.response.written": "157", "http.response.duration": "2.1ms"}
        self.tell(self.name, self.now, logrus3(self.now, "info", "response completed with error", told), "loud", code)

    def request(self, client, method, uri, status, size, took, verdict, code):
        if status < 400:
            told = {**self.fields(client, method, uri), "http.response.status": str(status), "http.response.written": str(size),
                    "http.response.duration": go_duration(took)}
            self.tell(self.name, self.now, logrus3(self.now, "info", "response completed", told))
        self.tell(self.name, self.now, access(self.now - took, client.address, method, uri, status, size, client.agent))


class GitLab(Product):
    """container-registry 4.x under omnibus: svlogd's time in front; HEADs that find nothing are debug only (registry/handlers/app.go)."""

    name, own = "registry/current", ("emptied",)

    def emptied(self):
        """The database has the manifest, the storage has lost its content (registry/storage/manifeststore.go)."""
        repo, tag = "team/ledger", "v3.3.0"
        image = self.push(self.client(), repo, tag)
        self.pull(self.client("deployer"), repo, tag)
        self.wait(3600)
        with self.incident("emptied", ["manifest_data_missing", "manifest_revision_missing"], [repo, tag, image.digest]):
            detail = "manifest content missing from storage backend name=%s digest=%s" % (repo, image.digest)
            for _ in range(2):
                self.ask(self.client("deployer"), "GET", repo, "manifests/" + tag, 404, 96, "MANIFEST_UNKNOWN", detail, reference=tag)
                self.wait(30)

    def put(self, record, verdict=None, code=""):
        stamp = shown(self.now, "%Y-%m-%d_%H:%M:%S") + ".%05d" % (self.now // 10000 % 100000)
        self.tell(self.name, self.now, stamp + " " + compact(dict(sorted(record.items()))), verdict, code)

    def error(self, client, method, uri, status, code, detail, names):
        if method == "HEAD":
            return
        text = "blob unknown to registry" if code == "BLOB_UNKNOWN" else "manifest unknown"
        self.put({"auth_user_name": client.user, "code": code, "content_type": "", "correlation_id": self.correlation, "detail": detail,
                  "error": "%s: %s" % (code.lower().replace("_", " "), text), "go_version": "go1.23.6", "host": "registry.example.com",
                  "level": "error", "method": method, "msg": text, "remote_addr": client.address, "root_repo": names["name"].split("/")[0],
                  "time": rfc3339(self.now, 3),
                  "uri": uri, "user_agent": client.agent, "version": "v4.32.0-gitlab", **{"vars_" + k: v for k, v in names.items()}}, "loud", code)

    def request(self, client, method, uri, status, size, took, verdict, code):
        self.put({"content_type": "application/json", "correlation_id": self.correlation, "duration_ms": took // MS, "host": "registry.example.com",
                  "level": "info", "method": method, "msg": "access", "proto": "HTTP/1.1", "referrer": "", "remote_addr": client.address + ":52100",
                  "remote_ip": client.address, "status": status, "system": "http", "time": rfc3339(self.now, 3), "ttfb_ms": took // MS, "uri": uri,
                  "user_agent": client.agent, "written_bytes": size}, "loud" if status >= 400 and method == "HEAD" else None, code if method == "HEAD" else "")


class Zot(Product):
    """2.1.x: one line a request, at info whatever the status (pkg/api/session.go). slog: head; zerolog: up to 2.1.0."""

    name, slog, own = "zot.log", True, ("collected",)

    def collected(self):
        """A tag moves on, retention removes the image that it left (pkg/storage/gc/gc.go v2.1.2), and somebody still asks for its digest."""
        repo, tag = "team/nightly", "latest"
        old = self.push(self.client(), repo, tag)
        self.pull(self.client("deployer"), repo, tag)
        self.wait(600)
        self.push(self.client(), repo, tag)
        self.wait(7200)
        told = {"module": "gc", "dry-run": False, "repository": repo, "reference": old.digest, "decision": "delete", "reason": "deleteUntagged"}
        record = self.record("removed untagged manifest", told, "zotregistry.dev/zot/v2/pkg/storage/gc/gc.go:812", "gc.sweep")
        self.tell(self.name, self.now, compact(record))
        self.revisions.discard((repo, old.digest))
        self.wait(300)
        with self.incident("collected", ["deleted_by_garbage_collection", "deleted_by_policy"], [repo, old.digest]):
            self.manifest(self.client("deployer"), "GET", repo, old.digest)

    def record(self, message, told, caller, function):
        if self.slog:
            return {"time": rfc3339(self.now, 9), "level": "info", "message": message, **told, "caller": caller, "func": function,
                    "goroutine": self.rng.randint(20, 900)}
        return {"level": "info", **told, "goroutine": self.rng.randint(20, 900), "caller": caller, "time": rfc3339(self.now, 9), "message": message}

    def request(self, client, method, uri, status, size, took, verdict, code):
        told = {"module": "http", "component": "session", "clientIP": client.address + ":40111", "method": method, "path": uri, "statusCode": status,
                "latency": "%ds" % (took // SECOND), "bodySize": size, "headers": {"Accept-Encoding": ["gzip"], "User-Agent": [client.agent]}}
        record = self.record("HTTP API", told, "zotregistry.dev/zot/v2/pkg/api/session.go:137", "zotregistry.dev/zot/v2/pkg/api.SessionLogger")
        self.tell(self.name, self.now, compact(record), verdict, code)


class ZotOld(Zot):
    slog = False


class Quay(Product):
    """Quay's nginx (conf/nginx/http-base.conf.jnj, lb_logs) behind supervisor's prefix; unknowns are in no application line."""

    name = "quay.log"

    def request(self, client, method, uri, status, size, took, verdict, code):
        at = shown(self.now, "%d/%b/%Y:%H:%M:%S +0000")
        text = 'nginx stdout | %s (-) - %s [%s] "%s %s HTTP/1.1" %d %d "-" "%s" (%.3f 1207 %.3f)' % (
            client.address, client.user, at, method, uri, status, size, client.agent, took / SECOND, took / SECOND)
        self.tell(self.name, self.now, text, verdict, code)


class Nexus(Product):
    """request.log of Nexus 3: path under /repository/NAME, milliseconds, thread."""

    name, prefix = "request.log", "/repository/docker-hosted/v2/"

    def request(self, client, method, uri, status, size, took, verdict, code):
        text = '%s - %s [%s] "%s %s HTTP/1.1" %d %s 0 %d "%s" [qtp1353397472-%d]' % (
            client.address, client.user, shown(self.now, "%d/%b/%Y:%H:%M:%S +0000"), method, uri, status, size or "-", took // MS, client.agent,
            self.rng.randint(50, 200))
        self.tell(self.name, self.now, text, verdict, code)


class Artifactory(Product):
    """artifactory-request.log of 7.x."""

    name, prefix = "artifactory-request.log", "/api/docker/docker-local/v2/"

    def request(self, client, method, uri, status, size, took, verdict, code):
        text = "|".join([rfc3339(self.now, 3), "%016x" % self.rng.getrandbits(64), client.address, client.user, method, uri, str(status), "-1",
                         str(size), str(took // MS), client.agent])
        self.tell(self.name, self.now, text, verdict, code)


class ArtifactoryOld(Product):
    """request.log of 6.x: no agent."""

    name, prefix = "request.log", "/api/docker/docker-local/v2/"

    def request(self, client, method, uri, status, size, took, verdict, code):
        text = "|".join([shown(self.now, "%Y%m%d%H%M%S"), str(took // MS), "REQUEST", client.address, client.user, method, uri, "HTTP/1.1",
                         str(status), str(size)])
        self.tell(self.name, self.now, text, verdict, code)


class Gitea(Product):
    """The router's lines (modules/web/routing/logger.go v1.21): no agent, the peer's port."""

    name = "gitea.log"

    def request(self, client, method, uri, status, size, took, verdict, code):
        head = shown(self.now, "%Y/%m/%d %H:%M:%S") + " ...eb/routing/logger.go:102:func1() [I] router: completed"
        text = "%s %s %s for %s:0, %d %s in %.1fms @ container/container.go:100(container.Handler)" % (
            head, method, uri, client.address, status, WORDS[status], took / MS)
        self.tell(self.name, self.now, text, verdict, code)


ALL = {"openshift": OpenShift, "gitlab": GitLab, "zot": Zot, "zot-2.1.0": ZotOld, "quay": Quay, "nexus": Nexus, "artifactory": Artifactory,
       "artifactory-6": ArtifactoryOld, "gitea": Gitea}
