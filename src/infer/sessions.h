// Push sessions (DESIGN §4): uploads, mounts and manifest PUTs of one client on one repository
// whose times touch within a gap, cut at each manifest PUT by tag. Windows are merged over the
// sorted facts, so arrival order does not matter.
#pragma once

#include <vector>

#include "infer/history.h"
#include "model/finding.h"

namespace regtriage {

std::vector<Session> find_sessions(const History& history, TimeNs gap);

}  // namespace regtriage
