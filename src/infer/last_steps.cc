// What a client did last before a line (history.h).
#include "infer/history.h"

namespace regtriage {

Sight last_start(const History& h, const Event& e) {
  const Sight own = h.upload_starts.last_before(who_of(e), e.order());
  // An access line stands at the start of its second, by its file's order: it may seem a little
  // later than it was.
  const Sight by_agent =
      h.agent_starts.last_before(key_of(e.repository, e.agent), e.order() + kSecond);
  return !own || (by_agent && by_agent.order() > own.order()) ? by_agent : own;
}

Sight last_parent(const History& h, const Event& e) {
  const Sight own = h.parents.last_before(who_of(e), e.order());
  const Sight by_agent = h.agent_parents.last_before(key_of(e.repository, e.agent), e.order());
  return !own || (by_agent && by_agent.order() > own.order()) ? by_agent : own;
}

Sight last_index(const History& h, const Event& e) {
  Sight read = last_parent(h, e);
  for (int looked = 0; read && looked < 8; ++looked) {
    if (read.manifest_type() == ManifestType::index) return read;
    // (A HEAD fetches nothing, and of a front's line the registry tells better.)
    const bool fetches = read.method() == Method::GET && read.origin() != Origin::front;
    if (read.manifest_type() == ManifestType::unknown && fetches) {
      const Sight begun = h.challenges.last_before(key_of(e.client, e.agent), e.order());
      return begun && begun.order() > read.order() ? Sight{} : read;
    }
    read = h.parents.last_before(who_of(e), read.order());
  }
  return {};
}

}  // namespace regtriage
