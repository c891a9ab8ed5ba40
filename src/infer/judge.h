// Facts to findings: pairing, push sessions, verdicts, causes. Pure: the same facts give the same
// bytes.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/facts.h"
#include "model/finding.h"

namespace regtriage {

struct JudgeOptions {
  TimeNs session_gap =
      15 * kMinute;  // uploads and manifests of one client that are further apart are two pushes
  TimeNs since = kNoTime,
         until = kNoTime;  // findings outside are left out; older facts still explain
  std::string repository;  // only findings that touch it; empty = all
  bool sessions = true;    // also the push sessions: in a large log a hundred thousand
  unsigned threads = 1;    // changes no answer
};

Judgement judge(const Facts& facts, const JudgeOptions& options);

// Static knowledge of a cause (infer/catalogue.cc): one row each.
struct CauseInfo {
  CauseId id;
  CauseClass cause_class;
  Verdict verdict;
  Severity severity;
  std::string_view title;        // "the descriptor cache outlives the data"
  std::string_view explanation;  // what it means, for `explain`
  std::string_view told_apart;   // how it differs from its neighbours
  std::span<const std::string_view> remedy, do_not, confirm;
};
const CauseInfo& info_of(CauseId id);
std::span<const CauseInfo> all_causes();

// One event as a person reads it: "HEAD team/app blob sha256:1111… → 404 blob unknown, skopeo/1.9.3
// from 10.0.0.7". Digests whole.
std::string describe(const Facts& facts, const Event& event);

}  // namespace regtriage
