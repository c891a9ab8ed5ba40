// One source on its way: its blocks are read in order, judged in any order, and settled in order.
//
// The problem: what a line means can depend on lines before it (carry.h), which may lie in a block
// that another thread has not finished. The idea: a block is judged at once, as if nothing had come
// before, in segments that each note the carry they began and ended with. When all blocks before it
// are settled the true carry is known, and a segment that began with another one is judged again.
// As the carry forgets within some lines, that is a short head of the block, seldom more. It is
// exact, for a segment only stands if it was judged with the carry that it really has. Refused:
// finding a safe place to cut (there is none with 100 streams in one file), and one carry for each
// block from the block before (no two blocks at once).
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "ingest/block_reader.h"
#include "ingest/carry.h"
#include "ingest/ingest.h"
#include "ingest/line_judge.h"
#include "ingest/shared_facts.h"

namespace regtriage {

inline constexpr std::size_t kYearBytes = 64 << 10;  // of a source, to find a year in

struct Segment {
  std::size_t begin = 0, end = 0;  // of the block's text
  std::uint32_t line = 1;          // number of the first line
  Carry before, after;
  JudgedLines out;
};

// A block and what its lines gave so far.
struct JudgedBlock {
  Block block;
  std::vector<Segment> segments;
};

class SourceRun {
 public:
  SourceRun(SourceId id, const InputName& input) : id_(id), input_(input) {}

  // Reading: one thread at a time, with `judge` to look at the head for a year.
  void open(const IngestOptions& options, const std::atomic<bool>& stop, LineJudge& judge);
  bool read_block(Block& block, const std::atomic<bool>& stop);
  void stop_reading();
  std::uint64_t raw_bytes_read() const { return raw_bytes_read_; }

  // Any number of threads at once.
  void judge_alone(JudgedBlock& judged, LineJudge& judge) const;

  // One thread at a time, blocks in order. Afterwards what the block gave is in `facts`.
  void settle(JudgedBlock& judged, LineJudge& judge, SharedFacts& facts);
  // After the last block.
  SourceReport finish(LineJudge& judge, SharedFacts& facts);

 private:
  void refuse(const OpenSource& source);
  void judge_status();
  void judge_segment(const Block& block, Segment& segment, const Carry& before,
                     LineJudge& judge) const;

  SourceId id_;
  const InputName& input_;
  SourceSettings settings_;
  std::unique_ptr<BlockReader> reader_;  // null: nothing to read
  std::atomic<std::uint64_t> raw_bytes_read_{0};
  std::uint64_t abandoned_ = 0;
  bool zone_is_told_ = false;  // by its own lines, or by the sources that are read with it

  Carry carry_;
  SourceLender lender_;
  Tally tally_;
  SourceReport report_;
};

}  // namespace regtriage
