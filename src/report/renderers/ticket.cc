#include "report/renderers/ticket.h"

#include <fmt/format.h>

#include "base/utf8.h"
#include "report/answer_text.h"
#include "report/layout.h"
#include "report/lookup.h"

namespace regtriage {
namespace {

class Ticket {
 public:
  Ticket(const ReportModel& model, const Markup& markup) : model_(model), markup_(markup) {}

  std::string head() const;
  // What was hit and what it is; then why, and what to do.
  std::string top(const Finding& finding, std::size_t number) const;
  std::string rest(const Finding& finding) const;
  std::string foot() const;
  std::string left_out(std::size_t count) const {
    return "\n" + line("", count_of(count, "finding") + " cut or left out here for length");
  }

 private:
  std::string line(std::string_view start, std::string_view text) const {
    return fmt::format("{}{}\n", start, markup_.sentence(text));
  }
  std::string subjects(const Finding& finding) const;
  std::string evidence(const Finding& finding) const;
  std::string items(std::string_view title, const std::vector<std::string>& list) const;
  std::string steps(std::string_view title, const std::vector<std::string>& list) const;
  std::string score(const Finding& finding, Sign sign, std::string_view title) const;
  std::string part(std::string_view title) const {
    return fmt::format("\n{}{}\n", markup_.part, title);
  }

