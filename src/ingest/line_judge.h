// Lines to facts: peel, join what belongs together, parse, classify, account for every byte.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "classify/classifier.h"
#include "facts/accumulator.h"
#include "format/format.h"
#include "ingest/block_reader.h"
#include "ingest/carry.h"
#include "ingest/census.h"
#include "ingest/lend.h"
#include "ingest/tally.h"
#include "ingest/told_answer.h"

namespace regtriage {

// What judging some lines gave.
struct JudgedLines {
  Accumulator facts;
  LendTable lent;
  Tally tally;
  Census census;  // empty unless it is asked for

  void clear() {  // the facts keep their memory
    facts.clear();
    lent = {};
    tally = {};
    census = {};
  }
};

// What holds for all lines of a source.
struct SourceSettings {
  SourceId source = 0;
  std::string instance;  // for lines that name none
  std::size_t max_line_bytes = 0;
  int year = 0;           // for the transport's times that have none
  TimeNs near = kNoTime;  // … unless another year brings them nearer to this one
  int zone_offset_s = 0;
  bool keep_all = false;  // see IngestOptions
  bool census = false;    // see IngestOptions
  std::size_t wrap = 0;   // the width at which a terminal cut the lines; 0: none did (hard_wrap.h)
};

// Holds the parsers and all scratch of one thread. O(bytes); allocates nothing for an ordinary
// line.
class LineJudge {
 public:
  explicit LineJudge(const Classifier& classifier);

  // Before the first lines of another source.
  void begin_source(const SourceSettings& settings);
  // Judges the lines at [begin, end) of the block's text, of which the first has the number `line`;
  // `carry` is what the lines before left, and becomes what these leave.
  void judge(const Block& block, std::size_t begin, std::size_t end, std::uint32_t line,
             Carry& carry, JudgedLines& out);
  // At the end of a source: judges what waits for lines that will not come.
  void close(Carry& carry, JudgedLines& out);
  // The time of the first record in `head` that prints one; kNoTime if there is none.
  TimeNs first_time_in(std::string_view head);
  // How far the clock of a transport that prints neither year nor zone is east of UTC, in seconds:
  // what most lines of `head` say that print a time of their own, too, with its zone. Whole
  // quarters of an hour; nothing if no line says it, or they disagree. `year` is that of
  // first_time_in.
  std::optional<int> zone_in(std::string_view head, int year);
  // See hard_wrap.h.
  std::size_t wrap_width(std::string_view head);
  // Is one of these envelopes (a bit set) one whose times have no year?
  bool any_yearless(std::uint32_t envelopes) const { return (envelopes & yearless_) != 0; }

 private:
  // One logical line: a line without envelope, its parts joined. Borrowed.
  struct Payload {
    std::string_view text;
    std::string_view instance;
    std::uint64_t stream = 0;
    Position at;
    std::uint64_t bytes = 0;  // with line ends and envelopes
    std::uint64_t over = 0;   // of these: beyond the line limit
    std::uint32_t lines = 1;
    TimeNs time = kNoTime;  // the transport's
    bool yearless = false;  // the transport prints no year
    bool orphan = false;    // its beginning or end is missing
  };
  static Payload payload_of(const Gathered& gathered, const OpenStream& stream);

  void judge_line(std::string_view line, Position at, std::uint64_t bytes, std::uint64_t skipped,
                  std::uint32_t lines = 1);
  void judge_wrapped(std::string_view line, Position at, std::uint64_t bytes,
                     std::uint64_t skipped);
  void close_wrapped();
  bool judge_pieces(std::string_view line, Position at, std::uint64_t bytes, std::uint64_t over);
  bool judge_below_heading(std::string_view line, Position at, std::uint64_t bytes);
  void judge_payload(const Payload& payload);
  void keep(const Payload& payload);
  void account_told(const Payload& payload, TimeNs time);
  bool pass_over(const Payload& payload);
  bool take_dry_run(const Payload& payload);
  void keep_listed(const Payload& payload);
  void keep_timed(const Payload& payload);
  void keep_untimed(const Payload& payload);
  void count_kept(const Payload& payload);
  void refuse(Reject reason, const Payload& payload);
  std::uint64_t stream_of(const Envelope& envelope);

  // Streams that wait for more lines (open_streams.cc).
  void judge_beside_open_streams(const Payload& payload, Envelope::Part part);
  void judge_or_continue(const Payload& payload);
  bool continue_record(OpenStream& stream, const Payload& payload);
  bool keep_as_tail(const Payload& payload);
  bool complete_tail(OpenStream& stream, const Payload& payload);
  void close_tail(std::uint64_t stream);
  OpenStream* try_find(std::uint64_t stream);
  OpenStream& open_stream(const Payload& payload);
  void gather(Gathered& into, const Payload& payload) const;
  void close_parts(std::uint64_t stream);
  void close_record(std::uint64_t stream);
  void close_stream(std::uint64_t stream);
  void close_overdue(std::uint32_t line);
  void drop_idle_streams();
  void bound_open_streams();

  const Classifier& classifier_;
  EnvelopePeeler peeler_;
  RecordParser parser_;
  Classifier::Scratch scratch_;
  SourceSettings settings_;
  Envelope envelope_;
  Record record_;
  EventDraft draft_;
  ToldAnswer answer_;
  std::string last_instance_, last_stream_name_;  // of the stream `last_stream_`
  std::uint64_t last_stream_ = 0;
  std::uint32_t yearless_ = 0;  // envelopes whose times have no year, see EnvelopePeeler::seen
  Carry* carry_ = nullptr;      // of the call under way
  JudgedLines* out_ = nullptr;
};

// The year in UTC.
int year_of(TimeNs time);

}  // namespace regtriage
