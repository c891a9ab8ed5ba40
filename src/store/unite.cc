#include "store/unite.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "model/touch_order.h"

namespace regtriage {
namespace {

bool is_nowhere(const Position& at) { return at.source == kNoSource; }

void take_smaller(Position& mine, const Position& other) {
  if (std::pair(is_nowhere(other), other) < std::pair(is_nowhere(mine), mine)) mine = other;
}

void join_event(Event& kept, const Event& fresh) {
  const Event old = kept;
  kept = fresh;
  take_smaller(kept.at, old.at);
  kept.order_ns = std::min(old.order_ns, fresh.order_ns);
  if (old.untimed && fresh.untimed) kept.time = std::min(old.time, fresh.time);
}

bool is_event_before(const Event& a, const Event& b) {
  return std::tuple(a.order(), a.id) < std::tuple(b.order(), b.id);
}

struct Keyed {
  EventId id;
  std::uint32_t index;
  bool operator<(const Keyed& other) const {
    return std::tie(id, index) < std::tie(other.id, other.index);
  }
};

// In order, and no id twice? Ids of different times may be the same only in a damaged file, but
// then what follows must not depend on it.
bool is_canonical(const BigVector<Event>& events, const BigVector<Keyed>& by_id) {
  const auto same = [](const Keyed& a, const Keyed& b) { return a.id == b.id; };
  return std::is_sorted(events.begin(), events.end(), is_event_before) &&
         std::adjacent_find(by_id.begin(), by_id.end(), same) == by_id.end();
}

void unite_events(BigVector<Event>& events) {
  BigVector<Keyed> by_id(events.size());
  for (std::uint32_t i = 0; i < by_id.size(); ++i) by_id[i] = {events[i].id, i};
  std::sort(by_id.begin(), by_id.end());
  if (is_canonical(events, by_id)) return;
  BigVector<Event> united;
  united.reserve(events.size());
  for (std::size_t i = 0; i < by_id.size(); ++i) {
    const Event& event = events[by_id[i].index];
    if (i != 0 && by_id[i].id == by_id[i - 1].id)
      join_event(united.back(), event);
    else
      united.push_back(event);
  }
  std::sort(united.begin(), united.end(), is_event_before);
  events = std::move(united);
}

bool is_earlier(const Touch::Sighting& a, const Touch::Sighting& b) {
  return std::tie(a.time, a.id) < std::tie(b.time, b.id);  // no time is the smallest
}

void join_same_line(Touch::Sighting& mine, const Touch::Sighting& other) {
  take_smaller(mine.at, other.at);
  mine.order_ns = std::min(mine.order_ns, other.order_ns);
}

void join_touch(Touch& kept, const Touch& fresh) {
  Touch::Sighting first = kept.first, last = kept.first;
  const std::array all = {&std::as_const(kept).first, &std::as_const(kept).last, &fresh.first,
                          &fresh.last};
  for (const Touch::Sighting* seen : all) {
    if (seen->id == first.id)
      join_same_line(first, *seen);
    else if (is_earlier(*seen, first))
      first = *seen;
    if (seen->id == last.id)
      join_same_line(last, *seen);
    else if (is_earlier(last, *seen))
      last = *seen;
  }
  kept.first = first;
  kept.last = last.id == first.id ? first : last;
}

void unite_touches(BigVector<Touch>& touches, const StringTable& names) {
  const auto before = [&names](const Touch& a, const Touch& b) {
    return is_touch_before(names, a, b);
  };
  const auto not_before = [&](const Touch& a, const Touch& b) { return !before(a, b); };
  if (std::adjacent_find(touches.begin(), touches.end(), not_before) == touches.end()) return;
  std::stable_sort(touches.begin(), touches.end(), before);
  std::size_t kept = 0;
  for (std::size_t i = 1; i < touches.size(); ++i)
    if (before(touches[kept], touches[i]))
      touches[++kept] = touches[i];
    else
      join_touch(touches[kept], touches[i]);
  touches.resize(touches.empty() ? 0 : kept + 1);
}

}  // namespace

void unite(Facts& facts) {
  unite_events(facts.events);
  unite_touches(facts.touches, facts.names);
}

}  // namespace regtriage
