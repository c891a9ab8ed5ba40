// After a start, everything that was known is unknown: the registry looks at another place than
// before.
#include <fmt/format.h>

#include "infer/rules/rules.h"

namespace regtriage {

void examine_restart(const Situation& s, Candidates& out) {
  if (s.e.kind != EventKind::request || s.e.status != 404) return;
  const bool asked = s.e.code == Code::BLOB_UNKNOWN || s.e.code == Code::MANIFEST_UNKNOWN ||
                     s.e.code == Code::NAME_UNKNOWN;
  if (!asked) return;
  const auto key = s.e.code == Code::NAME_UNKNOWN ? key_of(s.e.repository) : subject_key(s);
  const Sight was = s.e.code == Code::NAME_UNKNOWN ? s.h.repository_answers.last_before(key, s.at)
                                                   : last_presence(s, key);
  if (!was) return;
  const LostRestart* restart = s.context.lost_restart_of(was.order(), s.at);
  if (!restart) return;
  const bool seen = static_cast<bool>(restart->start);
  Candidate& c =
      out.emplace_back(CauseId::storage_root_changed, GroupName::borrowed(restart->group));
  if (seen) {
    c.because(45, "it was there before the registry was started again and is unknown after",
              {was, restart->start});
    c.because(
        30,
        "nothing that was known before that start was found after it, until it was pushed again",
        {restart->start});
  } else {
    c.because(40,
              "it was there before, and from one moment on nothing that was known is found, until "
              "it is pushed again",
              {was});
    c.lacks("whether the registry was started again at that moment: start lines are of level info");
  }
  if (restart->repositories > 1)
    c.because(seen ? 20 : 35, "several repositories are affected at once, from the same moment",
              {was});
}

}  // namespace regtriage
