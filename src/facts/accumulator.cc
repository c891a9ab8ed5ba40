#include "facts/accumulator.h"

#include <tsl/robin_map.h>

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>

#include "facts/pairing.h"

namespace regtriage {
namespace {

std::uint64_t mixed(std::uint64_t value) {
  value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9ULL;
  value = (value ^ value >> 27) * 0x94d049bb133111ebULL;
  return value ^ value >> 31;
}

// Everything of a touch but its sightings.
struct TouchKey {
  std::array<std::uint32_t, 6> names{};
  std::uint32_t kind = 0;  // method, route, origin, whole_second, status
  std::uint32_t hour = 0;
  std::int64_t written = -1;
  bool operator==(const TouchKey&) const = default;
};

struct TouchHash {
  std::size_t operator()(const TouchKey& key) const {
    std::uint64_t h = mixed(static_cast<std::uint64_t>(key.kind) << 32 | key.hour);
    for (std::size_t i = 0; i < key.names.size(); i += 2)
      h = mixed(h ^ (static_cast<std::uint64_t>(key.names[i]) << 32 | key.names[i + 1]));
    return mixed(h ^ static_cast<std::uint64_t>(key.written));
  }
};

TouchKey key_of(const Touch& t) {
  TouchKey key;
  const NameId names[] = {t.repository, t.digest, t.tag, t.client, t.agent, t.instance};
  for (std::size_t i = 0; i < key.names.size(); ++i)
    key.names[i] = static_cast<std::uint32_t>(names[i]);
  key.kind =
      static_cast<std::uint32_t>(t.method) << 28 | static_cast<std::uint32_t>(t.route) << 24 |
      static_cast<std::uint32_t>(t.origin) << 20 |
      static_cast<std::uint32_t>(t.whole_second) << 16 | static_cast<std::uint16_t>(t.status);
  key.hour = t.hour;
  key.written = t.written;
  return key;
}

bool before(const Touch::Sighting& a, const Touch::Sighting& b) {
  return a.time != b.time ? a.time < b.time : a.id < b.id;
}

// The same sighting seen twice keeps its smallest position.
void take_earlier(Touch::Sighting& mine, const Touch::Sighting& other) {
  if (other.id == mine.id) {
    mine.at = std::min(mine.at, other.at);
    mine.order_ns = std::min(mine.order_ns, other.order_ns);
  } else if (before(other, mine)) {
    mine = other;
  }
}

void take_later(Touch::Sighting& mine, const Touch::Sighting& other) {
  if (other.id == mine.id) {
    mine.at = std::min(mine.at, other.at);
    mine.order_ns = std::min(mine.order_ns, other.order_ns);
  } else if (before(mine, other)) {
    mine = other;
  }
}

// A good read that may fold: it moved bytes (or was a manifest read), so alone it explains nothing.
// HEADs of blobs stay events, for within a push they decide whether the layer is sent.
bool folds(const EventDraft& d) {
  if (d.kind != EventKind::request || d.code != Code::none || d.status < 200 || d.status >= 400)
    return false;
  if (d.method != Method::GET && d.method != Method::HEAD) return false;
  if (d.route == Route::manifest) return true;
  return d.route == Route::blob && d.method == Method::GET && (d.status != 200 || d.written > 0);
}

// Requests that no answer needs: nothing of the distribution API, and no error code.
bool useless(const EventDraft& d) {
  if (d.kind == EventKind::none) return true;
  if (d.kind != EventKind::request || d.code != Code::none) return false;
  return d.route == Route::none || d.route == Route::other || d.route == Route::ping ||
         d.route == Route::catalog || d.route == Route::token ||
         (d.route == Route::tags && d.status < 400) ||
         (d.route == Route::referrers && d.status < 400);
}

constexpr std::size_t kRecent = 64;  // an access line follows its application line closely

}  // namespace

struct Accumulator::Impl {
  StringTable names;
  std::vector<Event> events;
  tsl::robin_map<TouchKey, Touch, TouchHash> touches;

  struct Recent {
    std::uint64_t key = 0;
    TimeNs time = 0;
    std::uint32_t duration_us = 0;
  };
  std::array<Recent, kRecent> recent{};
  std::size_t next_recent = 0;

