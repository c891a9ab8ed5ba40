// Is this text? A look at the first bytes of a source.
#pragma once

#include <string_view>

#include "input/input.h"

namespace regtriage {

inline constexpr std::size_t kContentBytes = 4096;  // what the look is based on

// UTF-16 by its byte order mark or by every second byte being NUL; binary by a known magic number
// or by many control bytes and bytes that are no UTF-8. A log with some NULs is text, also one that
// begins with a hole of NULs (logrotate's copytruncate under a writer that keeps its offset).
Refusal refusal_of(std::string_view head);

// What to tell the user about it.
Error advice_of(Refusal refusal, std::string_view head, std::string_view name);

}  // namespace regtriage
