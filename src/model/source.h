// What was read, and whether all of it was accounted for (law L4).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "model/position.h"
#include "model/record.h"

namespace regtriage {

// Why a line was not understood. Its word is public.
enum class Reject : std::uint8_t {
  not_understood,  // no format claims it
  too_long,        // over the line limit: the head was judged, the rest counted
  bad_time,
  bad_envelope,  // an envelope whose payload is missing or broken
  binary,        // NUL bytes and the like
  orphan_part,   // a part of a split line whose beginning or end is missing
  bad_utf16,
  count_
};
std::string_view word_of(Reject);

struct RejectSample {
  Reject reason{};
  Position at;
  std::string head;  // first bytes, redacted, at most 120
};

// A stretch of time: from one line to the next.
struct Gap {
  TimeNs first = kNoTime, last = kNoTime;
  bool operator==(const Gap&) const = default;
};

// Bytes add up: bytes = accepted + ignored + rejected + pending.
struct SourceReport {
  std::string name;   // as given; for messages and reports only
  std::string error;  // not empty: unreadable or cut short; says why
  enum class Status : std::uint8_t {
    read,
    unreadable,
    cut_short,
    not_understood
  } status = Status::read;
  std::array<std::uint64_t, static_cast<std::size_t>(Format::count_)> lines_by_format{};
  std::vector<std::string> envelopes;  // words of the envelopes met, sorted
  std::vector<std::string> instances;  // sorted, at most 32
  std::uint64_t lines = 0, bytes = 0;
  std::uint64_t accepted = 0, ignored = 0, rejected = 0, pending = 0;  // bytes with their line ends
  std::array<std::uint64_t, static_cast<std::size_t>(Reject::count_)> rejects{};  // lines by reason
  std::vector<RejectSample> reject_samples;  // the first few by position
  TimeNs first = kNoTime, last = kNoTime;
  // Without lines for far longer than its rhythm, by time (the rule: ingest/time_slots.h).
  std::vector<Gap> gaps;
  Level lowest_level =
      Level::none;  // the most talkative level met: what a silent cause could have shown in
  // What the lines of use do not say that are timed by a transport's clock, or by Go's own logger.
  int year = 0;  // assumed; 0 = its lines say it
  bool zone_assumed = false;
  // What its clock (or its zone) is ahead of the registry's, as the requests joined with the
  // registry's lines tell (infer/requests.h); not known where there are none.
  std::optional<std::int64_t> clock_offset_ms;
};

}  // namespace regtriage
