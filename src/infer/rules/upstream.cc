// A pull-through cache drops an upstream's failure when asked by tag and says `unknown tag`
// (distribution registry/proxy/proxytagservice.go, v2.8.3); by digest it says 500 with the
// upstream's error.
#include "base/text.h"
#include "infer/rules/rules.h"

namespace regtriage {
namespace {

constexpr TimeNs kNear = 10 * kMinute;

// A failure before counts for long, one after only if it follows at once: until then the upstream
// may have been well.
Sight nearest_failure(const Situation& s) {
  const Sight before = s.h.upstream_failures.last_before(0, s.at);
  const Sight after = s.h.upstream_failures.first_from(0, s.at);
  if (before && s.at - before.order() < kNear) return before;
  return after && after.order() - s.at < kMinute ? after : Sight{};
}

// Did this request speak with the upstream?
Sight contact_of(const Situation& s) {
  if (!s.e.request) return {};
  const auto rows = s.h.requests.rows(History::request_key(s.e.request));
  for (const auto& row : rows.first(std::min<std::size_t>(rows.size(), 32)))
    if (row.event().kind == EventKind::upstream_contact) return row.sight();
  return {};
}

}  // namespace

namespace {

// A cache says that it could not fetch this very thing, and why.
// A cache puts what it fetched into its own store in the background. Codes of a push are that
// store's answer: an upstream that is read from has no reason for them.
bool is_refused_copy(Code code) {
  return code == Code::MANIFEST_BLOB_UNKNOWN || code == Code::BLOB_UPLOAD_UNKNOWN ||
         code == Code::BLOB_UPLOAD_INVALID || code == Code::RANGE_INVALID ||
         code == Code::DIGEST_INVALID || code == Code::SIZE_INVALID;
}

void examine_failed_fetch(const Situation& s, Candidates& out) {
  if (is_refused_copy(s.e.code)) {
    const bool early = s.e.code == Code::MANIFEST_BLOB_UNKNOWN;
    out.emplace_back(CauseId::proxy_cache_push_race, group_of(s, s.e.repository, subject_of(s)))
        .because(early ? 55 : 35,
                 "the cache's own copy was refused by its own store, not a user's request")
        .lacks("whether the copy succeeds a moment later: core's and the registry's lines of it");
    return;
  }
  if (s.e.code != Code::none) return;  // the upstream answered: what it lacks, or refuses
  switch (trouble_of(s.detail, true)) {
    case Trouble::upstream_unreachable:
      out.emplace_back(CauseId::upstream_unreachable, "upstream")
          .because(70, "the cache could not reach its upstream for this very reference");
      return;
    case Trouble::upstream_limited:
      out.emplace_back(CauseId::upstream_rate_limited, "upstream")
          .because(70, "the upstream limits the number of requests");
      return;
    case Trouble::upstream_other:
      out.emplace_back(CauseId::upstream_error_masked, "upstream")
          .because(60, "the upstream refused, and the cache answers that it does not know it");
      return;
    default:
      return;
  }
}

}  // namespace

void examine_upstream(const Situation& s, Candidates& out) {
  if (s.e.kind == EventKind::proxy_trouble) return examine_failed_fetch(s, out);
  if (!s.h.is_proxy || s.e.kind != EventKind::request) return;
  if (s.e.code == Code::UNSUPPORTED && s.e.status == 405) {
    Candidate& c = out.emplace_back(CauseId::proxy_is_read_only, group_of(s, s.e.repository));
    c.because(90, "this registry is configured as a pull-through cache, which takes no pushes");
    return;
  }
  const bool unknown = s.e.code == Code::MANIFEST_UNKNOWN || s.e.code == Code::BLOB_UNKNOWN ||
                       s.e.code == Code::NAME_UNKNOWN;
  if (!unknown || s.e.status != 404 || !is_read(s.e.method)) return;
  const Sight contact = contact_of(s);
  const Sight failure = nearest_failure(s);
  if (contact || !failure) {
    Candidate& c =
        out.emplace_back(CauseId::upstream_missing, group_of(s, s.e.repository, subject_of(s)));
    c.because(40, "this registry is a pull-through cache: what it lacks it asks of its upstream");
    if (contact) c.because(30, "the upstream was reached for this very request", {contact});
    if (!failure)
      c.because(15, "no line tells of a failing upstream at that time");
    else
      c.despite(10, "the upstream failed for other requests near that time", {failure});
    if (!contact)
      c.lacks(
          "the upstream's own log, or a request of the same reference straight to the upstream");
    return;
  }
  Candidate& c = out.emplace_back(CauseId::upstream_unreachable, "upstream");
  c.because(40,
            "this registry is a pull-through cache, and by tag it turns any upstream failure into "
            "\"unknown tag\"");
  c.because(45, "the upstream could not be reached near that time", {failure});
}

}  // namespace regtriage
