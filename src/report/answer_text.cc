#include "report/answer_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "report/layout.h"
#include "report/lookup.h"

namespace regtriage {
namespace {

constexpr std::size_t kEvidenceShown = 8, kEvidencePerRole = 3;

std::string kinds_text(const LineTally& tally) {
  std::string text;
  for (const auto& [cause, count] : tally.kinds_of_noise)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", spaced(word_of(cause)),
                        number_text(count));
  return text.empty() ? text : fmt::format(" ({})", text);
}

// "3 error lines: 2 proved noise (existence probe 2), 1 real."
std::string errors_sentence(const LineTally& tally) {
  std::string text =
      fmt::format("{}{}: ", tally.exact ? "" : "at least ", count_of(tally.errors, "error line"));
  text += fmt::format("{} proved noise{}, {} real", number_text(tally.noise), kinds_text(tally),
                      number_text(tally.real()));
  if (tally.undetermined > 0)
    text += fmt::format(", {} undetermined", number_text(tally.undetermined));
  return text + ".";
}

// Of a flood.
std::string unjudged_sentence(std::uint64_t lines) {
  return fmt::format(
      "{} of the undetermined were counted and not judged, for they are too many: each asks for a "
      "thing that no other kind of line names, as a scanner does.",
      number_text(lines));
}

std::string silent_sentence(const LineTally& tally) {
  return fmt::format("Beside them {} stored or sent nothing, and {} no error.",
                     count_of(tally.silent, "success line"),
                     tally.silent == 1 ? "looks like" : "look like");
}

std::string shown_name(const SourceReport& source) {
  return source.name == "-" ? std::string("standard input") : source.name;
}

std::uint64_t lines_read(const Facts& facts) {
  std::uint64_t lines = 0;
  for (const SourceReport& source : facts.sources) lines += source.lines;
  return lines;
}

// "1,200 lines of registry.log"; sources that gave no line are not counted.
std::string read_text(const Facts& facts) {
  std::uint64_t sources = 0;
  std::string where;
  for (const SourceReport& source : facts.sources) {
    if (source.lines == 0) continue;
    where = ++sources == 1 ? shown_name(source) : count_of(sources, "source");
  }
  return fmt::format("{} of {}", count_of(lines_read(facts), "line"), where);
}

// "2 findings: 1 critical, 1 low."
std::string findings_headline(const std::vector<const Finding*>& findings) {
  std::map<Severity, std::uint64_t, std::greater<>> by_severity;
  for (const Finding* finding : findings) ++by_severity[finding->severity];
  std::string text;
  for (const auto& [severity, count] : by_severity)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", number_text(count), word_of(severity));
  return fmt::format("{}: {}", count_of(findings.size(), "finding"), text);
}

bool was_understood(const Facts& facts) {
  return std::ranges::any_of(facts.sources,
                             [](const SourceReport& source) { return source.accepted > 0; });
}

std::string all_noise_headline(const Facts& facts, const LineTally& tally) {
  if (tally.errors == 0) return fmt::format("Nothing is wrong: no error in {}.", read_text(facts));
  if (tally.errors == 1)
    return fmt::format("Nothing is wrong: the one error line in {} is proved noise{}.",
                       read_text(facts), kinds_text(tally));
  return fmt::format("Nothing is wrong: all {} in {} are proved noise{}.",
                     count_of(tally.errors, "error line"), read_text(facts), kinds_text(tally));
}

Upshot without_findings(const ReportModel& model, const LineTally& tally) {
  Upshot upshot;
  upshot.kind = Upshot::Kind::undecided;
  if (lines_read(model.facts) == 0) {
    upshot.headline = "Nothing can be said: there was not one line to read.";
  } else if (!was_understood(model.facts)) {
    upshot.headline = "Nothing can be said: not one line was understood.";
    const bool are_lines = std::ranges::any_of(model.facts.sources, [](const SourceReport& source) {
      return source.lines > 0 && source.error.empty();
    });
    if (are_lines)
      upshot.sentences = {"'regtriage patterns unmatched FILE' shows what they have in common."};
  } else if (model.narrowed) {
    upshot.headline = "No finding in what was asked for (--repo, --since, --until).";
    if (tally.errors > 0) upshot.sentences = {"In all: " + errors_sentence(tally)};
  } else if (tally.undetermined > 0 || tally.real() > 0) {
    upshot.headline = "No finding, but not every error is explained.";
    upshot.sentences = {errors_sentence(tally)};
    if (model.judgement.unjudged > 0)
      upshot.sentences.push_back(unjudged_sentence(model.judgement.unjudged));
  } else {
    upshot.kind = Upshot::Kind::fine;
    upshot.headline = all_noise_headline(model.facts, tally);
  }
  return upshot;
}

std::string formats_text(const SourceReport& source) {
  std::string text;
  for (std::size_t i = 1; i < source.lines_by_format.size(); ++i)
    if (source.lines_by_format[i] > 0)
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", word_of(static_cast<Format>(i)),
                          number_text(source.lines_by_format[i]));
  return text;
}

