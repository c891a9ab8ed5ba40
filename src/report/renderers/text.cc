// The answer for a person at night: what it comes to first, then each finding, then what was read.
#include "report/renderers/text.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/answer_text.h"
#include "report/layout.h"
#include "report/lookup.h"
#include "report/renderers/text_finding.h"
#include "report/renderers/text_page.h"

namespace regtriage {
namespace {

using Style = TextPage::Style;

constexpr std::size_t kFindingsInFull = 10;  // the rest stands in the list only; --full lifts it
constexpr std::size_t kSourcesShown = 10;
constexpr std::size_t kSessionsShown = 20;

void write_verdict(const ReportModel& model, TextPage& page) {
  const Upshot upshot = upshot_of(model);
  const Style style = upshot.kind == Upshot::Kind::fine     ? Style::good
                      : upshot.kind == Upshot::Kind::broken ? Style::bad
                                                            : Style::warn;
  page.paragraph(upshot.headline, 0, style);
  for (const std::string& sentence : upshot.sentences) page.paragraph(sentence);
}

void write_list(const std::vector<const Finding*>& findings, TextPage& page) {
  if (findings.size() < 2) return;
  page.blank();
  for (std::size_t i = 0; i < findings.size(); ++i)
    page.row(word_of(findings[i]->severity), fmt::format("{}. {}", i + 1, findings[i]->title), 2,
             12, style_of(findings[i]->severity));
}

void write_sessions(const ReportModel& model, TextPage& page) {
  const std::vector<Session>& sessions = model.judgement.sessions;
  page.blank();
  page.paragraph(count_of(sessions.size(), "push session"), 0, Style::bold);
  const std::size_t shown =
      model.full ? sessions.size() : std::min(sessions.size(), kSessionsShown);
  for (std::size_t i = 0; i < shown; ++i) {
    const Session& session = sessions[i];
    const std::string name =
        session.repository + (session.tag.empty() ? std::string() : ":" + session.tag);
    page.row(word_of(session.result),
             fmt::format(
                 "{}, {}, {} by {} ({}); {}", name, count_of(session.layers.size(), "layer"),
                 span_text(session.first, session.last), session.client, session.agent, session.id),
             2, 13);
  }
  if (shown < sessions.size())
    page.paragraph(fmt::format("... {} more (--full)", number_text(sessions.size() - shown)), 2);
}

void write_codes(const ReportModel& model, TextPage& page) {
  if (model.judgement.codes.empty()) return;
  page.blank();
  page.paragraph("Error lines by code", 0, Style::bold);
  for (const auto& [code, count] : model.judgement.codes)
    page.row(code, code_sentence(count), 2, 30);
}

void write_coverage(const ReportModel& model, TextPage& page) {
  const std::vector<SourceReport>& sources = model.facts.sources;
  page.blank();
  page.paragraph("What was read", 0, Style::bold);
  const std::size_t shown = model.full ? sources.size() : std::min(sources.size(), kSourcesShown);
  for (std::size_t i = 0; i < shown; ++i) page.paragraph(source_sentence(sources[i]), 2);
  if (shown < sources.size())
    page.paragraph(fmt::format("... {} more (--full)", number_text(sources.size() - shown)), 2);
  for (const std::string& note : coverage_notes(model.facts))
    page.row("!", note, 2, 4, Style::warn);
}

}  // namespace

void render_text(const ReportModel& model, std::string& out) {
  TextPage page(out, model.width, model.color, model.short_digests);
  write_verdict(model, page);
  const std::vector<const Finding*> findings = real_findings(model.judgement);
  write_list(findings, page);
  const std::size_t shown =
      model.full ? findings.size() : std::min(findings.size(), kFindingsInFull);
  for (std::size_t i = 0; i < shown; ++i) write_finding(model, *findings[i], i + 1, page);
  if (shown < findings.size()) {
    page.blank();
    page.paragraph(fmt::format("... {} more in full with --full, one with --finding ID",
                               count_of(findings.size() - shown, "finding")));
  }
  if (model.sessions) write_sessions(model, page);
  write_codes(model, page);
  write_coverage(model, page);
}

}  // namespace regtriage
