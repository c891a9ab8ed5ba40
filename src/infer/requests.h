// The lines of one request across components: a front (Harbor's nginx) and the registry behind it.
//
// A front's line names client, method, path and status, but no request id; in the compose install
// it has no time of its own, and what a transport prints may be in another zone. Harbor's core asks
// the registry by digest where the client asked by tag. So a front's line is joined with the
// registry's line of the same client, method, subject and status (a manifest's PUT may fail after
// the registry's 201) whose end lies near; uploads are joined by their id, exactly, and they tell
// how far the clocks are apart, when the lines around them were written, and whether both name the
// client alike (behind a load balancer they do not, and it is left out). A front's line without a
// registry line was answered by core itself, out of its database or its cache; unless uploads lack
// theirs, too: then another registry's log is missing, and nobody can say.
// Source: what was measured on a running Harbor v2.7.4; goharbor/harbor
// src/server/registry/{manifest,route}.go for the rewriting.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/facts.h"
#include "model/finding.h"

namespace regtriage {

// Is there any line of a front? O(events).
bool any_front(const Facts& facts);

// For every line of a front: the request id of the registry's line, who answered, a time where it
// has none or its clock differs, and the code that this implies. What was joined before is joined
// again alike. Keeps the order of Facts. O(n log n).
void join_requests(Facts& facts);

// Names keep their ids. O(facts).
Facts copy_of(const Facts& facts);

// Facts, joined if there is anything to join; else the same ones, not copied.
class Joined {
 public:
  explicit Joined(const Facts& facts) : given_(facts) {
    if (!any_front(facts)) return;
    copy_.emplace(copy_of(facts));
    join_requests(*copy_);
  }
  const Facts& facts() const { return copy_ ? *copy_ : given_; }

 private:
  const Facts& given_;
  std::optional<Facts> copy_;
};

// All requests, of facts that were joined.
std::vector<JoinedRequest> requests_of(const Facts& facts);

}  // namespace regtriage
