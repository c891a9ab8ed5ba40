// Lines that were counted and not kept one by one, for there were too many of their kind.
#pragma once

#include <cstdint>
#include <tuple>

#include "model/event.h"

namespace regtriage {

// What the lines of one remainder have in common.
struct LineKind {
  EventKind kind = EventKind::none;
  Origin origin = Origin::app;
  Method method = Method::none;
  Route route = Route::none;
  Code code = Code::none;
  std::int16_t status = -1;
  bool code_inferred = false;
  std::uint8_t place =
      0;  // who asks: 2 was in that repository before, 1 only others were, 0 nobody
  auto operator<=>(const LineKind&) const = default;
};

inline LineKind line_kind_of(const Event& e, std::uint8_t place) {
  return {e.kind, e.origin, e.method, e.route, e.code, e.status, e.code_inferred, place};
}

// Each of these lines asks for a thing (a digest, a tag, an upload) that no other kind of line
// names; facts/thin.h says which of such things are kept.
struct Remainder {
  LineKind kind;
  std::uint64_t lines = 0;
  std::uint64_t subjects = 0;  // things that they are about
  TimeNs first = kNoTime, last = kNoTime;
  EventId like;  // the last line of this kind that was kept, which is judged for them; zero: none
};

}  // namespace regtriage
