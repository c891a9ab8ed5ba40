#include "infer/judge.h"

#include <algorithm>
#include <set>

#include "infer/assemble.h"
#include "infer/problem.h"
#include "infer/sessions.h"

namespace regtriage {
namespace {

// Passes on what another program answered.
bool passes_on(const Event& e) {
  return e.origin == Origin::client || e.kind == EventKind::upstream_fallback ||
         e.kind == EventKind::gc_failed ||
         (e.kind == EventKind::core_error && e.level < Level::warning);
}

// Who passes an answer on repeats what a registry's line says: such a code counts only where no
// registry's line tells of it.
void count_codes(const Facts& facts, Judgement& out) {
  std::set<Code> told;
  for (const Judged& j : out.judged)
    if (!j.is_touch && !passes_on(facts.events[j.index])) told.insert(facts.events[j.index].code);
  for (const Judged& j : out.judged) {
    if (j.is_touch) continue;
    const Event& e = facts.events[j.index];
    if (e.code == Code::none || (passes_on(e) && told.count(e.code) != 0)) continue;
    // The registry's own line of the same request is counted.
    if (e.kind == EventKind::echo) continue;
    CodeCount& count = out.codes[std::string(word_of(e.code))];
    if (e.code_inferred) count.exact = false;
    switch (j.verdict) {
      case Verdict::noise:
        ++count.noise;
        ++out.kinds_of_noise[j.cause];
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
  const BigVector<Problem> problems = find_problems(context, options.threads);
  assemble(context, problems, options, out);
  std::sort(out.judged.begin(), out.judged.end(), [&](const Judged& a, const Judged& b) {
    if (!a.is_touch && !b.is_touch) return a.index < b.index;  // facts keep events in that order
    const TimeNs x = order_of(facts, a), y = order_of(facts, b);
    return x != y ? x < y : a.event < b.event;
  });
  count_codes(facts, out);
  if (options.sessions) out.sessions = find_sessions(history, options.session_gap);
  return out;
}

}  // namespace regtriage
