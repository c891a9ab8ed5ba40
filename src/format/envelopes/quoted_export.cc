// A line as a cell of a CSV export (Kibana, Grafana, BigQuery, spreadsheets), with or without other
// cells around it, and a line as one JSON text:
//
//   "time=""2024-07-03T13:16:03Z"" level=error …"      "2024-07-03","registry-0","{""level"":…}"
//   "time=\"2024-07-03T13:16:03Z\" level=error …"
//
// Of several cells the one with the most doubled quotes is the line. Source: RFC 4180 §2; RFC 8259
// §7.
#include "base/text.h"
#include "format/envelopes/parts.h"
#include "format/unescape.h"

namespace regtriage {
namespace {

// Where the quoted cell that begins at `from` (behind its quote) ends, and how many doubled quotes
// it holds; npos if it is not closed, or no cell's border stands behind it.
std::size_t end_of_cell(std::string_view line, std::size_t from, std::size_t& doubled) {
  doubled = 0;
  for (std::size_t at = line.find('"', from); at != std::string_view::npos;
       at = line.find('"', at)) {
    if (at + 1 == line.size() || line[at + 1] == ',' || line[at + 1] == ';' || line[at + 1] == '\t')
      return at;
    if (line[at + 1] != '"') return std::string_view::npos;
    // `""` at the very end closes a cell only if a quote is open: "a""" ends with an escaped one.
    ++doubled;
    at += 2;
  }
  return std::string_view::npos;
}

std::string_view undoubled(std::string_view cell, TextRoom& room) {
  char* const begin = room.end();
  char* to = begin;
  for (std::size_t i = 0; i < cell.size(); ++i) {
    *to++ = cell[i];
    if (cell[i] == '"' && i + 1 < cell.size() && cell[i + 1] == '"') ++i;
  }
  return room.keep(static_cast<std::size_t>(to - begin));
}

// The cell with the most doubled quotes; empty if the line is no row or has none.
std::string_view fullest_cell(std::string_view line) {
  std::string_view best;
  std::size_t most = 0;
  for (std::size_t at = 0; at < line.size();) {
    if (line[at] != '"') {
      const std::size_t end = line.find_first_of(",;\t", at);
      if (end == std::string_view::npos) break;
      at = end + 1;
      continue;
    }
    std::size_t doubled = 0;
    const std::size_t end = end_of_cell(line, at + 1, doubled);
    if (end == std::string_view::npos) return {};
    if (doubled > most) {
      most = doubled;
      best = line.substr(at + 1, end - at - 1);
    }
    at = end + 2;
  }
  return best;
}

bool is_json_text(std::string_view line) {
  return line.starts_with("\"time=\\\"") || line.starts_with("\"{\\\"");
}

}  // namespace

Peel peel_quoted_export(std::string_view line, PeelContext& context, Envelope& out) {
  while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.remove_suffix(1);
  if (is_json_text(line)) {
    if (line.ends_with(',')) line.remove_suffix(1);  // one of a list
    if (line.size() < 3 || !line.ends_with('"')) return Peel::no;
    bool strict = true;
    out.payload = unescaped(line.substr(1, line.size() - 2), context.room, strict);
  } else {
    const std::string_view cell = contains(line, "\"\"") ? fullest_cell(line) : std::string_view();
    if (cell.empty()) return Peel::no;
    out.payload = undoubled(cell, context.room);
  }
  if (out.payload.ends_with('\n')) out.payload.remove_suffix(1);
  return Peel::yes;
}

}  // namespace regtriage