  void keep(const EventDraft& d, const Position& at, TimeNs time, std::uint32_t order_ns,
            bool untimed);
  void remember(std::uint64_t key, TimeNs time, std::uint32_t duration_us) {
    recent[next_recent++ % kRecent] = {key, time, duration_us};
  }
  bool paired(std::uint64_t key, TimeNs second) const {
    for (const Recent& r : recent)
      if (r.key == key && same_second(r.time, r.duration_us, second)) return true;
    return false;
  }
  void add_touch(Touch touch);
  void fold_access_lines();
  void fold_events(Origin origin);
  void fold_touches(Origin origin);
  void sort_events();
};

namespace {

std::uint32_t micros_of(std::int64_t nanos) {
  if (nanos <= 0) return 0;
  return static_cast<std::uint32_t>(
      std::min<std::int64_t>(nanos / 1000, std::numeric_limits<std::uint32_t>::max()));
}

Touch touch_of(const Event& e) {
  Touch t;
  t.repository = e.repository;
  t.digest = e.digest;
  t.tag = e.tag;
  t.client = e.client;
  t.agent = e.agent;
  t.instance = e.instance;
  t.method = e.method;
  t.route = e.route;
  t.origin = e.origin;
  t.whole_second = e.whole_second;
  t.status = e.status;
  t.hour = e.time == kNoTime || e.time < 0 ? 0 : static_cast<std::uint32_t>(e.time / kHour);
  t.written = e.written;
  t.first = {e.time, e.id, e.at, e.order_ns, e.request};
  t.last = t.first;
  return t;
}

}  // namespace

void Accumulator::Impl::keep(const EventDraft& d, const Position& at, TimeNs time,
                             std::uint32_t order_ns, bool untimed) {
  Event e;
  e.id = d.id;
  e.time = time;
  e.at = at;
  e.order_ns = order_ns;
  e.untimed = untimed;
  e.whole_second = d.whole_second;
  e.kind = d.kind;
  e.origin = d.origin;
  e.level = d.level;
  e.method = d.method;
  e.route = d.route;
  e.code = d.code;
  e.code_inferred = d.code_inferred;
  e.index = d.index;
  e.status = static_cast<std::int16_t>(std::clamp(d.status, -1, 32767));
  e.written = d.written;
  e.offset = d.offset;
  e.duration_us = micros_of(d.duration_ns);
  e.request = uuid_bits(d.request);
  e.repository = names.intern(d.repository);
  e.digest = names.intern(d.digest);
  e.tag = names.intern(d.tag);
  e.upload = names.intern(d.upload);
  e.manifest = names.intern(d.manifest);
  if (e.origin == Origin::access || e.origin == Origin::proxy) {
    const auto key = pairing_key(e.method, e.route, e.repository, path_subject(e), e.status);
    if (time != kNoTime && paired(key, time)) return;
  }
  e.client = names.intern(d.client);
  e.agent = names.intern(d.agent);
  e.instance = names.intern(d.instance);
  if (e.origin == Origin::app && tells_of_answer(e) && time != kNoTime)
    remember(pairing_key(e.method, e.route, e.repository, path_subject(e), answered_status(e)),
             time, e.duration_us);
  if (folds(d)) return add_touch(touch_of(e));
  e.user = names.intern(d.user);
  e.from = names.intern(d.from);
  e.detail = names.intern(d.detail);
  e.rule = names.intern(d.rule);
  events.push_back(e);
}

void Accumulator::Impl::add_touch(Touch touch) {
  const auto [at, fresh] = touches.try_emplace(key_of(touch), touch);
  if (fresh) return;
  Touch& mine = at.value();
  take_earlier(mine.first, touch.first);
  take_later(mine.last, touch.last);
}

// Late twin of the look into `recent`: the same predicate over everything, so that it does not
// matter where a file was cut. An access line folds into its application line, a proxy's line into
// either.
void Accumulator::Impl::fold_access_lines() {
  for (const Origin origin : {Origin::access, Origin::proxy}) {
    fold_events(origin);
    fold_touches(origin);
  }
}

void Accumulator::Impl::fold_events(Origin origin) {
  const auto subordinate = [&](const Event& e) { return e.origin == origin && e.time != kNoTime; };
  if (std::none_of(events.begin(), events.end(), subordinate)) return;
  std::vector<std::pair<std::uint64_t, TimeNs>> answers;  // pairing key, start of the request
  for (const Event& e : events)
    if (e.origin < origin && tells_of_answer(e) && e.time != kNoTime)
      answers.emplace_back(
          pairing_key(e.method, e.route, e.repository, path_subject(e), answered_status(e)),
          e.time - static_cast<TimeNs>(e.duration_us) * 1000);
  std::sort(answers.begin(), answers.end());
  const auto told = [&](const Event& e) {
    const auto key = pairing_key(e.method, e.route, e.repository, path_subject(e), e.status);
    const auto at =
        std::lower_bound(answers.begin(), answers.end(), std::pair{key, e.time - kSecond});
    return at != answers.end() && at->first == key && same_second(at->second, 0, e.time);
  };
  std::erase_if(events, [&](const Event& e) { return subordinate(e) && told(e); });
}

// Reads: a touch goes if lines nearer to the registry tell of the same reads in that hour or beside
// it.
void Accumulator::Impl::fold_touches(Origin origin) {
  const auto read_key = [](const Touch& t) {
    const NameId subject = t.route == Route::manifest && t.tag != NameId::none ? t.tag : t.digest;
    return pairing_key(t.method, t.route, t.repository, subject, t.status);
  };
  if (std::none_of(touches.begin(), touches.end(),
                   [&](const auto& row) { return row.second.origin == origin; }))
    return;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> hours;
  for (const auto& [key, t] : touches)
    if (t.origin < origin) hours.emplace_back(read_key(t), t.hour);
  std::sort(hours.begin(), hours.end());
  for (auto at = touches.begin(); at != touches.end();) {
    const Touch& t = at->second;
    const std::uint32_t low = t.hour == 0 ? 0 : t.hour - 1;
    const auto near = std::lower_bound(hours.begin(), hours.end(), std::pair{read_key(t), low});
    const bool told = t.origin == origin && near != hours.end() && near->first == read_key(t) &&
                      near->second <= t.hour + 1;
    at = told ? touches.erase(at) : std::next(at);
  }
}

void Accumulator::Impl::sort_events() {
  struct Key {
    TimeNs order;
    EventId id;
    std::uint32_t index;
    bool operator<(const Key& other) const {
      if (order != other.order) return order < other.order;
      return id != other.id ? id < other.id : index < other.index;
    }
  };
  // One event per id: its smallest order hint and position. Then by (order, id).
  std::vector<Key> keys(events.size());
  for (std::uint32_t i = 0; i < keys.size(); ++i) keys[i] = {events[i].time, events[i].id, i};
  std::sort(keys.begin(), keys.end());
  std::size_t kept = 0;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (kept > 0 && keys[kept - 1].id == keys[i].id && keys[kept - 1].order == keys[i].order) {
      Event& mine = events[keys[kept - 1].index];
      const Event& other = events[keys[i].index];
      mine.at = std::min(mine.at, other.at);
      mine.order_ns = std::min(mine.order_ns, other.order_ns);
      continue;
    }
    keys[kept++] = keys[i];
  }
  keys.resize(kept);
  for (Key& key : keys) key.order = events[key.index].order();
  if (!std::is_sorted(keys.begin(), keys.end())) std::sort(keys.begin(), keys.end());
  const bool in_place = keys.size() == events.size() &&
                        std::is_sorted(keys.begin(), keys.end(), [](const Key& a, const Key& b) {
                          return a.index < b.index;
                        });
  if (in_place) return;
  std::vector<Event> sorted;
  sorted.reserve(keys.size());
  for (const Key& key : keys) sorted.push_back(events[key.index]);
  events = std::move(sorted);
}

