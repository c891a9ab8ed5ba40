#include <tsl/robin_map.h>

#include <algorithm>

#include "base/parallel.h"
#include "infer/problem.h"
#include "infer/rules/rules.h"
#include "infer/trouble.h"

namespace regtriage {
namespace {

constexpr std::size_t kWorthAThread = 2000;  // lines

// Lines beside a request's error line: they explain it and share its verdict.
bool is_helper(const Event& e) {
  switch (e.kind) {
    case EventKind::upload_unresolved:
    case EventKind::upload_secret_mismatch:
    case EventKind::upload_offset_mismatch:
    case EventKind::digest_mismatch:
    case EventKind::client_disconnected:
    case EventKind::storage_error:
    case EventKind::storage_zero_move:
      return true;
    case EventKind::request_detail:
      return e.level >= Level::warning;
    default:
      return false;
  }
}

// A cache's attempt to fetch one thing from its upstream that failed, or a miss that it tells of.
bool is_fetch(const Event& e) {
  const bool named =
      e.repository != NameId::none && (e.tag != NameId::none || e.digest != NameId::none);
  const bool serious = e.level == Level::none || e.level >= Level::warning;
  return named && serious;
}

// A manifest that the registry refused, where only an access line tells of it: the reason, and so
// the code, is in the body.
bool is_refused_manifest(const Event& e) {
  return e.kind == EventKind::request && e.route == Route::manifest && e.method == Method::PUT &&
         e.status == 400;
}

bool needs_verdict(const History& h, const Event& e) {
  switch (e.kind) {
    // Where the front's log is there, its line of the request is judged, and this one explains it.
    case EventKind::upstream_fallback:
      return !h.is_harbor;
    case EventKind::core_error:
      return e.level >= Level::warning || !h.is_harbor;
    case EventKind::gc_failed:
      return e.code != Code::none || says_gone(h, e) ||
             trouble_of(h.text(e.detail), false) == Trouble::broken_file;
    case EventKind::upstream_contact:
      return is_fetch(e);
    case EventKind::proxy_trouble:
      return e.code != Code::none || is_fetch(e);
    case EventKind::client_error:
    case EventKind::client_fallback:
    case EventKind::auth_challenge:
    case EventKind::auth_failure:
    case EventKind::auth_scope:
    case EventKind::auth_token_invalid:
    case EventKind::cache_error:
    case EventKind::harmless:
      return true;
    default:
      return e.code != Code::none || is_helper(e) || is_refused_manifest(e);
  }
}

void examine(const Context& context, Problem& problem) {
  const Event& e = *problem.sight.event;
  const Situation situation{context, context.history, e, e.order(), context.history.text(e.detail)};
  if (e.origin == Origin::client)
    examine_client(situation, problem.candidates);
  else
    for (const CauseRule& rule : rules()) rule.examine(situation, problem.candidates);
  std::stable_sort(problem.candidates.begin(), problem.candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.score() > b.score(); });
  if (!problem.candidates.empty() || problem.helper) return;
  Candidate& c =
      problem.candidates.emplace_back(CauseId::undetermined, group_of(situation, e.repository));
  c.because(5, "no rule explains this error");
  c.lacks("the lines of the same request in the logs of the registry and of what stands before it");
}

// The store that answered a closed probe, by the probe's request: a front's line of it is noise,
// too.
// Empty where no front's line needs it: closed probes may be millions.
KeyMap<Sight> answers_of_closed(const History& history, const BigVector<Problem>& problems) {
  KeyMap<Sight> answers;
  if (std::none_of(problems.begin(), problems.end(), [](const Problem& p) {
        return p.sight.event != nullptr && p.sight.event->kind == EventKind::echo;
      }))
    return answers;
  for (const History::ClosedProbe& closed : history.closed_probes) {
    const Event& probe = history.facts.events[closed.probe];
    Sight proof;
    proof.event = &history.facts.events[closed.proof];
    if (probe.request) answers.try_emplace(History::request_key(probe.request), proof);
  }
  return answers;
}

// The front's line of a request that the registry answered: what that line is, this one is.
bool follow_answer(const BigVector<Problem>& problems, const KeyMap<std::int32_t>& by_request,
                   const KeyMap<Sight>& closed, Problem& p) {
  const std::uint64_t key = History::request_key(p.sight.event->request);
  if (const auto at = by_request.find(key); at != by_request.end()) {
    p.leader = at->second;
    p.proof = problems[static_cast<std::size_t>(at->second)].proof;
    p.noise = problems[static_cast<std::size_t>(at->second)].noise;
    return true;
  }
  const auto at = closed.find(key);
  if (at == closed.end()) return false;
  p.proof = at->second;
  p.noise = probe_answered_by(*at->second.event);
  return true;
}

// A helper's error line: of the same request, else the next failing step of the same upload.
void follow_leaders(const Context& context, BigVector<Problem>& problems) {
  const KeyMap<Sight> closed = answers_of_closed(context.history, problems);
  KeyMap<std::int32_t> by_request;
  KeyMap<std::int32_t> by_upload;
  for (std::size_t i = 0; i < problems.size(); ++i) {
    const Event& e = *problems[i].sight.event;
    if (problems[i].helper) continue;
    if (e.request && e.kind != EventKind::echo)
      by_request.try_emplace(History::request_key(e.request), static_cast<std::int32_t>(i));
    if (e.upload != NameId::none)
      by_upload.try_emplace(key_of(e.upload), static_cast<std::int32_t>(i));
  }
  for (Problem& p : problems) {
    const Event& e = *p.sight.event;
    if (!p.helper) continue;
    if (e.kind == EventKind::echo) {
      if (follow_answer(problems, by_request, closed, p)) continue;
      p.helper = false;
      judge_noise(context, p);
      if (!p.proof) examine(context, p);
      continue;
    }
    if (const auto at = by_request.find(History::request_key(e.request));
        e.request && at != by_request.end())
      p.leader = at->second;
    else if (const auto of = by_upload.find(key_of(e.upload));
             e.upload != NameId::none && of != by_upload.end())
      p.leader = of->second;
    if (p.leader < 0)
      examine(context, p);
    else if (const std::int32_t first = problems[static_cast<std::size_t>(p.leader)].leader;
             first >= 0)
      p.leader = first;
  }
}

// Where a line's problem stands among the problems; -1 if it is none.
class PlaceOf {
 public:
  PlaceOf(const BigVector<Problem>& problems, const Facts& facts) : facts_(facts) {
    for (std::size_t i = 0; i < problems.size(); ++i)
      if (problems[i].sight.event)
        places_.try_emplace(key(*problems[i].sight.event), static_cast<std::int32_t>(i));
  }
  std::int32_t operator()(const Sight& s) const {
    const auto at = s.event ? places_.find(key(*s.event)) : places_.end();
    return at == places_.end() ? -1 : at->second;
  }

