// Uploads that the client spoiled, and requests that lack a right. The registry needs no repair.
#include "infer/causes/rows.h"

namespace regtriage::causes {
namespace {

namespace digest_mismatch {
constexpr Text kDo[] = {
    "Push again. If it fails at the same layer, remove the local copy and rebuild or pull it anew: "
    "docker image rm IMAGE",
    "If several clients fail, look for something between them and the registry that changes "
    "bodies: a proxy that compresses, a virus scanner.",
    "If it fails only now and then on one machine, test its memory and disk.",
};
constexpr Text kDont[] = {
    kNoFlushHere,
    kNoCollect,
    "Do not edit the digest in the manifest to match: the check is what keeps broken layers out.",
};
constexpr Text kConfirm[] = {
    "sha256sum LAYER.tar.gz   # compare with the digest that the client announced",
    "skopeo copy docker-daemon:IMAGE:TAG docker://HOST/{repository}:TEST   # another client, same "
    "path",
};
constexpr CauseInfo kRow{
    CauseId::digest_mismatch,
    CauseClass::request,
    Verdict::client,
    Severity::low,
    "the bytes that arrived do not match the digest that was announced",
    "The client finished an upload or a manifest with a digest, and the registry computed another "
    "one from what it received. "
    "It refused with 400 DIGEST_INVALID and kept nothing. "
    "Either the client announced a wrong digest or the bytes changed on the way.",
    "err.code is `digest invalid`, often after `canonical digest does match provided digest` (it "
    "means: does not). "
    "If the received length is too short because the client hung up, it is client_abort; an offset "
    "in the message is upload_range_invalid.",
    kDo,
    kDont,
    kConfirm};
}  // namespace digest_mismatch

namespace client_abort {
constexpr Text kDo[] = {
    "Nothing, if the same client came back and finished. Otherwise push again.",
    "If aborts come at a constant time or size, raise that limit in the client, CI job or proxy: "
    "timeouts, request size.",
};
constexpr Text kDont[] = {
    kNoFlushHere,
    kNoRestart,
    kNoCollect,
};
constexpr Text kConfirm[] = {
    "grep -h 'client disconnected' REGISTRY.log   # copied and contentLength tell how far it came",
    "grep -h '/v2/{repository}/blobs/' REGISTRY.log   # does a PUT 201 of the same layer follow",
};
constexpr CauseInfo kRow{CauseId::client_abort,
                         CauseClass::request,
                         Verdict::client,
                         Severity::low,
                         "the client hung up in the middle of a transfer",
                         "The connection ended while a layer was being sent or read: a cancelled "
                         "job, a lost network, a client that gave up. "
                         "Distribution logs it as an error and even as status 500 or 499, though "
                         "nothing is wrong on its side. "
                         "An unfinished upload leaves no layer behind and is purged later.",
                         "`client disconnected during blob PATCH` stands before the failure, or a "
                         "download ends with fewer bytes than the blob has (but more than none). "
                         "If many clients break at the same number of bytes or seconds, a proxy "
                         "cuts them (upload_cut_by_proxy).",
                         kDo,
                         kDont,
                         kConfirm};
}  // namespace client_abort

namespace upload_cancelled {
constexpr Text kDo[] = {
    "Nothing, if the client gave up on purpose. Otherwise push again; a new upload starts from "
    "nothing.",
};
constexpr Text kDont[] = {
    kNoFlush,
    kNoRestart,
};
constexpr Text kConfirm[] = {
    "grep -h {upload} REGISTRY.log   # DELETE 204 of the upload precedes the 404",
};
constexpr CauseInfo kRow{
    CauseId::upload_cancelled,
    CauseClass::request,
    Verdict::client,
    Severity::low,
    "the upload had been cancelled before",
    "The upload was cancelled by its client, or by the registry after a failed step, and was then "
    "used once more. "
    "The registry no longer knows it and answers 404 \"blob upload unknown\". No stored content is "
    "concerned.",
    "A DELETE of the same upload, or a failed step that cancelled it, comes first in the log. "
    "Without that, think of replicas_unshared_storage or upload_purged.",
    kDo,
    kDont,
    kConfirm};
}  // namespace upload_cancelled

namespace upload_range_invalid {
constexpr Text kDo[] = {
    "Let the client start the upload anew: push again. It must take offset and location from the "
    "last answer, never from memory.",
    "Switch off retries of PATCH in proxies: they replay a part that has already been stored.",
};
constexpr Text kDont[] = {
    kNoFlush,
    kNoRestart,
    kNoLogin,
};
constexpr Text kConfirm[] = {
    "grep -h {upload} REGISTRY.log   # the first offset is what is stored, the second what the "
    "client believed",
};
constexpr CauseInfo kRow{
    CauseId::upload_range_invalid,
    CauseClass::request,
    Verdict::client,
    Severity::low,
    "the client continued an upload at the wrong place",
    "An upload is sent in parts, and each part must begin where the last one ended. "
    "The client came back with an old state or a wrong range, so the registry refused (404 `blob "
    "upload invalid` in 2.x, 416 from 3.x on). "
    "2.x drops the upload at that moment, so the next try says \"blob upload unknown\".",
    "`upload resumed at wrong offest: HAVE != STATE` with HAVE above STATE: the client or a proxy "
    "repeats a part. "
    "HAVE below STATE means that acknowledged bytes are not there: shared_filesystem_lag, "
    "storage_full or storage_errors.",
    kDo,
    kDont,
    kConfirm};
}  // namespace upload_range_invalid

namespace auth_missing {
constexpr Text kDo[] = {
    "Give the client credentials: docker login HOST, or an imagePullSecret for exactly this host "
    "name.",
    "If anonymous access is meant to work, allow it in the registry (Harbor: make the project "
    "public).",
};
constexpr Text kDont[] = {
    kNoFlushHere,
    kNoRestart,
    "Do not look for lost images: the request was never let in.",
};
constexpr Text kConfirm[] = {
    "curl -sI {registry}/v2/   # 401: a login is needed",
    "curl -sI -u USER {registry}/v2/   # 200: the same with credentials",
};
constexpr CauseInfo kRow{
    CauseId::auth_missing,
    CauseClass::request,
    Verdict::client,
    Severity::low,
    "a client never sent any credentials",
    "The registry wants a login, the client was told so and did not send one. Each of its requests "
    "ends in 401. "
    "A pull secret for another host name is the common reason in Kubernetes.",
    "401 with `authorization token required` or a challenge, and never a success of this client. "
    "One 401 followed by success is the normal challenge; `authentication failure` means wrong "
    "credentials.",
    kDo,
    kDont,
    kConfirm};
}  // namespace auth_missing

namespace auth_failed {
constexpr Text kDo[] = {
    "Renew the credentials that this client uses: docker login HOST, the CI variable, or the pull "
    "secret.",
    "Harbor: check whether the robot account expired, was disabled or was deleted.",
};
constexpr Text kDont[] = {
    kNoFlushHere,
    kNoRestart,
    "Do not repeat the login in a loop: many registries lock or slow down the account.",
};
constexpr Text kConfirm[] = {
    "curl -sI -u USER {registry}/v2/   # 401 with this password, 200 with the right one",
    "grep -h -e 'authentication failure' -e 'failed to authenticate user' REGISTRY.log CORE.log   "
    "# which user",
};
constexpr CauseInfo kRow{
    CauseId::auth_failed,
    CauseClass::request,
    Verdict::client,
    Severity::low,
    "a login was refused: wrong, expired or removed credentials",
    "Credentials were sent and not accepted. The registry answers 401 and serves nothing. "
    "Harbor's token service answers 200 even for a wrong password; the refusal shows only at the "
    "next request.",
    "`authentication failure` or `failed to authenticate user` names the user. "
    "If everybody fails at once, with any password, think of harbor_database_down or the login "
    "service. "
    "A right password with too few rights is auth_insufficient_scope.",
    kDo,
    kDont,
    kConfirm};
}  // namespace auth_failed

namespace auth_insufficient_scope {
constexpr Text kDo[] = {
    "Find out as whom the client came: if it did not log in, let it log in.",
    "Give the account the missing right (pull, push or delete) on this repository or project.",
    "If the right was given a moment ago, let the client fetch a new token: it keeps the old one "
    "until it expires.",
};
constexpr Text kDont[] = {
    kNoFlushHere,
    "Do not just log in again where the account is named: the password is right, the account lacks "
    "the right.",
    kNoRestart,
};
constexpr Text kConfirm[] = {
    "grep -h 'insufficient scope' REGISTRY.log   # which request, which access was wanted",
    "curl -si -u USER -X POST {registry}/v2/{repository}/blobs/uploads/   # 401 or 403: no push "
    "right (202 opens an upload)",
};
constexpr CauseInfo kRow{
    CauseId::auth_insufficient_scope,
    CauseClass::request,
    Verdict::client,
    Severity::low,
    "the client's token or role may not do this",
    "The registry accepted the client's token or login, but it does not include this action on "
    "this "
    "repository. "
    "The registry answers 401 or 403. Content is not concerned.",
    "`insufficient scope` or DENIED after a successful login. "
    "`authentication failure` is a wrong password; `invalid token` is an expired or foreign token.",
    kDo,
    kDont,
    kConfirm};
}  // namespace auth_insufficient_scope

namespace auth_token_invalid {
constexpr Text kDo[] = {
    "Compare the clocks of the registry and of the token service: timedatectl",
    "If the token expired during a long push, raise the token's lifetime in the token service "
    "(Harbor: token expiration).",
    "If all tokens fail, check that the registry trusts the key and issuer that the token service "
    "signs with.",
};
constexpr Text kDont[] = {
    kNoFlushHere,
    "Do not only log in again: with skewed clocks or a wrong key each new token fails as well.",
};
constexpr Text kConfirm[] = {
    "grep -h -e 'token not to be used' -e 'invalid token' REGISTRY.log   # expired, not yet valid, "
    "or wrong key",
    "date -u   # on both machines",
};
constexpr CauseInfo kRow{
    CauseId::auth_token_invalid,
    CauseClass::request,
    Verdict::client,
    Severity::low,
    "a token was expired, not yet valid, or signed by somebody else",
    "The client presented a token that the registry does not accept. Tokens live for minutes; long "
    "pushes and wrong clocks outlive them. "
    "After a change of the signing key every token fails.",
    "`invalid token` with an info line such as `token not to be used after …` before it. "
    "`insufficient scope` means a valid token with too few rights.",
    kDo,
    kDont,
    kConfirm};
}  // namespace auth_token_invalid

namespace refusal_masked_as_unknown {
constexpr Text kDo[] = {
    "Ask with an account that surely may read the repository. If it gets 200, give the client's "
    "account that right.",
    "Check for which host name the client has its credentials: a secret for another host is not "
    "sent.",
};
constexpr Text kDont[] = {
    kNoFlush,
    "Do not push the image again: it is there, this client may not see it.",
    kNoCollect,
};
constexpr Text kConfirm[] = {
    "curl -sI -u ADMIN {registry}/v2/{repository}/tags/list   # 200 with rights",
    "curl -sI {registry}/v2/{repository}/tags/list   # 401 or 404 without",
};
constexpr CauseInfo kRow{CauseId::refusal_masked_as_unknown,
                         CauseClass::request,
                         Verdict::client,
                         Severity::low,
                         "the registry says \"unknown\" where it means \"you may not see it\"",
                         "Some registries do not reveal that a private repository exists and "
                         "answer 404 to those without the right to read it. "
                         "To the client it looks like a missing image. Nothing is lost.",
                         "Other accounts get 200 for the same reference in the same period, and "
                         "the failing requests carry no user or another one. "
                         "If all accounts get 404, the image is missing.",
                         kDo,
                         kDont,
                         kConfirm};
}  // namespace refusal_masked_as_unknown

constexpr CauseInfo kRows[] = {
    digest_mismatch::kRow,         client_abort::kRow,       upload_cancelled::kRow,
    upload_range_invalid::kRow,    auth_missing::kRow,       auth_failed::kRow,
    auth_insufficient_scope::kRow, auth_token_invalid::kRow, refusal_masked_as_unknown::kRow,
};

}  // namespace

std::span<const CauseInfo> request_upload() { return kRows; }

}  // namespace regtriage::causes
