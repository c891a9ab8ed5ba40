// Where a line stands. Evidence, never identity (DESIGN §4).
#pragma once

#include <compare>
#include <cstdint>

namespace regtriage {

using SourceId = std::uint32_t;  // index into Facts::sources, given in order of the run's inputs
inline constexpr SourceId kNoSource = 0xffffffffU;

struct Position {
  std::uint64_t offset = 0;  // of the line's first byte, after decompression
  std::uint32_t line = 0;    // from 1
  SourceId source = kNoSource;
  auto operator<=>(const Position&) const = default;
};

}  // namespace regtriage
