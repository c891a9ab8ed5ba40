// Application lines of Harbor's core, jobservice, registryctl, and of its job logs.
//
//   RFC3339 SP '[' LEVEL ']' SP [ '[' file ':' n ']' [ '[' k="v" { SP k="v" } ']' ] ':' SP ]
//   message
//
// Who shares a line often cuts the time off: then the file must be there.
//
// Keys may hold a blank ("client IP", "user agent"), values are not escaped, and the message ends
// with a blank where Harbor prints one. Source: goharbor/harbor src/lib/log/{logger,formatter}.go
// v2.7.4; src/server/middleware/log/log.go for the fields.
#include "base/text.h"
#include "format/field_slots.h"
#include "format/formats/formats.h"

namespace regtriage {
namespace {

constexpr std::size_t kShortestTime = 20;  // "2026-11-25T00:46:03Z"
constexpr std::size_t kLongestLevel = 8;
constexpr std::size_t kMostFields = 16;

bool digit(char c) { return c >= '0' && c <= '9'; }

// Bytes of the time at the head, with the blank behind it; 0 if there is none.
std::size_t time_bytes(std::string_view text) {
  if (text.size() < kShortestTime + 4 || !digit(text[0]) || text[4] != '-' || text[7] != '-' ||
      text[10] != 'T' || text[13] != ':')
    return 0;
  const std::size_t end = text.substr(0, 40).find(' ');
  return end == std::string_view::npos || end < kShortestTime ? 0 : end + 1;
}

// "LEVEL" of "[LEVEL] " at the head; empty if there is none.
std::string_view level_at(std::string_view text) {
  if (!text.starts_with('[')) return {};
  const std::size_t close = text.substr(0, kLongestLevel + 3).find("] ");
  if (close == std::string_view::npos || close < 2) return {};
  for (const char c : text.substr(1, close - 1))
    if (c < 'A' || c > 'Z') return {};
  return text.substr(1, close - 1);
}

// "[/dir/file.go:12]".
bool names_file(std::string_view text) {
  if (!text.starts_with("[/")) return false;
  const std::string_view file = text.substr(0, text.substr(0, 160).find(']'));
  return contains(file, ".go:");
}

void put_field(Record& out, Scratch& scratch, std::string_view key, std::string_view value) {
  if (key == "requestID")
    out.request_id = value;
  else if (key == "client IP")
    out.remote = value;
  else if (key == "user agent")
    out.agent = value;
  else if (scratch.fields.size() < kMostFields)
    scratch.fields.push_back({key, value});
}

// `k="v" k="v"`, up to "]: " behind a quote; takes it off the head. Unescaped values end at the
// first quote that a new key or the end follows.
void take_fields(std::string_view& rest, Scratch& scratch, Record& out) {
  if (!rest.starts_with('[')) return;
  const std::size_t end = rest.find("\"]: ");
  if (end == std::string_view::npos) return;
  std::string_view fields = rest.substr(1, end);
  rest.remove_prefix(end + 2);
  while (!fields.empty()) {
    const std::size_t open = fields.find("=\"");
    if (open == std::string_view::npos) return;
    const std::size_t close = fields.find("\" ", open + 2);
    const std::size_t last = close == std::string_view::npos ? fields.size() - 1 : close;
    if (last < open + 2) return;
    put_field(out, scratch, fields.substr(0, open), fields.substr(open + 2, last - open - 2));
    fields.remove_prefix(std::min(last + 2, fields.size()));
  }
}

}  // namespace

bool harbor_begins(std::string_view payload) {
  const std::size_t time = time_bytes(payload);
  const std::string_view level = level_at(payload.substr(time));
  return !level.empty() && (time != 0 || names_file(payload.substr(level.size() + 3)));
}

Parsed parse_harbor(std::string_view payload, Scratch& scratch, Record& out) {
  out = Record{};
  scratch.fields.clear();
  scratch.room.begin(payload.size());
  const std::size_t behind = time_bytes(payload);
  if (behind != 0) {
    out.time_text = payload.substr(0, behind - 1);
    const auto time = try_rfc3339(out.time_text);
    if (!time) return Parsed::not_mine;
    out.time = *time;
  }
  std::string_view rest = payload.substr(behind);
  const std::string_view level = level_at(rest);
  put_level(out, level);
  rest.remove_prefix(level.size() + 3);
  if (rest.starts_with("[/")) {
    const std::size_t close = rest.find(']');
    if (close != std::string_view::npos) {
      scratch.fields.push_back({"file", rest.substr(1, close - 1)});
      rest.remove_prefix(close + 1);
      take_fields(rest, scratch, out);
      if (rest.starts_with(": ")) rest.remove_prefix(2);
    }
  }
  out.format = Format::harbor;
  out.message = trimmed(rest);
  out.fields = scratch.fields;
  return Parsed::record;
}

}  // namespace regtriage
