// Plain text for people: lines of a width, numbers with units, times with zones. No sink's encoder:
// the caller encodes foreign text first.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "model/words.h"

namespace regtriage {

// Columns that valid UTF-8 takes, wide characters counted as two.
std::size_t display_width(std::string_view text);

// `text` with line ends put in so that no line passes `columns` (0 = none); following lines begin
// with `indent` blanks, the first is taken to begin at that column. A word wider than a line stands
// alone on one, uncut. O(bytes).
std::string wrapped(std::string_view text, int indent, int columns);

// "1 error line", "12,345 error lines".
std::string count_of(std::uint64_t number, std::string_view noun);
std::string number_text(std::uint64_t number);
std::string bytes_text(std::uint64_t bytes);  // "12.3 KiB"; below 1 KiB "12 bytes"

// "2026-11-24 23:12:28 to 23:14:02 UTC"; one time if both are the same second; empty if none.
std::string span_text(TimeNs first, TimeNs last);

// "8 h", "3 h 12 min", "2 d 5 h", "42 s", "0.3 s": two units at most, cut, not rounded.
std::string duration_text(TimeNs duration);

// "sha256:e85fcb7bc0dc…" for every digest in the text.
std::string with_short_digests(std::string_view text);

// "a, b, c and 12 more".
std::string list_text(const std::vector<std::string>& items, std::size_t most);

// Advice is either a sentence, which begins with a capital letter, or a command to be copied.
bool is_command(std::string_view advice);
// A command's "# remark", cut off: {"redis-cli …", "prints nothing: …"}; no remark: {command, ""}.
std::pair<std::string_view, std::string_view> command_and_remark(std::string_view command);

// Public words in a sentence for people.
std::string_view sentence_of(Verdict verdict);
std::string_view sentence_of(Confidence confidence);
std::string_view sentence_of(State state);
std::string spaced(std::string_view word);  // "existence_probe" → "existence probe"

}  // namespace regtriage
