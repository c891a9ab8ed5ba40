// The answer in sentences, before any encoding: what text, Markdown, Jira and HTML have in common.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/facts.h"
#include "model/finding.h"
#include "report/report.h"

namespace regtriage {

// What it comes to, in the first lines of every answer.
struct Upshot {
  enum class Kind { fine, undecided, broken } kind = Kind::fine;
  std::string headline;
  std::vector<std::string> sentences;
};
Upshot upshot_of(const ReportModel& model);

// Those that are no noise, in the order of the judgement.
std::vector<const Finding*> real_findings(const Judgement& judgement);

struct SubjectName {
  std::string_view one, many;
};
// The lists of subjects that are not empty; they live as long as the finding.
std::vector<std::pair<SubjectName, const std::vector<std::string>*>> subjects_of(
    const Finding& finding);
// "2026-11-24 23:12:28 to 23:14:02 UTC; 5 lines, 5 requests".
std::string when_sentence(const Finding& finding);

// The lines worth showing: all if `full`, else the first few of each role, 8 at most.
std::vector<const Evidence*> chosen_evidence(const Finding& finding, bool full);
// "registry.log:40, 2026-11-24 23:12:28 UTC".
std::string evidence_place(const Facts& facts, const Evidence& evidence);
// "silent: HEAD said that the layer is here": its role and what it shows.
std::string evidence_meaning(const Evidence& evidence);
// What the finding says is missing, and the pieces of its score that are.
std::vector<std::string> missing_of(const Finding& finding);

// "3 lines: 2 noise, 1 loss".
std::string code_sentence(const CodeCount& count);
std::string source_sentence(const SourceReport& source);
// What of the input weakens the answer: sources not understood or cut, levels that hide lines.
std::vector<std::string> coverage_notes(const Facts& facts);

}  // namespace regtriage
