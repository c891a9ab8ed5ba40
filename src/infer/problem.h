// A line that needs a verdict: an error line, a line beside it, or a success that stored or sent
// nothing.
#pragma once

#include <string>
#include <vector>

#include "infer/candidate.h"
#include "infer/context.h"

namespace regtriage {

struct Problem {
  Sight sight;
  Role role = Role::error;                // error or silent
  CauseId noise = CauseId::undetermined;  // which kind of noise; undetermined: no noise
  Sight proof;                            // what proves the noise
  std::vector<Candidate> candidates;      // best first
  std::string why;                        // silent: what the line hides
  bool told_by_client = false;  // beside a registry's log it adds nothing to a finding but evidence
  bool helper = false;       // a line beside a request's error line: it follows that line's verdict
  std::int32_t leader = -1;  // index of the problem that it follows
};

// Every line that needs one but the closed probes (History::closed_probes), in the order of the
// facts. `threads` changes no answer.
BigVector<Problem> find_problems(const Context& context, unsigned threads);

// probes.cc: is this error expected by the client, and which line proves it? Sets noise and proof.
void judge_noise(const Context& context, Problem& problem);
// A collector could not delete what is not there.
bool says_gone(const History& history, const Event& e);
// What kind of noise a question about a layer was that this store answered.
CauseId probe_answered_by(const Event& store);
// silent.cc: successes that are none.
void find_silent(const Context& context, BigVector<Problem>& problems);

}  // namespace regtriage
