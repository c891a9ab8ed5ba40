// Storage and caches that refuse, fail or lag.
#include "infer/causes/rows.h"

namespace regtriage::causes {
namespace {

namespace storage_access_denied {
constexpr Text kDo[] = {
    "Give the registry's account its rights back: s3:ListBucket on the bucket; s3:GetObject, "
    "s3:PutObject, s3:DeleteObject on its objects.",
    "Check what changed: bucket policy, key rotation, expired credentials, encryption key rights, "
    "a moved role.",
    "Then repeat the failed pulls and pushes; nothing else is needed.",
};
constexpr Text kDont[] = {
    kNoFlushHere,
    kNoRepush,
    kNoLogin,
    kNoCollect,
};
constexpr Text kConfirm[] = {
    "aws sts get-caller-identity   # with the registry's own credentials",
    "aws s3 ls s3://BUCKET/ROOT/docker/registry/v2/   # AccessDenied settles it",
    "grep -h -A1 AccessDenied REGISTRY.log   # which operation, since when",
};
constexpr CauseInfo kRow{
    CauseId::storage_access_denied,
    CauseClass::storage,
    Verdict::fault,
    Severity::high,
    "the object store refuses the registry",
    "The storage answers 403, so the registry cannot read or write and answers 500. The content is "
    "still there. "
    "While descriptors are cached, a layer may even be answered with 200 and no bytes. "
    "Without the right to list, S3 says AccessDenied for missing objects as well, so pushes of new "
    "images fail at their first question.",
    "err.code is `unknown` with status 500 and a driver text with AccessDenied or 403. "
    "`manifest blob unknown` lines with status 500 belong to it and do not mean missing blobs. "
    "Honest 404 answers mean that the storage could be read.",
    kDo,
    kDont,
    kConfirm};
}  // namespace storage_access_denied

namespace storage_errors {
constexpr Text kDo[] = {
    "Look at the storage's own health first: its status page, metrics and log for this period.",
    "Check network, DNS and certificate between registry and storage; compare region and endpoint "
    "with the bucket's.",
    "When it is well again, repeat the pushes that failed; pulls heal by themselves.",
};
constexpr Text kDont[] = {
    kNoFlushHere,
    kNoRestart,
    kNoCollect,
    "Do not push again while errors go on: half-done pushes leave tags unknown and add load.",
};
constexpr Text kConfirm[] = {
    "grep -h -e 's3aws:' -e 'filesystem:' -e 'gcs:' -e 'azure:' REGISTRY.log | tail   # the "
    "driver's own words",
    "aws s3 ls s3://BUCKET/ROOT/docker/registry/v2/   # from the registry's host; repeat it a few "
    "times",
};
constexpr CauseInfo kRow{
    CauseId::storage_errors,
    CauseClass::storage,
    Verdict::fault,
    Severity::high,
    "the storage behind the registry fails",
    "The registry asked its storage and got an error other than \"not there\": a timeout, 500 or "
    "503, a broken connection, a disk error. "
    "It answers 500 and repeats the driver's text. Stored content is intact as far as the lines "
    "tell. "
    "Pushes that broke this way make later \"manifest unknown\" answers for their tags.",
    "Status 500 with a driver text (`s3aws: …`, `filesystem: …`). "
    "403 AccessDenied is storage_access_denied, 507 or \"no space left\" is storage_full. "
    "A `manifest blob unknown` with status 500 belongs here, with status 400 it does not.",
    kDo,
    kDont,
    kConfirm};
}  // namespace storage_errors

namespace storage_full {
constexpr Text kDo[] = {
    "Make room or raise the quota of the disk or bucket.",
    "Then delete what is not needed (tags by policy) and collect in read-only mode; a full disk "
    "needs room before that.",
    "Repeat the pushes that failed.",
};
constexpr Text kDont[] = {
    kNoFlushHere,
    "Do not delete files below docker/registry/v2/blobs by hand: each of them may belong to many "
    "images.",
    "Do not run garbage-collect while pushes are running: it takes their layers.",
};
constexpr Text kConfirm[] = {
    "df -h ROOT; df -i ROOT   # space and inodes",
    "mc admin info ALIAS   # or the quota of the bucket",
    "grep -h -e 'no space left' -e 'status code: 507' REGISTRY.log",
};
constexpr CauseInfo kRow{
    CauseId::storage_full,
    CauseClass::storage,
    Verdict::fault,
    Severity::high,
    "the storage is full or refuses writes",
    "Reading works, writing does not: the disk, quota or bucket takes no more. Pushes fail with "
    "500. "
    "A part of an upload may even be acknowledged with 202 and be missing afterwards; the last "
    "step then fails with a wrong offset.",
    "Only writes fail. `no space left on device`, 507 or a quota text settles it; "
    "`upload resumed at wrong offest: 0 != N` together with failing POST requests points here as "
    "well. "
    "If reads fail, too, it is storage_errors or storage_access_denied.",
    kDo,
    kDont,
    kConfirm};
}  // namespace storage_full

namespace storage_not_yet_consistent {
constexpr Text kDo[] = {
    "Let the registry talk to the primary endpoint of the store, not to a replica, gateway or "
    "cache of it.",
    "Repeat the failed push or pull; the content appears by itself after a moment.",
    "If it goes on, use a store or a bucket setting with read-after-write consistency.",
};
constexpr Text kDont[] = {
    kNoFlush,
    kNoRestart,
    "Do not treat it as lost data and restore backups over it.",
};
constexpr Text kConfirm[] = {
    "curl -sI -u USER {registry}/v2/{repository}/manifests/TAG   # repeat for a minute: 404 turns "
    "into 200 without a push",
    "grep -n -e regionendpoint -e region config.yml   # which endpoint the registry writes to and "
    "reads from",
};
constexpr CauseInfo kRow{
    CauseId::storage_not_yet_consistent,
    CauseClass::storage,
    Verdict::fault,
    Severity::medium,
    "the storage shows new content only after a while",
    "Something was written with success and could not be read a moment later; then it was there "
    "without anybody's doing. "
    "Replicated, cached or gateway-fronted object stores do this; Amazon S3 itself has not since "
    "2020. "
    "At the end of an upload the same delay makes a 500.",
    "The same digest goes from 404 to 200 within seconds without a PUT in between. "
    "If it alternates for long, the replicas have separate storage. "
    "On a shared file system it is shared_filesystem_lag.",
    kDo,
    kDont,
    kConfirm};
}  // namespace storage_not_yet_consistent

namespace upload_path_missing {
constexpr Text kDo[] = {
    "Look for what removes unfinished uploads: a bucket rule for incomplete multipart uploads, a "
    "clean-up of `_uploads`, a very short purge age.",
    "Let such a rule wait longer than the longest push takes; a week is safe.",
    "Push again; a new upload starts from nothing.",
};
constexpr Text kDont[] = {
    kNoFlushHere,
    kNoCollect,
    "Do not delete `_uploads` folders while pushes are running.",
};
constexpr Text kConfirm[] = {
    "aws s3api get-bucket-lifecycle-configuration --bucket BUCKET   # "
    "AbortIncompleteMultipartUpload",
    "aws s3 ls s3://BUCKET/ROOT/docker/registry/v2/repositories/REPOSITORY/_uploads/   # is the "
    "upload there",
};
constexpr CauseInfo kRow{CauseId::upload_path_missing,
                         CauseClass::storage,
                         Verdict::fault,
                         Severity::high,
                         "the unfinished upload vanished from storage",
                         "The registry had taken parts of a layer and could not find them when it "
                         "went on: the object under `_uploads` was gone. "
                         "It answers 500 with \"Path not found\". A store that aborts multipart "
                         "uploads, or a driver that does not fit the store, does this. "
                         "Finished layers are not concerned.",
                         "`s3aws: Path not found: …/_uploads/…/data` with status 500. "
                         "404 `blob upload unknown` instead means that the whole upload is unknown "
                         "to this replica (replicas_unshared_storage, upload_purged).",
                         kDo,
                         kDont,
                         kConfirm};
}  // namespace upload_path_missing

namespace redirect_to_storage_fails {
constexpr Text kDo[] = {
    "Follow one redirect by hand from a failing client and read the storage's answer.",
    "Cannot reach or trust the address: make it reachable from the clients, or let the registry "
    "send the data itself: storage.redirect.disable: true",
    "NoSuchKey: the object is gone; restore it. Before a new push check whether the cache still "
    "claims it (stale_descriptor_cache).",
    "Expired or signature errors: set the clocks right and compare region and endpoint.",
};
constexpr Text kDont[] = {
    "Do not take switched-off redirects as a cure for lost objects: they only let the registry's "
    "own log show the loss.",
    kNoCollect,
    kNoRestart,
    kNoLogin,
};
constexpr Text kConfirm[] = {
    "curl -s -D- -o /dev/null -u USER {registry}/v2/{repository}/blobs/{digest}   # 307; note the "
    "Location",
    "curl -sS 'LOCATION' | head -c 400   # from the client's network: NoSuchKey, AccessDenied, or "
    "no connection",
    kDataS3,
    kDataMinio,
};
constexpr CauseInfo kRow{
    CauseId::redirect_to_storage_fails,
    CauseClass::storage,
    Verdict::fault,
    Severity::high,
    "the registry sends clients to the storage, and there they fail",
    "For layers the registry answers 307 with a signed address of the object store and is done. "
    "The client then cannot reach the store, does not trust its certificate, or the object is not "
    "there. "
    "The registry's log shows only success, so the proof lies with the client or the store.",
    "GET blob 307 followed by the client coming back again and again, or giving up. "
    "With NoSuchKey and a HEAD 200 that no upload precedes it is stale_descriptor_cache. "
    "Without redirects the same loss shows as 200 with written=0 or as 404.",
    kDo,
    kDont,
    kConfirm};
}  // namespace redirect_to_storage_fails

namespace cache_unavailable {
constexpr Text kDo[] = {
    "Bring Redis back, or correct its address, password and TLS settings in the registry's "
    "configuration.",
    "Harbor needs Redis for sessions as well: while it is away core answers 503 or 500; check core "
    "and jobservice after it is back.",
    "Repeat deletions that failed meanwhile.",
};
constexpr Text kDont[] = {
    "Do not run garbage collection while Redis is away: it deletes the data and cannot clear the "
    "cache afterwards.",
    "Do not flush Redis when it is back: its entries are as good as before, unless content was "
    "deleted meanwhile.",
    kNoRepush,
};
constexpr Text kConfirm[] = {
    "redis-cli -h REDIS -n DB PING   # PONG: it is back",
    "grep -h -e 'redis: error connecting' -e 'error connecting to redis' REGISTRY.log | tail -1   "
    "# the last time it was away",
};
constexpr CauseInfo kRow{
    CauseId::cache_unavailable,
    CauseClass::storage,
    Verdict::fault,
    Severity::medium,
    "the registry cannot reach its Redis cache",
    "The descriptor cache does not answer. A plain registry then asks the storage directly: "
    "slower, with two error lines for each look-up, but right. "
    "Only deletions fail with 500. Harbor, however, stops working without Redis.",
    "`redis: error connecting` lines without a request id, while requests succeed (in Harbor: 503 "
    "for everybody). "
    "A cache that answers with outdated content makes no such lines (stale_descriptor_cache).",
    kDo,
    kDont,
    kConfirm};
}  // namespace cache_unavailable

namespace cache_shared_by_two_registries {
constexpr Text kDo[] = {
    "Give each registry its own Redis database or server: `redis.db` or `redis.addr` in "
    "config.yml.",
    "Then delete the mixed keys once, in the database that both used, and only these:",
    kDropBlobKeys,
    kDropRepositoryKeys,
    "Push the broken images again to the registry that lacks them.",
};
constexpr Text kDont[] = {
    "Do not push again before the registries are apart: the other one's notes come back at once.",
    kNoFlushAll,
    kNoCollect,
};
constexpr Text kConfirm[] = {
    "grep -n -e addr: -e db: config.yml   # on both registries: the same Redis address and "
    "database",
    kCached,
    kDataS3,
    kDataDisk,
};
constexpr CauseInfo kRow{
    CauseId::cache_shared_by_two_registries,
    CauseClass::storage,
    Verdict::loss,
    Severity::critical,
    "two registries with different storage share one descriptor cache",
    "The cache's keys hold digests only, not the name of the registry. When two registries use the "
    "same Redis database, each believes it has what the other stored. "
    "Pushes skip uploads and are acknowledged, and pulls fail.",
    "It looks like stale_descriptor_cache, but nothing was ever deleted: the digest was uploaded "
    "to the other registry. "
    "Two registries with the same redis address and database settle it.",
    kDo,
    kDont,
    kConfirm};
}  // namespace cache_shared_by_two_registries

namespace storage_driver_incompatible {
constexpr Text kDo[] = {
    "Upgrade the registry or the store to versions that work together, or use the driver that "
    "belongs to the store.",
    "Try the driver's options for stores that are no Amazon S3: v4auth, secure, chunksize, "
    "multipartcopythresholdsize.",
    "If a file system is offered as well, move there until the driver is mended.",
};
constexpr Text kDont[] = {
    kNoFlushHere,
    kNoRestart,
    "Do not repeat the push as it is: each one fails at the same step.",
};
constexpr Text kConfirm[] = {
    "grep -h 'err.detail' REGISTRY.log | grep -o 's3aws: [A-Za-z]*' | sort | uniq -c   # one "
    "error, each time",
    "aws s3 cp BIGFILE s3://BUCKET/test --endpoint-url STORE   # does a multipart upload work "
    "without the registry",
};
constexpr CauseInfo kRow{
    CauseId::storage_driver_incompatible,
    CauseClass::storage,
    Verdict::fault,
    Severity::high,
    "the storage driver and this store do not fit together",
    "The same storage error comes at the same step of every push: the store does not support an "
    "operation that the driver uses, or answers it in another way. "
    "Nothing that was stored before is harmed.",
    "It fails always and everywhere at one step, often since an upgrade. "
    "Errors that come and go are storage_errors; a 403 on everything is storage_access_denied.",
    kDo,
    kDont,
    kConfirm};
}  // namespace storage_driver_incompatible

namespace storage_file_corrupt {
constexpr Text kDo[] = {
    "Move the broken file out of the tree; do not overwrite it. With it gone the registry answers "
    "an honest 404.",
    kClearBeforePush,
    "Restore the file from a backup, or push the image again from a machine that has it.",
    "Check disk, file system and replication for what cut the file; look for more files of size 0 "
    "from the same time.",
};
constexpr Text kDont[] = {
    "Do not push over it: the registry sees that the file exists and skips the upload.",
    kNoCollect,
    kNoRestart,
};
constexpr Text kConfirm[] = {
    "find ROOT/docker/registry/v2 -type f -size 0 \\( -name link -o -name data \\)   # empty files "
    "are broken",
    "aws s3 cp s3://BUCKET/ROOT/docker/registry/v2/blobs/sha256/HH/HEX/data - | sha256sum   # must "
    "print HEX",
};
constexpr CauseInfo kRow{
    CauseId::storage_file_corrupt,
    CauseClass::storage,
    Verdict::loss,
    Severity::high,
    "a file in storage is there, but its content is broken",
    "A link or data file is empty, cut short or changed. The registry finds it and cannot use it: "
    "it answers 500 (`invalid checksum digest format` for a broken link) or sends bytes that do "
    "not match the digest. "
    "A crash or a full disk during a write leaves such files.",
    "One object fails for everybody, always in the same way, while its neighbours are well. "
    "A file that is not there at all gives an honest 404; a storage that fails hits all objects.",
    kDo,
    kDont,
    kConfirm};
}  // namespace storage_file_corrupt

constexpr CauseInfo kRows[] = {
    storage_access_denied::kRow,
    storage_errors::kRow,
    storage_full::kRow,
    storage_not_yet_consistent::kRow,
    upload_path_missing::kRow,
    redirect_to_storage_fails::kRow,
    cache_unavailable::kRow,
    cache_shared_by_two_registries::kRow,
    storage_driver_incompatible::kRow,
    storage_file_corrupt::kRow,
};

}  // namespace

std::span<const CauseInfo> storage_fault() { return kRows; }

}  // namespace regtriage::causes
