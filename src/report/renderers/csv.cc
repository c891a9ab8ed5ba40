// CSV (RFC 4180) for spreadsheets: one row a finding, or with --events one row a line. A cell that
// a spreadsheet could take for a formula begins with an apostrophe.
#include "report/renderers/csv.h"

#include <fmt/format.h>

#include <array>

#include "base/utf8.h"
#include "report/lookup.h"

namespace regtriage {
namespace {

// '=' and its kin, also in full width, begin a formula (OWASP, "CSV Injection").
bool looks_like_formula(std::string_view text) {
  if (text.empty()) return false;
  if (std::string_view("=+-@\t\r\n|%").find(text[0]) != std::string_view::npos) return true;
  constexpr std::array<std::string_view, 4> kFullWidth = {"\uff1d", "\uff0b", "\uff0d", "\uff20"};
  for (const std::string_view mark : kFullWidth)
    if (text.starts_with(mark)) return true;
  return false;
}

class CsvTable {
 public:
  explicit CsvTable(std::string& out) : out_(out) {}

  CsvTable& cell(std::string_view text) {
    const std::string safe = terminal_text(text);
    out_ += first_ ? "\"" : ",\"";
    first_ = false;
    if (looks_like_formula(safe)) out_ += '\'';
    for (const char c : safe) {
      out_ += c;
      if (c == '"') out_ += '"';
    }
    out_ += '"';
    return *this;
  }
  CsvTable& cell(const std::vector<std::string>& list) {
    std::string text;
    for (const std::string& item : list) text += (text.empty() ? "" : " ") + item;
    return cell(text);
  }
  CsvTable& cell(std::uint64_t number) { return cell(fmt::format("{}", number)); }
  void end_row() {
    out_ += "\r\n";
    first_ = true;
  }

 private:
  std::string& out_;
  bool first_ = true;
};

void write_finding(const Finding& finding, CsvTable& table) {
  table.cell(finding.id).cell(word_of(finding.severity)).cell(word_of(finding.cause));
  table.cell(word_of(finding.cause_class)).cell(word_of(finding.verdict));
  table.cell(word_of(finding.confidence)).cell(word_of(finding.state));
  table.cell(rfc3339_of(finding.first)).cell(rfc3339_of(finding.last));
  table.cell(finding.lines).cell(finding.requests);
  table.cell(finding.repositories).cell(finding.tags).cell(finding.digests);
  table.cell(finding.uploads).cell(finding.clients).cell(finding.instances);
  table.cell(finding.title).cell(finding.summary);
  table.end_row();
}

void write_findings(const ReportModel& model, CsvTable& table) {
  for (const char* name : {"id", "severity", "cause", "class", "verdict", "confidence", "state",
                           "first", "last", "lines", "requests", "repositories", "tags", "digests",
                           "uploads", "clients", "instances", "title", "summary"})
    table.cell(name);
  table.end_row();
  for (const Finding& finding : model.judgement.findings) write_finding(finding, table);
}

void write_event(const ReportModel& model, const Judged& judged, CsvTable& table) {
  const LineView line = line_of(model.facts, judged);
  const auto finding = static_cast<std::size_t>(judged.finding);
  table.cell(hex_of(judged.event)).cell(source_name(model.facts, line.at.source));
  table.cell(static_cast<std::uint64_t>(line.at.line)).cell(rfc3339_of(line.time));
  table.cell(word_of(line.level)).cell(word_of(line.code)).cell(word_of(line.method));
  table.cell(path_of(line)).cell(line.status < 0 ? std::string() : fmt::format("{}", line.status));
  table.cell(line.repository).cell(line.digest).cell(line.tag).cell(line.upload);
  table.cell(line.request ? uuid_text(line.request) : std::string());
  table.cell(word_of(judged.verdict)).cell(word_of(judged.cause));
  table.cell(judged.finding < 0 ? std::string() : model.judgement.findings[finding].id);
  table.cell(judged.proof ? hex_of(judged.proof) : std::string());
  table.end_row();
}

void write_events(const ReportModel& model, CsvTable& table) {
  for (const char* name :
       {"id", "source", "line", "time", "level", "code", "method", "path", "status", "repository",
        "digest", "tag", "upload", "request", "verdict", "cause", "finding", "proof"})
    table.cell(name);
  table.end_row();
  for (const Judged& judged : model.judgement.judged) write_event(model, judged, table);
}

}  // namespace

void render_csv(const ReportModel& model, std::string& out) {
  CsvTable table(out);
  if (model.events)
    write_events(model, table);
  else
    write_findings(model, table);
}

}  // namespace regtriage
