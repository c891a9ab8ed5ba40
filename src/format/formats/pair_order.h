// The key order rule against forged pairs.
//
// Upstream's 2.7 and 2.8 print values unescaped, so whoever chooses a user agent may put `"
// level=error msg="…` into it, and the line then holds pairs that the registry never printed. But
// the registry prints its keys in order: time, level, msg, and then sorted bytewise, each once.
// Forged pairs break that order unless they all happen to fit into the one gap they stand in, where
// they can claim no key that is printed before or after. A line whose keys are in order is taken as
// it is. In any other the chain of pairs is sought that is in order and in which pairs are skipped
// only behind a key whose value a client can choose (the skipped text belongs to that value); of
// several the one with the most of the keys that every request line has. Ties are decided for the
// first chain, the one that believes the earlier pairs: user agents forge most, and their key
// stands late. A text that forges so much that two readings are equally good cannot be decided by
// anybody; the record is marked suspicious in any case.
#pragma once

#include <string_view>
#include <vector>

#include "format/scratch.h"

namespace regtriage {

// A message that quotes nobody, so that what is forged stands behind it (distribution v2.8.3
// registry/handlers/app.go).
bool is_fixed_message(std::string_view message);

// O(bytes of the keys).
bool in_key_order(const std::vector<Pair>& pairs);

// Drops forged pairs and gives their text back to the value they stood in. At most kMaxPairs are
// looked at (the first and the last half; what is between is part of a value), so the cost of a
// hostile line is bounded.
inline constexpr std::size_t kMaxPairs = 128;
void mend_key_order(std::string_view line, std::vector<Pair>& pairs);

}  // namespace regtriage
