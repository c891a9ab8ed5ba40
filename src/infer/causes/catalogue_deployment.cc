// The registry is well, and what stands around it is not: replicas, shared disks, proxies, names.
#include "infer/causes/rows.h"

namespace regtriage::causes {
namespace {

namespace replicas_unshared_storage {
constexpr Text kDo[] = {
    "Run one replica until storage is shared; that stops the damage at once.",
    "Give all replicas the same storage (object store, or one volume mounted by all) and the same "
    "http.secret.",
    "Copy what lies on the separate disks into the shared storage before the old disks go away.",
};
constexpr Text kDont[] = {
    "Do not rely on sticky sessions: they let pushes pass and leave half of the pulls without the "
    "image.",
    kNoFlush,
    "Do not push again and again until a pull works: each push lands on one disk only.",
    kNoRestart,
};
constexpr Text kConfirm[] = {
    "curl -sI -u USER http://REPLICA1:5000/v2/REPOSITORY/manifests/TAG   # ask each replica by its "
    "own address: 200 and 404",
    "kubectl exec POD -- df /var/lib/registry   # in each pod: is it the same volume",
    "kubectl get pvc,deploy -o wide   # an emptyDir or a ReadWriteOnce volume for each replica",
    kConfigured,
};
constexpr CauseInfo kRow{
    CauseId::replicas_unshared_storage,
    CauseClass::deployment,
    Verdict::fault,
    Severity::high,
    "several replicas, each with its own disk",
    "Requests of one push are spread over replicas that do not see each other's files. "
    "An upload that one replica started is unknown to the other, and an image is found or not "
    "found depending on who answers. "
    "Nothing is deleted; it lies on different disks.",
    "The same tag or digest alternates between 200 and 404 within seconds, or PATCH gets 404 `blob "
    "upload unknown` right after POST 202, with no purge and no restart. "
    "`invalid secret` is replicas_different_secret; a 404 that turns to 200 for good is "
    "storage_not_yet_consistent.",
    kDo,
    kDont,
    kConfirm};
}  // namespace replicas_unshared_storage

namespace replicas_different_secret {
constexpr Text kDo[] = {
    "Set one secret for all replicas: http.secret in config.yml, or REGISTRY_HTTP_SECRET from one "
    "Kubernetes secret.",
    "Restart the replicas once with it, while no push is running.",
    "Push again what failed.",
};
constexpr Text kDont[] = {
    kNoFlush,
    kNoLogin,
    "Do not just restart: without a configured secret each start makes up a new one and breaks the "
    "uploads that are running.",
};
constexpr Text kConfirm[] = {
    "grep -h 'No HTTP secret provided' REGISTRY.log   # one line for each start without a secret",
    kConfigured,
    "kubectl exec POD -- sh -c 'printenv REGISTRY_HTTP_SECRET | sha256sum'   # must be equal in "
    "all pods",
};
constexpr CauseInfo kRow{
    CauseId::replicas_different_secret,
    CauseClass::deployment,
    Verdict::fault,
    Severity::high,
    "replicas sign uploads with different secrets",
    "The registry signs the state of an upload, and the next request must bring it back. Another "
    "replica, or the same one after a restart, signs with another secret and refuses it. "
    "The push fails with 404 \"blob upload invalid\", though it has nothing to do with access "
    "rights or stored content.",
    "The info line `error resolving upload: invalid secret` precedes the 404. "
    "If the upload is unknown although the secret is right, storage is not shared. "
    "`illegal base64 data` means that a proxy has damaged the address.",
    kDo,
    kDont,
    kConfirm};
}  // namespace replicas_different_secret

namespace shared_filesystem_lag {
constexpr Text kDo[] = {
    "Mount the share so that a replica sees the other's writes at once (NFS: noac or actimeo=0, "
    "sync), or move to an object store.",
    "Until then run one replica, or send each client always to the same one.",
    "Push again what failed.",
};
constexpr Text kDont[] = {
    kNoFlush,
    kNoLogin,
    "Do not change http.secret: a wrong secret would say so.",
};
constexpr Text kConfirm[] = {
    "grep -E 'nfs|cifs|gluster|ceph' /proc/mounts   # options of the share, in each replica",
    "date > ROOT/lagtest; ssh OTHER_HOST cat ROOT/lagtest   # how long until the other host sees "
    "it",
};
constexpr CauseInfo kRow{
    CauseId::shared_filesystem_lag,
    CauseClass::deployment,
    Verdict::fault,
    Severity::high,
    "a shared disk shows new files too late to the other replica",
    "All replicas use one network file system, but a replica sees what another has just written "
    "only after a while. "
    "Uploads that move between replicas meet an old length or no file at all and fail. "
    "A moment later everything is there.",
    "`upload resumed at wrong offest: HAVE != STATE` with HAVE below STATE, or 404 directly after "
    "202, and the data appears later without another push. "
    "If it never appears on the other replica, the disks are not shared at all.",
    kDo,
    kDont,
    kConfirm};
}  // namespace shared_filesystem_lag

namespace upload_purged {
constexpr Text kDo[] = {
    "Raise the age of the purge above the longest push: storage.maintenance.uploadpurging.age "
    "(168h is the default).",
    "Compare the clocks of all replicas: a clock that runs ahead purges uploads that are young.",
    "Push again; a new upload starts from nothing.",
};
constexpr Text kDont[] = {
    kNoFlush,
    kNoRestart,
    "Do not switch the purge off for good: abandoned uploads then fill the storage.",
};
constexpr Text kConfirm[] = {
    "grep -h {upload} REGISTRY.log   # a purge line names it before the 404",
    "grep -A6 'uploadpurging' config.yml   # age and interval",
    "date -u   # on every replica",
};
constexpr CauseInfo kRow{
    CauseId::upload_purged,
    CauseClass::deployment,
    Verdict::fault,
    Severity::medium,
    "the unfinished upload was purged while it was still wanted",
    "The registry removes unfinished uploads above a certain age. This one was removed and then "
    "continued, so it is unknown (404 `blob upload unknown`). "
    "Finished layers are not concerned.",
    "A line `Upload files in … have older date …` names this upload before the failure. "
    "Without it think of replicas_unshared_storage or of a restart with a disk that does not "
    "survive.",
    kDo,
    kDont,
    kConfirm};
}  // namespace upload_purged

namespace proxy_breaks_upload_location {
constexpr Text kDo[] = {
    "Let the proxy pass on who was asked and how (nginx): proxy_set_header Host $http_host; "
    "proxy_set_header X-Forwarded-Proto $scheme;",
    "Or tell the registry its address: http.host: https://HOST in config.yml, or "
    "http.relativeurls: true",
    "With several proxies in a row, let the inner ones keep the outer one's X-Forwarded-Proto.",
};
constexpr Text kDont[] = {
    kNoFlushHere,
    kNoLogin,
    "Do not allow plain http on the outside as a way out: passwords and tokens would travel "
    "openly.",
};
constexpr Text kConfirm[] = {
    "curl -si -u USER -X POST {registry}/v2/REPOSITORY/blobs/uploads/ | grep -i '^location'   # "
    "scheme "
    "and host must be the client's",
    kConfigured,
    "nginx -T >N   # then: regtriage LOGS C N",
    "grep -h 'blobs/uploads' ACCESS.log   # POST 202, then no PATCH or PUT, or a GET where a PUT "
    "should be",
};
constexpr CauseInfo kRow{
    CauseId::proxy_breaks_upload_location,
    CauseClass::deployment,
    Verdict::fault,
    Severity::high,
    "behind the proxy the registry hands out upload addresses that do not work",
    "After the first request of an upload the registry tells the client where to send the data. It "
    "builds that address from what the proxy passes on. "
    "The address has the wrong scheme, host or path, so the client's next request goes nowhere or "
    "arrives changed. "
    "Pulls work, pushes do not.",
    "POST 202 and then no PATCH or PUT, or a GET on the upload address, or an internal name in "
    "http.request.host. "
    "If the PATCH arrives and is refused as unknown, see replicas_unshared_storage.",
    kDo,
    kDont,
    kConfirm};
}  // namespace proxy_breaks_upload_location

namespace proxy_routes_to_other_repository {
constexpr Text kDo[] = {
    "Make the proxy rewrite all paths of the API in the same way, or give each repository host or "
    "port of its own.",
    "Then push again: layers that went to the other path do not count here.",
};
constexpr Text kDont[] = {
    kNoFlush,
    "Do not move files in storage to match the rewriting.",
    kNoCollect,
};
constexpr Text kConfirm[] = {
    "grep -h -e ' PUT ' -e 'PUT /v2' REGISTRY.log ACCESS.log   # layers and manifest of one push "
    "name different repositories",
    "nginx -T | grep -n -e rewrite -e 'location /v2'   # the rules",
};
constexpr CauseInfo kRow{
    CauseId::proxy_routes_to_other_repository,
    CauseClass::deployment,
    Verdict::fault,
    Severity::high,
    "a proxy sends parts of one push to different repositories",
    "The layers of a push arrived under one name and its manifest under another, because a proxy "
    "rewrites paths or routes by path. "
    "In the manifest's repository the layers are unknown, so the push is refused.",
    "Uploads with 201 by the same client, moments before, of the very digests that are missing, in "
    "another repository or on another host. "
    "A client that names another repository on purpose (a mount) sends from= and mount=.",
    kDo,
    kDont,
    kConfirm};
}  // namespace proxy_routes_to_other_repository

namespace upload_cut_by_proxy {
constexpr Text kDo[] = {
    "Raise the proxy's limits for this path (nginx): client_max_body_size 0; "
    "proxy_request_buffering off; proxy_read_timeout 900s;",
    "Ingress: annotation nginx.ingress.kubernetes.io/proxy-body-size: \"0\". Hosted proxies may "
    "have a fixed limit: go past them, or use chunks.",
    "Push again what failed.",
};
constexpr Text kDont[] = {
    kNoFlushHere,
    kNoRestart,
    "Do not split images into smaller layers only because of this: the limit is not the "
    "registry's.",
};
constexpr Text kConfirm[] = {
    "grep -h 'client disconnected' REGISTRY.log   # copied=N: the same N, or the same seconds, "
    "each time",
    "grep -h -e 'client intended to send too large body' -e 'timed out' PROXY_ERROR.log",
    "nginx -T | grep -n -e client_max_body_size -e proxy_read_timeout -e proxy_request_buffering   "
    "# the limits in force",
};
constexpr CauseInfo kRow{
    CauseId::upload_cut_by_proxy,
    CauseClass::deployment,
    Verdict::fault,
    Severity::high,
    "a proxy in front cuts uploads off",
    "Uploads end early at the same size or after the same time, for more than one client. "
    "To the registry it looks as if clients hung up. "
    "A limit of a proxy, load balancer or ingress is reached.",
    "The number of bytes or seconds at the break is constant, or the proxy answers 413 or 504 "
    "itself and the registry has no line. "
    "Breaks at random places are client_abort.",
    kDo,
    kDont,
    kConfirm};
}  // namespace upload_cut_by_proxy

namespace registry_unreachable {
constexpr Text kDo[] = {
    "Look whether the registry runs and listens: docker ps, kubectl get pods, journalctl -u "
    "docker-registry",
    "Read its last lines before the gap: a panic, out of memory, a failed start with a wrong "
    "configuration.",
    "Check the way from the proxy to it: name, port, network policy, health check.",
};
constexpr Text kDont[] = {
    kNoFlushHere,
    kNoLogin,
    kNoRepush,
};
constexpr Text kConfirm[] = {
    "curl -sI http://REGISTRY_HOST:5000/v2/   # from the proxy's machine: 200 or 401 means that it "
    "lives",
    "kubectl describe pod POD   # restarts, OOMKilled, failed probes",
    "grep -h -e 'connect() failed' -e 'no live upstreams' PROXY_ERROR.log",
};
constexpr CauseInfo kRow{
    CauseId::registry_unreachable,
    CauseClass::deployment,
    Verdict::fault,
    Severity::high,
    "the proxy cannot reach the registry",
    "The proxy in front answered 502, 503 or 504 because the registry behind it did not. "
    "The registry's own log has nothing for these requests: it was stopped, starting or "
    "overloaded. "
    "Stored content is not concerned.",
    "The status comes from the proxy (nginx error line, a short HTML body) and no line of the "
    "registry belongs to it. "
    "A 500 that the registry logged itself has another cause.",
    kDo,
    kDont,
    kConfirm};
}  // namespace registry_unreachable

namespace certificate_or_name_failure {
constexpr Text kDo[] = {
    "Look at the certificate: names, end date, issuer. Renew it, or give the issuing CA to those "
    "who connect.",
    "Docker: put the CA into /etc/docker/certs.d/HOST/ca.crt; containerd: into its hosts.toml; a "
    "registry: into the system's trust store.",
    "For a name that does not resolve, check DNS on the machine or in the container that reports "
    "it.",
};
constexpr Text kDont[] = {
    kNoFlushHere,
    kNoRepush,
    "Do not switch certificate checks off for good (insecure-registries): anybody on the way could "
    "then replace images.",
};
constexpr Text kConfirm[] = {
    "openssl s_client -connect HOST:443 -servername HOST </dev/null | openssl x509 -noout -subject "
    "-issuer -enddate",
    "getent hosts HOST   # on the machine that reports the error",
};
constexpr CauseInfo kRow{
    CauseId::certificate_or_name_failure,
    CauseClass::deployment,
    Verdict::fault,
    Severity::high,
    "a certificate is not trusted, or a name does not resolve",
    "A connection between client, registry, storage or upstream failed before any request was "
    "made. "
    "The certificate is expired, made for another name or issued by an unknown authority, or DNS "
    "has no answer. "
    "Behind caches this is often reported as \"unknown\".",
    "Texts such as `x509:`, `certificate signed by unknown authority`, `no such host`. "
    "`connection refused` and timeouts point to a service that is down.",
    kDo,
    kDont,
    kConfirm};
}  // namespace certificate_or_name_failure

constexpr CauseInfo kRows[] = {
    replicas_unshared_storage::kRow,    replicas_different_secret::kRow,
    shared_filesystem_lag::kRow,        upload_purged::kRow,
    proxy_breaks_upload_location::kRow, proxy_routes_to_other_repository::kRow,
    upload_cut_by_proxy::kRow,          registry_unreachable::kRow,
    certificate_or_name_failure::kRow,
};

}  // namespace

std::span<const CauseInfo> deployment() { return kRows; }

}  // namespace regtriage::causes
