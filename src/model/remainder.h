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
  // Who asks: 2 was served in that repository before, 1 only others were, 0 nobody.
  std::uint8_t place = 0;
  std::uint64_t repository = 0;  // hash of its name, where anybody was served there; else 0: all
  auto operator<=>(const LineKind&) const = default;

  LineKind of(const Event& e) const {
    return {e.kind,   e.origin,        e.method, e.route,   e.code,
            e.status, e.code_inferred, place,    repository};
  }
};

// Each of these lines asks for a thing (a digest, a tag, an upload) that no other kind of line
// names; facts/thin.h says which of such lines are kept.
struct Remainder {
  LineKind kind;
  std::uint64_t lines = 0;
  std::uint64_t subjects = 0;  // things that they are about
  TimeNs first = kNoTime, last = kNoTime;
  EventId like;  // the last line about the same thing that was kept; zero: none of it was
};

}  // namespace regtriage
