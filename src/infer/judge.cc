#include "infer/judge.h"

#include <algorithm>
#include <future>
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

void add(CodeCount& count, Verdict verdict, std::uint64_t lines) {
  switch (verdict) {
    case Verdict::noise:
      count.noise += lines;
      break;
    case Verdict::client:
      count.client += lines;
      break;
    case Verdict::fault:
      count.fault += lines;
      break;
    case Verdict::loss:
      count.loss += lines;
      break;
    default:
      count.undetermined += lines;
  }
}

// What was counted and not kept is not judged, unless a line about the same thing is; and that a
// line is noise has to be proved for each.
void count_remainders(const Facts& facts, const std::set<Code>& told, Judgement& out,
                      std::map<Code, CodeCount>& counts) {
  if (facts.remainders.empty()) return;
  std::map<EventId, Verdict> verdict_of;
  for (const Remainder& r : facts.remainders)
    if (r.like) verdict_of.emplace(r.like, Verdict::undetermined);
  for (const Judged& j : out.judged)
    if (const auto at = verdict_of.find(j.event);
        at != verdict_of.end() && j.verdict != Verdict::noise)
      at->second = j.verdict;
  for (const Remainder& r : facts.remainders) {
    const bool again = r.kind.origin == Origin::client && told.count(r.kind.code) != 0;
    if (r.kind.code == Code::none || r.kind.kind == EventKind::echo || again) continue;
    CodeCount& count = counts[r.kind.code];
    if (r.kind.code_inferred) count.exact = false;
    add(count, r.like ? verdict_of[r.like] : Verdict::undetermined, r.lines);
    if (!r.like) out.unjudged += r.lines;
  }
}

// Who passes an answer on repeats what a registry's line says: such a code counts only where no
// registry's line tells of it.
void count_codes(const Facts& facts, Judgement& out) {
  std::set<Code> told;
  for (const Judged& j : out.judged)
    if (!j.is_touch && !passes_on(facts.events[j.index])) told.insert(facts.events[j.index].code);
  std::map<Code, CodeCount> counts;
  for (const Judged& j : out.judged) {
    if (j.is_touch) continue;
    const Event& e = facts.events[j.index];
    if (e.code == Code::none || (passes_on(e) && told.count(e.code) != 0)) continue;
    // The registry's own line of the same request is counted.
    if (e.kind == EventKind::echo) continue;
    CodeCount& count = counts[e.code];
    if (e.code_inferred) count.exact = false;
    add(count, j.verdict, 1);
    if (j.verdict == Verdict::noise) ++out.kinds_of_noise[j.cause];
  }
  count_remainders(facts, told, out, counts);
  for (const auto& [code, count] : counts) out.codes.emplace(word_of(code), count);
}

TimeNs order_of(const Facts& facts, const Judged& j) {
  if (!j.is_touch) return facts.events[j.index].order();
  return (j.is_last ? facts.touches[j.index].last : facts.touches[j.index].first).order();
}

// They come in a few runs, each in order or nearly so: what was examined, and the closed probes.
void sort_judged(const Facts& facts, std::vector<Judged>& judged) {
  const auto before = [&facts](const Judged& a, const Judged& b) {
    if (!a.is_touch && !b.is_touch) return a.index < b.index;  // facts keep events in that order
    const TimeNs x = order_of(facts, a), y = order_of(facts, b);
    return x != y ? x < y : a.event < b.event;
  };
  const auto rest = std::is_sorted_until(judged.begin(), judged.end(), before);
  if (!std::is_sorted(rest, judged.end(), before)) std::sort(rest, judged.end(), before);
  std::inplace_merge(judged.begin(), rest, judged.end(), before);
}

}  // namespace

Judgement judge(const Facts& facts, const JudgeOptions& options) {
  Judgement out;
  const History history(facts, options.threads);
  // Pushes and findings need nothing of each other.
  const auto sessions = [&] { return find_sessions(history, options.session_gap); };
  std::future<std::vector<Session>> beside;
  if (options.sessions && options.threads > 1) beside = std::async(std::launch::async, sessions);
  // Questions that only many lines answer are answered once; from here every rule looks at one line
  // and bisects.
  const Context context(history);
  const BigVector<Problem> problems = find_problems(context, options.threads);
  assemble(context, problems, options, out);
  sort_judged(facts, out.judged);
  count_codes(facts, out);
  if (options.sessions) out.sessions = beside.valid() ? beside.get() : sessions();
  return out;
}

}  // namespace regtriage
