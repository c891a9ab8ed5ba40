// Pushes that fail: manifests before their blobs, uploads that are lost, cut, repeated or refused.
#include <algorithm>

#include "base/text.h"
#include "infer/rules/rules.h"

namespace regtriage {
namespace {

// The last PATCH of the upload that was answered with 202 before this line.
Sight patch_before(const Situation& s) {
  Sight patch;
  const auto rows = s.h.uploads.rows(key_of(s.e.upload));
  for (const auto& row : rows.first(std::min(rows.size(), UploadStory::kMostRows))) {
    const Event& e = row.event();
    if (e.kind == EventKind::request && e.method == Method::PATCH && e.status == 202 &&
        row.order() < s.at)
      patch = row.sight();
  }
  return patch;
}

// have, want of "upload resumed at wrong offest: HAVE != WANT"; the rule kept HAVE in Event::offset
// and both in the detail.
bool nothing_was_kept(const Event& mismatch) { return mismatch.offset == 0; }

void examine_offset(const Situation& s, const UploadStory& story, Candidates& out) {
  const Event& m = *story.offset.event;
  const Sight patch = nothing_was_kept(m) ? patch_before(s) : Sight{};
  if (patch) {
    const Sight before = s.h.storage_failures.last_before(0, s.at + 10 * kMinute);
    const bool full = before && std::abs(before.order() - s.at) < 10 * kMinute &&
                      trouble_of(s.h.text(before.event->detail), s.h.is_proxy) == Trouble::full;
    Candidate& c =
        out.emplace_back(full ? CauseId::storage_full : CauseId::storage_errors, "storage");
    c.because(
        50,
        "the registry took the data with 202 and then had none of it: the store did not keep it",
        {patch, story.offset});
    if (full) c.because(40, "the store said at the same time that it is full", {before});
    return;
  }
  Candidate& c = out.emplace_back(CauseId::upload_range_invalid, group_of(s, s.e.upload));
  c.because(60,
            "the client went on from another place than where the upload stands: an old answer, or "
            "a repeated part",
            {story.offset});
  c.lacks("whether a proxy repeated the request: its log");
}

// A tag that is unknown because its manifest was refused: whatever explains that explains this.
bool by_refused_put(const Situation& s, Candidates& out) {
  const bool asked = s.e.route == Route::manifest && s.e.tag != NameId::none &&
                     (is_unknown_tag(s) || s.e.code == Code::NOT_FOUND);
  const Sight put = asked ? s.h.refused_puts.last_before(subject_key(s), s.at) : Sight{};
  if (!put || last_presence(s, subject_key(s))) return false;
  Candidates theirs;
  const Situation that{s.context, s.h, *put.event, put.order(), s.h.text(put.event->detail)};
  for (const CauseRule& rule : rules()) rule.examine(that, theirs);
  const auto best = std::max_element(
      theirs.begin(), theirs.end(),
      [](const Candidate& a, const Candidate& b) { return a.score() < b.score(); });
  if (best == theirs.end() || best->cause == CauseId::undetermined) return false;
  Candidate& c = out.emplace_back(best->cause, best->group);
  c.because(std::min(best->score(), 70),
            "the push that should have made this tag was refused, and nobody has made it since",
            {put});
  c.digests = best->digests;
  return true;
}

}  // namespace

void examine_manifest_put(const Situation& s, Candidates& out) {
  if (s.e.kind != EventKind::request || s.e.method != Method::PUT || s.e.route != Route::manifest)
    return;
  const NameId target = s.e.tag != NameId::none ? s.e.tag : s.e.manifest;
  if (s.e.code == Code::MANIFEST_INVALID || s.e.code == Code::MANIFEST_UNVERIFIED) {
    out.emplace_back(CauseId::manifest_invalid, group_of(s, s.e.repository))
        .because(95, "the registry could not read what was sent as a manifest");
    return;
  }
  if (s.e.code != Code::MANIFEST_BLOB_UNKNOWN || s.e.status >= 500) return;
  const NameId child = s.e.digest;
  const auto here = key_of(s.e.repository, child);
  // A child that is asked for or stored as a manifest, anywhere, is no blob.
  bool manifest_child = s.e.manifest_type == ManifestType::index;
  Sight other;
  const auto rows = s.h.anywhere.rows(key_of(child));
  for (const auto& row : rows.first(std::min<std::size_t>(rows.size(), 1024))) {
    manifest_child |= row.sight().route() == Route::manifest;
    if (row.sight().repository() != s.e.repository && row.order() < s.at) other = row.sight();
  }
  if (manifest_child) {
    Candidate& c = out.emplace_back(
        other ? CauseId::index_child_in_other_repository : CauseId::index_child_missing,
        group_of(s, s.e.repository, target));
    c.because(
        60, s.e.manifest_type == ManifestType::index
                ? "the manifest that was refused is an index, and the digest is one of its children"
                : "the digest is a manifest, so what was refused is an index that names it");
    if (other)
      c.because(30, "that child was pushed to another repository only", {other});
    else if (!s.h.stores.last_before(here, s.at))
      c.because(30, "no line stores that child in this repository before", {});
    if (const Sight later = s.h.stores.first_after(here, s.at))
      c.because(5, "it was pushed later", {later});
    return;
  }
  Candidate& c =
      out.emplace_back(CauseId::manifest_before_blobs, group_of(s, s.e.repository, target));
  const Sight stored = s.h.stores.last_before(here, s.at);
  if (!stored) {
    c.because(70,
              "no line of this log stores that blob in this repository before the manifest came");
    if (s.h.client_requests.any(who_of(s.e)))
      c.because(10, "the client's other requests of that push are in the log");
  } else {
    c.because(20, "the manifest names a blob that the registry does not have");
    c.despite(10, "the blob had been stored here before", {stored});
    Candidate& lost = out.emplace_back(CauseId::blob_data_missing, group_of(s, child));
    lost.because(45, "it was stored or served in this repository before", {stored});
    if (!s.h.collected.any(key_of(child)) && !s.h.deletes.last_before(here, s.at))
      lost.because(10, "no line deletes or collects it");
  }
}

Sight refused_as_too_large(const Situation& s) {
  constexpr TimeNs kNear = 10 * kSecond;
  for (const NameId repository : {s.e.repository, NameId::none})
    if (const Sight told = s.h.too_large.first_from(key_of(repository), s.at - kNear);
        told && told.order() - s.at < kNear)
      return told;
  return {};
}

void examine_too_large(const Situation& s, Candidates& out) {
  const bool hung_up = s.e.kind == EventKind::request && s.e.route == Route::upload &&
                       contains(s.detail, "client disconnected");
  const bool words = s.e.kind == EventKind::request_detail && contains(s.detail, "too large");
  if (!hung_up && !words) return;
  const Sight told = refused_as_too_large(s);
  if (!told) return;
  out.emplace_back(CauseId::upload_cut_by_proxy, group_of(s, s.e.repository))
      .because(95, "the proxy in front takes no body of that size and ends the upload", {told});
}

void examine_upload(const Situation& s, Candidates& out) {
  // A line that was cut off before its path and its status.
  if (s.e.kind == EventKind::request && s.e.route == Route::none && s.e.status < 0 &&
      s.e.code == Code::BLOB_UPLOAD_INVALID && contains(s.detail, "invalid secret")) {
    out.emplace_back(CauseId::replicas_different_secret, "secret")
        .because(40, "the registry says that the upload's token is not signed with its secret")
        .lacks(
            "whether the request had a token, and whether the registry was started anew: the "
            "whole line, and those before it")
        .lacks("the registry's configuration: http.secret of each replica");
    return;
  }
  if (s.e.kind != EventKind::request || s.e.route != Route::upload || s.e.status < 400) return;
  const UploadStory story = s.context.upload_stories.of(s.e.upload);
  if (s.e.code == Code::UNKNOWN && contains(s.detail, "client disconnected")) {
    if (refused_as_too_large(s)) return;
    out.emplace_back(CauseId::client_abort, group_of(s, s.e.upload))
        .because(90, "the client hung up while it was sending", {story.disconnect});
    return;
  }
  const bool lost = s.e.code == Code::BLOB_UPLOAD_UNKNOWN ||
                    s.e.code == Code::BLOB_UPLOAD_INVALID || s.e.code == Code::RANGE_INVALID;
  if (!lost) return;
  if (story.disconnect) {
    Candidate& c = out.emplace_back(CauseId::client_abort, group_of(s, s.e.upload));
    c.because(90, "the client hung up while it was sending", {story.disconnect});
    return;
  }
  if (story.cancel && story.cancel.order() < s.at) {
    out.emplace_back(CauseId::upload_cancelled, group_of(s, s.e.upload))
        .because(90, "the client had cancelled this upload itself", {story.cancel});
    return;
  }
  if (const Sight purge = s.h.purged.first(key_of(s.e.upload))) {
    out.emplace_back(CauseId::upload_purged, "purge")
        .because(90, "the registry's own purge removed this upload as too old", {purge});
    return;
  }
  if (story.mismatch && story.mismatch.order() < s.at) {
    out.emplace_back(CauseId::digest_mismatch, group_of(s, s.e.repository))
        .because(
            80, "this upload had been refused before, because its content did not match its digest",
            {story.mismatch});
    return;
  }
  if (contains(s.detail, "invalid secret")) {
    const bool had_token = s.e.offset >= 0;
    Candidate& c =
        out.emplace_back(had_token ? CauseId::replicas_different_secret : CauseId::client_defect,
                         had_token ? GroupName("secret") : group_of(s, s.e.upload));
    if (had_token) {
      c.because(50,
                "the upload's token is whole and names this repository and upload, but its "
                "signature is not of this registry's secret");
      const Sight start = s.h.starts.last_before(0, s.at);
      const Sight post = last_start(s.h, s.e);
      if (start && post && start.order() > post.order())
        c.because(35, "the registry was started again between the POST and this request", {start});
      else
        c.because(20, "it happens without a restart in between: another replica signed it");
      c.lacks("the registry's configuration: http.secret of each replica");
    } else {
      c.because(50,
                "the request came without the token (_state) that the registry had given for this "
                "upload");
    }
    return;
  }
  if (contains(s.detail, "illegal base64")) {
    out.emplace_back(CauseId::proxy_breaks_upload_location, group_of(s, s.e.repository))
        .because(80, "the upload's token was changed on its way: it is no base64 any more");
    return;
  }
  if (story.offset &&
      (!s.e.request || story.offset.event->request == s.e.request || story.offset.order() < s.at))
    return examine_offset(s, story, out);
  if (s.e.code == Code::BLOB_UPLOAD_UNKNOWN) {
    const bool completed = story.completed < s.at;
    Candidate& c = out.emplace_back(completed ? CauseId::client_defect : CauseId::undetermined,
                                    group_of(s, s.e.upload));
    if (completed) {
      c.because(60, "this upload had been completed before");
    } else {
      c.because(20, "the upload is not here, and no line says who ended it");
      c.lacks("the logs of all replicas, and the registry's purge lines (level info)");
    }
  }
}

void examine_digest(const Situation& s, Candidates& out) {
  if (s.e.kind != EventKind::request || s.e.method != Method::PUT) return;
  if (s.e.code != Code::DIGEST_INVALID && s.e.code != Code::SIZE_INVALID) return;
  // nginx answers so to nobody (ngx_http_request_body.c 1.22, "client prematurely closed
  // connection"); a registry says in the body what is wrong.
  if (s.e.code_inferred && s.e.written == 0) {
    out.emplace_back(CauseId::client_abort, group_of(s, s.e.repository))
        .because(60,
                 "the upload ended in 400 with an empty answer: the client had closed the "
                 "connection before all was sent");
    return;
  }
  Candidate& c = out.emplace_back(CauseId::digest_mismatch, group_of(s, s.e.repository));
  if (s.e.code_inferred) {
    c.because(50, "an upload that ends in 400 mostly has the wrong content for its digest");
    return;
  }
  c.because(90, contains(s.detail, "parsing failed")
                    ? "the client sent no proper digest"
                    : "the content that arrived does not match the digest that the client named");
}

// A tag that is unknown because the push that should have made it failed a moment ago.
void examine_failed_push(const Situation& s, Candidates& out) {
  if (s.e.kind != EventKind::request || !is_read(s.e.method) || s.e.status != 404) return;
  if (by_refused_put(s, out)) return;
  const bool tag = is_unknown_tag(s),
             blob = s.e.code == Code::BLOB_UNKNOWN && s.e.method == Method::GET;
  if (!tag && !blob) return;
  const auto key = subject_key(s);
  if (last_presence(s, key)) return;
  const Sight failed = s.h.failed_steps.last_before(who_of(s.e), s.at);
  if (!failed || s.at - failed.order() > 10 * kMinute) return;
  // An upload that is unknown, or shorter than it was, right after the storage failed: it lost it.
  const Sight before = s.h.storage_failures.last_before(0, failed.order());
  const bool lost = failed.event->status < 500 && failed.event->route == Route::upload && before &&
                    failed.order() - before.order() < kMinute;
  const Event& f = lost ? *before.event : *failed.event;
  const Trouble trouble =
      f.status >= 500 ? trouble_of(s.h.text(f.detail), s.h.is_proxy) : Trouble::none;
  const CauseId cause = trouble == Trouble::full            ? CauseId::storage_full
                        : trouble == Trouble::access_denied ? CauseId::storage_access_denied
                        : trouble == Trouble::storage       ? CauseId::storage_errors
                                                            : CauseId::undetermined;
  if (cause == CauseId::undetermined) return;
  out.emplace_back(cause, "storage")
      .because(lost ? 60 : 70, "the push that should have made it failed before, at the storage",
               {failed, lost ? before : Sight{}});
}

}  // namespace regtriage
