#include "law_logs.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "format/format.h"
#include "report/report.h"

namespace regtriage::laws {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> sorted_entries(const fs::path& folder) {
  std::vector<fs::path> entries{fs::directory_iterator(folder), fs::directory_iterator()};
  std::sort(entries.begin(), entries.end());
  return entries;
}

std::string text_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

// Where a record begins, told by the program's own parsers: a line that continues the one before
// is no border.
std::vector<std::size_t> starts_of(const std::string& text) {
  EnvelopePeeler peeler;
  std::vector<std::size_t> starts;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    Envelope envelope;
    const std::string_view line(text.data() + begin, end - begin - 1);
    if (begin == 0 || (peeler.peel(line, envelope) && starts_record(envelope.payload))) {
      starts.push_back(begin);
    }
    begin = end;
  }
  return starts;
}

Log log_of(const fs::path& folder) {
  Log log{folder.filename().string(), {}, {}};
  for (const fs::path& file : sorted_entries(folder)) {
    log.files.push_back(text_of(file));
    log.starts.push_back(starts_of(log.files.back()));
  }
  return log;
}

std::string rendered(const Facts& facts, bool canonical) {
  const Judgement judgement = judge(facts, JudgeOptions{});
  const ReportModel model{.facts = facts,
                          .judgement = judgement,
                          .tool_version = "test",
                          .ruleset = classifier().ruleset_version(),
                          .events = true,
                          .sessions = true,
                          .full = true,
                          .canonical = canonical,
                          .only = {}};
  std::string out;
  renderer_named("json")->render(model, out);
  return out;
}

std::string line_of(const Facts& facts, const Event& e) {
  return fmt::format("{} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {}\n", hex_of(e.id), e.time,
                     word_of(e.kind), e.status, e.written, e.offset, uuid_text(e.request),
                     facts.text(e.repository), facts.text(e.digest), facts.text(e.tag),
                     facts.text(e.upload), facts.text(e.client), facts.text(e.agent),
                     facts.text(e.instance), facts.text(e.detail), facts.text(e.rule));
}

std::string line_of(const Facts& facts, const Touch& t) {
  return fmt::format("{} {} {} {} {} {} {} {} {} {} {} {}\n", facts.text(t.repository),
                     facts.text(t.digest), facts.text(t.tag), facts.text(t.client),
                     facts.text(t.agent), word_of(t.method), word_of(t.route), t.status, t.hour,
                     t.written, hex_of(t.first.id), hex_of(t.last.id));
}

}  // namespace

const std::vector<Log>& all_logs() {
  static const std::vector<Log> logs = [] {
    std::vector<Log> found;
    for (const fs::path& folder : sorted_entries(REGTRIAGE_SOURCE_DIR "/tests/data/laws")) {
      found.push_back(log_of(folder));
    }
    return found;
  }();
  return logs;
}

const Classifier& classifier() {
  static const Classifier made = Classifier::make({}).value();
  return made;
}

std::vector<std::string> pieces_of(const Log& log, const Cuts& cuts) {
  std::vector<std::string> pieces;
  for (std::size_t i = 0; i < log.files.size(); ++i) {
    std::vector<std::size_t> borders{0, log.files[i].size()};
    for (const std::uint32_t cut : cuts)
      borders.push_back(log.starts[i][cut % log.starts[i].size()]);
    std::sort(borders.begin(), borders.end());
    borders.erase(std::unique(borders.begin(), borders.end()), borders.end());
    for (std::size_t b = 1; b < borders.size(); ++b) {
      pieces.push_back(log.files[i].substr(borders[b - 1], borders[b] - borders[b - 1]));
    }
  }
  return pieces;
}

std::vector<std::string> shuffled(std::vector<std::string> pieces, std::uint32_t order) {
  std::mt19937 random(order);
  std::shuffle(pieces.begin(), pieces.end(), random);
  return pieces;
}

Facts facts_of(const std::vector<std::string>& texts, const IngestOptions& options) {
  std::vector<InputName> inputs;
  for (const std::string& text : texts) {
    inputs.push_back({"piece-" + std::to_string(inputs.size()), text, true});
  }
  const std::atomic<bool> stop{false};
  return ingest(inputs, classifier(), options, stop, {});
}

std::string canonical(const Facts& facts) { return rendered(facts, true); }

std::string whole_report(const Facts& facts) { return rendered(facts, false); }

std::string content_of(const Facts& facts) {
  std::vector<std::string> lines;
  for (const Event& event : facts.events) lines.push_back(line_of(facts, event));
  for (const Touch& touch : facts.touches) lines.push_back(line_of(facts, touch));
  std::sort(lines.begin(), lines.end());
  return fmt::format("{}", fmt::join(lines, ""));
}

std::string difference(const std::string& one, const std::string& two) {
  if (one == two) return "";
  const auto [a, b] = std::mismatch(one.begin(), one.end(), two.begin(), two.end());
  const auto line_at = [](const std::string& text, std::string::const_iterator at) {
    const std::size_t offset = static_cast<std::size_t>(at - text.begin());
    const std::size_t begin = offset == 0 ? 0 : text.rfind('\n', offset - 1) + 1;
    return text.substr(begin, text.find('\n', offset) - begin);
  };
  return fmt::format("line {}: {} | {}", 1 + std::count(one.begin(), a, '\n'), line_at(one, a),
                     line_at(two, b));
}

}  // namespace regtriage::laws
