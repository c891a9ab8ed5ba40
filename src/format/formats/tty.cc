// logrus on a terminal, as people paste it from `docker run -it`, with its colours or without:
//
//   ESC[36mINFO ESC[0m[0003] message padded to 44 bytes ESC[36mkey ESC[0m=value …
//
// The number is seconds since the program began, so there is no absolute time (with FullTimestamp a
// time stands in its place). Values are quoted as in the text formatter of the same build. Source:
// sirupsen/logrus text_formatter.go printColored, at 3d4380f and v1.9.4.
#include <array>

#include "base/text.h"
#include "format/field_slots.h"
#include "format/formats/formats.h"
#include "format/formats/logfmt.h"
#include "format/formats/pair_order.h"
#include "format/unescape.h"

namespace regtriage {
namespace {

constexpr std::size_t kMessagePad = 44;

struct LevelWord {
  std::string_view text;
  Level level;
};
constexpr std::array<LevelWord, 7> kLevels = {{{"TRAC", Level::trace},
                                               {"DEBU", Level::debug},
                                               {"INFO", Level::info},
                                               {"WARN", Level::warning},
                                               {"ERRO", Level::error},
                                               {"FATA", Level::fatal},
                                               {"PANI", Level::panic}}};

// Bytes of a colour ("ESC[36m") at the head of `text`; 0 if there is none.
std::size_t colour_length(std::string_view text) {
  if (!text.starts_with("\x1b[")) return 0;
  std::size_t at = 2;
  while (at < text.size() && at < 16 && ((text[at] >= '0' && text[at] <= '9') || text[at] == ';'))
    ++at;
  return at < text.size() && text[at] == 'm' ? at + 1 : 0;
}

// Takes colour, level, colour and '[' off the head.
Level take_level(std::string_view& rest) {
  rest.remove_prefix(colour_length(rest));
  for (const LevelWord& word : kLevels) {
    if (!rest.starts_with(word.text)) continue;
    rest.remove_prefix(word.text.size());
    rest.remove_prefix(colour_length(rest));
    if (!rest.starts_with('[')) return Level::none;
    rest.remove_prefix(1);
    return word.level;
  }
  return Level::none;
}

// "0003] " or a full time.
bool take_stamp(std::string_view& rest, Record& out) {
  const std::size_t end = rest.substr(0, 48).find(']');
  if (end == std::string_view::npos) return false;
  const std::string_view stamp = rest.substr(0, end);
  if (const auto seconds = try_i64(stamp); seconds && *seconds >= 0) {
    out.relative_s = *seconds;
  } else {
    put_time(out, stamp);
    if (out.time == kNoTime) return false;
  }
  rest.remove_prefix(end + 1);
  if (rest.starts_with(' ')) rest.remove_prefix(1);
  return true;
}

// One " ESC[36mkey ESC[0m=" (or " key=" without colours) at `at`: its key, and where its value
// begins.
struct KeyMark {
  std::string_view key;
  std::size_t value = 0;
  explicit operator bool() const { return !key.empty(); }
};

KeyMark key_mark(std::string_view text, std::size_t at, bool coloured) {
  std::size_t begin = at + 1;
  const std::size_t colour = colour_length(text.substr(begin));
  if ((colour > 0) != coloured) return {};
  begin += colour;
  if (!coloured) {
    const std::size_t key = key_length(text.substr(begin));
    return {text.substr(begin, key), begin + key + 1};
  }
  const std::size_t end = text.find('\x1b', begin);
  if (end == std::string_view::npos) return {};
  const std::size_t reset = colour_length(text.substr(end));
  if (reset == 0 || end + reset >= text.size() || text[end + reset] != '=') return {};
  return {text.substr(begin, end - begin), end + reset + 1};
}

// The first mark at or behind `from`; sets `at` to the blank before it, or to the end of the text.
KeyMark next_mark(std::string_view text, std::size_t from, bool coloured, std::size_t& at) {
  for (at = from; at < text.size(); ++at) {
    at = coloured ? text.find(" \x1b[", at) : text.find(' ', at);
    if (at == std::string_view::npos) break;
    if (const KeyMark mark = key_mark(text, at, coloured)) return mark;
  }
  at = text.size();
  return {};
}

// Without colours a message may hold "key=" itself; the pairs begin behind the padding.
KeyMark first_mark(std::string_view text, bool coloured, std::size_t& at) {
  KeyMark mark = next_mark(text, coloured ? 0 : std::min(kMessagePad, text.size()), coloured, at);
  while (mark && !coloured && text[at - 1] != ' ') mark = next_mark(text, at + 1, coloured, at);
  return mark;
}

// Quoted text stands in the line as one piece; if the next mark found lies inside of it, it is
// none.
std::size_t end_of_value(std::string_view text, std::size_t begin, bool coloured, bool& escaped) {
  escaped = false;
  if (begin < text.size() && text[begin] == '"') {
    const std::size_t quote = end_of_quoted(text, begin + 1, escaped);
    const bool closes = quote != std::string_view::npos &&
                        (quote + 1 == text.size() || key_mark(text, quote + 1, coloured));
    if (closes) return quote + 1;
  }
  std::size_t at = 0;
  next_mark(text, begin, coloured, at);
  return at;
}

std::string_view decoded(std::string_view value, bool escaped, TextRoom& room) {
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return value;
  value = value.substr(1, value.size() - 2);
  bool strict = true;
  if (!escaped) return value;
  const std::string_view text = unescaped(value, room, strict);
  return strict ? text : value;  // upstream's builds do not escape
}

void take_pairs(std::string_view text, std::size_t at, KeyMark mark, bool coloured,
                Scratch& scratch, Record& out) {
  while (mark) {
    bool escaped = false;
    const std::size_t end = end_of_value(text, mark.value, coloured, escaped);
    const std::string_view value =
        decoded(text.substr(mark.value, end - mark.value), escaped, scratch.room);
    const Slotted slotted = put_in_slot(out, mark.key, value);
    if (slotted == Slotted::repeated) out.suspicious = true;
    if (slotted != Slotted::taken) scratch.fields.push_back({mark.key, value});
    mark = next_mark(text, end, coloured, at);
  }
}

}  // namespace

bool tty_begins(std::string_view payload) { return take_level(payload) != Level::none; }

Parsed parse_tty(std::string_view payload, Scratch& scratch, Record& out) {
  out = Record{};
  scratch.fields.clear();
  scratch.room.begin(payload.size());
  const bool coloured = payload.starts_with('\x1b');
  std::string_view rest = payload;
  out.level = take_level(rest);
  if (!take_stamp(rest, out)) return Parsed::not_mine;
  std::size_t end = 0;
  const KeyMark mark = first_mark(rest, coloured, end);
  out.message = trimmed(rest.substr(0, end));
  take_pairs(rest, end, mark, coloured, scratch, out);
  out.format = Format::tty;
  out.fields = scratch.fields;
  return Parsed::record;
}

}  // namespace regtriage
