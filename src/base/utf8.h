// Making foreign bytes safe to show. See DESIGN §8: an encoder per sink, at the very end.
#pragma once

#include <string>
#include <string_view>

namespace regtriage {

bool is_utf8(std::string_view text);
// Length 1..4 of a well-formed sequence at the head of `text`, or 0.
std::size_t utf8_length(std::string_view text);
// For a terminal: C0, C1, DEL, bidi and other invisible controls and bad bytes become \xNN or
// \u{NNNN}. One line.
std::string terminal_text(std::string_view text);

}  // namespace regtriage
