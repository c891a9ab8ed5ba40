// Lines to records: envelopes are peeled (stacked, too), then the payload is parsed. Each line is
// judged for itself; the sticky guess only orders the attempts and never changes a result.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "format/heading.h"
#include "model/record.h"

namespace regtriage {

// Peels every envelope of one line. O(bytes). One thread per peeler; views are valid until its next
// call.
class EnvelopePeeler {
 public:
  EnvelopePeeler();
  ~EnvelopePeeler();
  struct Options {
    int year = 0;  // for RFC 3164 times
    int zone_offset_s = 0;
  };
  void set_options(const Options& options);
  // `line` without its LF (a CR before it is taken off). `writable_tail` bytes behind the line may
  // be read (simdjson padding). Returns false for an envelope whose payload is missing (journald's
  // null, broken JSON that claims to be docker's).
  bool peel(std::string_view line, Envelope& out);
  // Bit set of the envelopes met since the last call of clear_seen(), by index into
  // envelope_words().
  std::uint32_t seen() const;
  void clear_seen();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};
std::string_view envelope_word(unsigned index);  // "docker-json", "cri", …; empty past the end

// What parsing one payload gave.
enum class Parsed : std::uint8_t {
  record,  // `out` is filled
  open,  // a text record whose value goes on in the next line (upstream's unescaped S3 errors): the
         // caller appends
         // '\n' + the next payload of this stream and parses again, unless starts_record(next) or
         // there is none; then `out`, filled from what is there, is the record
  not_mine,  // no format claims it: `out` is the bare text, as Format::text
};

// Parses one payload. O(bytes). One thread per parser; views are valid until its next call.
class RecordParser {
 public:
  RecordParser();
  ~RecordParser();
  Parsed parse(std::string_view payload, Record& out);
  // Is this line (without envelope) a heading, or one that means something only below `heading`?
  // Then `out` is filled, and `heading` is what the next line stands under. A line that is neither
  // ends the heading. O(bytes).
  bool parse_below(std::string_view line, Heading& heading, Record& out);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// What a record begins with.
struct RecordHead {
  TimeNs time = kNoTime;
  Level level = Level::none;
  std::string_view message;  // a view into the payload
};

// The head of a payload that parse() would surely make a whole record of, with just this time,
// level and message. Nothing is no answer: only distribution's fixed messages in logrus' usual text
// are known here. Looks at the head and for the last quote: O(1) for an ordinary line.
std::optional<RecordHead> try_head(std::string_view payload);

// Does a listing as JSON begin here? Then what stands before it, a lone brace, waits for no more. A
// look at the first bytes.
bool heads_listing(std::string_view line);

// A line may hold a whole listing as JSON, of many objects: the bytes of its first piece, in which
// at most one ends. All of the line, if it is no such listing. The pieces are judged one behind the
// other, as lines would be. O(bytes of the piece).
std::size_t piece_of_listing(std::string_view line, const Heading& heading);

// Would this payload begin a record of its own? Cheap: a look at the first bytes. A repository's
// name alone (garbage-collect) does not count, though parse() takes it.
bool starts_record(std::string_view payload);

// Does `next` go on the open record `so_far`? `unless_it_begins`: if starts_record(next) says no.
enum class Joins : std::uint8_t { yes, no, unless_it_begins };
Joins joins_record(std::string_view so_far, std::string_view next);

}  // namespace regtriage
