// Requests that ask for the wrong thing, or send manifests that cannot be taken; content that was
// deleted on request. The registry needs no repair.
#include "infer/causes/rows.h"

namespace regtriage::causes {
namespace {

namespace reference_never_existed {
constexpr Text kDo[] = {
    "Compare the reference with what exists: curl -s -u USER {registry}/v2/{repository}/tags/list",
    "Correct the name or tag where it is written down: deployment, compose file, CI variable, "
    "mirror prefix (`library/` for Docker Hub's official images).",
    "If the image should be there, look at the build that was to push it: it never did so in these "
    "logs. Push it.",
};
constexpr Text kDont[] = {
    kNoFlush,
    kNoRestart,
    kNoLogin,
    "Do not search the storage for lost data before the spelling is checked.",
};
constexpr Text kConfirm[] = {
    "curl -s -u USER {registry}/v2/{repository}/tags/list   # the tag is not listed, or "
    "NAME_UNKNOWN: no such repository",
    "zgrep -h '/v2/{repository}/manifests/' REGISTRY.log*   # no PUT of this reference in older "
    "logs either",
};
constexpr CauseInfo kRow{
    CauseId::reference_never_existed,
    CauseClass::request,
    Verdict::client,
    Severity::low,
    "the image, tag or repository that was asked for was never pushed",
    "Clients ask for a name or tag that this registry has never been given: a typing error, a "
    "build that did not push, or a wrong prefix. "
    "The registry answers \"manifest unknown\" for an unknown tag and for an unknown repository "
    "alike. "
    "Nothing is lost. A log that begins late may have missed an old push; the tag list decides.",
    "The detail is `unknown tag=T` or NAME_UNKNOWN, and no PUT and no DELETE of it is in the logs. "
    "`unknown manifest … revision=D` on a request by tag is different: there the tag exists and "
    "its manifest does not. "
    "If every repository is suddenly unknown after a restart, it is storage_root_changed.",
    kDo,
    kDont,
    kConfirm};
}  // namespace reference_never_existed

namespace accept_header_mismatch {
constexpr Text kDo[] = {
    "Upgrade the client, or make it send the OCI types in its Accept header.",
    "Where old clients must stay, push with Docker types: skopeo copy --format v2s2, or `docker "
    "buildx build --output type=registry,oci-mediatypes=false`.",
};
constexpr Text kDont[] = {
    kNoFlush,
    "Do not push the same image again in the same format: it is there, only this client cannot "
    "take it.",
    kNoLogin,
};
constexpr Text kConfirm[] = {
    kAcceptOci,
    "curl -sI -u USER -H \"Accept: $ACCEPT\" {registry}/v2/{repository}/manifests/REFERENCE   # "
    "200: it is there",
    "curl -sI -u USER {registry}/v2/{repository}/manifests/REFERENCE   # 404 without the header",
};
constexpr CauseInfo kRow{CauseId::accept_header_mismatch,
                         CauseClass::request,
                         Verdict::client,
                         Severity::low,
                         "the image is there, but the client does not accept its format",
                         "The manifest is stored as an OCI image or index, and the client's Accept "
                         "header names only older Docker types. "
                         "The registry will not send what the client did not ask for and answers "
                         "404 \"manifest unknown\". "
                         "Other clients pull the same image without trouble.",
                         "err.message says `OCI manifest found, but accept header does not support "
                         "OCI manifests` (or `OCI index found, …`) and there is no err.detail. "
                         "Real losses carry a detail with `unknown tag=` or `revision=`.",
                         kDo,
                         kDont,
                         kConfirm};
}  // namespace accept_header_mismatch

namespace manifest_before_blobs {
constexpr Text kDo[] = {
    "Push again with a client that uploads every layer first: docker push, or skopeo copy SOURCE "
    "docker://HOST/{repository}:TAG",
    "If a mount was refused (POST with mount= answered 202), upgrade the client or let its account "
    "read the source repository.",
    "In parallel builds let the manifest step wait for all layer steps, and push to the repository "
    "that the manifest names.",
};
constexpr Text kDont[] = {
    kNoFlush,
    "Do not disable manifest validation to get the push through: the image would be accepted and "
    "fail at every pull.",
    kNoRestart,
};
constexpr Text kConfirm[] = {
    kHeadBlob,
    "grep -h {hex} REGISTRY.log   # no PUT 201 of this digest in this repository before the "
    "manifest",
};
constexpr CauseInfo kRow{
    CauseId::manifest_before_blobs,
    CauseClass::request,
    Verdict::client,
    Severity::low,
    "a manifest was pushed before its layers",
    "The client sent a manifest that names a config or layer which was never uploaded to this "
    "repository. "
    "The registry checks each of them and refuses with 400 MANIFEST_BLOB_UNKNOWN, one line per "
    "missing digest. "
    "Nothing was stored, so nothing is broken; the push has to be made again in the right order.",
    "No upload and no successful mount of that digest comes before the manifest in this "
    "repository. "
    "If it was uploaded with 201 and then named by a collection, it is "
    "garbage_collection_during_push; with status 500 it is a storage failure; "
    "if the manifest is an index, see index_child_missing.",
    kDo,
    kDont,
    kConfirm};
}  // namespace manifest_before_blobs

namespace index_child_missing {
constexpr Text kDo[] = {
    "Push every platform image into the same repository first, then the index: skopeo copy --all "
    "SOURCE docker://HOST/{repository}:TAG",
    "With buildx let it do both: docker buildx imagetools create -t HOST/{repository}:TAG "
    "SOURCE...",
};
constexpr Text kDont[] = {
    kNoFlush,
    "Do not turn off the registry's index check (`validation.manifests.indexes`): the push passes "
    "and the pull of that platform fails.",
    "Do not copy only one platform and keep the original index: the index still names all of them.",
};
constexpr Text kConfirm[] = {
    kAcceptOci,
    kAcceptDocker,
    kHeadManifest,
};
constexpr CauseInfo kRow{
    CauseId::index_child_missing,
    CauseClass::request,
    Verdict::client,
    Severity::low,
    "a multi-platform index names an image that was never pushed here",
    "An index lists one manifest per platform, and each must be in the same repository before the "
    "index is pushed. "
    "At least one was not, so the registry refused the index (400 MANIFEST_BLOB_UNKNOWN), or a "
    "registry that does not check took it and pulls of that platform fail. "
    "A tool that copied only some platforms is the usual reason.",
    "The request is a PUT of an index type and the missing digest never got a manifest PUT 201 in "
    "this repository. "
    "If it was there once, it is index_child_deleted; if it lies in another repository, "
    "index_child_in_other_repository.",
    kDo,
    kDont,
    kConfirm};
}  // namespace index_child_missing

namespace index_child_in_other_repository {
constexpr Text kDo[] = {
    "Copy the child into this repository, then push the index again: skopeo copy "
    "docker://HOST/OTHER@{digest} docker://HOST/{repository}@{digest}",
    "Let all platform builds push into the repository of the index.",
};
constexpr Text kDont[] = {
    kNoFlush,
    "Do not build the child anew: another build has another digest, and the index would still name "
    "the old one.",
    "Do not disable index validation: pulls look in this repository only.",
};
constexpr Text kConfirm[] = {
    kAcceptOci,
    kAcceptDocker,
    kHeadManifest,
    "curl -sI -u USER -H \"Accept: $ACCEPT\" {registry}/v2/OTHER/manifests/{digest}   # 200 in the "
    "other repository",
};
constexpr CauseInfo kRow{
    CauseId::index_child_in_other_repository,
    CauseClass::request,
    Verdict::client,
    Severity::low,
    "the platform images were pushed to another repository than their index",
    "The index names a manifest that this registry has, but under another repository name. "
    "Manifests are looked up in the repository of the request only, so the push of the index is "
    "refused although the content is stored.",
    "The missing digest has a manifest PUT 201 (or a GET 200) under another repository in the same "
    "logs. "
    "Without that it was never pushed at all (index_child_missing).",
    kDo,
    kDont,
    kConfirm};
}  // namespace index_child_in_other_repository

namespace registry_rejects_index {
constexpr Text kDo[] = {
    "Push without attestations, which turn a plain image into an index: docker buildx build "
    "--provenance=false --sbom=false --push",
    "Upgrade the registry, or allow the media type in its settings, if it should take OCI indexes.",
};
constexpr Text kDont[] = {
    kNoFlushHere,
    kNoRestart,
    "Do not repeat the same push: the registry refuses this kind of manifest every time.",
};
constexpr Text kConfirm[] = {
    "docker buildx imagetools inspect IMAGE   # media type is an index, often with an "
    "unknown/unknown attestation entry",
    "skopeo copy --override-os linux --override-arch amd64 SOURCE docker://HOST/{repository}:TEST  "
    " # one platform passes",
};
constexpr CauseInfo kRow{
    CauseId::registry_rejects_index,
    CauseClass::request,
    Verdict::client,
    Severity::low,
    "this registry does not take multi-platform indexes",
    "All layers and platform manifests were accepted, and only the index at the end was refused. "
    "The registry, or a policy in front of it, does not know this media type. "
    "Newer build tools wrap even one platform in an index because they add attestations.",
    "The layers end in 201 and the PUT with an index type gets 4xx without naming a missing "
    "digest. "
    "With a missing digest in the detail it is index_child_missing.",
    kDo,
    kDont,
    kConfirm};
}  // namespace registry_rejects_index

namespace manifest_invalid {
constexpr Text kDo[] = {
    "Read err.detail: it says what the registry could not understand. Then fix or upgrade the tool "
    "that wrote the manifest.",
    "If only some clients fail, look for a proxy that changes the body or the Content-Type header.",
};
constexpr Text kDont[] = {
    kNoFlushHere,
    kNoRestart,
    "Do not push the same bytes again: the answer will be the same.",
};
constexpr Text kConfirm[] = {
    "curl -si -u USER -T manifest.json -H 'Content-Type: TYPE' "
    "{registry}/v2/{repository}/manifests/TEST   # the body names the fault",
    "python3 -m json.tool manifest.json   # is it JSON at all",
};
constexpr CauseInfo kRow{CauseId::manifest_invalid,
                         CauseClass::request,
                         Verdict::client,
                         Severity::low,
                         "a manifest was sent that the registry cannot read",
                         "The body of a manifest PUT was no valid manifest: broken JSON, a wrong "
                         "media type, or a body cut short. "
                         "The registry refused it with 400 and stored nothing.",
                         "err.code is `manifest invalid` with a parser's text in the detail. "
                         "A wrong digest is digest_mismatch; a missing layer is `manifest blob "
                         "unknown`; detail `client disconnected` is client_abort.",
                         kDo,
                         kDont,
                         kConfirm};
}  // namespace manifest_invalid

namespace client_defect {
constexpr Text kDo[] = {
    "Upgrade the client and try again; keep its version and its debug output for a report to its "
    "makers.",
    "Use another client meanwhile: skopeo copy docker-daemon:IMAGE:TAG docker://HOST/IMAGE:TAG",
};
constexpr Text kDont[] = {
    kNoFlushHere,
    kNoCollect,
    kNoRestart,
};
constexpr Text kConfirm[] = {
    "skopeo inspect docker://HOST/IMAGE:TAG   # the registry's side is whole",
    "grep -h ' PUT ' REGISTRY.log   # the registry answered 201 to what the client calls a failure",
};
constexpr CauseInfo kRow{
    CauseId::client_defect,
    CauseClass::request,
    Verdict::client,
    Severity::low,
    "the registry did everything right and the client failed",
    "Each request of this client was answered as the specification wants, yet the client stopped "
    "or reported an error. "
    "Other clients work with the same content. The registry needs nothing.",
    "Success lines end the client's requests, and only one user agent is concerned. "
    "If success lines sent or stored nothing (written=0), it is stale_descriptor_cache and not the "
    "client.",
    kDo,
    kDont,
    kConfirm};
}  // namespace client_defect

namespace proxy_is_read_only {
constexpr Text kDo[] = {
    "Push to a registry or project that takes pushes, and pull through the cache only.",
    "Harbor: use an ordinary project; a proxy-cache project belongs to its upstream.",
};
constexpr Text kDont[] = {
    kNoFlushHere,
    kNoLogin,
    "Do not remove the `proxy` section to let pushes in: the cached content then stays and is "
    "never refreshed.",
};
constexpr Text kConfirm[] = {
    "grep -n remoteurl: config.yml   # set: this registry is a cache",
    "curl -si -u USER -X POST {registry}/v2/{repository}/blobs/uploads/   # 405 UNSUPPORTED "
    "(Harbor: 403 or 405)",
};
constexpr CauseInfo kRow{
    CauseId::proxy_is_read_only,
    CauseClass::request,
    Verdict::client,
    Severity::low,
    "somebody pushed to, or deleted from, a pull-through cache",
    "A pull-through cache shows what its upstream has and refuses every write. "
    "The push or deletion was answered with 405 (or a refusal by Harbor) and changed nothing.",
    "err.code `unsupported` or DENIED on POST, PUT or DELETE, and a start line `Registry "
    "configured as a proxy cache to …` or a proxy project. "
    "405 without a proxy is maintenance (read-only) or deletion switched off.",
    kDo,
    kDont,
    kConfirm};
}  // namespace proxy_is_read_only

namespace deleted_by_client {
constexpr Text kDo[] = {
    "Ask the one who deleted it: user, address and agent stand on the DELETE line (Harbor: "
    "DELETE_ARTIFACT in core.log names the operator).",
    "If it is still needed, push it again from a machine that has it: docker push "
    "HOST/{repository}:TAG",
    "Deleting a digest takes every tag that points to it along. Let clean-up scripts delete tags, "
    "and only where the digest has no other.",
};
constexpr Text kDont[] = {
    "Do not flush Redis: the deletion is real and no cache brings it back.",
    kNoCollect,
    "Do not restore storage from a backup for one image: that also turns back everything pushed "
    "since.",
};
constexpr Text kConfirm[] = {
    "zgrep -h '/v2/{repository}/manifests/' REGISTRY.log* | grep DELETE   # 202: the deletion and "
    "its sender",
    "grep -h 'DELETE_ARTIFACT' CORE.log | grep '{repository}'   # Harbor: who, when, which tags",
    kHarborRows,
    kHarborAudit,
};
constexpr CauseInfo kRow{
    CauseId::deleted_by_client,
    CauseClass::request,
    Verdict::client,
    Severity::medium,
    "somebody deleted it, and others still ask for it",
    "A manifest was deleted by request, and later pulls of it or of its tags answer \"unknown\". "
    "In distribution a deletion by digest removes all tags of that digest, which surprises whoever "
    "wanted to remove one tag. "
    "The registry works as told.",
    "A DELETE with 202 (Harbor: 200, and DELETE_ARTIFACT in core.log) for this digest precedes the "
    "first 404. "
    "With no deletion in the logs it is a loss; a deletion by a rule or schedule is "
    "deleted_by_policy.",
    kDo,
    kDont,
    kConfirm};
}  // namespace deleted_by_client

constexpr CauseInfo kRows[] = {
    reference_never_existed::kRow,
    accept_header_mismatch::kRow,
    manifest_before_blobs::kRow,
    index_child_missing::kRow,
    index_child_in_other_repository::kRow,
    registry_rejects_index::kRow,
    manifest_invalid::kRow,
    client_defect::kRow,
    proxy_is_read_only::kRow,
    deleted_by_client::kRow,
};

}  // namespace

std::span<const CauseInfo> request() { return kRows; }

}  // namespace regtriage::causes
