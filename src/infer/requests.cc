#include "infer/requests.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/text.h"
#include "infer/front_times.h"
#include "infer/history.h"

namespace regtriage {
namespace {

constexpr TimeNs kOtherZone = 10 * kMinute;  // further apart: another zone, not another clock
constexpr TimeNs kQuarter = 15 * kMinute;    // zones differ by these
constexpr std::size_t kMostTried = 4096;     // candidates of one key that one line looks at

bool is_front(const Event& e) {
  return e.origin == Origin::front && (e.kind == EventKind::request || e.kind == EventKind::echo);
}

NameId subject_of(const Event& e) { return e.route == Route::upload ? e.upload : asked_for(e); }

// Core may ask by digest what the client asked by tag: reads since v2.0, a PUT since v2.15
// (goharbor/harbor src/server/registry/manifest.go v2.15.0).
bool may_be_renamed(const Event& e) {
  return is_manifest_read(e) || (e.route == Route::manifest && e.method == Method::PUT);
}

// May these two statuses be of one request?
bool status_fits(const Event& front, const Event& answer) {
  return front.status == answer.status ||
         (front.method == Method::PUT && front.route == Route::manifest && front.status >= 400 &&
          answer.status == 201);
}

TimeNs median(std::vector<TimeNs> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// A sighting of a touch as an event of its own.
Event unfolded(const Touch& t, const Touch::Sighting& seen) {
  Event e;
  e.kind = EventKind::request;
  e.origin = t.origin;
  e.method = t.method;
  e.route = t.route;
  e.status = t.status;
  e.written = t.written;
  e.repository = t.repository;
  e.digest = t.digest;
  e.tag = t.tag;
  e.client = t.client;
  e.agent = t.agent;
  e.instance = t.instance;
  e.whole_second = t.whole_second;
  e.id = seen.id;
  e.time = seen.time;
  e.order_ns = seen.order_ns;
  e.at = seen.at;
  e.request = seen.request;
  return e;
}

// A front that passed a manifest on to a client twice or more where the registry sent it once, or
// not at all: core's own cache answered the last time. Such a line is told apart from what is
// folded.
void unfold_reads_of_core(Facts& facts) {
  KeyMap<bool> once;  // by fold_key: the registry sent it only once
  KeySet readers;     // (repository, client): to whom it sent manifests
  for (const Touch& t : facts.touches) {
    if (t.origin != Origin::app || t.route != Route::manifest) continue;
    readers.insert(key_of(t.repository, t.client));
    if (t.tag != NameId::none) continue;
    const auto [at, fresh] = once.try_emplace(fold_key(t), t.seen_once());
    if (!fresh) at.value() = false;
  }
  KeyMap<Touch::Sighting> earliest;  // by fold_key: the front's, which the registry answered
  // (Without an agent: core's own line of what nginx tells, too.)
  const auto is_read = [](const Touch& t) {
    return t.origin == Origin::front && t.agent != NameId::none && t.route == Route::manifest &&
           t.method == Method::GET && t.status == 200;
  };
  for (const Touch& t : facts.touches)
    if (is_read(t) && t.tag == NameId::none) {
      const auto [at, fresh] = earliest.try_emplace(fold_key(t), t.first);
      if (!fresh && t.first.order() < at->second.order()) at.value() = t.first;
    }
  for (const Touch& t : facts.touches) {
    if (!is_read(t)) continue;
    if (t.tag != NameId::none && readers.count(key_of(t.repository, t.client)) != 0) continue;
    const auto sent = t.tag != NameId::none ? once.end() : once.find(fold_key(t));
    if (sent != once.end() && !sent->second) continue;
    const EventId registrys = sent == once.end() ? EventId{} : earliest.at(fold_key(t)).id;
    for (const Touch::Sighting* seen : {&t.first, &t.last})
      if (seen->id != registrys && !(seen == &t.last && t.seen_once()))
        facts.events.push_back(unfolded(t, *seen));
  }
}

// Behind a load balancer the front names the balancer, and the registry who was named to it. The
// uploads of both tell whether they mean the same.
bool name_same_clients(const Facts& facts) {
  KeyMap<NameId> client_of;  // of uploads
  for (const Event& e : facts.events)
    if (is_registry_answer(e) && e.route == Route::upload && e.upload != NameId::none)
      client_of.try_emplace(key_of(e.upload), e.client);
  std::size_t same = 0, other = 0;
  for (const Event& e : facts.events) {
    if (!is_front(e) || e.route != Route::upload) continue;
    const auto at = client_of.find(key_of(e.upload));
    if (at != client_of.end()) ++(at->second == e.client ? same : other);
  }
  return other <= same;
}

class Joiner {
 public:
  explicit Joiner(Facts& facts)
      : facts_(facts),
        same_clients_(name_same_clients(facts)),
        partner_(facts.events.size(), kNone),
        times_(facts, partner_, same_clients_) {}

  void run() {
    collect();
    if (fronts_.empty()) return;
    correct_clocks();
    for (auto& [source, lines] : by_source_) join_source(lines);
    decide();
    tell_offsets();
    std::sort(facts_.events.begin(), facts_.events.end(), [](const Event& a, const Event& b) {
      return a.order() != b.order() ? a.order() < b.order() : a.id < b.id;
    });
  }

 private:
  static constexpr std::uint32_t kNone = FrontTimes::kNone;

  // Keys of what is one request on both sides.
  std::uint64_t kind_key(const Event& e) const {
    return key_of(e.repository, same_clients_ ? e.client : NameId::none) ^
           (static_cast<std::uint64_t>(e.method) << 8 | static_cast<std::uint64_t>(e.route)) *
               0x9e3779b97f4a7c15ULL;
  }
  std::uint64_t exact_key(const Event& e) const {
    return KeyHash{}(kind_key(e)) ^ key_of(subject_of(e));
  }
  // Requests for a manifest of any name: the client's tag is a digest behind core.
  std::uint64_t any_name_key(const Event& e) const { return KeyHash{}(kind_key(e)) + 1; }

  Event& event(std::uint32_t i) { return facts_.events[i]; }

  void collect() {
    for (std::uint32_t i = 0; i < facts_.events.size(); ++i) {
      const Event& e = event(i);
      if (is_front(e)) {
        fronts_.push_back(i);
        by_source_[e.at.source].push_back(i);
      } else if (is_registry_answer(e)) {
        // One request may give several error lines: the first stands for it.
        if (!seen_.insert(e.request.lo ^ e.request.hi).second) continue;
        answers_[exact_key(e)].push_back(i);
        if (may_be_renamed(e) && e.tag == NameId::none) by_digest_[any_name_key(e)].push_back(i);
      }
    }
    for (auto& [source, lines] : by_source_)
      std::sort(lines.begin(), lines.end(),
                [this](std::uint32_t a, std::uint32_t b) { return event(a).at < event(b).at; });
  }

  // An upload's step is its own: one line of a front and one of the registry.
  const std::vector<std::uint32_t>* steps_of(const Event& front) const {
    if (front.route != Route::upload || front.upload == NameId::none) return nullptr;
    const auto at = answers_.find(exact_key(front));
    return at == answers_.end() ? nullptr : &at->second;
  }

  void correct_clocks() {
    std::map<NameId, std::vector<TimeNs>> votes;  // by instance
    for (const std::uint32_t i : fronts_) {
      const Event& e = event(i);
      const auto* const steps = steps_of(e);
      if (steps == nullptr || e.time == kNoTime || e.untimed || steps->size() != 1) continue;
      votes[e.instance].push_back(event(steps->front()).time - e.time);
    }
    for (const std::uint32_t i : fronts_) {
      Event& e = event(i);
      const auto of = votes.find(e.instance);
      if (of == votes.end() || e.time == kNoTime || e.untimed) continue;
      e.time += offset_of(of->first, of->second);
    }
    for (Touch& t : facts_.touches) {
      const auto of = votes.find(t.instance);
      if (t.origin != Origin::front || of == votes.end()) continue;
      const TimeNs offset = offset_of(of->first, of->second);
      t.first.time += offset;
      t.last.time += offset;
      if (t.first.time > 0) t.hour = static_cast<std::uint32_t>(t.first.time / kHour);
    }
  }

  TimeNs offset_of(NameId instance, const std::vector<TimeNs>& votes) {
    const auto [at, fresh] = offsets_.try_emplace(instance, 0);
    if (!fresh) return at->second;
    const TimeNs apart = median(votes);
    if (std::abs(apart) < kFrontSlack) return at->second = 0;
    const TimeNs half = apart < 0 ? -kQuarter / 2 : kQuarter / 2;
    return at->second = std::abs(apart) < kOtherZone ? apart : (apart + half) / kQuarter * kQuarter;
  }

  // A source's clock is that of the instance most of its joined lines are of.
  void tell_offsets() {
    for (SourceReport& source : facts_.sources) source.clock_offset_ms.reset();
    std::map<SourceId, std::map<NameId, std::size_t>> lines;
    for (const std::uint32_t i : fronts_)
      if (offsets_.contains(event(i).instance)) ++lines[event(i).at.source][event(i).instance];
    for (const auto& [source, instances] : lines) {
      if (source >= facts_.sources.size()) continue;
      const auto most =
          std::max_element(instances.begin(), instances.end(),
                           [](const auto& a, const auto& b) { return a.second < b.second; });
      facts_.sources[source].clock_offset_ms = -offsets_.at(most->first) / 1'000'000;
    }
  }

  // Lines of one source, in their order.
  void join_source(std::vector<std::uint32_t>& lines) {
    for (const std::uint32_t answer : taken_) partner_[answer] = kNone;
    taken_.clear();
    join_steps(lines);
    join_counted(lines);
    join_near(lines);
    times_.date(lines);
  }

  // One line of a source has one answer; but two sources may tell of it: nginx, and core itself,
  // which writes its own access lines up to v2.0.
  void marry(std::uint32_t front, std::uint32_t answer) {
    partner_[front] = answer;
    partner_[answer] = front;
    taken_.push_back(answer);
  }

  void join_steps(const std::vector<std::uint32_t>& lines) {
    for (const std::uint32_t i : lines) {
      const auto* const steps = steps_of(event(i));
      if (steps == nullptr) continue;
      for (const std::uint32_t answer : *steps)
        if (partner_[answer] == kNone && status_fits(event(i), event(answer))) {
          marry(i, answer);
          break;
        }
    }
  }

  // As often asked at the front as answered by the registry: each line has its own answer.
  void join_counted(const std::vector<std::uint32_t>& lines) {
    KeyMap<std::vector<std::uint32_t>> asked;
    for (const std::uint32_t i : lines)
      if (is_untimed(event(i)) && partner_[i] == kNone)
        asked[exact_key(event(i)) * 31 + static_cast<std::uint64_t>(event(i).status)].push_back(i);
    for (const auto& [key, fronts] : asked) {
      const Event& e = event(fronts.front());
      const auto at = answers_.find(exact_key(e));
      if (at == answers_.end()) continue;
      std::vector<std::uint32_t> fitting;
      for (const std::uint32_t answer : at->second)
        if (partner_[answer] == kNone && event(answer).status == e.status)
          fitting.push_back(answer);
      if (fitting.size() != fronts.size()) continue;
      for (std::size_t n = 0; n < fronts.size(); ++n) marry(fronts[n], fitting[n]);
    }
  }

  void join_near(const std::vector<std::uint32_t>& lines) {
    const std::vector<FrontTimes::Window> windows = times_.windows_of(lines);
    for (const bool renamed : {false, true}) {
      TimeNs cursor = kBeforeAll;
      for (std::size_t n = 0; n < lines.size(); ++n) {
        const std::uint32_t i = lines[n];
        const Event& e = event(i);
        if (partner_[i] != kNone) {
          cursor = std::max(cursor, event(partner_[i]).order());
          continue;
        }
        if (renamed && (!may_be_renamed(e) || e.tag == NameId::none)) continue;
        const auto& table = renamed ? by_digest_ : answers_;
        const auto at = table.find(renamed ? any_name_key(e) : exact_key(e));
        if (at == table.end()) continue;
        const TimeNs from =
            is_untimed(e) ? std::max(windows[n].from, cursor - kFrontSlack) : windows[n].from;
        try_join(i, at->second, from, windows[n].to);
        if (partner_[i] != kNone) cursor = std::max(cursor, event(partner_[i]).order());
      }
    }
  }

  void try_join(std::uint32_t front, const std::vector<std::uint32_t>& candidates, TimeNs from,
                TimeNs to) {
    auto at = std::lower_bound(candidates.begin(), candidates.end(), from,
                               [this](std::uint32_t i, TimeNs t) { return event(i).order() < t; });
    for (std::size_t tried = 0; at != candidates.end() && tried < kMostTried; ++at, ++tried) {
      const Event& answer = event(*at);
      if (answer.order() > to) return;
      if (partner_[*at] != kNone || !status_fits(event(front), answer)) continue;
      return marry(front, *at);
    }
  }

  // Another registry behind the same front, whose log is not here: uploads that went well have no
  // line. Then nobody can say that core answered by itself.
  bool is_half_told() {
    std::size_t told = 0, untold = 0;
    for (const std::uint32_t i : fronts_) {
      const Event& e = event(i);
      if (e.route != Route::upload || e.status < 200 || e.status >= 300 || !times_.is_covered(e))
        continue;
      ++(partner_[i] == kNone ? untold : told);
    }
    return untold > 1 && untold * 10 > told;
  }

  void decide() {
    const bool half_told = is_half_told();
    for (const std::uint32_t i : fronts_) {
      Event& e = event(i);
      if (partner_[i] != kNone) {
        Event& answer = event(partner_[i]);
        // Behind core only the client's line has the tag that was put.
        if (e.method == Method::PUT && e.route == Route::manifest && answer.tag == NameId::none)
          answer.tag = e.tag;
        e.request = answer.request;
        const bool passed_on = e.status == answer.status;
        e.answered_by = passed_on ? AnsweredBy::registry : AnsweredBy::core;
        if (passed_on) {
          e.kind = EventKind::echo;
          e.code = answer.code;
          if (e.digest == NameId::none) e.digest = answer.digest;
          e.code_inferred = answer.code != Code::none;
          continue;
        }
      } else {
        const bool reads = e.route == Route::manifest || e.route == Route::blob;
        if (reads && (half_told || !times_.is_covered(e) || times_.is_folded(e))) continue;
        e.answered_by = e.status == 502 || e.status == 504 || e.status == 413 ? AnsweredBy::proxy
                                                                              : AnsweredBy::core;
      }
      e.code = code_of_core(e);
      e.code_inferred = e.code != Code::none;
    }
  }

  // What core says for a status (goharbor/harbor src/lib/http/error.go, src/lib/errors/const.go).
  static Code code_of_core(const Event& e) {
    switch (e.status) {
      case 401:
        return Code::UNAUTHORIZED;
      case 403:
        return Code::DENIED;
      case 404:
        return Code::NOT_FOUND;
      case 409:
        return Code::CONFLICT;
      case 412:
        return e.method == Method::DELETE ? Code::VIOLATE_FOREIGN_KEY_CONSTRAINT
                                          : Code::PRECONDITION;
      case 429:
        return Code::TOOMANYREQUESTS;
      case 500:
        return Code::UNKNOWN;
      case 503:
        return Code::UNAVAILABLE;
      default:
        return Code::none;
    }
  }

  Facts& facts_;
  const bool same_clients_;
  std::vector<std::uint32_t> partner_;
  FrontTimes times_;
  std::vector<std::uint32_t> fronts_, taken_;
  std::map<SourceId, std::vector<std::uint32_t>> by_source_;
  KeyMap<std::vector<std::uint32_t>> answers_, by_digest_;
  KeySet seen_;
  std::map<NameId, TimeNs> offsets_;
};

}  // namespace

Facts copy_of(const Facts& facts) {
  Facts copy;
  for (std::uint32_t i = 1; i < facts.names.size(); ++i)
    copy.names.intern(facts.names.text(static_cast<NameId>(i)));
  copy.events = facts.events;
  copy.touches = facts.touches;
  copy.sources = facts.sources;
  copy.remainders = facts.remainders;
  return copy;
}

bool any_front(const Facts& facts) {
  return std::any_of(facts.events.begin(), facts.events.end(), is_front);
}

void join_requests(Facts& facts) {
  if (name_same_clients(facts)) unfold_reads_of_core(facts);
  Joiner(facts).run();
}

std::vector<JoinedRequest> requests_of(const Facts& facts) {
  std::vector<JoinedRequest> requests;
  std::map<Hash128, std::size_t> by_id;
  for (std::uint32_t i = 0; i < facts.events.size(); ++i) {
    const Event& e = facts.events[i];
    if (!is_front(e) && !e.request) continue;
    if (!e.request) {
      requests.push_back({{i}, e.answered_by});
      continue;
    }
    const auto [at, fresh] = by_id.try_emplace(e.request, requests.size());
    if (fresh) requests.push_back({{i}, AnsweredBy::registry});
    JoinedRequest& request = requests[at->second];
    if (!fresh) request.events.push_back(i);
    if (is_front(e)) {
      request.answered_by = e.answered_by;
      std::swap(request.events.front(), request.events.back());
    }
  }
  return requests;
}

}  // namespace regtriage
