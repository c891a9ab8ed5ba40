// The two grammars of logrus' text formatter, as pairs. Shared by logfmt.cc and its tests.
#pragma once

#include <string_view>
#include <vector>

#include "format/scratch.h"

namespace regtriage {

// Length of a key ("http.request.id") at the head of `text` that is followed by '='; 0 if there is
// none.
std::size_t key_length(std::string_view text);

// Newer logrus (1.5 on; distribution 3, Debian's 2.8): values quoted with Go's %q. False if the
// line breaks that grammar. Pairs are views into the line. O(bytes).
bool split_quoted_pairs(std::string_view line, std::vector<Pair>& pairs);

enum class Split : std::uint8_t {
  no,  // no pair at the head
  whole,
  open,  // the last value's quote is not closed: the record goes on in the next line
};

// Upstream's 2.7 and 2.8 (logrus at 3d4380f): nothing is escaped, so a quoted value ends at a quote
// that is followed by a blank and (a key or the end), a bare one at such a blank. O(bytes). What
// comes out may hold forged pairs: see pair_order.h.
Split split_raw_pairs(std::string_view line, std::vector<Pair>& pairs);

}  // namespace regtriage