Accumulator::Accumulator() : impl_(std::make_unique<Impl>()) {}
Accumulator::~Accumulator() = default;
Accumulator::Accumulator(Accumulator&&) noexcept = default;
Accumulator& Accumulator::operator=(Accumulator&&) noexcept = default;

void Accumulator::add(const EventDraft& draft, const Position& at, std::uint32_t order_ns) {
  if (!useless(draft)) impl_->keep(draft, at, draft.time, order_ns, false);
}

void Accumulator::add_untimed(const EventDraft& draft, const Position& at, TimeNs time,
                              std::uint32_t order_ns) {
  if (!useless(draft)) impl_->keep(draft, at, time, order_ns, true);
}

namespace {

// Ids of one table in the terms of another; texts are interned when first met.
class Renaming {
 public:
  Renaming(const StringTable& from, StringTable& to)
      : from_(from), to_(to), ids_(from.size(), NameId::none) {}
  void apply(NameId& id) {
    if (id == NameId::none) return;
    NameId& known = ids_[static_cast<std::uint32_t>(id)];
    if (known == NameId::none) known = to_.intern(from_.text(id));
    id = known;
  }
  void apply(Event& e) {
    for (NameId* id : {&e.repository, &e.digest, &e.tag, &e.upload, &e.client, &e.agent, &e.user,
                       &e.instance, &e.from, &e.manifest, &e.detail, &e.rule})
      apply(*id);
  }
  void apply(Touch& t) {
    for (NameId* id : {&t.repository, &t.digest, &t.tag, &t.client, &t.agent, &t.instance})
      apply(*id);
  }

