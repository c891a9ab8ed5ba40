// The facts of all sources, joined by any thread.
#pragma once

#include <mutex>
#include <vector>

#include "facts/accumulator.h"
#include "ingest/census.h"
#include "model/shelf.h"

namespace regtriage {

// In a flood most lines may be lone (facts/lone.h). Once it looks like one they are kept apart:
// straight from their block in a buffer for each part of the shelf, whose names are few, and when
// these are full they go to the shelf.
class SharedFacts {
 public:
  // `shelf` may be null: nothing is moved there.
  SharedFacts(Shelf* shelf, std::size_t most_lone_lines)
      : shelf_(shelf), most_lone_lines_(most_lone_lines) {}

  void join(Accumulator&& part);
  void join(Census&& part);
  // When all others are done. What is not on the shelf is in the facts.
  Census take_census() { return std::move(census_); }
  Facts take(unsigned threads);

 private:
  using Parts = std::vector<Facts>;
  bool is_flooded() const;
  void put_on_shelf(Parts& parts);
  void take_back(Parts& parts);

  std::mutex shelf_mutex_;  // guards the shelf; taken before the other
  Shelf* shelf_;            // null: there is none, or it takes nothing more
  std::mutex mutex_;        // guards what follows
  const std::size_t most_lone_lines_;
  bool is_flood_ = false;
  Parts buffers_;
  std::size_t buffered_ = 0;  // lines
  Accumulator facts_;
  Census census_;
};

}  // namespace regtriage
