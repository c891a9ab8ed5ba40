// Touches under their keys: everything of a touch but its sightings.
#pragma once

#include <tsl/robin_map.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "model/event.h"

namespace regtriage {

inline std::uint64_t mixed(std::uint64_t value) {
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

inline TouchKey key_of(const Touch& t) {
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
// half of its slots free.
class TouchSet {
 public:
  void add(const Touch& touch) {
    const TouchKey key = key_of(touch);
    const auto next = static_cast<std::uint32_t>(touches_.size());
    const auto [at, fresh] = rows_.try_emplace(TouchHash()(key), next);
    std::uint32_t row = at->second;
    if (!fresh && !(key_of(touches_[row]) == key)) row = row_of(key);  // two keys of one hash
    if (!fresh && row != kNone) {
      take_earlier(touches_[row].first, touch.first);
      take_later(touches_[row].last, touch.last);
      return;
    }
    if (!fresh) same_hash_.push_back(next);
    touches_.push_back(touch);
  }
  const std::vector<Touch>& rows() const { return touches_; }
  std::vector<Touch> take() {
    rows_ = {};
    same_hash_.clear();
    return std::move(touches_);
  }
  bool empty() const { return touches_.empty(); }
  std::size_t bytes() const {
    return touches_.capacity() * sizeof(Touch) + rows_.bucket_count() * 24;
  }

 private:
  static constexpr std::uint32_t kNone = 0xffffffffU;
  struct Same {
    std::size_t operator()(std::uint64_t hash) const { return hash; }
  };
  std::uint32_t row_of(const TouchKey& key) const {
    for (const std::uint32_t row : same_hash_)
      if (key_of(touches_[row]) == key) return row;
    return kNone;
  }

  std::vector<Touch> touches_;
  tsl::robin_map<std::uint64_t, std::uint32_t, Same> rows_;
  std::vector<std::uint32_t> same_hash_;
};

}  // namespace regtriage
