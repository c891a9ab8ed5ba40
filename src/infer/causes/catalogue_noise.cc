// Answers that look like errors and are what the client expects.
#include "infer/causes/rows.h"

namespace regtriage::causes {
namespace {

namespace existence_probe {
constexpr Text kDo[] = {
    "Nothing. Leave these lines out of alarms and tickets.",
    "Alarm on failed pulls and failed manifest pushes instead: GET 404 and 5xx, PUT manifest 4xx "
    "and 5xx.",
};
constexpr Text kDont[] = {
    kNoFlush,
    "Do not quote these lines in a ticket as the error: the push that made them went on.",
    "Do not hide them by raising the log level: the lines that explain real trouble are often of "
    "level info.",
};
constexpr Text kConfirm[] = {
    "grep -h HEX REGISTRY.log   # the HEAD 404 is followed by an upload of the same digest with "
    "201, same client",
    "curl -sI -u USER {registry}/v2/REPOSITORY/blobs/DIGEST   # 200 now",
};
constexpr CauseInfo kRow{
    CauseId::existence_probe,
    CauseClass::noise,
    Verdict::noise,
    Severity::info,
    "a push asks whether the registry has it already",
    "Before a client uploads a layer or a tag it asks with HEAD whether it is already there. "
    "For anything new the honest answer is 404, and the registry logs every 404 as an error. "
    "The upload that follows succeeds, so nothing is missing. In a healthy registry nearly all "
    "\"blob unknown\" lines are of this kind.",
    "The same client sends the same digest or tag to the same repository right afterwards (POST, "
    "PATCH, PUT 201). "
    "A HEAD 404 that comes after a PUT 201 of that digest is no probe but a loss; one that nothing "
    "follows stays open.",
    kDo,
    kDont,
    kConfirm};
}  // namespace existence_probe

namespace mount_fallback {
constexpr Text kDo[] = {
    "Nothing. The client uploads the layer by itself.",
    "If you want mounts to succeed, give the pushing account pull right on the source repository.",
};
constexpr Text kDont[] = {
    kNoFlush,
    "Do not copy links inside the storage to help the mount: the upload that follows makes them "
    "correctly.",
};
constexpr Text kConfirm[] = {
    "grep -h 'mount=' REGISTRY.log   # POST 202 instead of 201, then PATCH and PUT 201 of the same "
    "digest",
};
constexpr CauseInfo kRow{
    CauseId::mount_fallback,
    CauseClass::noise,
    Verdict::noise,
    Severity::info,
    "a layer could not be borrowed from another repository and was uploaded instead",
    "The client offered to take a layer over from another repository (POST with mount= and from=). "
    "The source did not have it, or the account may not read there, so the registry opened an "
    "ordinary upload (202 instead of 201). "
    "The client then sent the layer. The registry does not say why a mount is refused.",
    "POST with mount= answered 202 and an upload with that digest ends in 201. "
    "If no upload follows and the manifest PUT then names this digest, the push itself is broken "
    "(manifest_before_blobs).",
    kDo,
    kDont,
    kConfirm};
}  // namespace mount_fallback

namespace auth_challenge {
constexpr Text kDo[] = {
    "Nothing. This is how every client learns where to log in.",
};
constexpr Text kDont[] = {
    "Do not tell people to log in again: the same client was let in a moment later.",
    "Do not count these 401 as failed logins in security alarms.",
};
constexpr Text kConfirm[] = {
    "curl -sI {registry}/v2/   # 401 with a WWW-Authenticate header is the challenge",
    "grep -h CLIENT ACCESS.log   # 401 first, then the same request with 200, 201 or 202",
};
constexpr CauseInfo kRow{
    CauseId::auth_challenge,
    CauseClass::noise,
    Verdict::noise,
    Severity::info,
    "the first request of each client is answered with 401 by design",
    "A client first asks without credentials. The registry answers 401 and says which kind of "
    "login it wants. "
    "The client then sends the request again with a password or a token and is let in. One such "
    "401 for each run of a client is normal.",
    "The 401 comes without credentials (`authorization token required`, `basic authentication "
    "challenge`) and the same client succeeds right after it. "
    "Credentials that were sent and refused are auth_failed; a client that never sends any is "
    "auth_missing.",
    kDo,
    kDont,
    kConfirm};
}  // namespace auth_challenge

namespace mirror_fallback {
constexpr Text kDo[] = {
    "Nothing, if another host served the image.",
    "If the mirror should have served it, check that its address, path prefix and name rewriting "
    "match the upstream layout.",
};
constexpr Text kDont[] = {
    kNoFlush,
    "Do not push the image to the mirror by hand because of these lines: the client found it "
    "elsewhere.",
};
constexpr Text kConfirm[] = {
    "journalctl -u containerd | grep -e 'trying next host' -e REPOSITORY   # the next host answers",
    "crictl pull IMAGE   # succeeds: the fallback works",
};
constexpr CauseInfo kRow{
    CauseId::mirror_fallback,
    CauseClass::noise,
    Verdict::noise,
    Severity::info,
    "the client asked a mirror first and found the image elsewhere",
    "A container runtime with mirrors asks each configured host in turn. A mirror without the "
    "image answers 404, and the runtime goes on to the next host. "
    "The pull as a whole succeeds. When all hosts fail, runtimes report the first \"not found\", "
    "which then hides the real reason.",
    "One reference is asked at several hosts in turn and one of them answers 200 (`trying next "
    "host`). "
    "If no host has it, it is a missing reference; if the last host failed with 401 or 5xx, that "
    "is the fault to look at.",
    kDo,
    kDont,
    kConfirm};
}  // namespace mirror_fallback

namespace pull_through_miss {
constexpr Text kDo[] = {
    "Nothing. The cache fetches what it does not have yet.",
};
constexpr Text kDont[] = {
    kNoFlush,
    "Do not fill the cache by pushing: a pull-through cache takes no pushes.",
};
constexpr Text kConfirm[] = {
    "curl -sI -u USER {registry}/v2/REPOSITORY/manifests/REFERENCE   # 200: served, now from the "
    "cache",
};
constexpr CauseInfo kRow{
    CauseId::pull_through_miss,
    CauseClass::noise,
    Verdict::noise,
    Severity::info,
    "a pull-through cache did not have it yet and fetched it",
    "The first pull of an image through a cache finds nothing stored and says so in the log. "
    "The cache then fetches the content from the upstream registry and answers the client. Only "
    "the first pull makes such lines.",
    "A 200 for the same reference follows within the same request or right after it (`serving from "
    "upstream`, `fetch it from remote repo`). "
    "A 404 or 500 that reaches the client is one of the upstream causes.",
    kDo,
    kDont,
    kConfirm};
}  // namespace pull_through_miss

namespace collector_delete_of_missing {
constexpr Text kDo[] = {
    "Nothing: treat it as already deleted.",
    "If every run lists the same digests, run Harbor's collection once more or upgrade: newer "
    "versions skip what is already gone.",
};
constexpr Text kDont[] = {
    "Do not restore or push the content: somebody wanted it removed.",
    "Do not read these lines as lost images: the collector asked for things that it was about to "
    "delete.",
};
constexpr Text kConfirm[] = {
    "grep -h DIGEST REGISTRYCTL.log /data/job_logs/*.log   # the DELETE with 404 belongs to a "
    "collection run",
    "curl -sI -u USER {registry}/v2/REPOSITORY/manifests/DIGEST   # 404 is right: it is meant to "
    "be gone",
};
constexpr CauseInfo kRow{
    CauseId::collector_delete_of_missing,
    CauseClass::noise,
    Verdict::noise,
    Severity::info,
    "a clean-up deleted something that was already gone",
    "A garbage collection or retention job sent DELETE for a manifest or blob that no longer "
    "exists, and got 404. "
    "The wish of the job is met. Often the request just before it removed the same thing.",
    "The failing request is a DELETE by the collector or job service, not a pull. "
    "404 on GET or HEAD by ordinary clients for content that nobody deleted is a loss.",
    kDo,
    kDont,
    kConfirm};
}  // namespace collector_delete_of_missing

constexpr CauseInfo kRows[] = {
    existence_probe::kRow, mount_fallback::kRow,    auth_challenge::kRow,
    mirror_fallback::kRow, pull_through_miss::kRow, collector_delete_of_missing::kRow,
};

}  // namespace

std::span<const CauseInfo> noise() { return kRows; }

}  // namespace regtriage::causes
