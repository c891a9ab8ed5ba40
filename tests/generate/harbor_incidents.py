"""One function for each cause of causes.md C19-C25: plants it in a Harbor and writes down what is to be found."""
from grammar import MS, OCI_MANIFEST
from harbor_jobs import Collection, collect_of_old, delete_by_api, retention

ADMIN = "admin"


def seeded(h, count=6, projects=("team-a", "team-b")):
    """Healthy pushes and pulls, so that an incident does not stand alone. Returns (repo, tag) of what was pushed."""
    made = []
    for n in range(count):
        repo, tag = "%s/app-%d" % (projects[n % len(projects)], n), "v1.%d.0" % n
        h.push(h.client(), repo, tag)
        h.wait(h.rng.uniform(1, 20))
        h.pull(h.client("deployer"), repo, tag)
        h.wait(h.rng.uniform(1, 20))
        made.append((repo, tag))
    return made


def crowd(h, pairs):
    """Healthy traffic of many at once: builders that share addresses and base layers, pulls a while after each push. About 90 lines a pair."""
    begin, end = h.now, h.now
    builders = [h.client("builder", None, "10.20.0.%d" % (n % 4 + 2)) for n in range(12)]
    nodes = [h.client("deployer", None, "10.30.0.%d" % (n % 20 + 2)) for n in range(40)]
    bases = [h.image(2).layers for _ in range(5)]
    pushed = []
    for n in range(pairs):
        h.now = begin + n * 700 * MS + h.rng.randint(0, 300) * MS
        repo, tag = "team-%d/svc-%d" % (n % 7, n % 83), "b%d" % n
        h.push(builders[n % 12], repo, tag, h.image(3, bases[n % 5]))
        pushed.append((repo, tag))
        end = max(end, h.now)
        if n < 40:
            continue
        h.now = begin + n * 700 * MS + h.rng.randint(300, 600) * MS
        h.pull(nodes[n % 40], *pushed[n - h.rng.randint(30, 40)])
        end = max(end, h.now)
    h.now = end


def pull_in_vain(h, repo, tag, clients=2):
    for _ in range(clients):
        h.pull(h.client("deployer"), repo, tag)
        h.wait(h.rng.uniform(5, 40))


def row_missing_after_restore(h):
    """C19 iii: the database is restored from an older dump; core starts anew without the row."""
    repo, tag = "team-a/ledger", "v2.4.0"
    image = h.push(h.client(), repo, tag)
    h.wait(60)
    h.pull(h.client("deployer"), repo, tag)
    h.wait(1800)
    h.core("INFO", "core/main.go:98", 'capture system signal terminated, to close "closing" channel')
    h.wait(120)
    h.core("INFO", "core/main.go:259", "Version: v%d.%d.0, Git commit: 8693b25a" % h.version)
    h.artifacts.pop((repo, image.digest))
    h.tags.pop((repo, tag))
    h.wait(30)
    with h.incident("row-missing", ["harbor_row_missing"], [repo, tag, image.digest]):
        pull_in_vain(h, repo, tag)


def row_missing_core_fails(h):
    """C19 i: the registry acknowledges, core cannot write its row, the push fails with 500."""
    repo, tag, image, client = "team-b/billing", "v3.0.1", h.image(), h.client()
    h.send_layers(client, repo, image)
    with h.incident("row-missing", ["harbor_row_missing"], [repo, tag, image.digest]):
        h.put_in_registry(client, repo, tag, image, status=500, code="UNKNOWN", verdict="silent")
        why = "unknown: ERROR: permission denied for table artifact (SQLSTATE 42501)"
        h.core("ERROR", "lib/http/error.go:57", '{"errors":[{"code":"UNKNOWN","message":"%s"}]} ' % why, verdict="real", code="UNKNOWN")
        h.wait(30)
        pull_in_vain(h, repo, tag)


def row_missing_pushed_past(h):
    """C19 ii: somebody pushed to the registry service itself."""
    repo, tag, image = "team-a/side", "v0.9.0", h.image()
    direct = h.client("builder", "skopeo/1.9.3", "172.18.0.1:51234")
    past = {"host": "registry:5000", "remote": direct.address}
    for blob in (*image.layers, image.config):
        h.upload(direct, repo, blob, front=False, **past)
    with h.incident("row-missing", ["harbor_row_missing"], [repo, tag, image.digest]):
        h.put_in_registry(direct, repo, tag, image, front=False, verdict="silent", **past)
        h.wait(300)
        pull_in_vain(h, repo, tag)


def content_missing(h, what="revision"):
    """C20: the row is there, storage lost the revision, or a layer."""
    repo, tag = "team-b/search", "v5.1.0"
    image = h.push(h.client(), repo, tag)
    h.wait(60)
    h.pull(h.client("deployer"), repo, tag)
    h.wait(7200)
    if what == "revision":
        h.revisions.discard((repo, image.digest))
    else:
        h.data.discard(image.layers[1])
    h.cached_manifests.discard(image.digest)
    causes = ["harbor_content_missing", "manifest_revision_missing", "manifest_data_missing"] if what == "revision" else \
        ["harbor_content_missing", "blob_data_missing", "layer_link_missing"]
    with h.incident("content-missing", causes, [repo, tag, image.digest, image.layers[1]]):
        pull_in_vain(h, repo, tag, 3)