 private:
  const StringTable& from_;
  StringTable& to_;
  std::vector<NameId> ids_;
};

bool touch_less(const StringTable& names, const Touch& a, const Touch& b) {
  const auto text = [&](NameId id) { return names.text(id); };
  const auto rest = [](const Touch& t) {
    return std::tuple(t.method, t.route, t.origin, t.whole_second, t.status, t.hour, t.written);
  };
  for (const auto member : {&Touch::repository, &Touch::digest, &Touch::tag, &Touch::client,
                            &Touch::agent, &Touch::instance})
    if (a.*member != b.*member) return text(a.*member) < text(b.*member);
  return rest(a) < rest(b);
}

}  // namespace

void Accumulator::join(Accumulator&& other) {
  if (other.empty()) return;
  if (empty()) {
    std::swap(impl_, other.impl_);
    return;
  }
  Renaming renaming(other.impl_->names, impl_->names);
  for (Event& e : other.impl_->events) {
    renaming.apply(e);
    impl_->events.push_back(e);
  }
  for (const auto& [key, touch] : other.impl_->touches) {
    Touch mine = touch;
    renaming.apply(mine);
    impl_->add_touch(mine);
  }
  other.impl_ = std::make_unique<Impl>();
}

bool Accumulator::empty() const { return impl_->events.empty() && impl_->touches.empty(); }

std::size_t Accumulator::bytes() const {
  return impl_->names.bytes() + impl_->events.capacity() * sizeof(Event) +
         impl_->touches.bucket_count() * (sizeof(TouchKey) + sizeof(Touch));
}

Facts Accumulator::take() {
  impl_->fold_access_lines();
  impl_->sort_events();
  Facts facts;
  facts.touches.reserve(impl_->touches.size());
  for (const auto& [key, touch] : impl_->touches) facts.touches.push_back(touch);
  facts.events = std::move(impl_->events);
  facts.names = std::move(impl_->names);
  std::sort(facts.touches.begin(), facts.touches.end(),
            [&](const Touch& a, const Touch& b) { return touch_less(facts.names, a, b); });
  impl_ = std::make_unique<Impl>();
  return facts;
}

Facts join(Facts&& a, Facts&& b) {
  const auto shift = static_cast<SourceId>(a.sources.size());
  const auto moved = [shift](Position& at) {
    if (at.source != kNoSource) at.source += shift;
  };
  Accumulator sum;
  const auto add = [&](Facts& part, bool second) {
    if (second) {
      for (Event& e : part.events) moved(e.at);
      for (Touch& t : part.touches) moved(t.first.at), moved(t.last.at);
    }
    sum.absorb(std::move(part));
  };
  std::vector<SourceReport> sources = std::move(a.sources);
  sources.insert(sources.end(), std::make_move_iterator(b.sources.begin()),
                 std::make_move_iterator(b.sources.end()));
  add(a, false);
  add(b, true);
  Facts facts = sum.take();
  facts.sources = std::move(sources);
  return facts;
}

void Accumulator::absorb(Facts&& part) {
  Accumulator one;
  one.impl_->names = std::move(part.names);
  one.impl_->events = std::move(part.events);
  for (const Touch& touch : part.touches) one.impl_->add_touch(touch);
  join(std::move(one));
}

}  // namespace regtriage
