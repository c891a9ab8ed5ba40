// When a source has lines, in slots of time: what its gaps are found in.
//
// A gap is a silence that is far longer than the source's own rhythm. The problem: blocks are
// judged in any order, and the silences between neighbouring lines are known only when all lines
// are. The idea: the set of slots that have lines, each with the first and the last time in it,
// depends on nothing but the lines; what lies between the last time of one slot and the first of
// the next is a silence, exactly, and every silence longer than a slot is among them.
//
// The rule. Slots are 2^36 ns (69 s) wide, doubled as often as it takes to have at most 2,048 of
// them (so the finest width at which all lines fit, whatever the order). The rhythm is the longest
// silence when the longest three (of fewer than twelve: a quarter of them), or 2 % if that is more,
// are left out. A gap lasts over ten minutes, over a slot, and over eight times the rhythm. So
// pushes once an hour make no gaps, and a source of some lines only has none: its rhythm is not
// known. Refused: the time between successive lines (a burst of a hundred lines at each push makes
// every pause between pushes look rare), and quarters of the whole time (a gap longer than the rest
// hides itself).
#pragma once

#include <cstddef>
#include <vector>

#include "base/time.h"
#include "model/source.h"

namespace regtriage {

// At most 32 KiB, next to nothing for a block of an ordinary log. One thread. Joins are commutative
// and associative. A time in the slot of the time before costs two comparisons.
class TimeSlots {
 public:
  void add(TimeNs time) {  // not kNoTime
    if (at_ < slots_.size() && (slots_[at_].first >> bits_) == (time >> bits_)) {
      if (time < slots_[at_].first) slots_[at_].first = time;
      if (time > slots_[at_].last) slots_[at_].last = time;
    } else {
      add_elsewhere(time);
    }
  }
  void join(const TimeSlots& other);
  // By time; at most 2 % of the slots, or three.
  std::vector<Gap> gaps() const;

 private:
  static constexpr std::size_t kMost = 2048;
  static constexpr unsigned kFinest = 36;

  void add_elsewhere(TimeNs time);
  void widen_to(unsigned bits);
  void bound();

  std::vector<Gap> slots_;  // by time; both ends lie in one slot
  std::size_t at_ = 0;      // the slot of the last time
  unsigned bits_ = kFinest;
};

}  // namespace regtriage
