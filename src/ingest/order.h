// The order hint of lines whose printed time has only whole seconds (Event::order_ns).
//
// An access line prints the second in which its request began, the application line of the same
// request the nanosecond in which it ended. Sorted by what they print, access lines would stand
// before everything of their second. In the file they stand right behind the application line, so
// an access line of second s gets a place behind the last finer time before it, if that lies in
// [s, s+2 s); else lines of one second keep their order in the file. A finer time is forgotten
// after kNear lines: so the state at a line depends on few lines before it, and a block whose first
// lines were judged without knowing what came before soon agrees with the truth (see segment.h).
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/time.h"

namespace regtriage {

// Where an untimed line stood, until a neighbour lends it a time.
struct OrderMark {
  TimeNs fine = kNoTime;    // last time with a fraction, if near
  TimeNs second = kNoTime;  // of the whole-second line before it
  std::uint32_t in_second = 0, in_run = 0;
};

class OrderState {
 public:
  // The hint of a line with a finer time. Milliseconds of a transport may be the same for many
  // lines: they keep their order.
  std::uint32_t fine_time(TimeNs time) {
    const std::uint32_t hint = time == fine_ ? std::min(count_ + 1, kMost) : 0;
    *this = OrderState{time};
    count_ = hint;
    return hint;
  }

  // The hint of a line that prints `second`, a multiple of kSecond.
  std::uint32_t whole_second(TimeNs second) {
    std::uint32_t hint = 0;
    if (!lies_in(fine_, second)) {
      if (second != second_) count_ = run_;
      second_ = second;
      hint = count_;
    } else {
      hint = behind(fine_, second, count_);
    }
    run_ = 0;
    step();
    return hint;
  }

  OrderMark untimed() {
    const OrderMark mark{fine_, second_, count_, run_};
    run_ = std::min(run_ + 1, kMost);
    step();
    return mark;
  }

  bool operator==(const OrderState&) const = default;

  // The hint of an untimed line to which a neighbour lent `time`; `after` it or before it.
  static std::uint32_t lent(const OrderMark& mark, TimeNs time, bool whole_second, bool after) {
    if (whole_second && lies_in(mark.fine, time)) return behind(mark.fine, time, mark.in_second);
    if (whole_second && mark.second == time) return mark.in_second;
    return mark.in_run + (after ? 1 : 0);
  }

  OrderState() = default;

 private:
  static constexpr std::uint32_t kNear = 256;            // lines
  static constexpr std::uint32_t kMost = 1'000'000'000;  // keeps hints below 4e9

  explicit OrderState(TimeNs fine) : fine_(fine) {}

  static bool lies_in(TimeNs fine, TimeNs second) {
    return fine != kNoTime && fine >= second && fine - second < 2 * kSecond;
  }
  static std::uint32_t behind(TimeNs fine, TimeNs second, std::uint32_t count) {
    return static_cast<std::uint32_t>(fine - second) + 1 + count;
  }
  void step() {
    count_ = std::min(count_ + 1, kMost);
    if (fine_ == kNoTime || ++since_ < kNear) return;
    fine_ = kNoTime;
    since_ = 0;
  }

  TimeNs fine_ = kNoTime;
  TimeNs second_ = kNoTime;  // of the last whole-second line that had no fine time near
  std::uint32_t since_ = 0;  // lines since `fine_`
  std::uint32_t count_ = 0;  // lines since `fine_`, or in `second_`
  std::uint32_t run_ = 0;    // untimed lines since the last timed one
};

}  // namespace regtriage
