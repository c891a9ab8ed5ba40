// What the program asks of its surroundings, once, at the start.
#pragma once

#include <atomic>

#include "app/context.h"

namespace regtriage {

Terminal look_at_terminal();

// TMPDIR, else /tmp.
std::string temporary_folder();

// SIGINT and SIGTERM set the flag (a second one ends the program at once); SIGPIPE and SIGXFSZ
// are ignored: a closed pipe or a full file is seen when writing. The flag lives as long as the
// program.
const std::atomic<bool>& catch_signals();

}  // namespace regtriage
