#include "infer/front_times.h"

#include <algorithm>
#include <optional>

#include "infer/history.h"

namespace regtriage {
namespace {

constexpr TimeNs kCovered = 10 * kMinute;  // a registry's log speaks for so long around its lines
constexpr std::size_t kMostTried = 4096;   // words of one key that one line looks at

// What core says about single requests, with a time: whom it removed, and where it fell back.
bool is_told(const Event& e) {
  return e.kind == EventKind::deleted || e.kind == EventKind::upstream_fallback ||
         e.kind == EventKind::auth_failure;
}
std::uint64_t told_key(EventKind kind, NameId repository, NameId subject) {
  return KeyHash{}(key_of(repository, subject)) + static_cast<std::uint64_t>(kind);
}

TimeNs start_of(const Event& answer) {
  return answer.order() - static_cast<TimeNs>(answer.duration_us) * 1000;
}

// Under which key core told of such a request. A failed login is told once, at the token; what
// the client asks with that token is refused right behind it.
std::optional<std::uint64_t> word_of_core(const Event& e, const Event* before) {
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

std::uint64_t exact_subject(const Event& e) {
  return KeyHash{}(key_of(e.repository, e.client)) + key_of(asked_for(e), e.agent);
}

void put_time(Event& e, TimeNs time) {
  e.time = time;
  e.order_ns = 0;
  e.whole_second = false;
}

}  // namespace

bool is_manifest_read(const Event& e) {
  return e.route == Route::manifest && (e.method == Method::GET || e.method == Method::HEAD);
}

FrontTimes::FrontTimes(Facts& facts, const std::vector<std::uint32_t>& partner, bool same_clients)
    : facts_(facts),
      partner_(partner),
      same_clients_(same_clients),
      told_(facts.events.size(), kNoTime) {
  for (std::uint32_t i = 0; i < facts_.events.size(); ++i) {
    const Event& e = event(i);
    if (is_told(e) && e.time != kNoTime) {
      last_told_ = std::max(last_told_, e.time);
      if (e.kind == EventKind::auth_failure)
        tellers_[told_key(e.kind, NameId::none, e.client)].push_back(i);
      for (const NameId what : {e.tag, e.digest})
        if (what != NameId::none) tellers_[told_key(e.kind, e.repository, what)].push_back(i);
    } else if (is_registry_answer(e)) {
      cover(e);
    }
  }
  for (const Touch& touch : facts_.touches) add_fold(touch);
  // The front tells of the same reads in folds, too: the first of them is the registry's. (Without
  // an agent: core's own line of what nginx tells, too.)
  for (const Touch& t : facts_.touches) {
    if (t.origin != Origin::front || t.route != Route::manifest || t.tag != NameId::none ||
        t.agent == NameId::none)
      continue;
    const auto fold = folds_.find(fold_key(t));
    if (fold == folds_.end() || !fold->second.once) continue;
    Fold& one = fold.value();
    if (one.of && one.of_time <= t.first.order()) continue;
    one.of = t.first.id;
    one.of_time = t.first.order();
  }
}

void FrontTimes::add_fold(const Touch& t) {
  if (t.origin != Origin::app || t.route != Route::manifest) return;
  readers_.insert(key_of(t.repository, t.client));
  if (t.first.time == kNoTime) return;
  const auto [at, fresh] = folds_.try_emplace(
      fold_key(t), Fold{t.first.order(), t.last.order(), t.seen_once(), {}, kNoTime});
  Fold& fold = at.value();
  if (fresh) return;
  fold.once = false;
  fold.first = std::min(fold.first, t.first.order());
  fold.last = std::max(fold.last, t.last.order());
}

void FrontTimes::date(const Lines& lines) {
  refine(lines);
  ask_folds(lines);
  ask_core(lines);
  follow(lines);
  put_times(lines);
}

// The registry's log speaks from its first line to its last, of whatever kind.
void FrontTimes::cover(const Event& e) {
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

// When the registry may have answered, for every line: from its own time, else from the joined
// lines before and behind it.
std::vector<FrontTimes::Window> FrontTimes::windows_of(const Lines& lines) const {
  std::vector<Window> windows(lines.size(), {kBeforeAll, kAfterAll});
  TimeNs before = kBeforeAll;
  for (std::size_t n = 0; n < lines.size(); ++n) {
    const Event& e = event(lines[n]);
    if (!is_untimed(e)) {
      windows[n] = {e.time - kFrontSlack - static_cast<TimeNs>(e.duration_us) * 1000,
                    e.time + kFrontSlack};
      continue;
    }
    windows[n].from = before - kFrontSlack;
    before = std::max(before, moment_of(lines[n], kBeforeAll));
  }
  TimeNs behind = kAfterAll;
  for (std::size_t n = lines.size(); n-- > 0;) {
    if (!is_untimed(event(lines[n]))) continue;
    windows[n].to = behind == kAfterAll ? behind : behind + kFrontSlack;
    behind = std::min(behind, moment_of(lines[n], kAfterAll));
  }
  return windows;
}

// When the registry or core told of this line's request.
TimeNs FrontTimes::moment_of(std::uint32_t i, TimeNs otherwise) const {
  if (partner_[i] != kNone) return event(partner_[i]).order();
  return told_[i] == kNoTime ? otherwise : told_[i];
}

// Good reads are folded: of them the registry tells the first and the last. So the first and the
// last line of a front that read the same have a time, if it lies between their neighbours.
void FrontTimes::ask_folds(const Lines& lines) {
  const std::vector<Window> windows = windows_of(lines);
  KeyMap<std::pair<std::size_t, std::size_t>> ends;  // places in `lines`
  for (std::size_t n = 0; n < lines.size(); ++n) {
    const Event& e = event(lines[n]);
    if (!is_untimed(e) || partner_[lines[n]] != kNone || e.status != 200 || !is_manifest_read(e) ||
        folds_.count(fold_key(e)) == 0)
      continue;
    ends.try_emplace(fold_key(e), n, n).first.value().second = n;
  }
  const auto take = [&](std::size_t n, TimeNs at) {
    if (windows[n].from <= at && at <= windows[n].to) told_[lines[n]] = at;
  };
  for (const auto& [key, places] : ends) {
    Fold& fold = folds_.at(key);
    if (fold.once && !fold.of) fold.of = event(lines[places.first]).id;
    take(places.first, fold.first);
    if (places.second != places.first) take(places.second, fold.last);
  }
}

// What core alone answered may stand in its own log, with a time: the line takes the first such
// word of its subject that lies between its neighbours.
void FrontTimes::ask_core(const Lines& lines) {
  const std::vector<Window> windows = windows_of(lines);
  TimeNs cursor = kBeforeAll;
  for (std::size_t n = 0; n < lines.size(); ++n) {
    const std::uint32_t i = lines[n];
    const Event& e = event(i);
    cursor = std::max(cursor, moment_of(i, kBeforeAll));
    if (!is_untimed(e) || partner_[i] != kNone) continue;
    const std::optional<std::uint64_t> key =
        word_of_core(e, n == 0 ? nullptr : &event(lines[n - 1]));
    if (!key) continue;
    const auto at = tellers_.find(*key);
    if (at == tellers_.end()) continue;
    Window window{std::max(windows[n].from, cursor - kFrontSlack), windows[n].to};
    // A client that asks again at once: core says so in the same words, and what it says twice in
    // one second counts once.
    const TimeNs just_before = n > 0 && exact_subject(e) == exact_subject(event(lines[n - 1]))
                                   ? told_[lines[n - 1]]
                                   : kNoTime;
    if (just_before != kNoTime) window.to = std::min(window.to, just_before + kFrontSlack);
    take_word(i, at->second, window, cursor);
    if (told_[i] == kNoTime) told_[i] = just_before;
    cursor = std::max(cursor, moment_of(i, kBeforeAll));
  }
}

void FrontTimes::take_word(std::uint32_t front, const std::vector<std::uint32_t>& words,
                           Window window, TimeNs behind) {
  auto at = std::lower_bound(words.begin(), words.end(), window.from,
                             [this](std::uint32_t i, TimeNs t) { return event(i).order() < t; });
  for (std::size_t tried = 0; at != words.end() && tried < kMostTried; ++at, ++tried) {
    if (event(*at).order() > window.to) return;
    if (!spoken_.insert(*at).second) continue;
    told_[front] = std::max(event(*at).order(), behind);
    return;
  }
}

// Right behind a line that has a moment good answers, and the same question asked again, are of
// the same burst; behind a pause a client begins with a question that is refused.
void FrontTimes::follow(const Lines& lines) {
  TimeNs last = kNoTime;
  const Event* before = nullptr;
  for (const std::uint32_t i : lines) {
    const Event& e = event(i);
    const TimeNs known = moment_of(i, kNoTime);
    const bool again = before != nullptr && e.status == before->status && e.route != Route::ping &&
                       exact_subject(e) == exact_subject(*before);
    if (known != kNoTime)
      last = std::max(last, known);
    else if (last != kNoTime && is_untimed(e) && (e.status < 400 || again))
      told_[i] = ++last;
    else
      last = kNoTime;
    before = &e;
  }
}

// A transport's time is rough: a line stands behind its answer, and the lines around it in the
// order of their file, before what stands behind them and behind what stands before.
void FrontTimes::refine(const Lines& lines) {
  constexpr TimeNs kRough = kFrontSlack + kSecond;
  std::vector<bool> fixed(lines.size());
  for (std::size_t n = 0; n < lines.size(); ++n) {
    Event& e = event(lines[n]);
    if (is_untimed(e) || partner_[lines[n]] == kNone) continue;
    const TimeNs end = event(partner_[lines[n]]).order() + 1;
    if (std::abs(end - e.time) > kRough) continue;
    put_time(e, end);
    fixed[n] = true;
  }
  TimeNs next = kAfterAll;
  for (std::size_t n = lines.size(); n-- > 0;) {
    Event& e = event(lines[n]);
    if (is_untimed(e)) continue;
    if (!fixed[n] && e.order() >= next && e.order() - next <= kRough) put_time(e, next - 1);
    next = std::min(next, e.order());
  }
  TimeNs behind = kBeforeAll;
  for (std::size_t n = 0; n < lines.size(); ++n) {
    Event& e = event(lines[n]);
    if (is_untimed(e)) continue;
    if (!fixed[n] && e.order() <= behind && behind - e.order() < kRough) put_time(e, behind + 1);
    behind = std::max(behind, e.order());
  }
}

// A line without a time stands behind its answer, else right before the next line that has one.
// Behind the last of them only core's log goes on: what it tells of was before such a line as
// far as anybody can know.
void FrontTimes::put_times(const Lines& lines) {
  TimeNs next = kNoTime;
  for (std::size_t n = lines.size(); n-- > 0;) {
    Event& e = event(lines[n]);
    if (!is_untimed(e)) continue;
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

TimeNs FrontTimes::covered_until() const {
  return last_answer_ == kNoTime ? kAfterAll : last_answer_ + kCovered - kSecond;
}

bool FrontTimes::is_covered(const Event& e) const {
  return first_answer_ != kNoTime && e.time != kNoTime && e.time >= first_answer_ - kCovered &&
         e.time <= last_answer_ + kCovered;
}

// May the registry's line be one of those that are folded? Of a tag it names the digest only.
bool FrontTimes::is_folded(const Event& e) const {
  if (e.status != 200 || folds_.empty()) return false;
  if (!same_clients_) return true;
  if (e.route == Route::blob) return e.method == Method::GET;
  if (e.tag != NameId::none) return readers_.count(key_of(e.repository, e.client)) != 0;
  const auto fold = folds_.find(fold_key(e));
  if (fold == folds_.end()) return false;
  if (fold->second.once && fold->second.of) return fold->second.of == e.id;
  return e.time <= fold->second.last + kFrontSlack;
}

}  // namespace regtriage
