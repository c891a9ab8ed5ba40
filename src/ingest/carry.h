// What a line means can depend on lines before it: parts of a split line, records over several
// lines, and the order hint. This is all of that state; a block judged with an equal carry gives
// equal results. Usually there is next to nothing in it. What lends times to untimed lines is kept
// apart (lend.h), for it can be joined afterwards.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "format/heading.h"
#include "ingest/order.h"
#include "model/position.h"

namespace regtriage {

// Text collected from several lines. Owned.
struct Gathered {
  std::string text;            // at most the line limit
  Position at;                 // of the first line
  std::uint64_t bytes = 0;     // of all lines, with their ends
  std::uint64_t over = 0;      // of these: beyond the limit, not judged
  std::uint32_t lines = 0;     // 0 = nothing is gathered
  TimeNs time = kNoTime;       // the transport's, of the first line
  TimeNs last_time = kNoTime;  // … of the last line
  bool yearless = false;       // the transport prints no year
  bool operator==(const Gathered&) const = default;
};

// One stream (instance and stdout or stderr) that waits for more lines.
struct OpenStream {
  std::uint64_t key = 0;
  std::string instance;
  Gathered parts;               // CRI's P, docker's pieces
  Gathered record;              // a text record whose value is not closed yet
  Gathered tail;                // newest first: the end of such a record, whose head is to come
  std::uint32_t last_line = 0;  // nothing comes for kPatience lines: closed as it is
  bool operator==(const OpenStream&) const = default;
};

struct Carry {
  std::vector<OpenStream> streams;  // sorted by key; only those that wait
  Gathered wrapped;                 // full lines of a terminal, whose rest is to come (hard_wrap.h)
  OrderState order;
  Heading heading;  // what the next line stands under
  bool operator==(const Carry&) const = default;
};

}  // namespace regtriage