  const ReportModel& model_;
  const Markup& markup_;
};

std::string Ticket::head() const {
  const Upshot upshot = upshot_of(model_);
  std::string text = line(markup_.title, upshot.headline);
  for (const std::string& sentence : upshot.sentences) text += "\n" + line("", sentence);
  return text;
}

std::string Ticket::subjects(const Finding& finding) const {
  constexpr std::size_t kShown = 20;
  std::string text;
  for (const auto& [name, items] : subjects_of(finding)) {
    text += fmt::format("{}{}: ", markup_.bullet, items->size() == 1 ? name.one : name.many);
    const std::size_t shown = model_.full ? items->size() : std::min(items->size(), kShown);
    for (std::size_t i = 0; i < shown; ++i)
      text += fmt::format("{}{}", i == 0 ? "" : ", ", markup_.code((*items)[i]));
    if (shown < items->size()) text += fmt::format(" and {} more", items->size() - shown);
    text += "\n";
  }
  return text + line(markup_.bullet, "when: " + when_sentence(finding));
}

std::string Ticket::evidence(const Finding& finding) const {
  const std::vector<const Evidence*> lines = chosen_evidence(finding, model_.full);
  if (lines.empty()) return {};
  std::string text;
  for (const Evidence* evidence : lines) {
    text += terminal_text(evidence_place(model_.facts, *evidence)) + "\n";
    text += fmt::format("  {}\n", terminal_text(evidence->text));
    text += fmt::format("  {}\n", terminal_text(evidence_meaning(*evidence)));
  }
  if (lines.size() < finding.evidence.size())
    text += fmt::format("... {}\n", count_of(finding.evidence.size() - lines.size(), "more line"));
  return part("Lines that show it") + markup_.block(text);
}

std::string Ticket::items(std::string_view title, const std::vector<std::string>& list) const {
  if (list.empty()) return {};
  std::string text = part(title) + "\n";
  for (const std::string& item : list) text += line(markup_.bullet, item);
  return text;
}

// Sentences as steps; commands together in a block, to be copied.
std::string Ticket::steps(std::string_view title, const std::vector<std::string>& list) const {
  if (list.empty()) return {};
  std::string text = part(title) + (is_command(list.front()) ? "" : "\n"), commands;
  std::size_t number = 0;
  for (const std::string& item : list) {
    if (is_command(item)) {
      commands += terminal_text(item) + "\n";
      continue;
    }
    if (!commands.empty()) text += markup_.block(commands);
    commands.clear();
    // A list that a block has cut goes on with its number.
    ++number;
    text += line(markup_.number.empty() ? fmt::format("{}. ", number) : std::string(markup_.number),
                 item);
  }
  return commands.empty() ? text : text + markup_.block(commands);
}

std::string Ticket::score(const Finding& finding, Sign sign, std::string_view title) const {
  std::vector<std::string> pieces;
  for (const ScorePiece& piece : finding.score)
    if (piece.sign == sign) pieces.push_back(fmt::format("{} ({})", piece.piece, piece.weight));
  return items(title, pieces);
}

std::string Ticket::top(const Finding& finding, std::size_t number) const {
  std::string text =
      "\n" + line(markup_.heading,
                  fmt::format("{}. {}: {}", number, word_of(finding.severity), finding.title));
  text += "\n";
  text += fmt::format("{}cause: {}\n", markup_.bullet, markup_.code(word_of(finding.cause)));
  text += line(markup_.bullet, fmt::format("how sure: {}", sentence_of(finding.confidence)));
  text += line(markup_.bullet, fmt::format("verdict: {}: {}", word_of(finding.verdict),
                                           sentence_of(finding.verdict)));
  text += line(markup_.bullet, fmt::format("state: {}", sentence_of(finding.state)));
  text += subjects(finding);
  text += fmt::format("{}finding: {}\n\n", markup_.bullet, markup_.code(finding.id));
  return text + line("", finding.summary);
}

std::string Ticket::rest(const Finding& finding) const {
  std::string text = evidence(finding);
  text += score(finding, Sign::evidence_for, "What speaks for it");
  text += score(finding, Sign::against, "What speaks against it");
  text += items("What is missing to be sure", missing_of(finding));
  text += steps("What to do", finding.remedy);
  text += items("What not to do", finding.do_not);
  text += steps("How to confirm it", finding.confirm);
  if (finding.alternatives.empty()) return text;
  text += part("What else it could be") + "\n";
  for (const Alternative& other : finding.alternatives)
    text += fmt::format(
        "{}{} {}\n", markup_.bullet, markup_.code(word_of(other.cause)),
        markup_.sentence(fmt::format("({}): {}", word_of(other.confidence), other.why)));
  return text;
}

std::string Ticket::foot() const {
  constexpr std::size_t kSources = 20;
  std::string text = "\n" + line(markup_.heading, "What was read") + "\n";
  const std::vector<SourceReport>& sources = model_.facts.sources;
  for (std::size_t i = 0; i < std::min(sources.size(), kSources); ++i)
    text += line(markup_.bullet, source_sentence(sources[i]));
  if (sources.size() > kSources)
    text += line(markup_.bullet, fmt::format("{} more", sources.size() - kSources));
  for (const std::string& note : coverage_notes(model_.facts))
    text += line(markup_.bullet, "note: " + note);
  return text + "\n" +
         line("", fmt::format("regtriage {}, ruleset {}", model_.tool_version, model_.ruleset));
}

}  // namespace

void write_ticket(const ReportModel& model, const Markup& markup, std::string& out) {
  const Ticket ticket(model, markup);
  const std::vector<const Finding*> findings = real_findings(model.judgement);
  const std::string foot = ticket.foot(), reserve = ticket.left_out(findings.size());
  std::string text = ticket.head();
  const auto fits = [&](std::string_view more, std::string_view after) {
    return model.max_chars == 0 || text.size() + more.size() + after.size() <= model.max_chars;
  };
  std::size_t whole = 0;
  for (; whole < findings.size(); ++whole) {
    const std::string top = ticket.top(*findings[whole], whole + 1);
    const std::string rest = ticket.rest(*findings[whole]);
    // Of the first that does not fit the top may.
    const bool all_fits = fits(top + rest, reserve);
    if (all_fits || fits(top, reserve)) text += top;
    if (!all_fits) break;
    text += rest;
  }
  if (whole < findings.size()) text += ticket.left_out(findings.size() - whole);
  if (fits(foot, "")) text += foot;
  out += text;
}

}  // namespace regtriage
