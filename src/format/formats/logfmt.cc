// Key=value text as logrus prints it, in both grammars.
//
// Which of the two a line is in is read from the line alone: upstream's builds end each line with a
// blank, newer ones never do. A line without that blank which breaks the newer grammar (an open
// quote, a bad escape, a key that comes twice) is read as upstream's, too: a transport may have
// taken the blank off, or the record goes on in the next line. Sources: sirupsen/logrus
// text_formatter.go at 3d4380f (distribution 2.7.1, 2.8.3 vendor.conf) and v1.9.4.
#include "format/formats/logfmt.h"

#include "base/scan.h"
#include "base/text.h"
#include "format/field_slots.h"
#include "format/formats/formats.h"
#include "format/formats/pair_order.h"
#include "format/unescape.h"

namespace regtriage {
namespace {

bool letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '@';
}

// Of the first `c` at or behind `from`; the line's size if there is none.
std::size_t position_of(std::string_view line, std::size_t from, char c) {
  const char* const end = line.data() + line.size();
  return static_cast<std::size_t>(find_byte(line.data() + from, end, c) - line.data());
}

// May a pair begin at `at`, or the line end there?
bool border(std::string_view line, std::size_t at, std::size_t& key) {
  key = 0;
  if (at >= line.size()) return true;
  key = key_length(line.substr(at));
  return key > 0;
}

// Where the raw value at `from` ends, and how long the key behind it is. `closed` false: the line
// ended first.
struct RawEnd {
  std::size_t end = 0, next = 0, next_key = 0;
  bool closed = true;
};

RawEnd end_of_raw_quoted(std::string_view line, std::size_t from) {
  RawEnd found;
  for (std::size_t at = from;; ++at) {
    at = position_of(line, at, '"');
    if (at == line.size()) return {line.size(), line.size(), 0, false};
    if (at + 1 == line.size()) return {at, line.size(), 0, true};
    if (line[at + 1] == ' ' && border(line, at + 2, found.next_key)) {
      found.end = at;
      found.next = at + 2;
      return found;
    }
  }
}

RawEnd end_of_raw_bare(std::string_view line, std::size_t from) {
  RawEnd found;
  for (std::size_t at = from;; ++at) {
    at = position_of(line, at, ' ');
    if (at == line.size()) return {line.size(), line.size(), 0, true};
    if (border(line, at + 1, found.next_key)) {
      found.end = at;
      found.next = at + 1;
      return found;
    }
  }
}

void begin_record(Scratch& scratch, Record& out) {
  out = Record{};
  out.format = Format::logfmt;
  scratch.fields.clear();
}

// False if a key comes twice or an escape is none of Go's: then the line is not in the newer
// grammar.
bool take_quoted_pairs(Scratch& scratch, Record& out) {
  bool strict = true;
  for (const Pair& pair : scratch.pairs) {
    const std::string_view value =
        pair.escaped ? unescaped(pair.value, scratch.room, strict) : pair.value;
    const Slotted slotted = put_in_slot(out, pair.key, value);
    if (slotted == Slotted::repeated || !strict) return false;
    if (slotted == Slotted::unknown) scratch.fields.push_back({pair.key, value});
  }
  return true;
}

void take_raw_pairs(Scratch& scratch, Record& out) {
  for (const Pair& pair : scratch.pairs)
    if (put_in_slot(out, pair.key, pair.value) != Slotted::taken)
      scratch.fields.push_back({pair.key, pair.value});
}

bool parse_quoted_line(std::string_view line, Scratch& scratch, Record& out) {
  if (!split_quoted_pairs(line, scratch.pairs)) return false;
  begin_record(scratch, out);
  if (!take_quoted_pairs(scratch, out)) return false;
  out.fields = scratch.fields;
  return true;
}

Parsed parse_raw_line(std::string_view line, Scratch& scratch, Record& out) {
  const Split split = split_raw_pairs(line, scratch.pairs);
  if (split == Split::no) return Parsed::not_mine;
  begin_record(scratch, out);
  if (!in_key_order(scratch.pairs)) {
    mend_key_order(line, scratch.pairs);
    out.suspicious = true;
  }
  take_raw_pairs(scratch, out);
  out.fields = scratch.fields;
  return split == Split::open ? Parsed::open : Parsed::record;
}

}  // namespace

std::size_t key_length(std::string_view text) {
  if (text.empty() || !letter(text[0])) return 0;
  const char* const end = text.data() + text.size();
  const char* const stop = scan::end_of<scan::KeyBytes>(text.data() + 1, end);
  return stop != end && *stop == '=' ? static_cast<std::size_t>(stop - text.data()) : 0;
}

bool split_quoted_pairs(std::string_view line, std::vector<Pair>& pairs) {
  pairs.clear();
  for (std::size_t at = 0; at < line.size(); ++at) {
    const std::size_t key = key_length(line.substr(at));
    if (key == 0) return false;
    Pair pair{line.substr(at, key), {}, false, false, 0};
    at += key + 1;
    if (at < line.size() && line[at] == '"') {
      const std::size_t end = end_of_quoted(line, at + 1, pair.escaped);
      if (end == std::string_view::npos) return false;
      pair.quoted = true;
      pair.value = line.substr(at + 1, end - at - 1);
      at = end + 1;
      if (at < line.size() && line[at] != ' ') return false;
    } else {
      const std::size_t end = position_of(line, at, ' ');
      pair.value = line.substr(at, end - at);
      at = end;
    }
    pairs.push_back(pair);
  }
  return !pairs.empty();
}

