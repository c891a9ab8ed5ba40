// One page that needs nothing else and runs nothing: mustache escapes every value into a text node
// or a quoted attribute of ours, the policy forbids scripts, pictures and links to anywhere.
#include "report/renderers/html.h"

#include <fmt/format.h>

#include <kainjow/mustache.hpp>

#include "base/utf8.h"
#include "report/answer_text.h"
#include "report/layout.h"
#include "report/lookup.h"
#include "report/renderers/html_template.h"

namespace regtriage {
namespace {

using kainjow::mustache::data;
using List = data;

data text_item(std::string_view text) {
  data item;
  item.set("text", terminal_text(text));
  return item;
}

List list_of(const std::vector<std::string>& texts) {
  List list(data::type::list);
  for (const std::string& text : texts) list.push_back(text_item(text));
  return list;
}

data sentence_item(const std::string& text) { return text_item(text); }

data step_item(const std::string& text) {
  if (!is_command(text)) return text_item(text);
  data item, command = text_item(text);
  item.set("text", "");
  item.set("command", command);
  return item;
}

void add_part(List& parts, const char* name, const std::vector<std::string>& texts,
              data (*item_of)(const std::string&) = sentence_item) {
  if (texts.empty()) return;
  List items(data::type::list);
  for (const std::string& text : texts) items.push_back(item_of(text));
  data part;
  part.set("name", name);
  part.set("items", items);
  parts.push_back(part);
}

std::vector<std::string> pieces_of(const Finding& finding, Sign sign) {
  std::vector<std::string> pieces;
  for (const ScorePiece& piece : finding.score)
    if (piece.sign == sign) pieces.push_back(fmt::format("{} ({})", piece.piece, piece.weight));
  return pieces;
}

List parts_of(const Finding& finding) {
  std::vector<std::string> others;
  for (const Alternative& other : finding.alternatives)
    others.push_back(
        fmt::format("({}) {}: {}", word_of(other.confidence), word_of(other.cause), other.why));
  List parts(data::type::list);
  add_part(parts, "What speaks for it", pieces_of(finding, Sign::evidence_for));
  add_part(parts, "What speaks against it", pieces_of(finding, Sign::against));
  add_part(parts, "What is missing to be sure", missing_of(finding));
  add_part(parts, "What to do", finding.remedy, step_item);
  add_part(parts, "What not to do", finding.do_not);
  add_part(parts, "How to confirm it", finding.confirm, step_item);
  add_part(parts, "What else it could be", others);
  return parts;
}

List subjects_data(const Finding& finding, bool full) {
  constexpr std::size_t kShown = 20;
  List subjects(data::type::list);
  for (const auto& [name, items] : subjects_of(finding)) {
    const std::size_t shown = full ? items->size() : std::min(items->size(), kShown);
    data subject;
    subject.set("name", std::string(items->size() == 1 ? name.one : name.many));
    subject.set("items",
                list_of({items->begin(), items->begin() + static_cast<std::ptrdiff_t>(shown)}));
    subject.set("more", shown < items->size()
                            ? fmt::format("and {} more", number_text(items->size() - shown))
                            : std::string());
    subjects.push_back(subject);
  }
  return subjects;
}

void set_lines(const ReportModel& model, const Finding& finding, data& item) {
  const std::vector<const Evidence*> chosen = chosen_evidence(finding, model.full);
  List lines(data::type::list);
  for (const Evidence* evidence : chosen) {
    data line = text_item(evidence->text);
    line.set("place", terminal_text(evidence_place(model.facts, *evidence)));
    line.set("role", std::string(word_of(evidence->role)));
    line.set("meaning", terminal_text(evidence_meaning(*evidence)));
    lines.push_back(line);
  }
  item.set("has_lines", !chosen.empty());
  item.set("lines", lines);
  if (chosen.size() < finding.evidence.size()) {
    data more =
        text_item(count_of(finding.evidence.size() - chosen.size(), "more line") + " (--full)");
    item.set("more_lines", more);
  }
}

data finding_data(const ReportModel& model, const Finding& finding, std::size_t number) {
  data item;
  item.set("number", fmt::format("{}", number));
  item.set("severity", std::string(word_of(finding.severity)));
  item.set("title", terminal_text(finding.title));
  item.set("cause", std::string(word_of(finding.cause)));
  item.set("sure", std::string(sentence_of(finding.confidence)));
  item.set("verdict",
           fmt::format("{}: {}", word_of(finding.verdict), sentence_of(finding.verdict)));
  item.set("state", std::string(sentence_of(finding.state)));
  item.set("subjects", subjects_data(finding, model.full));
  item.set("when", when_sentence(finding));
  item.set("id", terminal_text(finding.id));
  item.set("summary", terminal_text(finding.summary));
  set_lines(model, finding, item);
  item.set("parts", parts_of(finding));
  return item;
}

void set_upshot(const ReportModel& model, data& page) {
  const Upshot upshot = upshot_of(model);
  page.set("headline", terminal_text(upshot.headline));
  page.set("kind", upshot.kind == Upshot::Kind::fine     ? "fine"
                   : upshot.kind == Upshot::Kind::broken ? "broken"
                                                         : "undecided");
  page.set("sentences", list_of(upshot.sentences));
}

void set_coverage(const ReportModel& model, data& page) {
  List codes(data::type::list);
  for (const auto& [code, count] : model.judgement.codes) {
    data row = text_item(code_sentence(count));
    row.set("name", terminal_text(code));
    codes.push_back(row);
  }
  std::vector<std::string> sources;
  for (const SourceReport& source : model.facts.sources) sources.push_back(source_sentence(source));
  page.set("has_codes", !model.judgement.codes.empty());
  page.set("codes", codes);
  page.set("sources", list_of(sources));
  page.set("notes", list_of(coverage_notes(model.facts)));
  page.set("tool", fmt::format("regtriage {}, ruleset {}", model.tool_version, model.ruleset));
}

}  // namespace

void render_html(const ReportModel& model, std::string& out) {
  data page, findings(data::type::list);
  set_upshot(model, page);
  std::size_t number = 0;
  for (const Finding* finding : real_findings(model.judgement))
    findings.push_back(finding_data(model, *finding, ++number));
  page.set("findings", findings);
  set_coverage(model, page);
  kainjow::mustache::mustache tmpl(html_template());
  out += tmpl.render(page);
}

}  // namespace regtriage
