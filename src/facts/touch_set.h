// Touches under their keys: everything of a touch but its sightings.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/big_vector.h"
#include "model/event.h"

namespace regtriage {

// Everything of a touch but its sightings.
struct TouchKey {
  std::array<std::uint32_t, 6> names{};
  std::uint32_t kind = 0;  // method, route, origin, whole_second, manifest_type, status
  std::uint32_t hour = 0;
  std::int64_t written = -1;
  bool operator==(const TouchKey&) const = default;
};

struct TouchHash {
  std::size_t operator()(const TouchKey& key) const {
    const MixedNumber mixed;
    std::uint64_t h = mixed(static_cast<std::uint64_t>(key.kind) << 32 | key.hour);
    for (std::size_t i = 0; i < key.names.size(); i += 2)
      h = mixed(h ^ (static_cast<std::uint64_t>(key.names[i]) << 32 | key.names[i + 1]));
    return mixed(h ^ static_cast<std::uint64_t>(key.written));
  }
};

inline TouchKey key_of(const Touch& t) {
  TouchKey key;
  const NameId names[] = {t.repository, t.digest, t.tag, t.client, t.agent, t.instance};
  for (std::size_t i = 0; i < key.names.size(); ++i)
    key.names[i] = static_cast<std::uint32_t>(names[i]);
  key.kind =
      static_cast<std::uint32_t>(t.method) << 28 | static_cast<std::uint32_t>(t.route) << 24 |
      static_cast<std::uint32_t>(t.origin) << 20 |
      static_cast<std::uint32_t>(t.whole_second) << 16 |
      static_cast<std::uint32_t>(t.manifest_type) << 17 | static_cast<std::uint16_t>(t.status);
  key.hour = t.hour;
  key.written = t.written;
  return key;
}

inline bool before(const Touch::Sighting& a, const Touch::Sighting& b) {
  return a.time != b.time ? a.time < b.time : a.id < b.id;
}

// The same sighting seen twice keeps its smallest position.
inline void take_earlier(Touch::Sighting& mine, const Touch::Sighting& other) {
  if (other.id == mine.id) {
    mine.at = std::min(mine.at, other.at);
    mine.order_ns = std::min(mine.order_ns, other.order_ns);
  } else if (before(other, mine)) {
    mine = other;
  }
}

inline void take_later(Touch::Sighting& mine, const Touch::Sighting& other) {
  if (other.id == mine.id) {
    mine.at = std::min(mine.at, other.at);
    mine.order_ns = std::min(mine.order_ns, other.order_ns);
  } else if (before(mine, other)) {
    mine = other;
  }
}

// Touches in a vector, found through a table of their rows: a touch is large, and a table keeps
// some of its slots free.
class TouchSet {
 public:
  void add(const Touch& touch) {
    const TouchKey key = key_of(touch);
    const std::uint64_t hash = TouchHash()(key);
    Slot& slot = slots_[place_of(key, hash)];
    if (slot.row != kFree) {
      take_earlier(touches_[slot.row].first, touch.first);
      take_later(touches_[slot.row].last, touch.last);
      return;
    }
    slot = {tag_of(hash), static_cast<std::uint32_t>(touches_.size())};
    push_roomy(touches_, touch);
    if (touches_.size() * 4 > slots_.size() * 3) grow();
  }
  const BigVector<Touch>& rows() const { return touches_; }
  BigVector<Touch> take() {
    slots_ = BigVector<Slot>(kFirstSlots);
    return std::move(touches_);
  }
  // Keeps its memory.
  void clear() {
    if (touches_.empty()) return;
    touches_.clear();
    std::fill(slots_.begin(), slots_.end(), Slot{});
  }
  bool empty() const { return touches_.empty(); }

 private:
  static constexpr std::uint32_t kFree = 0xffffffffU;
  static constexpr std::size_t kFirstSlots = 64;
  struct Slot {
    std::uint32_t tag = 0;  // high bits of the hash
    std::uint32_t row = kFree;
  };
  static std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

  std::size_t place_of(const TouchKey& key, std::uint64_t hash) const {
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t i = hash & mask;; i = (i + 1) & mask) {
      const Slot& slot = slots_[i];
      if (slot.row == kFree) return i;
      if (slot.tag == tag_of(hash) && key_of(touches_[slot.row]) == key) return i;
    }
  }
  void grow() {
    slots_ = BigVector<Slot>(slots_.size() * 2);
    const std::size_t mask = slots_.size() - 1;
    for (std::uint32_t row = 0; row < touches_.size(); ++row) {
      const std::uint64_t hash = TouchHash()(key_of(touches_[row]));
      std::size_t i = hash & mask;
      while (slots_[i].row != kFree) i = (i + 1) & mask;
      slots_[i] = {tag_of(hash), row};
    }
  }

  BigVector<Touch> touches_;
  BigVector<Slot> slots_ = BigVector<Slot>(kFirstSlots);
};

}  // namespace regtriage
