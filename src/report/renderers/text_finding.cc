#include "report/renderers/text_finding.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "report/answer_text.h"
#include "report/layout.h"
#include "report/lookup.h"

namespace regtriage {
namespace {

using Style = TextPage::Style;

constexpr int kBody = 3, kItem = 5, kItemText = 7, kSubject = 19;
constexpr std::size_t kSubjectsShown = 5;

void heading(TextPage& page, std::string_view text) {
  page.blank();
  page.paragraph(text, kBody, Style::bold);
}

void write_head(const Finding& finding, std::size_t number, TextPage& page) {
  std::string severity(word_of(finding.severity));
  std::ranges::transform(severity, severity.begin(),
                         [](char c) { return static_cast<char>(c - 'a' + 'A'); });
  page.blank();
  page.paragraph(fmt::format("{}. {}: {}", number, severity, finding.title), 0,
                 style_of(finding.severity));
  page.row("cause", std::string(word_of(finding.cause)), kBody, kSubject);
  page.row("how sure", sentence_of(finding.confidence), kBody, kSubject);
  page.row("verdict", fmt::format("{}: {}", word_of(finding.verdict), sentence_of(finding.verdict)),
           kBody, kSubject);
  page.row("state", sentence_of(finding.state), kBody, kSubject);
}

void write_hit(const ReportModel& model, const Finding& finding, TextPage& page) {
  const std::size_t most = model.full ? finding.digests.size() + 1000000 : kSubjectsShown;
  for (const auto& [name, items] : subjects_of(finding))
    page.row(items->size() == 1 ? name.one : name.many, list_text(*items, most), kBody, kSubject);
  page.row("when", when_sentence(finding), kBody, kSubject);
  page.row("finding", finding.id, kBody, kSubject, Style::dim);
}

void write_lines(const ReportModel& model, const Finding& finding, TextPage& page) {
  const std::vector<const Evidence*> lines = chosen_evidence(finding, model.full);
  if (lines.empty()) return;
  heading(page, "Lines that show it");
  for (const Evidence* line : lines) {
    page.paragraph(evidence_place(model.facts, *line), kItem, Style::bold);
    page.paragraph(line->text, kItemText);
    page.paragraph(evidence_meaning(*line), kItemText, Style::dim);
  }
  if (lines.size() < finding.evidence.size())
    page.paragraph(fmt::format("... {} (--full)",
                               count_of(finding.evidence.size() - lines.size(), "more line")),
                   kItem);
}

void write_reasons(const Finding& finding, TextPage& page) {
  for (const auto& [sign, title] : {std::pair(Sign::evidence_for, "What speaks for it"),
                                    std::pair(Sign::against, "What speaks against it")}) {
    bool any = false;
    for (const ScorePiece& piece : finding.score) {
      if (piece.sign != sign) continue;
      if (!any) heading(page, title);
      any = true;
      page.row(sign == Sign::against ? "-" : "+",
               fmt::format("{} ({} {})", piece.piece,
                           number_text(static_cast<std::uint64_t>(std::max(0, piece.weight))),
                           piece.weight == 1 ? "point" : "points"),
               kItem, kItemText);
    }
  }
}

void write_items(std::string_view title, std::string_view mark,
                 const std::vector<std::string>& items, TextPage& page) {
  if (items.empty()) return;
  heading(page, title);
  for (const std::string& item : items) page.row(mark, item, kItem, kItemText);
}

// A command stands alone and whole, to be copied; its remark below it.
void write_command(const std::string& advice, TextPage& page) {
  const auto [command, remark] = command_and_remark(advice);
  page.verbatim(command, kItemText + 1);
  if (!remark.empty()) page.row("#", remark, kItemText + 1, kItemText + 3);
}

void write_steps(std::string_view title, const std::vector<std::string>& steps, TextPage& page) {
  if (steps.empty()) return;
  heading(page, title);
  std::size_t number = 0;
  for (const std::string& step : steps) {
    if (is_command(step))
      write_command(step, page);
    else
      page.row(fmt::format("{}.", ++number), step, kItem, kItemText + 1);
  }
}

void write_advice(const Finding& finding, TextPage& page) {
  write_items("What is missing to be sure", "?", missing_of(finding), page);
  write_steps("What to do", finding.remedy, page);
  write_items("What not to do", "x", finding.do_not, page);
  write_steps("How to confirm it", finding.confirm, page);
  if (finding.alternatives.empty()) return;
  heading(page, "What else it could be");
  for (const Alternative& other : finding.alternatives)
    page.row("-",
             fmt::format("{} ({}): {}", word_of(other.cause), word_of(other.confidence), other.why),
             kItem, kItemText);
}

}  // namespace

TextPage::Style style_of(Severity severity) {
  if (severity >= Severity::high) return Style::bad;
  return severity == Severity::medium ? Style::warn : Style::bold;
}

void write_finding(const ReportModel& model, const Finding& finding, std::size_t number,
                   TextPage& page) {
  write_head(finding, number, page);
  write_hit(model, finding, page);
  page.blank();
  page.paragraph(finding.summary, kBody);
  write_lines(model, finding, page);
  write_reasons(finding, page);
  write_advice(finding, page);
}

}  // namespace regtriage
