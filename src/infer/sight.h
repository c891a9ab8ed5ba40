// One sighting of a thing, and the index in which its sightings stand in order.
#pragma once

#include <tsl/robin_map.h>
#include <tsl/robin_set.h>

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "base/big_vector.h"
#include "base/check.h"
#include "model/event.h"

namespace regtriage {

// Keys are made of small numbers: a table needs them mixed.
struct KeyHash {
  std::size_t operator()(std::uint64_t key) const {
    key = (key ^ key >> 32) * 0xd6e8feb86659fd93ULL;
    key = (key ^ key >> 32) * 0xd6e8feb86659fd93ULL;
    return key ^ key >> 32;
  }
};
using KeySet = tsl::robin_set<std::uint64_t, KeyHash>;
template <class T>
using KeyMap = tsl::robin_map<std::uint64_t, T, KeyHash>;

// One sighting: an event, or the first or last of a touch. Borrowed from the Facts.
struct Sight {
  const Event* event = nullptr;
  const Touch* touch = nullptr;
  bool last = false;

  explicit operator bool() const { return event != nullptr || touch != nullptr; }
  const Touch::Sighting& seen() const { return last ? of_touch().last : of_touch().first; }
  TimeNs time() const { return event ? event->time : seen().time; }
  TimeNs order() const { return event ? event->order() : seen().order(); }
  EventId id() const { return event ? event->id : seen().id; }
  Position at() const { return event ? event->at : seen().at; }
  NameId repository() const { return event ? event->repository : of_touch().repository; }
  NameId digest() const { return event ? event->digest : of_touch().digest; }
  NameId tag() const { return event ? event->tag : of_touch().tag; }
  NameId client() const { return event ? event->client : of_touch().client; }
  NameId agent() const { return event ? event->agent : of_touch().agent; }
  Origin origin() const { return event ? event->origin : of_touch().origin; }
  Method method() const { return event ? event->method : of_touch().method; }
  Route route() const { return event ? event->route : of_touch().route; }
  int status() const { return event ? event->status : of_touch().status; }
  ManifestType manifest_type() const {
    return event ? event->manifest_type : of_touch().manifest_type;
  }
  std::int64_t written() const { return event ? event->written : of_touch().written; }

 private:
  const Touch& of_touch() const {
    REGTRIAGE_CHECK(touch != nullptr, "an empty sighting was asked what it saw");
    return *touch;
  }
};

// Sorted (key, order) → sighting. Keys are made of NameIds by key_of.
class SightIndex {
 public:
  void add(std::uint64_t key, Sight sight) { rows_.push_back({key, packed(sight)}); }
  void add(const SightIndex& other) {
    rows_.insert(rows_.end(), other.rows_.begin(), other.rows_.end());
  }
  void reserve(std::size_t rows) { rows_.reserve(rows); }
  void sort();
  Sight first_after(std::uint64_t key, TimeNs order) const;  // order > given
  Sight first_from(std::uint64_t key, TimeNs order) const;   // order >= given
  Sight last_before(std::uint64_t key, TimeNs order) const;  // order < given
  Sight first(std::uint64_t key) const;
  Sight last(std::uint64_t key) const;
  bool any(std::uint64_t key) const { return static_cast<bool>(first(key)); }
  // The rows of a key; for scans that state their bound.
  struct Row {
    std::uint64_t key;
    std::uintptr_t
        packed;  // address of the event or touch, and which in its low bits: a log makes many rows
    Sight sight() const { return unpacked(packed); }
    // For indexes that hold no touches.
    const Event& event() const {
      REGTRIAGE_CHECK((packed & 1U) == 0, "a touch was taken for an event");
      return *reinterpret_cast<const Event*>(packed);
    }
    TimeNs order() const { return sight().order(); }
  };
  std::span<const Row> rows(std::uint64_t key) const;
  std::span<const Row> all() const { return rows_; }

 private:
  static std::uintptr_t packed(const Sight& s) {
    static_assert(alignof(Event) >= 4 && alignof(Touch) >= 4);
    return s.event ? reinterpret_cast<std::uintptr_t>(s.event)
                   : reinterpret_cast<std::uintptr_t>(s.touch) | (s.last ? 3U : 1U);
  }
  static Sight unpacked(std::uintptr_t packed) {
    Sight s;
    if ((packed & 1U) == 0)
      s.event = reinterpret_cast<const Event*>(packed);
    else
      s.touch = reinterpret_cast<const Touch*>(packed & ~std::uintptr_t{3});
    s.last = (packed & 2U) != 0;
    return s;
  }
  BigVector<Row> rows_;
};

// The events of each key in order, by their place in the Facts: four bytes an event, and no
// sorting.
class Timeline {
 public:
  // `events` in order, and they outlive this; those that `belong` are kept.
  template <class Belongs, class Key>
  void build(std::span<const Event> events, Belongs belongs, Key key_of_event) {
    events_ = events;
    BigVector<std::uint32_t> group_of(events.size(), kNone);
    for (std::size_t i = 0; i < events.size(); ++i) {
      if (!belongs(events[i])) continue;
      const auto fresh = static_cast<std::uint32_t>(begins_.size());
      const std::uint32_t group = groups_.try_emplace(key_of_event(events[i]), fresh).first->second;
      if (group == fresh) begins_.push_back(0);
      group_of[i] = group;
      ++begins_[group];
    }
    std::uint32_t sum = 0;
    for (std::uint32_t& begin : begins_) sum += std::exchange(begin, sum);
    places_.resize(sum);
    std::vector<std::uint32_t> next = begins_;
    begins_.push_back(sum);
    for (std::uint32_t i = 0; i < group_of.size(); ++i)
      if (group_of[i] != kNone) places_[next[group_of[i]]++] = i;
  }
  Sight first_after(std::uint64_t key, TimeNs order) const;  // order > given
  Sight last_before(std::uint64_t key, TimeNs order) const;  // order < given
  bool any(std::uint64_t key) const { return groups_.count(key) != 0; }
  // In the order of their first events.
  std::size_t groups() const { return begins_.empty() ? 0 : begins_.size() - 1; }
  std::span<const std::uint32_t> group(std::size_t i) const {
    return {places_.data() + begins_[i], begins_[i + 1] - begins_[i]};
  }

 private:
  static constexpr std::uint32_t kNone = 0xffffffffU;
  std::span<const std::uint32_t> places_of(std::uint64_t key) const;

  std::span<const Event> events_;
  KeyMap<std::uint32_t> groups_;
  std::vector<std::uint32_t> begins_;  // of each group in `places_`
  BigVector<std::uint32_t> places_;
};

inline std::uint64_t key_of(NameId a, NameId b = NameId::none) {
  return static_cast<std::uint64_t>(a) << 32 | static_cast<std::uint64_t>(b);
}
std::uint64_t key_of(NameId a, NameId b, NameId c);
std::uint64_t key_of(NameId a, NameId b, NameId c, NameId d);
inline std::uint64_t key_of_kind(EventKind kind) {
  return key_of(static_cast<NameId>(static_cast<std::uint32_t>(kind)));
}
template <class T>
std::uint64_t who_of(const T& e) {
  return key_of(e.repository, e.client, e.agent);
}
template <class T>
std::uint64_t store_of(const T& e, NameId subject) {
  return key_of(e.repository, subject, e.client, e.agent);
}

}  // namespace regtriage
