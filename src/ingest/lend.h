// Times and ids for records without a time (garbage-collect output, TTY, listings).
//
// The time is lent by the next timed record of the same stream, else by the one before. The
// identity is the run: a chain of content hashes from the first untimed record on, and the ordinal
// in it. A run ends at a timed record, and begins anew when its first line comes again or TTY's
// seconds run backwards (the program was started again), so the same output twice counts once.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "facts/accumulator.h"
#include "ingest/order.h"
#include "model/event.h"

namespace regtriage {

// A draft that outlives its line. Owned.
class KeptDraft {
 public:
  KeptDraft(const EventDraft& draft, const Position& at);
  EventDraft& draft() { return draft_; }
  const Position& at() const { return at_; }

 private:
  std::unique_ptr<char[]> text_;
  EventDraft draft_;  // its views point into `text_`
  Position at_;
};

struct UntimedRecord {
  EventId content;               // hash of what it says
  std::int64_t relative_s = -1;  // tty
  OrderMark mark;
  std::unique_ptr<KeptDraft> draft;  // null: no answer needs it, but the run goes on
};

// The untimed records of one stream, in order. Memory: at most kMostWaiting drafts; of a longer run
// the rest takes the time before it.
class LendQueue {
 public:
  void untimed(UntimedRecord record, Accumulator& facts);
  void timed(TimeNs time, bool whole_second, Accumulator& facts);
  void end(Accumulator& facts);

 private:
  static constexpr std::size_t kMostWaiting = 1024;
  void lend(UntimedRecord& record, TimeNs time, bool whole, bool after, Accumulator& facts) const;
  void lend_before(Accumulator& facts);
  EventId next_id(const UntimedRecord& record);

  std::vector<UntimedRecord> waiting_;
  bool long_run_ = false;  // over kMostWaiting
  EventId first_, chain_;
  std::uint64_t ordinal_ = 0;
  std::int64_t relative_s_ = -1;
  TimeNs before_ = kNoTime;
  bool before_is_whole_ = false;
};

// One stream's part in one segment: what came before its first timed record waits for the
// truth about the lines before the segment.
struct LendPiece {
  std::uint16_t stream = 0;
  std::vector<UntimedRecord> head;
  bool any_timed = false;
  TimeNs first = kNoTime;
  bool first_is_whole = false;
  LendQueue queue;  // from the first timed record on
};

// All streams of a segment. Streams share 256 places: where two meet in one, they lend each other
// times, the same way in every run.
class LendTable {
 public:
  void untimed(std::uint64_t stream, UntimedRecord record, Accumulator& facts);
  void timed(std::uint64_t stream, TimeNs time, bool whole_second, Accumulator& facts);
  std::vector<LendPiece>& pieces() { return pieces_; }

 private:
  static constexpr std::size_t kPlaces = 256;
  LendPiece& piece_of(std::uint64_t stream);

  std::array<std::uint16_t, kPlaces> index_{};  // 1 + place in `pieces_`; 0 = none
  std::vector<LendPiece> pieces_;
};

// The same over a whole source: takes the segments in order.
class SourceLender {
 public:
  void take(LendTable&& segment, Accumulator& facts);
  void end(Accumulator& facts);

 private:
  std::map<std::uint16_t, LendQueue> queues_;
};

}  // namespace regtriage
