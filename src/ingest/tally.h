// The numbers of a SourceReport while they are counted, in pieces that can be joined in any order.
#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/time_slots.h"
#include "model/record.h"
#include "model/source.h"

namespace regtriage {

// One thread. Joins are commutative; of samples and instances the smallest are kept.
class Tally {
 public:
  std::uint64_t lines = 0, bytes = 0;
  std::uint64_t accepted = 0, ignored = 0, rejected = 0;  // bytes
  std::uint64_t undated = 0;    // lines whose only time has no year, and none could be found
  std::uint64_t by_clock = 0;   // of use, and timed by a transport that prints no year and no zone
  std::uint32_t envelopes = 0;  // bit set, see EnvelopePeeler::seen

  // Lines that were understood.
  void understood(Format format, Level level, TimeNs time, std::uint32_t record_lines);
  void met_instance(std::string_view instance);
  // `head`: the line's first bytes; what is secret in it is not kept.
  void reject(Reject reason, const Position& at, std::uint64_t reject_bytes, std::string_view head);
  void join(Tally&& other);
  // Fills everything but name, error, status, year and zone; what is not accounted for is pending.
  void write(SourceReport& report) const;
  bool any_understood() const;

 private:
  std::array<std::uint64_t, static_cast<std::size_t>(Format::count_)> formats_{};
  std::array<std::uint64_t, static_cast<std::size_t>(Reject::count_)> rejects_{};
  std::vector<RejectSample> samples_;  // sorted by position
  std::set<std::string, std::less<>> instances_;
  std::string last_instance_;
  TimeNs first_ = kNoTime, last_ = kNoTime;
  TimeSlots slots_;
  Level lowest_level_ = Level::none;
};

}  // namespace regtriage