// "3 of 1,200 lines were not understood (bad_time 3); the first is line 812"
std::string rejects_note(const SourceReport& source) {
  std::uint64_t lines = 0;
  std::string reasons;
  for (std::size_t i = 0; i < source.rejects.size(); ++i) {
    if (source.rejects[i] == 0) continue;
    lines += source.rejects[i];
    reasons += fmt::format("{}{} {}", reasons.empty() ? "" : ", ",
                           spaced(word_of(static_cast<Reject>(i))), number_text(source.rejects[i]));
  }
  if (lines == 0) return {};
  std::string note = fmt::format("{}: {} of {} could not be used ({})", shown_name(source),
                                 number_text(lines), count_of(source.lines, "line"), reasons);
  if (!source.reject_samples.empty())
    note += fmt::format("; the first is line {}", source.reject_samples.front().at.line);
  return note;
}

// "core.log: no line from 2026-11-24 02:10:00 to 05:12:00 UTC (3 h 2 min), …"
std::string gaps_note(const SourceReport& source) {
  if (source.gaps.empty()) return {};
  const auto length = [](const Gap& gap) { return gap.last - gap.first; };
  const Gap& longest = *std::ranges::max_element(source.gaps, {}, length);
  const std::string when = fmt::format("{} ({})", span_text(longest.first, longest.last),
                                       duration_text(length(longest)));
  if (source.gaps.size() == 1)
    return fmt::format(
        "{}: no line from {}, far longer than its usual pauses; what happened then cannot be told",
        shown_name(source), when);
  return fmt::format(
      "{}: {} without lines, far longer than its usual pauses, the longest from {}; what happened "
      "then cannot be told",
      shown_name(source), count_of(source.gaps.size(), "gap"), when);
}

std::string clock_note(const SourceReport& source) {
  const std::int64_t offset = source.clock_offset_ms.value_or(0);
  if (offset == 0) return {};
  return fmt::format("{}: its clock or zone is {} {} the registry's; its lines were moved",
                     shown_name(source), duration_text(offset * 1'000'000),
                     offset > 0 ? "ahead of" : "behind");
}

void add_notes(const SourceReport& source, std::vector<std::string>& notes) {
  const std::string name = shown_name(source);
  if (!source.error.empty())
    notes.push_back(source.error.find(source.name) == std::string::npos
                        ? fmt::format("{}: {}", name, source.error)
                        : source.error);
  else if (source.status == SourceReport::Status::not_understood)
    notes.push_back(fmt::format("{}: not one line was understood", name));
  const std::string rejects = rejects_note(source);
  if (!rejects.empty() && source.status == SourceReport::Status::read) notes.push_back(rejects);
  for (const std::string& note : {gaps_note(source), clock_note(source)})
    if (!note.empty()) notes.push_back(note);
  // Access lines have no level, and tell of every success.
  const bool has_access = source.lines_by_format[static_cast<std::size_t>(Format::access)] != 0;
  if (source.lowest_level >= Level::warning && !has_access)
    notes.push_back(fmt::format(
        "{}: nothing below level {} is in it, so most successes are not, and they are what proves "
        "noise; silent causes cannot be told (log.level: info shows them)",
        name, word_of(source.lowest_level)));
  if (source.year != 0)
    notes.push_back(
        fmt::format("{}: its times have no year; {} is assumed (--year)", name, source.year));
  if (source.zone_assumed && !source.clock_offset_ms)
    notes.push_back(fmt::format("{}: its times have no zone; one is assumed (--assume-tz)", name));
}

}  // namespace

Upshot upshot_of(const ReportModel& model) {
  const LineTally tally = tally_of(model.facts, model.judgement);
  const std::vector<const Finding*> findings = real_findings(model.judgement);
  if (findings.empty()) return without_findings(model, tally);
  Upshot upshot;
  const bool broken = std::ranges::any_of(
      findings, [](const Finding* finding) { return finding->severity >= Severity::medium; });
  upshot.kind = broken ? Upshot::Kind::broken : Upshot::Kind::undecided;
  upshot.headline = findings_headline(findings);
  if (tally.errors > 0) upshot.sentences.push_back(errors_sentence(tally));
  if (model.judgement.unjudged > 0)
    upshot.sentences.push_back(unjudged_sentence(model.judgement.unjudged));
  if (tally.silent > 0) upshot.sentences.push_back(silent_sentence(tally));
  return upshot;
}

