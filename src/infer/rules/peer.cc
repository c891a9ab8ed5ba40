// Another registry in the same folder: one that Harbor copies from or to, or is a proxy of. Its log
// looks like that of Harbor's own registry; but it speaks of repositories that Harbor does not
// know, and only Harbor asks there. And replication, which tells in its jobs what the other side
// said.
#include "base/text.h"
#include "infer/rules/rules.h"

namespace regtriage {
namespace {

constexpr TimeNs kNear = 5 * kSecond;

bool is_by_harbor(const Situation& s, NameId agent) {
  return contains(s.h.text(agent), "harbor-registry-client");
}

// The registry's line of what a job could not fetch.
Sight refused_fetch(const Situation& s) {
  const auto key = key_of(s.e.digest);
  Sight miss = s.h.misses_of_digest.last_before(key, s.at + kNear);
  for (int looked = 0; miss && looked < 64 && s.at - miss.order() < kNear; ++looked) {
    if (miss.method() == Method::GET && is_by_harbor(s, miss.agent())) return miss;
    miss = s.h.misses_of_digest.last_before(key, miss.order());
  }
  return {};
}

void examine_replication(const Situation& s, Candidates& out) {
  if (s.e.code != Code::BLOB_UNKNOWN && s.e.code != Code::MANIFEST_UNKNOWN) return;
  const Sight miss = s.e.digest == NameId::none ? Sight{} : refused_fetch(s);
  const NameId repository = miss ? miss.repository() : s.e.repository;
  const NameId what = s.e.digest != NameId::none ? s.e.digest : repository;
  const bool own = (miss && s.h.is_behind_front(miss.at().source)) ||
                   (repository != NameId::none && s.h.is_of_harbor(repository));
  if (own) {
    out.emplace_back(CauseId::harbor_content_missing, group_of(s, what))
        .because(30,
                 "a replication from here could not read it: Harbor lists what its registry lacks",
                 {miss});
    return;
  }
  Candidate& c = out.emplace_back(CauseId::upstream_missing, group_of(s, what));
  c.because(25, "a replication asked the other registry for it, which does not have it", {miss});
  if (repository == NameId::none)
    c.lacks(
        "which registry was asked: the job's line \"client for source registry\", or the logs of "
        "both");
}

}  // namespace

bool is_of_other_registry(const Situation& s) {
  return s.h.is_harbor && s.e.origin != Origin::front && s.e.origin != Origin::client &&
         (s.e.kind == EventKind::request || s.e.kind == EventKind::auth_challenge) &&
         s.e.repository != NameId::none && is_by_harbor(s, s.e.agent) &&
         !s.h.is_of_harbor(s.e.repository) && !s.h.is_behind_front(s.e.at.source);
}

void examine_peer(const Situation& s, Candidates& out) {
  if (s.e.kind == EventKind::replication_error) return examine_replication(s, out);
  if (!is_of_other_registry(s) || !is_read(s.e.method)) return;
  if (s.e.status < 400 && s.e.kind == EventKind::request) return;
  const bool unknown = s.e.status == 404;
  const CauseId cause = unknown             ? CauseId::upstream_missing
                        : s.e.status == 429 ? CauseId::upstream_rate_limited
                        : s.e.status < 500  ? CauseId::upstream_error_masked
                                            : CauseId::upstream_unreachable;
  out.emplace_back(cause,
                   unknown ? group_of(s, s.e.digest != NameId::none ? s.e.digest : s.e.repository)
                           : group_of(s, s.e.repository))
      .because(
          55,
          "only Harbor asked, in a repository that Harbor itself does not have: this is the log "
          "of the registry that Harbor copies from");
}

}  // namespace regtriage
