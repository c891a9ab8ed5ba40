// Answers of 5xx, which name the storage's or the upstream's trouble, and a cache that cannot be
// reached.
#include "base/text.h"
#include "infer/rules/rules.h"

namespace regtriage {

namespace {

void broken_file(const Situation& s, Candidates& out) {
  out.emplace_back(CauseId::storage_file_corrupt, group_of(s, s.e.repository, subject_of(s)))
      .because(70, "a link in the storage holds no digest: the file is empty or cut short")
      .lacks("which file: level debug names it, or a search for files of size 0");
}

}  // namespace

void examine_server_error(const Situation& s, Candidates& out) {
  if (s.e.kind == EventKind::gc_failed && trouble_of(s.detail, false) == Trouble::broken_file)
    return broken_file(s, out);
  const bool helper =
      s.e.kind == EventKind::storage_error || s.e.kind == EventKind::storage_zero_move;
  // A line that was cut off before its status still has the code of a server's error.
  const bool cut = s.e.status < 0 && s.e.code == Code::UNKNOWN && names_driver(s.detail);
  const bool failed = s.e.status >= 500 || cut || is_storage_error_as_unknown(s);
  if (!helper && (s.e.kind != EventKind::request || !failed)) return;
  if (s.e.kind == EventKind::storage_zero_move) {
    out.emplace_back(CauseId::storage_not_yet_consistent, group_of(s, s.e.repository))
        .because(60, "the store showed no content right after it had been written");
    return;
  }
  std::string_view detail = s.detail;
  Trouble trouble = trouble_of(detail, s.h.is_proxy);
  // One request, several errors: the bare ones belong to the one that names the trouble.
  if (trouble == Trouble::storage && s.e.request) {
    const auto rows = s.h.requests.rows(History::request_key(s.e.request));
    for (const auto& row : rows.first(std::min<std::size_t>(rows.size(), 16))) {
      const std::string_view other = s.h.text(row.event().detail);
      if (other.empty() || row.event().detail == s.e.detail) continue;
      const Trouble theirs = trouble_of(other, s.h.is_proxy);
      if (theirs == Trouble::storage) continue;
      detail = other;
      trouble = theirs;
    }
  }
  switch (trouble) {
    case Trouble::client_gone:
      if (refused_as_too_large(s)) return;
      out.emplace_back(CauseId::client_abort, s.e.upload != NameId::none ? group_of(s, s.e.upload)
                                                                         : group_of(s, s.e.client))
          .because(85, "the client hung up");
      return;
    case Trouble::access_denied:
      out.emplace_back(CauseId::storage_access_denied, "storage")
          .because(90, "the storage refused access, and the registry passes its words on");
      return;
    case Trouble::full:
      out.emplace_back(CauseId::storage_full, "storage")
          .because(90, "the storage says that it is full");
      return;
    case Trouble::upstream_unreachable:
      out.emplace_back(CauseId::upstream_unreachable, "upstream")
          .because(90, "the connection to the upstream failed");
      return;
    case Trouble::upstream_limited:
      out.emplace_back(CauseId::upstream_rate_limited, "upstream")
          .because(90, "the upstream limits the number of requests");
      return;
    case Trouble::upstream_other:
      out.emplace_back(CauseId::upstream_error_masked, "upstream")
          .because(70, "the upstream refused, and the registry answers 500");
      return;
    case Trouble::upload_path:
      out.emplace_back(CauseId::upload_path_missing, group_of(s, s.e.repository))
          .because(80, "the upload's files are gone from the storage");
      return;
    case Trouble::stale_stat:
      return;
    case Trouble::broken_file:
      broken_file(s, out);
      return;
    case Trouble::manifest:
      out.emplace_back(CauseId::manifest_invalid, group_of(s, s.e.repository))
          .because(70, "the registry says what it refuses in the manifest; it only answers 500")
          .lacks("the manifest that the client sent");
      return;
    case Trouble::none:
    case Trouble::storage: {
      if (detail.empty()) {
        Candidate& c = out.emplace_back(
            s.e.route == Route::upload ? CauseId::storage_errors : CauseId::undetermined,
            "server error");
        c.because(20, "the registry answered with a server error and the line does not say why");
        c.lacks("the registry's application log of that time (level error)");
        return;
      }
      Candidate& c = out.emplace_back(CauseId::storage_errors, "storage");
      c.because(75, "the storage failed the request, and the registry passes its error on");
      if (contains(detail, "s3aws:") || contains(detail, "filesystem:") ||
          contains(detail, "status code: 5"))
        c.because(15, "the storage driver is named in the error");
      return;
    }
  }
}

void examine_cache_error(const Situation& s, Candidates& out) {
  if (s.e.kind == EventKind::cache_error)
    out.emplace_back(CauseId::cache_unavailable, "cache")
        .because(90, "the registry could not reach its cache; lookups go to the storage instead");
}

}  // namespace regtriage