std::vector<const Finding*> real_findings(const Judgement& judgement) {
  std::vector<const Finding*> findings;
  for (const Finding& finding : judgement.findings)
    if (is_real(finding)) findings.push_back(&finding);
  return findings;
}

std::vector<std::pair<SubjectName, const std::vector<std::string>*>> subjects_of(
    const Finding& finding) {
  const std::pair<SubjectName, const std::vector<std::string>*> all[] = {
      {{"repository", "repositories"}, &finding.repositories},
      {{"tag", "tags"}, &finding.tags},
      {{"digest", "digests"}, &finding.digests},
      {{"upload", "uploads"}, &finding.uploads},
      {{"client", "clients"}, &finding.clients},
      {{"replica", "replicas"}, &finding.instances},
      {{"push session", "push sessions"}, &finding.sessions}};
  std::vector<std::pair<SubjectName, const std::vector<std::string>*>> some;
  for (const auto& subject : all)
    if (!subject.second->empty()) some.push_back(subject);
  return some;
}

std::string when_sentence(const Finding& finding) {
  const std::string span = span_text(finding.first, finding.last);
  return fmt::format("{}; {}, {}", span.empty() ? "no time in the lines" : span,
                     count_of(finding.lines, "line"), count_of(finding.requests, "request"));
}

std::vector<const Evidence*> chosen_evidence(const Finding& finding, bool full) {
  std::vector<const Evidence*> chosen;
  std::map<Role, std::size_t> of_role;
  for (const Evidence& evidence : finding.evidence) {
    if (!full && (chosen.size() == kEvidenceShown || of_role[evidence.role] == kEvidencePerRole))
      continue;
    ++of_role[evidence.role];
    chosen.push_back(&evidence);
  }
  return chosen;
}

std::string evidence_place(const Facts& facts, const Evidence& evidence) {
  const std::string place = place_of(facts, evidence.at), time = short_time_of(evidence.time);
  std::string text = place.empty() ? hex_of(evidence.event) : place;
  return time.empty() ? text : fmt::format("{}, {} UTC", text, time);
}

std::string evidence_meaning(const Evidence& evidence) {
  if (!evidence.why.empty()) return fmt::format("{}: {}", word_of(evidence.role), evidence.why);
  switch (evidence.role) {
    case Role::error:
      return "error: one of the errors that this is about";
    case Role::silent:
      return "silent: a success that stored or sent nothing";
    case Role::proof:
      return "proof: a line that decides it";
    case Role::context:
      return "context: what happened around it";
    case Role::against:
      return "against: a line that does not fit";
  }
  return {};
}

std::vector<std::string> missing_of(const Finding& finding) {
  std::vector<std::string> missing = finding.missing;
  for (const ScorePiece& piece : finding.score)
    if (piece.sign == Sign::missing && std::ranges::find(missing, piece.piece) == missing.end())
      missing.push_back(piece.piece);
  return missing;
}

std::string code_sentence(const CodeCount& count) {
  std::string text;
  const std::pair<const char*, std::uint64_t> parts[] = {{"noise", count.noise},
                                                         {"client", count.client},
                                                         {"fault", count.fault},
                                                         {"loss", count.loss},
                                                         {"undetermined", count.undetermined}};
  for (const auto& [name, number] : parts)
    if (number > 0)
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", number_text(number), name);
  return fmt::format("{}{}: {}", count.exact ? "" : "at least ", count_of(count.total(), "line"),
                     text);
}

std::string source_sentence(const SourceReport& source) {
  std::string text = fmt::format("{}: {}, {}", shown_name(source), count_of(source.lines, "line"),
                                 bytes_text(source.bytes));
  for (const std::string& part :
       {formats_text(source), list_text(source.envelopes, 5), span_text(source.first, source.last)})
    if (!part.empty()) text += "; " + part;
  if (source.lowest_level != Level::none)
    text += fmt::format("; level {} and above", word_of(source.lowest_level));
  return text;
}

std::vector<std::string> coverage_notes(const Facts& facts) {
  std::vector<std::string> notes;
  for (const SourceReport& source : facts.sources) add_notes(source, notes);
  constexpr std::size_t kNotes = 20;
  if (notes.size() > kNotes) {
    const std::size_t more = notes.size() - kNotes;
    notes.resize(kNotes);
    notes.push_back(fmt::format("{} more; the JSON report has them all", count_of(more, "note")));
  }
  return notes;
}

}  // namespace regtriage
