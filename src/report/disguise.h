// --redact: a report that may leave the house. Names become pseudonyms that stay the same within
// one report ("repository-1"), so that it can still be followed.
#pragma once

#include "model/facts.h"
#include "model/finding.h"
#include "report/report.h"

namespace regtriage {

struct Disguised {
  Facts facts;
  Judgement judgement;
};

// `names`: repositories, tags, clients, users, agents, instances, sources, wherever they stand, in
// sentences too. `all`: also digests, uploads and request ids; the text of lines is left out.
// Pseudonyms are numbered in the order of the names, so the same facts give the same report.
Disguised disguise(const Facts& facts, const Judgement& judgement, ReportModel::Hide hide);

}  // namespace regtriage
