#include "format/json_keys.h"

#include <array>

#include "base/scan.h"

namespace regtriage {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(JsonKey::count_)> kKeys = {
    "\"log",       "\"MESSAGE", "\"line", "\"message",    "\"agent",   "\"input",
    "\"@metadata", "\"logtag",  "\"_p",   "\"@timestamp", "\"@version"};

// By a byte so far before the end: the keys that have it there.
using KeySets = std::array<std::uint16_t, 256>;
constexpr KeySets keys_by(std::size_t before_end) {
  KeySets sets{};
  for (std::size_t i = 0; i < kKeys.size(); ++i)
    sets[static_cast<unsigned char>(kKeys[i][kKeys[i].size() - before_end])] |=
        static_cast<std::uint16_t>(1U << i);
  return sets;
}
constexpr KeySets kByLast = keys_by(1), kByLastButOne = keys_by(2);

}  // namespace

JsonKeys JsonKeys::of(std::string_view line) {
  JsonKeys found;
  const char* const begin = line.data();
  const char* const end = begin + line.size();
  for (const char* at = find_pair(begin, end, '"', ':'); at != end;
       at = find_pair(at + 2, end, '"', ':')) {
    if (at - begin < 2) continue;
    const std::uint32_t candidates = kByLast[static_cast<unsigned char>(at[-1])] &
                                     kByLastButOne[static_cast<unsigned char>(at[-2])];
    if (candidates == 0) continue;
    const std::string_view before(begin, static_cast<std::size_t>(at - begin));
    for (std::size_t i = 0; i < kKeys.size(); ++i)
      if ((candidates >> i & 1U) != 0 && before.ends_with(kKeys[i])) found.bits_ |= 1U << i;
  }
  return found;
}

}  // namespace regtriage
