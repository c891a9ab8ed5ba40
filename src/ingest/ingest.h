// From inputs to facts: input → format → classify → facts, over blocks, on several threads. Prints
// nothing.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "classify/classifier.h"
#include "ingest/census.h"
#include "input/input.h"
#include "model/facts.h"
#include "model/shelf.h"

namespace regtriage {

struct IngestOptions {
  unsigned threads = 2;               // workers; 1 = all in the calling thread
  std::size_t block_bytes = 1 << 20;  // cut at line ends; any value from 64 up gives the same facts
  std::size_t max_line_bytes = 1 << 20;  // of a longer line the head is judged and the rest counted
  std::string instance;                  // for sources whose content names none
  int year = 0;  // for times without a year; 0 = from the other lines of the source, else rejected
  int zone_offset_s = 0;  // for times without a zone
  // A time that all sources lie near: it gives a year to a source whose own lines have none. Of
  // several sources that are read together the latest first time is taken.
  TimeNs near = kNoTime;
  // How far, in seconds, the clocks of the sources that say it are east of UTC, where they agree:
  // for a source whose own lines do not say it, and `zone_offset_s` does not either.
  std::optional<int> zone_near;
  // Where most lines may be lone (facts/lone.h) these wait on the shelf, about so many at a time in
  // memory: the rest of the facts, and what is still in memory, are the result. Null: all are.
  Shelf* shelf = nullptr;
  std::size_t most_lone_lines = 200'000;
  bool keep_all = false;     // every request stays an event of its own: for --requests
  Census* census = nullptr;  // what the rules explained is added to it; null: not counted
};

// Called now and then from the calling thread with (bytes read, bytes known in all or 0). May be
// empty.
using Progress = std::function<void(std::uint64_t, std::uint64_t)>;

// Reads everything; never fails as a whole: what goes wrong with a source stands in its
// SourceReport. `stop` (a signal's flag) ends reading early; what was read so far is the result.
Facts ingest(const std::vector<InputName>& inputs, const Classifier& classifier,
             const IngestOptions& options, const std::atomic<bool>& stop, const Progress& progress);

}  // namespace regtriage
