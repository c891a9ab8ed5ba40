// Harbor: its database, caches, jobs and rules beside the registry.
#include "infer/causes/rows.h"

namespace regtriage::causes {
namespace {

namespace harbor_row_missing {
constexpr Text kDo[] = {
    "Push the image again through Harbor: docker push HOST/{repository}:TAG. Layers that are "
    "stored are not sent twice; the rows are made anew.",
    "If the push itself fails, look in core.log just after the registry's 201: a database error "
    "there must be mended first.",
    "After a restored database, compare core.log's PUSH_ARTIFACT lines since the dump with what "
    "Harbor lists; those images need a new push.",
    "Let nobody push to the registry's own port or copy objects into the bucket: Harbor learns "
    "nothing of it.",
};
constexpr Text kDont[] = {
    kNoFlush,
    "Do not take the objects in the bucket as proof that the image is fine: Harbor serves only "
    "what its database knows and cannot import a bucket.",
    "Do not write rows into the database by hand.",
    "Do not run Harbor's garbage collection before the images are pushed again.",
};
constexpr Text kConfirm[] = {
    kHarborRows,
    kHarborTags,
    kHarborTrash,
    kHarborBlobs,
    "grep -h PUSH_ARTIFACT CORE.log | grep '{repository}'   # nothing since the push: the row was "
    "never made",
    "grep -h '/v2/{repository}/manifests/' REGISTRY.log PROXY.log   # 404 in the proxy's log, no "
    "line in the registry's",
};
constexpr CauseInfo kRow{
    CauseId::harbor_row_missing,
    CauseClass::harbor,
    Verdict::fault,
    Severity::high,
    "the content is in the registry, but Harbor's database does not know it",
    "Harbor answers pulls from its database before it asks the registry. For this image the row is "
    "missing: core failed after the registry had stored the manifest, "
    "the push went past Harbor, or an older database was restored. "
    "So Harbor says NOT_FOUND and lists nothing, while the bucket holds everything.",
    "The answer is NOT_FOUND (`artifact … not found`, `repository … not found`) and registry.log "
    "has no line for the request. "
    "MANIFEST_UNKNOWN with a line in registry.log is the other way round (harbor_content_missing). "
    "DELETE_ARTIFACT in core.log means that it was deleted.",
    kDo,
    kDont,
    kConfirm};
}  // namespace harbor_row_missing

namespace harbor_content_missing {
constexpr Text kDo[] = {
    "Bring the objects back from bucket versioning or a backup if there is one.",
    kClearBeforePush,
    "Otherwise delete the artifact in Harbor and push it again from a machine that has it.",
    "Check the pull afterwards, not only the push: skopeo inspect "
    "docker://HOST/{repository}@{digest}",
    "Never run `registry garbage-collect` by hand in a Harbor: it knows nothing of Harbor's "
    "database.",
};
constexpr Text kDont[] = {
    kNoCollect,
    kNoFlushAll,
    "Do not believe the list in the portal: it shows rows of the database, not what storage holds.",
    "Do not push before the registry's cache is clear: Harbor may report success and still have "
    "nothing.",
};
constexpr Text kConfirm[] = {
    kDataS3, kDataMinio, kDataDisk, kHarborRows, kCached,
};
constexpr CauseInfo kRow{
    CauseId::harbor_content_missing,
    CauseClass::harbor,
    Verdict::loss,
    Severity::critical,
    "Harbor lists the image, but the registry has lost its content",
    "Harbor's database has the artifact, and the registry behind it no longer has the manifest or "
    "a layer. "
    "Objects were lost in storage, a collection was run by hand in the registry's container, or "
    "the database is newer than the restored storage. "
    "The portal shows the image and every pull fails.",
    "MANIFEST_UNKNOWN or BLOB_UNKNOWN, and registry.log has the line, with `revision=D`. "
    "A push 201 shortly before the failing pull means stale_descriptor_cache; all repositories at "
    "once right after a restart mean storage_root_changed. "
    "NOT_FOUND without a registry line is harbor_row_missing.",
    kDo,
    kDont,
    kConfirm};
}  // namespace harbor_content_missing

namespace harbor_gc_window {
constexpr Text kDo[] = {
    "Wait until the collection has ended and look at the end of its job log: `cache clean up "
    "completed` or `failed to clean registry cache`.",
    "If the cache could not be cleaned: delete keys blobs::* and repository::* of the registry's "
    "Redis database before the next push.",
    "Push the image again.",
    "Set the collection's time window above the longest push (default 2 hours), run it when nobody "
    "pushes, and keep all clocks equal.",
};
constexpr Text kDont[] = {
    "Do not start the collection again to repair it: it takes the layers of the next slow push as "
    "well.",
    "Do not use a time window of 0 while anybody may push.",
    kNoFlushAll,
};
constexpr Text kConfirm[] = {
    "grep -h -e {hex} -e time_window /data/job_logs/*.log   # `eligible for deletion` and the "
    "window in "
    "force",
    "grep -h '/api/registry/blob/' REGISTRYCTL.log | grep {hex}   # when it was deleted",
    kDataS3,
    kCached,
};
constexpr CauseInfo kRow{
    CauseId::harbor_gc_window,
    CauseClass::harbor,
    Verdict::loss,
    Severity::high,
    "Harbor's garbage collection took layers of a push that was still running",
    "Harbor's collector deletes blobs that belong to no project and are older than its time "
    "window. "
    "The layers of a push belong to nothing until the manifest arrives. "
    "This push was slower than the window (or the window was 0), so its layers were deleted and "
    "the manifest was refused, or accepted and broken.",
    "Upload 201, then the digest in the collector's job log and a DELETE in registryctl.log, then "
    "the manifest PUT of that push. "
    "A collection by hand is garbage_collection_during_push. "
    "A collection that removed deleted images only did its duty.",
    kDo,
    kDont,
    kConfirm};
}  // namespace harbor_gc_window

namespace harbor_blob_marked_deleting {
constexpr Text kDo[] = {
    "Push an image with this layer again: that takes the mark away.",
    "Find out why the collector could not delete it (registryctl.log has the storage's answer) and "
    "mend that.",
    "Then let Harbor's scheduled collection run once more, when nobody pushes.",
};
constexpr Text kDont[] = {
    kNoFlush,
    "Do not restore the layer: its data is still there, a GET shows it.",
    "Do not change the status in the database by hand while a collection runs.",
};
constexpr Text kConfirm[] = {
    kHarborBlobs,
    "curl -sI -u USER {registry}/v2/REPOSITORY/blobs/{digest}   # HEAD: 404 from core",
    "curl -sL -u USER {registry}/v2/REPOSITORY/blobs/{digest} | sha256sum   # GET: the layer, from "
    "the registry",
};
constexpr CauseInfo kRow{
    CauseId::harbor_blob_marked_deleting,
    CauseClass::harbor,
    Verdict::fault,
    Severity::medium,
    "Harbor has marked a layer for deletion that is still there",
    "A collection marked this layer and did not manage to delete it. Until it is pushed again, "
    "Harbor answers HEAD with 404, so that clients upload it anew, while GET is answered by the "
    "registry with the data. "
    "The collector may report success although it gave up on single layers.",
    "HEAD 404 stands in proxy.log only, GET 200 of the same digest in registry.log. "
    "If both fail, the data is gone (harbor_content_missing). "
    "HEAD 404 without any collection can also be a layer without a row (harbor_row_missing).",
    kDo,
    kDont,
    kConfirm};
}  // namespace harbor_blob_marked_deleting

namespace harbor_manifest_cache {
constexpr Text kDo[] = {
    "Restore the lost content, or push the image again after the next step.",
    "Delete core's cached manifests (database `cache_layer_db_index` of harbor.yml; without it "
    "core's own, 0), and nothing else:",
    "redis-cli -n DB --scan --pattern 'cache:manifest:*' | xargs -r -n 100 redis-cli -n DB DEL",
    "Then pull again and look which layers or manifests are really missing.",
};
constexpr Text kDont[] = {
    "Do not clear the registry's descriptor cache for this: the manifest comes out of core's own "
    "cache.",
    kNoFlushAll,
    kNoCollect,
};
constexpr Text kConfirm[] = {
    "redis-cli -n DB EXISTS cache:manifest:digest:{digest}   # 1: core serves it without asking "
    "the registry",
    kDataS3,
    kDataDisk,
};
constexpr CauseInfo kRow{
    CauseId::harbor_manifest_cache,
    CauseClass::harbor,
    Verdict::loss,
    Severity::high,
    "Harbor serves a manifest from its cache after the registry has lost the image",
    "With CACHE_ENABLED core keeps manifests in Redis for up to a day. The registry no longer has "
    "the image, but the manifest is still served, "
    "so pulls begin well and fail at the layers. When the cached copy expires, the manifest is "
    "unknown, too.",
    "The manifest is 200 in proxy.log without any line in registry.log, then its layers are `blob "
    "unknown` there. "
    "If registry.log has the manifest's 200, it is blob_data_missing.",
    kDo,
    kDont,
    kConfirm};
}  // namespace harbor_manifest_cache

namespace harbor_proxy_fallback {
constexpr Text kDo[] = {
    "Read the error on core.log's `fallback to local` line and mend that: the endpoint's address, "
    "login, certificate, or the upstream itself.",
    "Test the endpoint in Harbor (Administration, Registries, Test Connection), then pull again.",
    "If images must be there during an outage, replicate them into an ordinary project instead of "
    "caching them.",
};
constexpr Text kDont[] = {
    kNoFlush,
    "Do not push the image into the proxy project: it takes no pushes.",
    "Do not correct the tag because of NOT_FOUND: upstream may well have it.",
    kNoLogin,
};
constexpr Text kConfirm[] = {
    "grep -h -e 'fallback to local' -e 'current registry is unhealthy' CORE.log   # the true error "
    "stands there",
    "curl -sI https://UPSTREAM/v2/   # from the host that runs core",
};
constexpr CauseInfo kRow{
    CauseId::harbor_proxy_fallback,
    CauseClass::harbor,
    Verdict::fault,
    Severity::high,
    "Harbor's proxy project could not ask upstream and answered from its own stock",
    "When the upstream of a proxy project fails, Harbor looks at what it has stored and answers "
    "NOT_FOUND if that is nothing. "
    "So an outage or a wrong login upstream looks like a missing image. "
    "Even a cached image can be unknown by tag, if it was only ever pulled by digest.",
    "`failed to proxy manifest, fallback to local` or `current registry is unhealthy` in core.log "
    "next to the 404. "
    "An upstream that honestly lacks the image gives `repo …, tag … not found` and no fallback.",
    kDo,
    kDont,
    kConfirm};
}  // namespace harbor_proxy_fallback

namespace harbor_database_down {
constexpr Text kDo[] = {
    "Bring PostgreSQL back: look at its log, disk space, and number of connections.",
    "When it runs, check core: curl -s {registry}/api/v2.0/health. Restart core only if it does "
    "not come back by itself.",
    "Push again what failed meanwhile: the registry may have stored manifests that Harbor could "
    "not record.",
};
constexpr Text kDont[] = {
    "Do not change passwords or robot accounts: the 401 is not about them.",
    kNoLogin,
    kNoFlushHere,
    "Do not restore an old dump before you know that the data is damaged: it forgets all pushes "
    "since.",
};
constexpr Text kConfirm[] = {
    "docker exec harbor-db pg_isready -U postgres   # or: pg_isready -h DBHOST",
    "curl -s {registry}/api/v2.0/health   # status of database",
    "grep -h -e 'failed to connect' -e 'connection refused' -e FATAL CORE.log POSTGRESQL.log | "
    "tail",
};
constexpr CauseInfo kRow{
    CauseId::harbor_database_down,
    CauseClass::harbor,
    Verdict::fault,
    Severity::critical,
    "Harbor's database is down or refuses it",
    "Core cannot ask its database who the user is or which images exist. It then answers 401, 404 "
    "or 500 to everybody, which looks like wrong passwords or missing images. "
    "The registry's content is not touched.",
    "Everybody fails at once, with good passwords, too, and core.log or postgresql.log shows "
    "connection errors. "
    "If only one account fails, it is auth_failed; 503 for everybody with Redis errors is "
    "cache_unavailable.",
    kDo,
    kDont,
    kConfirm};
}  // namespace harbor_database_down

namespace harbor_quota_exceeded {
constexpr Text kDo[] = {
    "Raise the project's quota, or delete artifacts that are not needed.",
    "Let the scheduled collection free their space, then push again.",
};
constexpr Text kDont[] = {
    kNoFlushHere,
    "Do not delete objects in the bucket by hand: the quota counts rows of the database.",
    kNoRestart,
};
constexpr Text kConfirm[] = {
    "curl -s -u ADMIN '{registry}/api/v2.0/quotas?reference=project'   # used against hard",
    "grep -h 'reserve resources' CORE.log   # which project, how much was wanted",
};
constexpr CauseInfo kRow{CauseId::harbor_quota_exceeded,
                         CauseClass::harbor,
                         Verdict::client,
                         Severity::low,
                         "the project's quota is used up",
                         "Harbor refused the push because the project would exceed its quota. It "
                         "answers 403 DENIED at the end of a layer or at the manifest. "
                         "Pulls and other projects are not concerned.",
                         "`reserve resources …` in core.log and DENIED with the quota in the text. "
                         "DENIED without a quota is a missing right; 507 or \"no space left\" "
                         "comes from storage (storage_full).",
                         kDo,
                         kDont,
                         kConfirm};
}  // namespace harbor_quota_exceeded

namespace harbor_tag_immutable {
constexpr Text kDo[] = {
    "Push under a new tag.",
    "If the tag must move, change the project's immutability rule first.",
};
constexpr Text kDont[] = {
    kNoFlushHere,
    "Do not delete the repository to get round the rule: others rely on the tag.",
    kNoLogin,
};
constexpr Text kConfirm[] = {
    "curl -s -u ADMIN {registry}/api/v2.0/projects/PROJECT/immutabletagrules   # which rule "
    "matches",
};
constexpr CauseInfo kRow{CauseId::harbor_tag_immutable,
                         CauseClass::harbor,
                         Verdict::client,
                         Severity::low,
                         "the tag is protected and may not be overwritten or deleted",
                         "A rule of the project keeps this tag as it is. Harbor refuses to "
                         "overwrite or delete it (412). "
                         "The layers of the push were taken, only the manifest was not. The tag "
                         "still points to the old image.",
                         "412 with `configured as immutable` on the manifest PUT or DELETE. "
                         "403 DENIED is a right, quota or read-only mode.",
                         kDo,
                         kDont,
                         kConfirm};
}  // namespace harbor_tag_immutable

namespace harbor_read_only {
constexpr Text kDo[] = {
    "Find out who set read-only mode and why: a migration, a backup, a collection of an old "
    "Harbor.",
    "When that is over, switch it off: Administration, Configuration, Repository Read Only.",
    "Then push again.",
};
constexpr Text kDont[] = {
    "Do not switch it off while a backup or collection is running: that is what it protects.",
    kNoFlushHere,
    kNoLogin,
    kNoRestart,
};
constexpr Text kConfirm[] = {
    "curl -s -u ADMIN {registry}/api/v2.0/configurations | grep -o '\"read_only\":[^}]*'",
};
constexpr CauseInfo kRow{
    CauseId::harbor_read_only,
    CauseClass::harbor,
    Verdict::client,
    Severity::low,
    "Harbor is in read-only mode",
    "An administrator or a job has switched Harbor to read-only. Pushes and deletions are refused "
    "for everybody, pulls work. "
    "Nothing is broken.",
    "DENIED with `read only mode` in the text, on writes only, for all users. "
    "A plain distribution in read-only mode answers 405 and writes only an access line.",
    kDo,
    kDont,
    kConfirm};
}  // namespace harbor_read_only

namespace harbor_artifact_referenced {
constexpr Text kDo[] = {
    "Delete the index (multi-platform image) that refers to it first; its children can be deleted "
    "afterwards.",
    "To be rid of one platform only, push a new index without it under the same tag.",
};
constexpr Text kDont[] = {
    kNoFlushHere,
    "Do not delete rows or objects by hand: the index would name an image that is not there.",
};
constexpr Text kConfirm[] = {
    "docker exec harbor-db psql -U postgres registry -c \"select * from artifact_reference where "
    "child_digest='DIGEST'\"",
};
constexpr CauseInfo kRow{
    CauseId::harbor_artifact_referenced,
    CauseClass::harbor,
    Verdict::client,
    Severity::low,
    "an image cannot be deleted because an index refers to it",
    "Somebody tried to delete a platform image that belongs to a multi-platform index. Harbor "
    "protects it and refuses with 412. "
    "Nothing was deleted.",
    "VIOLATE_FOREIGN_KEY_CONSTRAINT on a DELETE. "
    "404 on a DELETE means that it is already gone; `immutable` in the text is a rule about tags.",
    kDo,
    kDont,
    kConfirm};
}  // namespace harbor_artifact_referenced

constexpr CauseInfo kRows[] = {
    harbor_row_missing::kRow,         harbor_content_missing::kRow,
    harbor_gc_window::kRow,           harbor_blob_marked_deleting::kRow,
    harbor_manifest_cache::kRow,      harbor_proxy_fallback::kRow,
    harbor_database_down::kRow,       harbor_quota_exceeded::kRow,
    harbor_tag_immutable::kRow,       harbor_read_only::kRow,
    harbor_artifact_referenced::kRow,
};

}  // namespace

std::span<const CauseInfo> harbor() { return kRows; }

}  // namespace regtriage::causes