Split split_raw_pairs(std::string_view line, std::vector<Pair>& pairs) {
  pairs.clear();
  std::size_t key = key_length(line);
  if (key == 0) return Split::no;
  for (std::size_t at = 0; key > 0;) {
    Pair pair{line.substr(at, key), {}, false, false, static_cast<std::uint32_t>(pairs.size())};
    at += key + 1;
    pair.quoted = at < line.size() && line[at] == '"';
    const RawEnd end = pair.quoted ? end_of_raw_quoted(line, at + 1) : end_of_raw_bare(line, at);
    const std::size_t begin = at + (pair.quoted ? 1 : 0);
    pair.value = line.substr(begin, end.end - begin);
    pairs.push_back(pair);
    if (!end.closed) return Split::open;
    at = end.next;
    key = end.next_key;
  }
  return Split::whole;
}

bool logfmt_begins(std::string_view payload) {
  return payload.starts_with("time=") || payload.starts_with("level=") ||
         payload.starts_with("ts=");
}

namespace {

// One pair a line, as pages and tables leave a record: the first line holds the time alone.
bool is_spread(std::string_view payload) {
  constexpr std::size_t kLongestTime = 64;
  const std::string_view first = payload.substr(0, payload.find('\n'));
  return first.starts_with("time=") && first.size() < kLongestTime &&
         first.find(' ') == std::string_view::npos;
}

// Whether more pairs follow only the next line tells, so the record stays open.
Parsed parse_spread(std::string_view payload, Scratch& scratch, Record& out) {
  char* const begin = scratch.room.end();
  payload.copy(begin, payload.size());
  for (char* at = begin; at != begin + payload.size(); ++at)
    if (*at == '\n' || *at == '\r') *at = ' ';
  const std::string_view line = trimmed(scratch.room.keep(payload.size()));
  if (parse_quoted_line(line, scratch, out)) return Parsed::open;
  return parse_raw_line(line, scratch, out) == Parsed::not_mine ? Parsed::not_mine : Parsed::open;
}

}  // namespace

namespace {

// `text` begins with `word`, which is taken off.
bool take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

// Is every quoted value closed, in either grammar? In upstream's a value ends at a quote before a
// pair or the end, so whatever is open ends at the line's last quote, if that one closes anything.
bool is_closed(std::string_view line) {
  const std::size_t last = line.rfind('"');
  if (last == std::string_view::npos || last == 0 || line[last - 1] == '=') return false;
  std::size_t key = 0;
  return last + 1 == line.size() || (line[last + 1] == ' ' && border(line, last + 2, key));
}

// The end of a quotation in Markdown, where a line was cut off inside of a value.
bool is_fence(std::string_view line) {
  constexpr std::size_t kLongest = 16;  // "```console"
  const std::string_view text = trimmed(line);
  return text == "`" || (text.starts_with("```") && text.size() <= kLongest);
}

}  // namespace

std::optional<RecordHead> try_head(std::string_view payload) {
  constexpr std::size_t kLongestTime = 63;  // as put_time
  std::string_view rest = payload;
  if (!take(rest, "time=\"")) return std::nullopt;
  const std::string_view time = rest.substr(0, position_of(rest.substr(0, kLongestTime), 0, '"'));
  rest.remove_prefix(time.size());
  if (!take(rest, "\" level=")) return std::nullopt;
  const std::string_view level = rest.substr(0, position_of(rest, 0, ' '));
  rest.remove_prefix(level.size());
  if (!take(rest, " msg=\"")) return std::nullopt;
  const char* const end = rest.data() + rest.size();
  const char* const stop = find_either(rest.data(), end, '"', '\\');
  RecordHead head;
  head.message = rest.substr(0, static_cast<std::size_t>(stop - rest.data()));
  rest.remove_prefix(head.message.size());
  if (!is_fixed_message(head.message) || !take(rest, "\" ")) return std::nullopt;
  const std::string_view next = rest.substr(0, key_length(rest));
  // (A second one of the first three would be forged into the message.)
  if (next.empty() || next == "time" || next == "level" || next == "msg") return std::nullopt;
  if (!is_closed(rest)) return std::nullopt;
  head.level = try_level(level).value_or(Level::none);
  head.time = try_rfc3339(time).value_or(kNoTime);
  if (head.level == Level::none || head.time == kNoTime) return std::nullopt;
  return head;
}

Joins joins_record(std::string_view so_far, std::string_view next) {
  if (is_fence(next)) return Joins::no;
  if (!is_spread(so_far)) return Joins::unless_it_begins;
  const bool pair = key_length(next) != 0 && !next.starts_with("time=");
  return pair ? Joins::yes : Joins::no;
}

Parsed parse_logfmt(std::string_view payload, Scratch& scratch, Record& out) {
  scratch.room.begin(2 * payload.size());
  if (is_spread(payload)) return parse_spread(payload, scratch, out);
  const bool raw = payload.ends_with(' ');
  if (!raw && parse_quoted_line(payload, scratch, out)) return Parsed::record;
  return parse_raw_line(payload, scratch, out);
}

}  // namespace regtriage
