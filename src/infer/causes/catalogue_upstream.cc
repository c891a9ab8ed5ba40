// Pull-through caches: what the upstream registry lacks, refuses or fails to answer.
#include "infer/causes/rows.h"

namespace regtriage::causes {
namespace {

namespace upstream_missing {
constexpr Text kDo[] = {
    "Check the reference at the upstream registry: skopeo inspect docker://UPSTREAM/REPOSITORY:TAG",
    "Correct the name, tag or prefix; official images of Docker Hub need `library/` behind a "
    "cache.",
    "If upstream removed it, take another version, or push your own copy to a registry that takes "
    "pushes.",
};
constexpr Text kDont[] = {
    kNoFlush,
    "Do not push into the cache: it takes no pushes.",
    kNoRestart,
};
constexpr Text kConfirm[] = {
    "skopeo inspect docker://UPSTREAM/REPOSITORY:TAG   # \"manifest unknown\" there, too",
};
constexpr CauseInfo kRow{
    CauseId::upstream_missing,
    CauseClass::upstream,
    Verdict::client,
    Severity::low,
    "the upstream registry does not have it either",
    "A pull-through cache or replication asked its source, and the source answered that it has no "
    "such image or layer. "
    "The cache passes this on, by digest sometimes as a 500 that carries \"manifest unknown\" in "
    "its text. "
    "The cache itself is well.",
    "The upstream was reached and said so, while other references are fetched without trouble. "
    "`connection refused`, timeouts or 401 from the upstream are upstream_unreachable or "
    "upstream_error_masked.",
    kDo,
    kDont,
    kConfirm};
}  // namespace upstream_missing

namespace upstream_unreachable {
constexpr Text kDo[] = {
    "Restore the way from the cache to the upstream: network, DNS, outgoing proxy, certificate.",
    "Then pull again; nothing has to be repaired in the cache.",
    "For images that must survive an outage, keep copies in a registry that takes pushes.",
};
constexpr Text kDont[] = {
    kNoFlush,
    "Do not correct tags in deployments because of \"unknown tag\": the tag may well exist "
    "upstream.",
    "Do not empty the cache: what is in it is all that can be served now.",
};
constexpr Text kConfirm[] = {
    "curl -sI https://UPSTREAM/v2/   # from the cache's host: 200 or 401 means that it is "
    "reachable",
    "grep -h -e 'connection refused' -e 'i/o timeout' -e 'no such host' REGISTRY.log CORE.log",
};
constexpr CauseInfo kRow{
    CauseId::upstream_unreachable,
    CauseClass::upstream,
    Verdict::fault,
    Severity::high,
    "the cache cannot reach its upstream registry",
    "The pull-through cache could not ask its source. By digest it says so with a 500; by tag it "
    "hides the error, looks at what it has stored and answers \"unknown tag\". "
    "So an outage looks like missing images. What is cached is still served.",
    "A 500 with `dial tcp`, `connection refused` or a timeout stands next to `unknown tag=` for "
    "many repositories, and it ends when the upstream is back. "
    "An upstream that answers \"unknown\" is upstream_missing.",
    kDo,
    kDont,
    kConfirm};
}  // namespace upstream_unreachable

namespace upstream_rate_limited {
constexpr Text kDo[] = {
    "Give the cache an account at the upstream (proxy.username and proxy.password; Harbor: the "
    "endpoint's access id), and a plan that fits.",
    "Wait for the limit's window to pass; let jobs pull fewer times, or by digest out of the "
    "cache.",
};
constexpr Text kDont[] = {
    "Do not retry in a tight loop: every attempt counts against the limit.",
    kNoFlushHere,
    "Do not empty the cache: everything would have to be fetched anew.",
};
constexpr Text kConfirm[] = {
    "curl -sI -H \"Authorization: Bearer $TOKEN\" https://UPSTREAM/v2/REPOSITORY/manifests/TAG | "
    "grep -i ratelimit   # for Docker Hub",
    "grep -h -i -e toomanyrequests -e 'status code: 429' REGISTRY.log CORE.log",
};
constexpr CauseInfo kRow{
    CauseId::upstream_rate_limited,
    CauseClass::upstream,
    Verdict::fault,
    Severity::medium,
    "the upstream registry refuses because of too many requests",
    "The upstream counts pulls and has stopped answering this cache for a while (429). "
    "Harbor passes the 429 on; distribution answers 500 by digest and \"unknown tag\" by tag. "
    "Cached images are still served.",
    "`toomanyrequests` or 429 in the text of neighbouring errors. "
    "Without such a text it is upstream_error_masked or upstream_unreachable.",
    kDo,
    kDont,
    kConfirm};
}  // namespace upstream_rate_limited

namespace upstream_error_masked {
constexpr Text kDo[] = {
    "Read the true error next to the 404 and mend that: the upstream's login, its certificate, its "
    "own failure.",
    "Renew the credentials that the cache uses at the upstream (proxy.username and proxy.password; "
    "Harbor: the registry endpoint).",
    "Then pull again.",
};
constexpr Text kDont[] = {
    kNoFlush,
    "Do not send the pulling people to `docker login`: the cache's own login at the upstream is "
    "meant.",
    "Do not push the image: a cache takes no pushes, and the image exists upstream.",
};
constexpr Text kConfirm[] = {
    "skopeo inspect --creds USER docker://UPSTREAM/REPOSITORY:TAG   # with the cache's own "
    "credentials, from its host",
    "grep -h -e unauthorized -e 'status code: 401' -e 'fallback to local' REGISTRY.log CORE.log",
};
constexpr CauseInfo kRow{
    CauseId::upstream_error_masked,
    CauseClass::upstream,
    Verdict::fault,
    Severity::high,
    "the cache says \"unknown\" where its upstream said something else",
    "The upstream refused or failed (401, 403, 5xx, a broken answer), and the cache fell back to "
    "what it has stored. "
    "As the image is not stored there, the client reads \"unknown\" and looks in the wrong place. "
    "The image may well exist.",
    "A line near the 404 carries the true error (`unauthorized`, 401, `fallback to local`). "
    "No connection at all is upstream_unreachable; 429 is upstream_rate_limited; an honest 404 of "
    "the upstream is upstream_missing.",
    kDo,
    kDont,
    kConfirm};
}  // namespace upstream_error_masked

namespace stale_pull_through_cache {
constexpr Text kDo[] = {
    "Remove the cached copy so that it is fetched anew. Harbor: delete the artifact in the proxy "
    "project.",
    "Plain distribution takes no DELETE as a cache: stop it and remove "
    "ROOT/docker/registry/v2/repositories/REPOSITORY from its storage.",
    "Distribution with a descriptor cache in Redis: delete keys blobs::* and repository::* of the "
    "cache registry's database, then pull again.",
    kRestartMemoryCache,
    "Raise the expiry (proxy.ttl in 3.x; 2.x has a fixed week) if images break exactly when it "
    "ends.",
};
constexpr Text kDont[] = {
    "Do not push the image: a cache takes no pushes.",
    "Do not run garbage-collect on the cache: it removes more and repairs nothing.",
    kNoFlushAll,
};
constexpr Text kConfirm[] = {
    "skopeo inspect docker://UPSTREAM/REPOSITORY:TAG   # whole at the upstream",
    "skopeo copy docker://CACHE/REPOSITORY:TAG dir:/tmp/check   # fails at a layer or child from "
    "the cache",
    "grep -h 'OnExpire' REGISTRY.log   # expiry of this image before the first failure",
};
constexpr CauseInfo kRow{
    CauseId::stale_pull_through_cache,
    CauseClass::upstream,
    Verdict::fault,
    Severity::high,
    "the cache serves an old or half-expired copy of an image",
    "The cache still has the manifest, but layers or platform manifests behind it have expired or "
    "were removed upstream. "
    "Pulls through the cache fail in the middle while the upstream serves the image as a whole.",
    "The manifest is 200 from the cache, then a layer or child fails, often exactly at the end of "
    "the cache's lifetime. "
    "In a registry that takes pushes the same picture is stale_descriptor_cache or "
    "blob_data_missing.",
    kDo,
    kDont,
    kConfirm};
}  // namespace stale_pull_through_cache

namespace proxy_cache_push_race {
constexpr Text kDo[] = {
    "Nothing, if later pulls work: the copy is made in the background, half a minute or more after "
    "the first pull.",
    "If it never appears, look in core.log for the reason and pull again, by tag.",
};
constexpr Text kDont[] = {
    kNoFlush,
    kNoCollect,
    "Do not restart Harbor's core: copies that are waiting are lost with it.",
};
constexpr Text kConfirm[] = {
    "grep -h -e 'controller/proxy' CORE.log | tail   # retries, then silence",
    "curl -s -u USER '{registry}/api/v2.0/projects/PROJECT/repositories/REPO/artifacts'   # the "
    "copy is listed after a while",
};
constexpr CauseInfo kRow{
    CauseId::proxy_cache_push_race,
    CauseClass::upstream,
    Verdict::fault,
    Severity::low,
    "the proxy cache stores its copy while layers are still coming",
    "Harbor's proxy cache serves the first pull from upstream and stores its own copy in the "
    "background. "
    "It tries the manifest before all layers have arrived, gets \"unknown\", and tries again. "
    "Clients are served meanwhile.",
    "The errors come from Harbor itself (agent harbor-registry-client, controller/proxy in "
    "core.log), and the same digest is stored with 201 a little later. "
    "Errors of the pulling client itself have another cause.",
    kDo,
    kDont,
    kConfirm};
}  // namespace proxy_cache_push_race

constexpr CauseInfo kRows[] = {
    upstream_missing::kRow,      upstream_unreachable::kRow,     upstream_rate_limited::kRow,
    upstream_error_masked::kRow, stale_pull_through_cache::kRow, proxy_cache_push_race::kRow,
};

}  // namespace

std::span<const CauseInfo> upstream() { return kRows; }

}  // namespace regtriage::causes
