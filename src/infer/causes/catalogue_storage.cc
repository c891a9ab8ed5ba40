// Content that was stored, or acknowledged as stored, and is gone.
#include "infer/causes/rows.h"

namespace regtriage::causes {
namespace {

namespace stale_descriptor_cache {
constexpr Text kDo[] = {
    kFindCacheDatabase,
    "Delete the registry's cache keys there, and only those. First the descriptors, then the sets "
    "by repository:",
    kDropBlobKeys,
    kDropRepositoryKeys,
    kRestartMemoryCache,
    "Push the images again from a machine that has them: docker push, or skopeo copy --all. Each "
    "missing layer must now be uploaded (PUT 201).",
    "Find out what removed the data (collection by hand, bucket lifecycle rule, clean-up script, "
    "changed bucket) and stop it.",
    "From now on run garbage-collect only in read-only mode, and delete these keys after each run.",
};
constexpr Text kDont[] = {
    "Do not push again before the cache is cleared: the push is answered with 201 and stores "
    "nothing, as often as you like.",
    kNoFlushAll,
    "Do not expect the cleared cache alone to repair it: it turns a false 200 into an honest 404; "
    "only the push after it heals.",
    "Do not restart the registry when the cache is in Redis: the entries have no expiry and "
    "survive.",
    kNoCollect,
};
constexpr Text kConfirm[] = {
    kDataS3,
    kDataMinio,
    kDataDisk,
    kCached,
    "grep -h 'blob descriptor cache' REGISTRY.log   # which cache: redis or inmemory",
    "curl -sL -u USER {registry}/v2/{repository}/blobs/{digest} | sha256sum   # a layer must print "
    "{hex}; e3b0c442... = not one byte",
};
constexpr CauseInfo kRow{
    CauseId::stale_descriptor_cache,
    CauseClass::storage,
    Verdict::loss,
    Severity::critical,
    "the descriptor cache outlives the data",
    "The registry keeps short notes about stored content in a cache (Redis or its own memory), and "
    "these notes never expire. "
    "The data behind them is gone, but the note still says that it is there: a push skips the "
    "upload, the manifest is answered with 201, and nothing is stored. "
    "Later pulls get \"manifest unknown\", or a layer with status 200 and not one byte. "
    "Pushing again changes nothing until the notes are removed.",
    "The proof is in success lines: HEAD 200 without any upload, then PUT manifest 201, then "
    "`unknown manifest … revision=D` for that very push; or GET blob 200 with written=0. "
    "Behind Harbor the push itself may fail with 404 right after the registry's 201. "
    "Honest 404 on HEAD means plain loss (blob_data_missing). "
    "If manifests fail with 500 AccessDenied at the same time, it is storage_access_denied.",
    kDo,
    kDont,
    kConfirm};
}  // namespace stale_descriptor_cache

namespace blob_data_missing {
constexpr Text kDo[] = {
    "Bring the object back from bucket versioning, a replica or a backup, if there is one. That "
    "repairs every image that uses it.",
    kClearBeforePush,
    "Otherwise push an image that has this layer from a machine that holds it; one real upload "
    "repairs the layer for all repositories that link it.",
    "Look for what removed it: lifecycle rules, clean-up scripts, a migration that stopped half "
    "way.",
};
constexpr Text kDont[] = {
    "Do not expect a flush of Redis to heal it: the 404 is honest. It only makes sure that the "
    "next push uploads.",
    kNoCollect,
    kNoRestart,
    kNoLogin,
};
constexpr Text kConfirm[] = {
    kDataS3,
    kDataMinio,
    kDataDisk,
    kHeadBlob,
};
constexpr CauseInfo kRow{CauseId::blob_data_missing,
                         CauseClass::storage,
                         Verdict::loss,
                         Severity::critical,
                         "a layer's data is gone from storage though the image still names it",
                         "Manifest and links are in place, but the data of a layer or config is "
                         "not in storage any more, and no deletion is in the logs. "
                         "The registry answers 404 \"blob unknown\" truthfully. "
                         "Every image that shares this layer is broken, in all repositories.",
                         "The manifest is 200, then the blob 404, again and again, in each "
                         "repository that uses the digest. "
                         "If another repository still serves the same digest, only the link is "
                         "gone (layer_link_missing). "
                         "If HEAD says 200 or GET sends zero bytes, it is stale_descriptor_cache.",
                         kDo,
                         kDont,
                         kConfirm};
}  // namespace blob_data_missing

namespace layer_link_missing {
constexpr Text kDo[] = {
    "Push the image to this repository again; the data is there, so it is quick.",
    "Or link the layer from a repository that serves it: curl -X POST -u USER "
    "'{registry}/v2/{repository}/blobs/uploads/?mount={digest}&from=OTHER'   # wants 201",
    "If the repository was renamed or copied on disk, copy its _layers folder as well.",
};
constexpr Text kDont[] = {
    kNoFlush,
    kNoCollect,
    "Do not restore the blob's data: it is not missing.",
};
constexpr Text kConfirm[] = {
    kLayerLink,
    kDataS3,
    kDataDisk,
    "curl -sI -u USER {registry}/v2/OTHER/blobs/{digest}   # 200 in another repository, 404 in "
    "{repository}",
};
constexpr CauseInfo kRow{
    CauseId::layer_link_missing,
    CauseClass::storage,
    Verdict::loss,
    Severity::high,
    "the layer's data is stored, but this repository has lost its link to it",
    "A repository may serve a layer only if it has a small link file for it. The link is gone "
    "while the data is still stored. "
    "Pulls from this repository get \"blob unknown\", other repositories serve the same layer.",
    "The same digest is 404 here and 200 elsewhere in the same period. "
    "404 everywhere means that the data is gone (blob_data_missing). "
    "If it was never pushed here at all, it is manifest_before_blobs.",
    kDo,
    kDont,
    kConfirm};
}  // namespace layer_link_missing

namespace manifest_revision_missing {
constexpr Text kDo[] = {
    "Restore the link, or the whole folder of the repository, from versioning or a backup if there "
    "is one.",
    kClearBeforePush,
    "Push the image again from a machine that has it; that writes link and manifest anew.",
    "Check with a pull by digest afterwards: skopeo inspect docker://HOST/{repository}@{digest}",
};
constexpr Text kDont[] = {
    "Do not expect a flush of Redis to heal it: the 404 is honest. It only makes sure that the "
    "next push really stores.",
    kNoCollect,
    kNoRestart,
};
constexpr Text kConfirm[] = {
    kRevisionLink, kDataS3, kDataDisk, kAcceptOci, kAcceptDocker, kHeadManifest,
};
constexpr CauseInfo kRow{
    CauseId::manifest_revision_missing,
    CauseClass::storage,
    Verdict::loss,
    Severity::high,
    "a tag points to a manifest that the repository no longer has",
    "The tag is there and names a digest, but the repository's entry for that manifest is gone and "
    "nobody deleted it in these logs. "
    "A partial restore, a clean-up by hand or a half-done migration leaves this behind. "
    "The tag is still listed, and each pull answers \"manifest unknown\".",
    "A request by tag is answered with `unknown manifest … revision=D`, not `unknown tag=`. "
    "At level info this looks the same as manifest_data_missing; storage decides: link gone or "
    "data gone. "
    "A manifest PUT 201 shortly before means stale_descriptor_cache; a DELETE or a collection "
    "means a deletion.",
    kDo,
    kDont,
    kConfirm};
}  // namespace manifest_revision_missing

namespace manifest_data_missing {
constexpr Text kDo[] = {
    "Bring the object back from bucket versioning, a replica or a backup, if there is one.",
    kClearBeforePush,
    "Push the image again from a machine that has it. Without the cleared cache this push is "
    "answered with 201 and stores nothing.",
    "Check with a pull by digest afterwards: skopeo inspect docker://HOST/{repository}@{digest}",
};
constexpr Text kDont[] = {
    "Do not trust the 201 of a push: look whether the pull works.",
    kNoFlushAll,
    kNoCollect,
    "Do not restart the registry when its cache is in Redis: the entries survive.",
};
constexpr Text kConfirm[] = {
    kDataS3, kDataMinio, kDataDisk, kRevisionLink, kCached,
};
constexpr CauseInfo kRow{
    CauseId::manifest_data_missing,
    CauseClass::storage,
    Verdict::loss,
    Severity::high,
    "the manifest's own data is gone from storage",
    "Tag and link are in place, but the manifest itself can no longer be read from storage. "
    "The registry answers \"manifest unknown\" with the digest. "
    "If a cache still knows the digest, pushing the same image again stores nothing.",
    "It shows as `unknown manifest … revision=D`, like manifest_revision_missing; at level debug "
    "the last storage call before the error is for `…/blobs/…/data`. "
    "A push that answers 201 and does not help turns it into stale_descriptor_cache.",
    kDo,
    kDont,
    kConfirm};
}  // namespace manifest_data_missing

namespace index_child_deleted {
constexpr Text kDo[] = {
    kClearBeforePush,
    "Push the whole index with all platforms again: skopeo copy --all SOURCE "
    "docker://HOST/{repository}:TAG",
    "Upgrade to distribution 3, whose collection keeps what an index names; with 2.x never use "
    "garbage-collect -m (--delete-untagged).",
    "Let clean-up tools keep untagged manifests that an index refers to.",
};
constexpr Text kDont[] = {
    "Do not push only the tag's current platform: the index would still name the missing one.",
    "Do not run garbage-collect again: on 2.x with -m it takes the remaining children as well.",
    "Do not expect a flush of Redis to bring the child back: the 404 is honest.",
};
constexpr Text kConfirm[] = {
    kAcceptOci,
    kAcceptDocker,
    kHeadManifest,
    kRevisionLink,
    "docker buildx imagetools inspect HOST/{repository}:TAG   # the platforms that the index names",
};
constexpr CauseInfo kRow{
    CauseId::index_child_deleted,
    CauseClass::storage,
    Verdict::loss,
    Severity::high,
    "one platform of a multi-platform image was removed under its index",
    "The index is still there, but a manifest that it names is gone. Platform manifests have no "
    "tag of their own, "
    "so clean-up of untagged manifests (`garbage-collect -m` of 2.x, scripts) takes them for "
    "garbage. "
    "Only machines of that platform fail; the others pull as before.",
    "The index is 200 and the same client's next GET of a child by digest is 404. "
    "A child that never had a PUT 201 here was never pushed (index_child_missing). "
    "All children gone at once, together with other images, is a wider loss.",
    kDo,
    kDont,
    kConfirm};
}  // namespace index_child_deleted

namespace deleted_by_garbage_collection {
constexpr Text kDo[] = {
    "Stop scheduled collections until it is clear why this content was not marked.",
    kClearBeforePush,
    "Push the image again from a machine that has it, or restore the objects from a backup.",
    "Run later collections in read-only mode (storage.maintenance.readonly.enabled: true), without "
    "-m on 2.x, and with --dry-run first.",
};
constexpr Text kDont[] = {
    "Do not run garbage-collect once more: it cannot bring anything back and may take more.",
    "Do not push before the cache is clear: the collector runs in its own process and leaves stale "
    "entries.",
    kNoFlushAll,
};
constexpr Text kConfirm[] = {
    "grep -h {hex} GC.log REGISTRY.log /data/job_logs/*.log   # `eligible for deletion`, then "
    "`Deleting "
    "blob`",
    kDataS3,
    kDataDisk,
    kCached,
};
constexpr CauseInfo kRow{
    CauseId::deleted_by_garbage_collection,
    CauseClass::storage,
    Verdict::loss,
    Severity::high,
    "garbage collection removed content that is still wanted",
    "A collection run lists this digest as garbage and deleted it, and clients still ask for it. "
    "Collections by hand know nothing of Harbor's database, and -m takes every manifest without a "
    "tag. "
    "The deletion cannot be undone from within the registry.",
    "The digest stands in a collection's list (`eligible for deletion`, `Deleting blob`) before "
    "the first 404. "
    "If its push was running at that time, it is garbage_collection_during_push; if the tag was "
    "deleted first, the collection only did its duty (deleted_by_client).",
    kDo,
    kDont,
    kConfirm};
}  // namespace deleted_by_garbage_collection

namespace deleted_by_policy {
constexpr Text kDo[] = {
    "Read the rule that removed it: Harbor's retention, the clean-up policy, the bucket's expiry. "
    "Change it if it was wrong.",
    "If the image is still needed, push it again and protect it by the rule, for example with a "
    "tag that the rule keeps.",
};
constexpr Text kDont[] = {
    "Do not flush Redis: the deletion is real and no cache brings it back.",
    "Do not push again before the rule is changed: its next run removes the image again.",
    kNoCollect,
};
constexpr Text kConfirm[] = {
    "grep -h -e TAG_RETENTION -e DELETE_ARTIFACT CORE.log | grep '{repository}'   # Harbor: "
    "operator harbor-jobservice",
    kHarborRows,
    kHarborAudit,
    "zgrep -h DELETE ACCESS.log* | grep '{repository}'   # other registries: the agent of the "
    "clean-up tool",
};
constexpr CauseInfo kRow{
    CauseId::deleted_by_policy,
    CauseClass::storage,
    Verdict::client,
    Severity::medium,
    "a retention or clean-up rule removed it",
    "A scheduled rule deleted this image or tag, and clients still ask for it. "
    "The registry and its storage are well; the rule and the users disagree about what is needed.",
    "The deletion is made by a job (harbor-jobservice, a clean-up agent), on a schedule, often for "
    "many tags at once. "
    "A single deletion by a person is deleted_by_client; no deletion at all is a loss.",
    kDo,
    kDont,
    kConfirm};
}  // namespace deleted_by_policy

namespace garbage_collection_during_push {
constexpr Text kDo[] = {
    "Wait until the collection has ended.",
    kClearBeforePush,
    "Push the image again.",
    "Let collections run only while the registry is read-only "
    "(storage.maintenance.readonly.enabled: true) or stopped.",
};
constexpr Text kDont[] = {
    "Do not run garbage-collect again: it makes the same mistake with the next push.",
    "Do not trust a 201 of a push that ran across the collection: pull the image and see.",
    kNoFlushAll,
};
constexpr Text kConfirm[] = {
    "grep -h {hex} REGISTRY.log GC.log   # PUT 201, then `Deleting blob`, then the manifest",
    kDataS3,
    kDataDisk,
    kCached,
};
constexpr CauseInfo kRow{
    CauseId::garbage_collection_during_push,
    CauseClass::storage,
    Verdict::loss,
    Severity::high,
    "garbage collection ran in the middle of a push",
    "The collection marks what manifests use and deletes the rest. A layer that is already "
    "uploaded, while its manifest is not, looks like garbage to it. "
    "The layer was deleted between its upload and the manifest, so the push failed, or it was "
    "acknowledged and the image is broken.",
    "The upload's 201, then the deletion of that digest by the collection, then the manifest PUT "
    "of the same push. "
    "Without the upload before it, it is deleted_by_garbage_collection. Harbor's own collector "
    "shows as harbor_gc_window.",
    kDo,
    kDont,
    kConfirm};
}  // namespace garbage_collection_during_push

namespace storage_root_changed {
constexpr Text kDo[] = {
    "Compare bucket, region, prefix (`rootdirectory`) and mounted volume with the configuration "
    "from before the restart, and put them back.",
    "With a Redis descriptor cache, delete keys blobs::* and repository::* of the registry's "
    "database once the root is right: both trees left notes in it.",
    "If only this registry wrote to the wrong tree, copy over what was pushed meanwhile: aws s3 "
    "sync s3://BUCKET/WRONG/docker s3://BUCKET/RIGHT/docker",
};
constexpr Text kDont[] = {
    "Do not push the images again: they are intact in the old place, and you would end with two "
    "halves.",
    kNoCollect,
    "Do not expect a flush of Redis to show the old images: the registry looks in the wrong place.",
};
constexpr Text kConfirm[] = {
    "grep -n -e bucket: -e rootdirectory: -e region: -e regionendpoint: config.yml   # compare "
    "with the last good version",
    kConfigured,
    kDataS3,
    "aws s3 ls s3://BUCKET/ --recursive | grep -m3 'docker/registry/v2/repositories'   # where the "
    "old tree is",
    "curl -s -u USER {registry}/v2/_catalog   # empty, or only what was pushed since the restart",
};
constexpr CauseInfo kRow{
    CauseId::storage_root_changed,
    CauseClass::storage,
    Verdict::fault,
    Severity::critical,
    "the registry looks in another place than before",
    "Since a restart every image that was known is unknown, in all repositories at once, while new "
    "pushes work. "
    "The registry reads another bucket, prefix or volume, or the volume is not mounted. "
    "The content is most likely intact in the old place.",
    "It begins at a start line and hits everything: `unknown tag=` for all tags, NAME_UNKNOWN for "
    "lists. "
    "Behind Harbor it reads `revision=D` for every image, because Harbor asks by digest. "
    "Single images or repositories point to a loss; 500 answers point to storage_access_denied or "
    "a wrong region.",
    kDo,
    kDont,
    kConfirm};
}  // namespace storage_root_changed

constexpr CauseInfo kRows[] = {
    stale_descriptor_cache::kRow,
    blob_data_missing::kRow,
    layer_link_missing::kRow,
    manifest_revision_missing::kRow,
    manifest_data_missing::kRow,
    index_child_deleted::kRow,
    deleted_by_garbage_collection::kRow,
    deleted_by_policy::kRow,
    garbage_collection_during_push::kRow,
    storage_root_changed::kRow,
};

}  // namespace

std::span<const CauseInfo> storage() { return kRows; }

}  // namespace regtriage::causes
