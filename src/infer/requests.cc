#include "infer/requests.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/text.h"
#include "infer/history.h"

namespace regtriage {
namespace {

constexpr TimeNs kSlack = 2 * kSecond;         // clocks of one host, and whole seconds
constexpr TimeNs kOtherZone = 10 * kMinute;    // further apart: another zone, not another clock
constexpr TimeNs kAfterAll = TimeNs{1} << 62;  // behind every time that a log can print
constexpr TimeNs kQuarter = 15 * kMinute;      // zones differ by these
constexpr TimeNs kCovered = 10 * kMinute;  // a registry's log speaks for so long around its lines
constexpr std::size_t kMostTried = 4096;   // candidates of one key that one line looks at

bool is_front(const Event& e) {
  return e.origin == Origin::front && (e.kind == EventKind::request || e.kind == EventKind::echo);
}

// The line that tells how the registry answered: the last of its request.
bool is_answer(const Event& e) {
  return e.origin == Origin::app && e.kind == EventKind::request && e.status > 0 && e.request;
}

NameId subject_of(const Event& e) { return e.route == Route::upload ? e.upload : asked_for(e); }

std::uint64_t kind_key(const Event& e) {
  return key_of(e.repository, e.client) ^
         (static_cast<std::uint64_t>(e.method) << 8 | static_cast<std::uint64_t>(e.route)) *
             0x9e3779b97f4a7c15ULL;
}
std::uint64_t exact_key(const Event& e) { return KeyHash{}(kind_key(e)) ^ key_of(subject_of(e)); }
// Reads of a manifest of any name: the client's tag is a digest behind core.
std::uint64_t any_read_key(const Event& e) { return KeyHash{}(kind_key(e)) + 1; }

bool is_manifest_read(const Event& e) {
  return e.route == Route::manifest && (e.method == Method::GET || e.method == Method::HEAD);
}

// What core says about single requests, with a time: whom it removed, and where it fell back.
bool is_told(const Event& e) {
  return e.kind == EventKind::deleted || e.kind == EventKind::upstream_fallback ||
         e.kind == EventKind::auth_failure;
}
std::uint64_t told_key(EventKind kind, NameId repository, NameId subject) {
  return KeyHash{}(key_of(repository, subject)) + static_cast<std::uint64_t>(kind);
}

// May these two statuses be of one request?
bool status_fits(const Event& front, const Event& answer) {
  return front.status == answer.status ||
         (front.method == Method::PUT && front.route == Route::manifest && front.status >= 400 &&
          answer.status == 201);
}

// A good read of a manifest that the registry's lines tell of in a fold only.
template <class Read>
std::uint64_t fold_key(const Read& read) {
  return KeyHash{}(key_of(read.repository, read.client) + static_cast<std::uint64_t>(read.method)) +
         key_of(read.digest);
}

TimeNs start_of(const Event& answer) {
  return answer.order() - static_cast<TimeNs>(answer.duration_us) * 1000;
}

TimeNs median(std::vector<TimeNs> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

class Joiner {
 public:
  explicit Joiner(Facts& facts)
      : facts_(facts), partner_(facts.events.size(), kNone), told_(facts.events.size(), kNoTime) {}

  void run() {
    collect();
    if (fronts_.empty()) return;
    correct_clocks();
    for (auto& [source, lines] : by_source_) join_source(lines);
    decide();
    std::sort(facts_.events.begin(), facts_.events.end(), [](const Event& a, const Event& b) {
      return a.order() != b.order() ? a.order() < b.order() : a.id < b.id;
    });
  }

 private:
  static constexpr std::uint32_t kNone = 0xffffffffU;
  Event& event(std::uint32_t i) { return facts_.events[i]; }

  void collect() {
    for (std::uint32_t i = 0; i < facts_.events.size(); ++i) {
      const Event& e = event(i);
      if (is_front(e)) {
        fronts_.push_back(i);
        by_source_[e.at.source].push_back(i);
      } else if (is_told(e) && e.time != kNoTime) {
        last_told_ = std::max(last_told_, e.time);
        if (e.kind == EventKind::auth_failure)
          tellers_[told_key(e.kind, NameId::none, e.client)].push_back(i);
        for (const NameId what : {e.tag, e.digest})
          if (what != NameId::none) tellers_[told_key(e.kind, e.repository, what)].push_back(i);
      } else if (is_answer(e)) {
        cover(e);
        // One request may give several error lines: the first stands for it.
        if (!seen_.insert(e.request.lo ^ e.request.hi).second) continue;
        answers_[exact_key(e)].push_back(i);
        if (is_manifest_read(e)) reads_[any_read_key(e)].push_back(i);
      }
    }
    for (const Touch& t : facts_.touches)
      if (t.origin == Origin::app && t.route == Route::manifest && t.tag == NameId::none &&
          t.first.time != kNoTime) {
        auto& [first, last] =
            folds_.try_emplace(fold_key(t), t.first.order(), t.last.order()).first.value();
        first = std::min(first, t.first.order());
        last = std::max(last, t.last.order());
      }
    for (auto& [source, lines] : by_source_)
      std::sort(lines.begin(), lines.end(),
                [this](std::uint32_t a, std::uint32_t b) { return event(a).at < event(b).at; });
  }

  // The registry's log speaks from its first line to its last, of whatever kind.
  void cover(const Event& e) {
    const auto take = [this](TimeNs time) {
      if (time == kNoTime) return;
      first_answer_ = first_answer_ == kNoTime ? time : std::min(first_answer_, time);
      last_answer_ = last_answer_ == kNoTime ? time : std::max(last_answer_, time);
    };
    take(e.time);
    if (e.at.source >= facts_.sources.size() || !covering_.insert(e.at.source).second) return;
    take(facts_.sources[e.at.source].first);
    take(facts_.sources[e.at.source].last);
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
    if (std::abs(apart) < kSlack) return at->second = 0;
    const TimeNs half = apart < 0 ? -kQuarter / 2 : kQuarter / 2;
    return at->second = std::abs(apart) < kOtherZone ? apart : (apart + half) / kQuarter * kQuarter;
  }

  // Lines of one source, in their order.
  void join_source(std::vector<std::uint32_t>& lines) {
    join_steps(lines);
    join_counted(lines);
    join_near(lines);
    ask_folds(lines);
    ask_core(lines);
    follow(lines);
    date(lines);
  }

  void marry(std::uint32_t front, std::uint32_t answer) {
    partner_[front] = answer;
    partner_[answer] = front;
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

  bool untimed(const Event& e) const { return e.time == kNoTime || e.untimed; }

  // As often asked at the front as answered by the registry: each line has its own answer.
  void join_counted(const std::vector<std::uint32_t>& lines) {
    KeyMap<std::vector<std::uint32_t>> asked;
    for (const std::uint32_t i : lines)
      if (untimed(event(i)) && partner_[i] == kNone)
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

  struct Window {
    TimeNs from, to;
  };

  // When the registry may have answered, for every line: from its own time, else from the joined
  // lines before and behind it.
  std::vector<Window> windows_of(const std::vector<std::uint32_t>& lines) {
    std::vector<Window> windows(lines.size(), {kBeforeAll, kAfterAll});
    TimeNs before = kBeforeAll;
    for (std::size_t n = 0; n < lines.size(); ++n) {
      const Event& e = event(lines[n]);
      if (!untimed(e)) {
        windows[n] = {e.time - kSlack - static_cast<TimeNs>(e.duration_us) * 1000, e.time + kSlack};
        continue;
      }
      windows[n].from = before - kSlack;
      before = std::max(before, moment_of(lines[n], kBeforeAll));
    }
    TimeNs behind = kAfterAll;
    for (std::size_t n = lines.size(); n-- > 0;) {
      if (!untimed(event(lines[n]))) continue;
      windows[n].to = behind == kAfterAll ? behind : behind + kSlack;
      behind = std::min(behind, moment_of(lines[n], kAfterAll));
    }
    return windows;
  }

  void join_near(const std::vector<std::uint32_t>& lines) {
    const std::vector<Window> windows = windows_of(lines);
    for (const bool by_name : {true, false}) {
      TimeNs cursor = kBeforeAll;
      for (std::size_t n = 0; n < lines.size(); ++n) {
        const std::uint32_t i = lines[n];
        const Event& e = event(i);
        if (partner_[i] != kNone) {
          cursor = std::max(cursor, event(partner_[i]).order());
          continue;
        }
        const bool renamed = is_manifest_read(e) && e.tag != NameId::none;
        if (by_name == renamed) continue;
        const auto& table = renamed ? reads_ : answers_;
        const auto at = table.find(renamed ? any_read_key(e) : exact_key(e));
        if (at == table.end()) continue;
        const TimeNs from =
            untimed(e) ? std::max(windows[n].from, cursor - kSlack) : windows[n].from;
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

  // When the registry or core told of this line's request.
  TimeNs moment_of(std::uint32_t i, TimeNs otherwise) {
    if (partner_[i] != kNone) return event(partner_[i]).order();
    return told_[i] == kNoTime ? otherwise : told_[i];
  }

  // Good reads are folded: of them the registry tells the first and the last. So the first and the
  // last line of a front that read the same have a time, if it lies between their neighbours.
  void ask_folds(const std::vector<std::uint32_t>& lines) {
    const std::vector<Window> windows = windows_of(lines);
    KeyMap<std::pair<std::size_t, std::size_t>> ends;  // places in `lines`
    for (std::size_t n = 0; n < lines.size(); ++n) {
      const Event& e = event(lines[n]);
      if (!untimed(e) || partner_[lines[n]] != kNone || e.status != 200 || !is_manifest_read(e) ||
          e.tag != NameId::none || folds_.count(fold_key(e)) == 0)
        continue;
      ends.try_emplace(fold_key(e), n, n).first.value().second = n;
    }
    const auto take = [&](std::size_t n, TimeNs at) {
      if (windows[n].from <= at && at <= windows[n].to) told_[lines[n]] = at;
    };
    for (const auto& [key, places] : ends) {
      const auto& [first, last] = folds_.at(key);
      take(places.first, first);
      if (places.second != places.first) take(places.second, last);
    }
  }

  // What core alone answered may stand in its own log, with a time: the line takes the first such
  // word of its subject that lies between its neighbours.
  void ask_core(const std::vector<std::uint32_t>& lines) {
    const std::vector<Window> windows = windows_of(lines);
    TimeNs cursor = kBeforeAll;
    for (std::size_t n = 0; n < lines.size(); ++n) {
      const std::uint32_t i = lines[n];
      const Event& e = event(i);
      cursor = std::max(cursor, moment_of(i, kBeforeAll));
      if (!untimed(e) || partner_[i] != kNone) continue;
      const std::optional<std::uint64_t> key =
          word_of_core(e, n == 0 ? nullptr : &event(lines[n - 1]));
      if (!key) continue;
      const auto at = tellers_.find(*key);
      if (at == tellers_.end()) continue;
      take_word(i, at->second, std::max(windows[n].from, cursor - kSlack), windows[n].to, cursor);
      cursor = std::max(cursor, moment_of(i, kBeforeAll));
    }
  }

  // Under which key core told of such a request. A failed login is told once, at the token; what
  // the client asks with that token is refused right behind it.
  static std::optional<std::uint64_t> word_of_core(const Event& e, const Event* before) {
    if (e.status == 401 && e.route != Route::ping) {
      const bool again = before != nullptr && before->client == e.client && before->status == 401 &&
                         before->route != Route::ping;
      if (again) return std::nullopt;
      return told_key(EventKind::auth_failure, NameId::none, e.client);
    }
    if (e.route != Route::manifest) return std::nullopt;
    if (e.method == Method::DELETE && e.status < 300)
      return told_key(EventKind::deleted, e.repository, asked_for(e));
    if (!is_manifest_read(e)) return std::nullopt;
    return told_key(EventKind::upstream_fallback, e.repository, asked_for(e));
  }

  void take_word(std::uint32_t front, const std::vector<std::uint32_t>& words, TimeNs from,
                 TimeNs to, TimeNs behind) {
    auto at = std::lower_bound(words.begin(), words.end(), from,
                               [this](std::uint32_t i, TimeNs t) { return event(i).order() < t; });
    for (std::size_t tried = 0; at != words.end() && tried < kMostTried; ++at, ++tried) {
      if (event(*at).order() > to) return;
      if (!spoken_.insert(*at).second) continue;
      told_[front] = std::max(event(*at).order(), behind);
      return;
    }
  }

  // Right behind a line that has a moment good answers, and the same question asked again, are of
  // the same burst; behind a pause a client begins with a question that is refused.
  void follow(const std::vector<std::uint32_t>& lines) {
    TimeNs last = kNoTime;
    const Event* before = nullptr;
    for (const std::uint32_t i : lines) {
      const Event& e = event(i);
      const TimeNs known = moment_of(i, kNoTime);
      const bool again = before != nullptr && e.status == before->status &&
                         e.route != Route::ping && exact_subject(e) == exact_subject(*before);
      if (known != kNoTime)
        last = std::max(last, known);
      else if (last != kNoTime && untimed(e) && (e.status < 400 || again))
        told_[i] = ++last;
      else
        last = kNoTime;
      before = &e;
    }
  }

  static std::uint64_t exact_subject(const Event& e) {
    return KeyHash{}(key_of(e.repository, e.client)) + key_of(asked_for(e), e.agent);
  }

  // A line without a time stands behind its answer, else right before the next line that has one.
  // Behind the last of them only core's log goes on: what it tells of was before such a line as
  // far as anybody can know.
  void date(const std::vector<std::uint32_t>& lines) {
    TimeNs next = kNoTime;
    for (std::size_t n = lines.size(); n-- > 0;) {
      Event& e = event(lines[n]);
      if (!untimed(e)) continue;
      if (partner_[lines[n]] != kNone) {
        const Event& answer = event(partner_[lines[n]]);
        const TimeNs end = answer.order() + 1;
        next = next == kNoTime ? start_of(answer) : std::min(next, start_of(answer));
        put_time(e, end);
      } else if (told_[lines[n]] != kNoTime) {
        const TimeNs at = told_[lines[n]] + 1;  // a whole second: later than it says
        next = next == kNoTime ? at : std::min(next, at);
        put_time(e, next);
      } else if (next != kNoTime) {
        put_time(e, --next);
      }
    }
    TimeNs before = kNoTime;
    for (const std::uint32_t i : lines) {
      Event& e = event(i);
      if (e.time == kNoTime && before != kNoTime) {
        if (last_told_ != kNoTime) before = std::max(before, std::min(last_told_, covered_until()));
        put_time(e, ++before);
      }
      if (e.time != kNoTime) before = std::max(before, e.order());
    }
  }

  TimeNs covered_until() const {
    return last_answer_ == kNoTime ? kAfterAll : last_answer_ + kCovered - kSecond;
  }

  static void put_time(Event& e, TimeNs time) {
    e.time = time;
    e.order_ns = 0;
    e.whole_second = false;
  }

  bool is_covered(const Event& e) const {
    return first_answer_ != kNoTime && e.time != kNoTime && e.time >= first_answer_ - kCovered &&
           e.time <= last_answer_ + kCovered;
  }

  // May the registry's line be one of those that are folded? Of a tag it names the digest only.
  bool is_folded(const Event& e) const {
    if (e.status != 200) return false;
    if (e.route == Route::blob) return e.method == Method::GET;
    if (e.tag != NameId::none) return true;
    const auto fold = folds_.find(fold_key(e));
    return fold != folds_.end() && e.time <= fold->second.second + kSlack;
  }

  void decide() {
    for (const std::uint32_t i : fronts_) {
      Event& e = event(i);
      if (partner_[i] != kNone) {
        const Event& answer = event(partner_[i]);
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
        if (reads && (!is_covered(e) || is_folded(e))) continue;
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
  std::vector<std::uint32_t> partner_;
  std::vector<std::uint32_t> fronts_;
  std::map<SourceId, std::vector<std::uint32_t>> by_source_;
  KeyMap<std::vector<std::uint32_t>> answers_, reads_;
  KeySet seen_, covering_;
  std::vector<TimeNs> told_;                    // by front's line: when core told of it
  KeyMap<std::vector<std::uint32_t>> tellers_;  // by told_key
  KeyMap<std::pair<TimeNs, TimeNs>> folds_;     // by fold_key: the first and last such read
  KeySet spoken_;                               // words of core that a line has taken
  TimeNs last_told_ = kNoTime;
  std::map<NameId, TimeNs> offsets_;
  TimeNs first_answer_ = kNoTime, last_answer_ = kNoTime;
};

}  // namespace

Facts copy_of(const Facts& facts) {
  Facts copy;
  for (std::uint32_t i = 1; i < facts.names.size(); ++i)
    copy.names.intern(facts.names.text(static_cast<NameId>(i)));
  copy.events = facts.events;
  copy.touches = facts.touches;
  copy.sources = facts.sources;
  return copy;
}

bool any_front(const Facts& facts) {
  return std::any_of(facts.events.begin(), facts.events.end(), is_front);
}

void join_requests(Facts& facts) { Joiner(facts).run(); }

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
