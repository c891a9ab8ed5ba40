// What the files of this folder share: the lists they offer to catalogue.cc, and the sentences that
// hold for many causes, so that one piece of advice has one wording.
//
// Each file is a plain table: per cause a namespace of its name with three lists (kDo, kDont,
// kConfirm) and a row. Everything is constant and lives as long as the program; no state, no cost.
// Text in braces is filled in from the finding ({digest}); capitals are the reader's to fill in
// (BUCKET). ROOT is the `rootdirectory` of the registry's storage settings.
//
// Where the knowledge comes from: distribution v2.7.1 to v3.1.1 (registry/storage/blobstore.go,
// linkedblobstore.go, cache/, garbagecollect.go, purgeuploads.go, registry/handlers/, proxy/),
// Harbor v2.7.4 (src/core, src/registryctl, src/controller/proxy) and the captures of both that the
// tests of this repository are made from.
#pragma once

#include <span>
#include <string_view>

#include "infer/judge.h"

namespace regtriage::causes {

using Text = std::string_view;

std::span<const CauseInfo> noise();
std::span<const CauseInfo> request();         // references, manifests, deletions
std::span<const CauseInfo> request_upload();  // uploads, logins and rights
std::span<const CauseInfo> storage();         // content that is gone
std::span<const CauseInfo> storage_fault();   // storage and caches that fail
std::span<const CauseInfo> deployment();
std::span<const CauseInfo> upstream();
std::span<const CauseInfo> harbor();

// --- advice against ---
inline constexpr Text kNoFlush =
    "Do not flush Redis: the descriptor cache never stores a \"not found\", so no 404 comes out of "
    "it.";
inline constexpr Text kNoFlushHere =
    "Do not flush Redis: this answer does not come out of a cache.";
inline constexpr Text kNoFlushAll =
    "Do not run FLUSHALL or FLUSHDB: a Redis that Harbor shares also holds job queues and "
    "sessions; delete only the keys named here.";
inline constexpr Text kNoCollect =
    "Do not run garbage-collect: it only deletes, it cannot repair or bring back anything.";
inline constexpr Text kNoRestart =
    "Do not restart the registry for this: nothing of it lives in the process, and a restart "
    "breaks the uploads that are running.";
inline constexpr Text kNoLogin =
    "Do not send people to `docker login` again: their requests were let in; only 401 and 403 are "
    "about logins.";
inline constexpr Text kNoRepush =
    "Do not push the images again as a cure: what is stored is intact, and a second copy only "
    "hides the fault.";

// --- clearing the registry's descriptor cache: only for causes that it helps ---
inline constexpr Text kFindCacheDatabase =
    "Find the registry's own Redis database: `redis.db` in its config.yml (Harbor by compose: 1, "
    "by Helm chart: often 2; look, do not guess).";
inline constexpr Text kDropBlobKeys =
    "redis-cli -n DB --scan --pattern 'blobs::*' | xargs -r -n 100 redis-cli -n DB DEL";
inline constexpr Text kDropRepositoryKeys =
    "redis-cli -n DB --scan --pattern 'repository::*' | xargs -r -n 100 redis-cli -n DB DEL";
inline constexpr Text kRestartMemoryCache =
    "If the start line says `using inmemory blob descriptor cache` instead, restart every replica "
    "once.";
inline constexpr Text kClearBeforePush =
    "Before pushing, clear a Redis descriptor cache, or the push skips the upload: delete keys "
    "blobs::* and repository::* of the registry's database.";

// --- questions to storage, cache and registry ---
// Listings that regtriage reads: given beside the logs they settle whether content is lost. The
// first line says when they were made. Of a large store two folders are enough: blobs/sha256/{hh}
// and repositories/{repository}.
inline constexpr Text kDataS3 =
    "date -u '+# listing %FT%TZ' >L; aws s3 ls --recursive s3://BUCKET/ROOT/docker/registry/v2/ "
    ">>L   # then: regtriage LOGS L";
inline constexpr Text kDataMinio =
    "date -u '+# listing %FT%TZ' >L; mc ls -r ALIAS/BUCKET/ROOT/docker/registry/v2/ >>L   # the "
    "same "
    "for MinIO and others";
inline constexpr Text kDataDisk =
    "date -u '+# listing %FT%TZ' >L; find ROOT/docker/registry/v2 -name data -o -name link >>L   # "
    "the same for a file system";
inline constexpr Text kLayerLink =
    "ls ROOT/docker/registry/v2/repositories/{repository}/_layers/sha256/{hex}/link   # or `aws s3 "
    "ls` of the same key";
inline constexpr Text kRevisionLink =
    "ls ROOT/docker/registry/v2/repositories/{repository}/_manifests/revisions/sha256/{hex}/link   "
    "# or `aws s3 ls` of the key";
inline constexpr Text kCached =
    "redis-cli -n DB --scan --pattern '*{digest}' >K   # then: regtriage LOGS L K; a key without "
    "data in storage: the cache is stale";
inline constexpr Text kHarborRows =
    "date -u '+# listing %FT%TZ' >R; docker exec harbor-db psql -U postgres registry -c 'select "
    "id,repository_name,digest,push_time from artifact' >>R";
inline constexpr Text kHarborTags =
    "docker exec harbor-db psql -U postgres registry -c 'select artifact_id,name,push_time from "
    "tag' "
    ">>R   # the tags of these artifacts";
inline constexpr Text kHarborTrash =
    "docker exec harbor-db psql -U postgres registry -c 'select "
    "id,repository_name,digest,creation_time from artifact_trash' >>R   # then: regtriage LOGS R";
inline constexpr Text kHarborAudit =
    "docker exec harbor-db psql -U postgres registry -c \"select "
    "operation,resource,username,op_time from audit_log where operation='delete'\" >A   # feed A";
inline constexpr Text kHarborBlobs =
    "date -u '+# listing %FT%TZ' >B; docker exec harbor-db psql -U postgres registry -c 'select "
    "id,digest,status,update_time from blob' >>B   # feed B";
inline constexpr Text kConfigured =
    "kubectl exec POD -- cat /etc/docker/registry/config.yml >C   # of each replica; then: "
    "regtriage LOGS C";
inline constexpr Text kHeadBlob = "curl -sI -u USER {registry}/v2/{repository}/blobs/{digest}";
inline constexpr Text kAcceptOci =
    "ACCEPT=application/vnd.oci.image.index.v1+json,application/vnd.oci.image.manifest.v1+json";
inline constexpr Text kAcceptDocker =
    "ACCEPT=$ACCEPT,application/vnd.docker.distribution.manifest.list.v2+json,application/"
    "vnd.docker.distribution.manifest.v2+json";
inline constexpr Text kHeadManifest =
    "curl -sI -u USER -H \"Accept: $ACCEPT\" {registry}/v2/{repository}/manifests/{digest}";

}  // namespace regtriage::causes