def gc_window(h):
    """C21: a collection with window 0 between the layers and the manifest of a push."""
    repo, tag, image, client = "team-a/slow", "v4.0.0", h.image(), h.client("builder", "docker/24.0.7")
    h.send_layers(client, repo, image)
    h.wait(20)
    blobs = [*image.layers, image.config]
    with h.incident("gc-window", ["harbor_gc_window", "garbage_collection_during_push"], [repo, tag, *blobs]):
        Collection(h, h.client(ADMIN, "Mozilla/5.0"), window=0, also=blobs)
        h.wait(15)
        uri = "/v2/%s/manifests/%s" % (repo, tag)
        back = {"uri": uri if h.version < (2, 15) else "/v2/%s/manifests/%s" % (repo, image.digest), "status": 400, "size": 400, "type": OCI_MANIFEST,
                "vars": {"name": repo, "reference": tag if h.version < (2, 15) else image.digest},
                "errors": [("manifest blob unknown", b) for b in blobs]}
        h.ask(client, "PUT", uri, 400, 400, back, code="MANIFEST_BLOB_UNKNOWN")
        h.wait(5)
        pull_in_vain(h, repo, tag, 1)


def blob_marked_deleting(h):
    """C22: the storage refuses to delete a layer; its row stays marked. HEAD is answered by core, GET by the registry."""
    repo, tag = "team-a/base", "v1.0.0"
    image = h.push(h.client(), repo, tag)
    h.wait(60)
    delete_by_api(h, h.client(ADMIN, "Mozilla/5.0"), repo, tag)
    h.wait(600)
    layer = image.layers[0]
    with h.incident("marked-deleting", ["harbor_blob_marked_deleting"], [repo, layer]):
        h.verdict = "noise"  # what the collection itself tells of other blobs
        Collection(h, h.client(ADMIN, "Mozilla/5.0"), window=0, refuse=[layer])
        h.verdict = "real"
        h.wait(60)
        client = h.client("builder", "crane/v0.16.1 go-containerregistry/v0.16.1")
        h.head_blob(client, repo, layer)
        h.get_blob(client, repo, layer, verdict="silent")


def manifest_cache(h):
    """C23: core serves the manifest from its cache while the registry lost the image."""
    repo, tag = "team-b/portal", "v6.2.0"
    image = h.push(h.client(), repo, tag)
    h.wait(60)
    h.pull(h.client("deployer"), repo, tag)
    h.wait(3600)
    for digest in (image.digest, image.config, *image.layers):
        h.data.discard(digest)
    with h.incident("manifest-cache", ["harbor_manifest_cache"], [repo, tag, image.digest, image.config, *image.layers]):
        pull_in_vain(h, repo, tag)


def proxy_fallback(h):
    """C24: the upstream of a proxy-cache project is down; core falls back to what it has, which is nothing."""
    repo, tag = "hub/acme/base", "v1"
    why = 'Get "https://hub.example.net/v2/": dial tcp 192.0.2.10:443: connect: connection refused'
    with h.incident("proxy-fallback", ["harbor_proxy_fallback", "upstream_unreachable"], [repo, tag]):
        for _ in range(3):
            client = h.client("reader", "containerd/v1.7.2")
            h.log_in(client, repo)
            for method in ("HEAD", "GET"):
                uri = "/v2/%s/manifests/%s" % (repo, tag)
                h.core("ERROR", "server/middleware/repoproxy/proxy.go:121",
                       "failed to proxy manifest, fallback to local, request uri: %s, error: %s" % (uri, why), verdict="real")
                h.ask(client, method, uri, 404, 0 if method == "HEAD" else 96, code="NOT_FOUND")
            h.wait(h.rng.uniform(5, 40))


def deleted_by_user(h):
    """C25: somebody deleted it through the API."""
    repo, tag = "team-a/worker", "v7.7.0"
    h.push(h.client(), repo, tag)
    h.wait(60)
    h.pull(h.client("deployer"), repo, tag)
    h.wait(900)
    digest = delete_by_api(h, h.client(ADMIN, "Mozilla/5.0"), repo, tag)
    h.wait(300)
    with h.incident("deleted", ["deleted_by_client"], [repo, tag, digest]):
        pull_in_vain(h, repo, tag)


def deleted_by_retention(h):
    """C25: a retention rule deleted it."""
    repo = "team-b/nightly"
    for n in range(4):
        h.push(h.client(), repo, "v%d" % n)
        h.wait(30)
    gone = retention(h, repo, keep=("v3", "v2"))
    h.wait(300)
    with h.incident("retention", ["deleted_by_policy", "deleted_by_client"], [repo, *gone[0]]):
        pull_in_vain(h, repo, gone[0][0])


def collected_of_old(h):
    """C7 in 1.10: a tag moves on, the collection removes the image that it left, and somebody still asks for its digest."""
    repo, tag = "team-a/nightly", "latest"
    old = h.push(h.client(), repo, tag)
    h.wait(60)
    h.pull(h.client("deployer"), repo, tag)
    h.wait(600)
    h.push(h.client(), repo, tag)
    h.wait(3600)
    collect_of_old(h, h.client(ADMIN, "Mozilla/5.0"))
    h.wait(300)
    with h.incident("collected", ["deleted_by_garbage_collection"], [repo, old.digest]):
        client = h.client("deployer")
        h.log_in(client, repo)
        h.manifest(client, "GET", repo, old.digest)


BY_CAUSE = {
    "row-missing-restore": row_missing_after_restore,
    "row-missing-core-fails": row_missing_core_fails,
    "row-missing-pushed-past": row_missing_pushed_past,
    "content-missing": content_missing,
    "layer-missing": lambda h: content_missing(h, "layer"),
    "gc-window": gc_window,
    "marked-deleting": blob_marked_deleting,
    "manifest-cache": manifest_cache,
    "proxy-fallback": proxy_fallback,
    "deleted": deleted_by_user,
    "retention": deleted_by_retention,
}
OF_OLD = {  # 1.10 answers from the registry: no row can be missing, its collection runs in read-only mode
    "content-missing": content_missing,
    "layer-missing": lambda h: content_missing(h, "layer"),
    "deleted": deleted_by_user,
    "collected": collected_of_old,
}
