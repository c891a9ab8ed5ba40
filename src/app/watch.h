// `triage --every`: an endless pipe, answered again and again.
#pragma once

#include "app/context.h"

namespace regtriage {

// Reads standard input to its end or to the stop flag; each --every, and at the end, answers for
// all that was read until then, if anything was new. Returns the exit status of the last answer.
int watch_standard_input(CallContext& context);

}  // namespace regtriage
