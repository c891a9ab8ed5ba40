// Making foreign bytes safe to show. See DESIGN §8: an encoder per sink, at the very end.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace regtriage {

bool is_utf8(std::string_view text);
// Length 1..4 of a well-formed sequence at the head of `text`, or 0.
std::size_t utf8_length(std::string_view text);
// The code point of a well-formed sequence (the first `length` bytes, as utf8_length said).
std::uint32_t code_point_of(std::string_view text, std::size_t length);
// Controls (C0, DEL, C1), bidi and other characters that are not shown, or change how their
// neighbours are.
bool is_hidden(std::uint32_t code_point);
// For a terminal: C0, C1, DEL, bidi and other invisible controls and bad bytes become \xNN or
// \u{NNNN}. One line.
std::string terminal_text(std::string_view text);

}  // namespace regtriage
