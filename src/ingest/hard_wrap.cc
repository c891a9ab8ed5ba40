#include "ingest/hard_wrap.h"

#include <algorithm>
#include <vector>

namespace regtriage {
namespace {

constexpr std::size_t kNarrowest = 60, kWidest = 500;  // terminals
constexpr std::size_t kFewestFull = 4;

// A word with '=' in it: a pair, which may stand in the middle of a line; a time does not.
bool is_pair(std::string_view text) {
  const std::string_view word = text.substr(0, text.find_first_of(" \t\""));
  return word.find('=') != std::string_view::npos && !text.starts_with("time=");
}

struct Line {
  std::string_view text;
  bool begins = false;
};

std::size_t characters_in(std::string_view line) {
  return static_cast<std::size_t>(
      std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

// Whole lines only: the last one may go on behind the head.
std::vector<Line> lines_in(std::string_view head, EnvelopePeeler& peeler) {
  std::vector<Line> lines;
  for (std::size_t end = head.find('\n'); end != std::string_view::npos; end = head.find('\n')) {
    std::string_view line = head.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back({line, surely_begins(line, peeler)});
    head.remove_prefix(end + 1);
  }
  return lines;
}

}  // namespace

bool is_full(std::string_view line, std::size_t width) {
  return line.size() == width || (line.size() > width && characters_in(line) == width);
}

bool surely_begins(std::string_view line, EnvelopePeeler& peeler) {
  if (line.empty() || line[0] == ' ' || line[0] == '\t') return false;
  if (starts_record(line) && !is_pair(line)) return true;
  Envelope envelope;
  peeler.clear_seen();
  const bool peeled = peeler.peel(line, envelope);
  if (!peeled || peeler.seen() == 0) return false;
  return envelope.time != kNoTime || !envelope.instance.empty() ||
         (starts_record(envelope.payload) && !is_pair(envelope.payload));
}

std::size_t wrap_width_of(std::string_view head, EnvelopePeeler& peeler) {
  const std::vector<Line> lines = lines_in(head, peeler);
  std::size_t width = 0;
  for (const Line& line : lines) width = std::max(width, characters_in(line.text));
  if (width < kNarrowest || width > kWidest) return 0;
  std::size_t full = 0, rests = 0, behind_full = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    full += is_full(lines[i].text, width) ? 1 : 0;
    if (lines[i].begins || lines[i].text.empty() || i == 0) continue;
    ++rests;
    behind_full += is_full(lines[i - 1].text, width) ? 1 : 0;
  }
  const bool many = full >= kFewestFull && full * 5 >= lines.size();
  return many && behind_full >= kFewestFull && behind_full * 10 >= rests * 9 ? width : 0;
}

}  // namespace regtriage
