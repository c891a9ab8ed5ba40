// JFrog Artifactory's request log, in its two forms, and its server log.
//
//   2024-05-01T09:00:00.120Z|3bf7e8b5a1c2d3e4|10.0.0.7|alice|GET|/api/docker/R/v2/…|404|-1|157|12|agent
//   20170531135745|152|REQUEST|10.0.0.7|alice|GET|/api/docker/R/v2/…|HTTP/1.1|404|157
//   2024-05-01T09:00:00.120Z [jfrt ] [ERROR] [3bf7e8b5a1c2d3e4] [o.a.d.DockerHandler:12] [thread] -
//   message
//
// UTC. The server log's time is peeled as a transport's before a line gets here (timestamps.cc);
// both are read. Sources: JFrog's documentation "Artifactory Log Files" (7.x and 6.x).
#include <array>

#include "base/text.h"
#include "base/time.h"
#include "format/field_slots.h"
#include "format/formats/formats.h"
#include "format/formats/product_line.h"

namespace regtriage {
namespace {

constexpr std::size_t kMostCells = 12;

bool digit(char c) { return c >= '0' && c <= '9'; }

struct Cells {
  std::array<std::string_view, kMostCells> text;
  std::size_t count = 0;
};

// The last cell takes what is left.
Cells cells_of(std::string_view line) {
  Cells cells;
  while (cells.count < kMostCells) {
    const std::size_t bar = cells.count + 1 == kMostCells ? std::string_view::npos : line.find('|');
    cells.text[cells.count++] = line.substr(0, bar);
    if (bar == std::string_view::npos) break;
    line.remove_prefix(bar + 1);
  }
  return cells;
}

void put_request(const Cells& cells, std::size_t method, Record& out) {
  out.remote = cells.text[method - 2];
  out.user = cells.text[method - 1];
  if (out.user == "non_authenticated_user") out.user = {};
  out.method = cells.text[method];
  out.uri = cells.text[method + 1];
}

bool take_new_request(const Cells& cells, Record& out) {
  constexpr std::size_t kStatus = 6, kWritten = 8, kDuration = 9, kAgent = 10;
  if (cells.count < kAgent) return false;
  put_request(cells, 4, out);
  out.request_id = cells.text[1];
  out.status = try_i64(cells.text[kStatus]).value_or(-1);
  out.written = try_i64(cells.text[kWritten]).value_or(-1);
  const std::int64_t ms = try_i64(cells.text[kDuration]).value_or(-1);
  if (ms >= 0 && ms < 86'400'000) out.duration_ns = ms * 1'000'000;
  if (cells.count > kAgent) out.agent = cells.text[kAgent];
  return out.status >= 0;
}

bool take_old_request(const Cells& cells, Record& out) {
  constexpr std::size_t kProto = 7, kStatus = 8, kWritten = 9;
  if (cells.count <= kStatus || !cells.text[kProto].starts_with("HTTP/")) return false;
  put_request(cells, 5, out);
  out.status = try_i64(cells.text[kStatus]).value_or(-1);
  if (cells.count > kWritten) out.written = try_i64(cells.text[kWritten]).value_or(-1);
  return out.status >= 0;
}

// "20170531135745" → the time.
TimeNs compact_time(std::string_view text, Scratch& scratch) {
  char* const begin = scratch.room.end();
  constexpr std::string_view kForm = "YYYY-MM-DDTHH:MM:SSZ";
  std::size_t from = 0;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    const bool sign = kForm[i] == '-' || kForm[i] == ':' || kForm[i] == 'T' || kForm[i] == 'Z';
    begin[i] = sign ? kForm[i] : text[from++];
  }
  return try_rfc3339({begin, kForm.size()}).value_or(kNoTime);
}

bool is_server_line(std::string_view text) {
  return text.starts_with("[jf") && text.substr(0, 10).find("] [") != std::string_view::npos;
}

Parsed parse_server_line(std::string_view rest, Scratch& scratch, Record& out) {
  std::string_view service, level, trace, place, thread;
  if (!take_bracket(rest, service) || !take_bracket(rest, level) || !take_bracket(rest, trace))
    return Parsed::not_mine;
  put_level(out, level);
  take_bracket(rest, place);
  take_bracket(rest, thread);
  if (rest.starts_with("- ")) rest.remove_prefix(2);
  out.format = Format::artifactory;
  out.request_id = trace;
  out.message = rest;
  scratch.fields.push_back({"logger", place});
  out.fields = scratch.fields;
  if (out.level >= Level::warning) take_subject(rest, scratch, out);
  return Parsed::record;
}

}  // namespace

bool artifactory_begins(std::string_view payload) {
  if (is_server_line(payload)) return true;
  if (payload.size() < 30 || !digit(payload[0]) || !digit(payload[3])) return false;
  const std::size_t bar = payload.substr(0, 36).find('|');
  return bar == 14 || (bar != std::string_view::npos && payload[10] == 'T');
}

Parsed parse_artifactory(std::string_view payload, Scratch& scratch, Record& out) {
  out = Record{};
  scratch.fields.clear();
  scratch.room.begin(2 * payload.size() + 64);
  if (is_server_line(payload)) return parse_server_line(payload, scratch, out);
  const Cells cells = cells_of(payload);
  const bool old = cells.text[0].size() == 14;
  if (old ? !take_old_request(cells, out) : !take_new_request(cells, out)) return Parsed::not_mine;
  if (old) {
    out.time = compact_time(cells.text[0], scratch);
    out.time_text = cells.text[0];
  } else {
    put_time(out, cells.text[0]);
  }
  out.format = Format::artifactory;
  return out.time == kNoTime ? Parsed::not_mine : Parsed::record;
}

}  // namespace regtriage