 private:
  std::uint64_t key(const Event& e) const {
    return static_cast<std::uint64_t>(&e - facts_.events.data());
  }
  const Facts& facts_;
  KeyMap<std::int32_t> places_;
};

bool is_abort(const Problem& p) {
  return !p.proof && !p.candidates.empty() && p.candidates.front().cause == CauseId::client_abort;
}

// One upload of a push fails, and the client ends the others (containerd core/remotes, docker
// distribution/xfer): that it hung up has the cause of the first failure.
Sight failure_before(const Context& context, const Event& e) {
  const auto who = who_of(e);
  Sight failed = context.history.failed_steps.last_before(who, e.order());
  for (int looked = 0; failed && looked < 16 && e.order() - failed.order() < 10 * kSecond;
       ++looked) {
    if (failed.event->upload != e.upload && failed.event->status < 499) return failed;
    failed = context.history.failed_steps.last_before(who, failed.order());
  }
  return {};
}

// containerd asks for an unknown manifest as a blob, too (core/remotes/docker/resolver.go 1.6).
Sight asked_as_manifest(const Context& context, const Event& e) {
  if (e.kind != EventKind::request || e.route != Route::blob || e.status != 404) return {};
  const Sight before = context.history.client_requests.last_before(who_of(e), e.order());
  return before && before.event && before.route() == Route::manifest && before.status() == 404 &&
                 asked_for(*before.event) == e.digest && e.order() - before.order() < 5 * kSecond
             ? before
             : Sight{};
}

// Lines that only repeat, or follow from, what another line tells of.
void follow_first(const Context& context, BigVector<Problem>& problems) {
  const auto first_of = [&](const Problem& p) {
    if (!p.sight.event || p.helper || p.proof || p.told_by_client || p.leader >= 0) return Sight{};
    if (const Sight asked = asked_as_manifest(context, *p.sight.event)) return asked;
    return is_abort(p) ? failure_before(context, *p.sight.event) : Sight{};
  };
  std::vector<std::pair<std::size_t, Sight>> follows;
  for (std::size_t i = 0; i < problems.size(); ++i)
    if (const Sight first = first_of(problems[i])) follows.emplace_back(i, first);
  if (follows.empty()) return;
  const PlaceOf place_of(problems, context.history.facts);
  for (const auto& [i, first] : follows) {
    const std::int32_t at = place_of(first);
    if (at < 0) continue;
    const Problem& leader = problems[static_cast<std::size_t>(at)];
    if (leader.proof || leader.leader >= 0 || leader.helper || is_abort(leader)) continue;
    problems[i].leader = at;
  }
}

// What the registry's silent lines are, the front's lines of the same requests are, too.
void echo_silent(const Context& context, BigVector<Problem>& problems) {
  KeyMap<std::int32_t> silent;
  for (std::size_t i = 0; i < problems.size(); ++i) {
    const Problem& p = problems[i];
    if (p.role == Role::silent && p.sight.event && p.sight.event->request)
      silent.try_emplace(History::request_key(p.sight.event->request),
                         static_cast<std::int32_t>(i));
  }
  if (silent.empty()) return;
  for (const Event& e : context.history.facts.events) {
    if (e.kind != EventKind::echo || e.code != Code::none) continue;
    const auto at = silent.find(History::request_key(e.request));
    if (at == silent.end()) continue;
    Problem p;
    p.sight.event = &e;
    p.role = Role::silent;
    p.leader = at->second;
    p.why = problems[static_cast<std::size_t>(at->second)].why;
    problems.push_back(std::move(p));
  }
}

// A proxy's words about a request that the registry thought a success: they go with the nearest
// line about the same content.
void follow_silent(BigVector<Problem>& problems) {
  const auto waits = [](const Problem& p) {
    return p.helper && p.leader < 0 && p.candidates.empty();
  };
  if (std::none_of(problems.begin(), problems.end(), waits)) return;
  KeyMap<std::vector<std::int32_t>> by_subject;
  for (std::size_t i = 0; i < problems.size(); ++i) {
    const Sight& s = problems[i].sight;
    const NameId subject = s.tag() != NameId::none ? s.tag() : s.digest();
    if (problems[i].helper || subject == NameId::none) continue;
    auto& rows = by_subject[key_of(s.repository(), subject)];
    if (rows.size() < 64) rows.push_back(static_cast<std::int32_t>(i));
  }
  for (Problem& p : problems) {
    if (!waits(p)) continue;
    const Event& e = *p.sight.event;
    const auto rows = by_subject.find(key_of(e.repository, asked_for(e)));
    if (rows == by_subject.end()) continue;
    for (const std::int32_t i : rows->second)
      if (std::abs(problems[static_cast<std::size_t>(i)].sight.order() - e.order()) < 10 * kSecond)
        p.leader = i;
  }
}

// What a client says of an answer goes with the registry's own line about the same content.
void follow_registry(BigVector<Problem>& problems) {
  constexpr TimeNs kTogether = 5 * kMinute;
  const auto waits = [](const Problem& p) { return p.told_by_client && !p.proof; };
  if (std::none_of(problems.begin(), problems.end(), waits)) return;
  KeyMap<std::vector<std::int32_t>> by_subject;
  for (std::size_t i = 0; i < problems.size(); ++i) {
    const Sight& s = problems[i].sight;
    if (problems[i].told_by_client || problems[i].leader >= 0) continue;
    for (const NameId subject : {s.tag(), s.digest()}) {
      if (subject == NameId::none) continue;
      auto& rows = by_subject[key_of(s.repository(), subject)];
      if (rows.size() < 64) rows.push_back(static_cast<std::int32_t>(i));
    }
  }
  for (Problem& p : problems) {
    if (!waits(p)) continue;
    const Event& e = *p.sight.event;
    const auto rows =
        by_subject.find(key_of(e.repository, e.tag != NameId::none ? e.tag : e.digest));
    if (rows == by_subject.end()) continue;
    TimeNs nearest = kTogether;
    for (const std::int32_t i : rows->second) {
      const TimeNs apart =
          std::abs(problems[static_cast<std::size_t>(i)].sight.order() - e.order());
      if (e.time == kNoTime || apart < nearest) p.leader = i;
      nearest = std::min(nearest, apart);
    }
  }
}

// A client's word that no other line explains. Where a registry's answers are there and none is
// about it, it stays open.
void examine_clients(const Context& context, BigVector<Problem>& problems) {
  if (context.history.has_registry) return;
  for (Problem& p : problems)
    if (p.told_by_client && p.leader < 0 && !p.proof) examine(context, p);
}

}  // namespace

BigVector<Problem> find_problems(const Context& context, unsigned threads) {
  BigVector<Problem> problems;
  const BigVector<Event>& events = context.history.facts.events;
  const auto needs_examining = [&](const Event& e) {
    return needs_verdict(context.history, e) && !context.history.is_closed(e);
  };
  problems.reserve(
      static_cast<std::size_t>(std::count_if(events.begin(), events.end(), needs_examining)));
  for (const Event& e : events) {
    if (!needs_examining(e)) continue;
    Problem p;
    p.sight.event = &e;
    p.helper = is_helper(e) || e.kind == EventKind::echo;
    p.told_by_client = e.origin == Origin::client;
    problems.push_back(std::move(p));
  }
  for_each_row(problems.size(), threads, kWorthAThread, [&](std::size_t i) {
    Problem& p = problems[i];
    if (p.helper && !p.told_by_client) return;
    judge_noise(context, p);
    if (!p.proof && !p.told_by_client) examine(context, p);
  });
  follow_first(context, problems);
  follow_leaders(context, problems);
  find_silent(context, problems);
  echo_silent(context, problems);
  follow_silent(problems);
  follow_registry(problems);
  examine_clients(context, problems);
  return problems;
}

}  // namespace regtriage
