#include "infer/judge.h"

#include <algorithm>

#include "infer/assemble.h"
#include "infer/problem.h"
#include "infer/sessions.h"

namespace regtriage {
namespace {

// A client repeats what a registry's line says: its codes count only where no registry's line is.
void count_codes(const Facts& facts, bool has_registry, Judgement& out) {
  for (const Judged& j : out.judged) {
    if (j.is_touch) continue;
    const Event& e = facts.events[j.index];
    if (e.code == Code::none || (has_registry && e.origin == Origin::client)) continue;
    // The registry's own line of the same request is counted.
    if (e.kind == EventKind::echo) continue;
    CodeCount& count = out.codes[std::string(word_of(e.code))];
    if (e.code_inferred) count.exact = false;
    switch (j.verdict) {
      case Verdict::noise:
        ++count.noise;
        break;
      case Verdict::client:
        ++count.client;
        break;
      case Verdict::fault:
        ++count.fault;
        break;
      case Verdict::loss:
        ++count.loss;
        break;
      default:
        ++count.undetermined;
    }
  }
}

TimeNs order_of(const Facts& facts, const Judged& j) {
  if (!j.is_touch) return facts.events[j.index].order();
  return (j.is_last ? facts.touches[j.index].last : facts.touches[j.index].first).order();
}

}  // namespace

Judgement judge(const Facts& facts, const JudgeOptions& options) {
  Judgement out;
  const History history(facts);
  // Questions that only many lines answer are answered once; from here every rule looks at one line
  // and bisects.
  const Context context(history);
  const BigVector<Problem> problems = find_problems(context);
  assemble(context, problems, options, out);
  std::sort(out.judged.begin(), out.judged.end(), [&](const Judged& a, const Judged& b) {
    const TimeNs x = order_of(facts, a), y = order_of(facts, b);
    return x != y ? x < y : a.event < b.event;
  });
  count_codes(facts, history.has_registry, out);
  if (options.sessions) out.sessions = find_sessions(history, options.session_gap);
  return out;
}

}  // namespace regtriage
