// Where lines wait that memory has no room for.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/result.h"
#include "model/facts.h"

namespace regtriage {

// In parts, so that what belongs together can be taken back together and the rest stays. One
// thread; const calls may be shared.
class Shelf {
 public:
  static constexpr std::size_t kParts = 128;

  Shelf() = default;
  Shelf(const Shelf&) = delete;
  Shelf& operator=(const Shelf&) = delete;
  virtual ~Shelf() = default;

  // Adds events and their names; sources keep their numbers. On failure nothing of them is added.
  virtual Result<void> put(std::size_t part, const Facts& facts) = 0;
  // A copy of all that was put there, in that order. Memory: that of the part.
  virtual Result<Facts> part(std::size_t part) const = 0;
  // How many events were put.
  virtual std::uint64_t events() const = 0;
};

}  // namespace regtriage
