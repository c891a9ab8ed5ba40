"""Harbor's deletions: by a user through the API, by a retention rule, and by garbage collection with all its components."""
from grammar import OCI_MANIFEST, SECOND, common, harbor, logrus2, postgresql, rfc3339

GC = "jobservice/job/impl/gc/garbage_collection.go:"


def job_says(h, job, place, message, level="INFO", verdict=None, code=""):
    """A job's line stands in its own file and in jobservice.log."""
    text = harbor(h.now, level, place, message)
    for name in ("jobs/%s.log" % job, "jobservice.log"):
        for n, line in enumerate(text.split("\n")):
            h.tell(name, h.now, line, verdict if n == 0 else None, code)


def begin_job(h, name):
    job = "%024x" % h.rng.getrandbits(96)
    h.wait(0.3)
    h.tell("jobservice.log", h.now, harbor(h.now, "INFO", "jobservice/worker/cworker/c_worker.go:77",
                                           'Job incoming: {"name":"%s","id":"%s","t":%d,"args":null}' % (name, job, h.now // SECOND)))
    return job


def delete_by_api(h, client, repo, tag):
    """A user deletes an artifact: only the database changes."""
    digest = h.tags[(repo, tag)]
    project, name = repo.split("/", 1)
    if h.version < (2, 0):
        return delete_of_old(h, client, repo, tag, digest)
    h.ask(client, "DELETE", "/api/v2.0/projects/%s/repositories/%s/artifacts/%s" % (project, name.replace("/", "%252F"), tag), 200)
    forget(h, repo, digest)
    h.audit("DELETE_ARTIFACT", repo, [tag], digest, client.user)
    return digest


def delete_of_old(h, client, repo, tag, digest):
    """1.10: core deletes the manifest in the registry (src/core/api/repository.go v1.10.0)."""
    own, uri = h.own_client(), "/v2/%s/manifests/%s" % (repo, digest)
    h.core("INFO", "core/api/repository.go:324", "delete tag: %s:%s" % (repo, tag))
    back = {"uri": uri, "status": 202, "host": "registry:5000", "remote": own.address, "vars": {"name": repo, "reference": digest}}
    h.ask(own, "DELETE", uri, 202, 0, back, front=False)
    h.ask(client, "DELETE", "/api/repositories/%s/tags/%s" % (repo, tag), 200)
    forget(h, repo, digest)
    h.revisions.discard((repo, digest))
    for key in [k for k, d in h.registry_tags.items() if k[0] == repo and d == digest]:
        del h.registry_tags[key]
    return digest


def forget(h, repo, digest):
    """The artifact's row goes to the trash."""
    h.trash.append((repo, h.artifacts.pop((repo, digest))))
    for key in [k for k, d in h.tags.items() if k[0] == repo and d == digest]:
        del h.tags[key]


def retention(h, repo, keep):
    """A retention rule keeps some tags of a repository and deletes the rest. Returns what it deleted: (tag, digest)."""
    job = begin_job(h, "RETENTION")
    job_says(h, job, "pkg/retention/job.go:86", "Run retention process.\n Repository: %s \n Rule Algorithm: or \n Dry Run: false" % repo)
    rows = sorted((tag, digest) for (r, tag), digest in h.tags.items() if r == repo)
    job_says(h, job, "pkg/retention/job.go:101", "Load %d candidates from repository %s" % (len(rows), repo))
    gone = [row for row in rows if row[0] not in keep]
    for tag, digest in gone:
        forget(h, repo, digest)
        h.audit("DELETE_ARTIFACT", repo, [tag], digest, "harbor-jobservice")
    h.wait(0.1)
    job_says(h, job, "pkg/retention/job.go:212", "\n" + retention_table(rows, gone))
    return gone


def retention_table(rows, gone):
    head = "| %s | Tag | Kind  | Labels |     PushedTime      | PulledTime |     CreatedTime     | Retention |" % "Digest".center(71)
    rule = "|%s|-----|-------|--------|---------------------|------------|---------------------|-----------|" % ("-" * 73)
    made = ["| %s | %-3s | image |        | 2026/03/02 00:52:37 |            | 2026/03/02 00:52:37 | %-9s |" % (
        digest, tag, "DEL" if (tag, digest) in gone else "RETAIN") for tag, digest in rows]
    return "\n".join([head, rule, *made])


def collect_of_old(h, admin):
    """1.10: registryctl runs the registry's own garbage-collect in read-only mode; the job prints all of its output (job/impl/gc/job.go v1.10.0)."""
    h.ask(admin, "POST", "/api/system/gc/schedule", 201)
    job, place = begin_job(h, "IMAGE_GC"), "jobservice/job/impl/gc/job.go:"
    job_says(h, job, place + "87", "start to run gc in job.")
    tagged = set(h.registry_tags.values())
    gone = sorted((repo, digest) for repo, digest in h.revisions if digest not in tagged)
    kept = sorted((repo, digest) for repo, digest in h.revisions if digest in tagged)
    told = []
    for repo, digest in kept:
        told += [repo, "%s: marking manifest %s " % (repo, digest)] + ["%s: marking blob %s" % (repo, b) for b in h.artifacts[(repo, digest)].layers]
    loose = sorted({b for key in gone for b in (key[1], *h.artifacts[key].layers)})
    told += ["manifest eligible for deletion: " + digest for _, digest in gone]
    told += ["", "%d blobs marked, %d blobs and %d manifests eligible for deletion" % (4 * len(kept), len(loose), len(gone))]
    told += ["blob eligible for deletion: " + b for b in loose]
    h.wait(2)
    end = rfc3339(h.now)
    job_says(h, job, place + "99", "GC results: status: true, message: %s\n, start: %s, end: %s." % ("\n".join(told), end, end))
    job_says(h, job, place + "100", "success to run gc in job.")
    h.tell("registryctl.log", h.now, common(h.now, "172.18.0.10", "POST", "/api/registry/gc", 200, 900))
    h.revisions -= set(gone)
    h.data -= set(loose)
    return gone


class Collection:
    """One run of Harbor's garbage collection since 2.1. refuse: blobs that the storage will not delete."""

    def __init__(self, h, admin, window=2, refuse=(), also=()):
        self.h, self.refuse = h, set(refuse)
        h.ask(admin, "POST", "/api/v2.0/system/gc/schedule", 201)
        self.job = begin_job(h, "GARBAGE_COLLECTION")
        self.run = h.uuid()
        manifests = {image.digest: (repo, image) for repo, image in h.trash}
        self.blobs = list(manifests) + self.loose() + list(also)
        self.mark(window, manifests)
        for n, digest in enumerate(self.blobs, 1):
            self.sweep(n, digest, manifests.get(digest))
        self.finish(len(manifests))

    def loose(self):
        kept = {b for image in self.h.artifacts.values() for b in (*image.layers, image.config, image.digest)}
        return sorted({b for _, image in self.h.trash for b in (*image.layers, image.config)} - kept)

    def say(self, line, message, **more):
        job_says(self.h, self.job, GC + str(line), message, **more)

    def item(self, n, line, message, **more):
        run = "[%s]" % self.run if self.h.version >= (2, 9) else ""
        place = "[%d/%d] " % (n, len(self.blobs)) if self.h.version >= (2, 6) else ""
        self.say(line, run + place + message, **more)

    def mark(self, window, manifests):
        h = self.h
        more = ", workers: 1" if h.version >= (2, 9) else ""
        tag = "delete_tag: false, " if h.version >= (2, 15) else ""
        self.say(143, "Garbage Collection parameters: [delete_untagged: true, %sdry_run: false, time_window: %d%s]" % (tag, window, more))
        self.say(153, "start to run gc in job.")
        if not manifests:
            self.say(194, "no removed artifacts.", level="WARNING", verdict="noise")
        for digest in self.blobs:
            self.say(238, "blob eligible for deletion: " + digest)
        self.say(250, "%d blobs and %d manifests eligible for deletion" % (len(self.blobs) - len(manifests), len(manifests)))
        h.wait(0.5)

    def sweep(self, n, digest, manifest):
        h = self.h
        if manifest:
            self.sweep_manifest(n, digest, *manifest)
        self.item(n, 366, "delete blob from storage: " + digest)
        if digest in self.refuse:
            return self.refused(n, digest)
        self.registryctl("Deleting blob: /docker/registry/v2/blobs/sha256/%s/%s" % (digest[7:9], digest[7:]), "/api/registry/blob/" + digest)
        self.item(n, 395, "delete blob record from database: %d, %s" % (n, digest))
        h.blob_rows.pop(digest, None)
        h.data.discard(digest)

    def sweep_manifest(self, n, digest, repo, image):
        h, own = self.h, self.h.own_client()
        self.item(n, 283, "delete the manifest with registry v2 API: %s, application/vnd.oci.image.manifest.v1+json, %s" % (repo, digest))
        uri = "/v2/%s/manifests/%s" % (repo, digest)
        back = {"uri": uri, "host": "registry:5000", "remote": own.address, "vars": {"name": repo, "reference": digest}}
        h.ask(own, "HEAD", uri, 200, 0, {**back, "status": 200, "size": 580, "kind": OCI_MANIFEST}, front=False)
        h.ask(own, "DELETE", uri, 202, 0, {**back, "status": 202}, front=False)
        h.revisions.discard((repo, digest))
        self.item(n, 312, "delete manifest from storage: " + digest)
        self.registryctl("deleting manifest: /docker/registry/v2/repositories/%s/_manifests/revisions/sha256/%s" % (repo, digest[7:]),
                         "/api/registry/%s/manifests/%s" % (repo, digest))

    def registryctl(self, message, uri, status=200):
        h = self.h
        h.pause()
        h.tell("registryctl.log", h.now, logrus2(h.now, "info", message, {"go.version": "go1.20.10"}, digits=0))
        h.pause()
        if status == 200:
            h.tell("registryctl.log", h.now, common(h.now, "172.18.0.10", "DELETE", uri, 200, 0))

    def refused(self, n, digest):
        """The store answers 403; Harbor tries for a minute, then marks the row."""
        h = self.h
        for _ in range(4):
            self.registryctl("Deleting blob: /docker/registry/v2/blobs/sha256/%s/%s" % (digest[7:9], digest[7:]), "", 500)
            words = "s3aws: AccessDenied: Access Denied\\n\\tstatus code: 403, request id: %016X, host id: " % h.rng.getrandbits(64)
            h.tell("registryctl.log", h.now, harbor(h.now, "ERROR", "lib/http/error.go:57",
                                                    '{"errors":[{"code":"UNKNOWN","message":"unknown: %s"}]} ' % words), "real", "UNKNOWN")
            h.tell("registryctl.log", h.now, common(h.now, "172.18.0.10", "DELETE", "/api/registry/blob/" + digest, 500, 66), "real")
            h.wait(1)
        body = 'http status code: 500, body: {"errors":[{"code":"UNKNOWN","message":"internal server error"}]}'
        why = "failed to delete blob from storage: %s, deleting, errMsg=retry timeout: %s" % (digest, body)
        self.item(n, 379, why, level="ERROR", verdict="real", code="UNKNOWN")
        h.blob_rows[digest] = "delete failed"

    def finish(self, manifests):
        h = self.h
        deleted = len(self.blobs) - manifests - len(self.refuse)
        self.say(414, "%d blobs and %d manifests are actually deleted" % (deleted, manifests))
        self.say(415, "The GC job actual frees up 0 MB space.")
        self.say(450, "cache clean up completed")
        self.say(181, "success to run gc in job.")
        h.tell("postgresql.log", h.now, postgresql(h.now, "LOG", "checkpoint complete: wrote 193 buffers (1.2%)"))
        h.trash = []
