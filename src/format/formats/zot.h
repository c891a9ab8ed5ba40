// zot's own names of what a request and its subject are (zot pkg/api/session.go, pkg/log, v2.1):
// they land in the slots. Lines that are not zot's stay as they are.
#pragma once

#include "format/scratch.h"

namespace regtriage {

void take_zot_fields(Scratch& scratch, Record& out);

}  // namespace regtriage
