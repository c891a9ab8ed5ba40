#include "infer/sight.h"

#include <algorithm>
#include <limits>

namespace regtriage {

std::uint64_t key_of(NameId a, NameId b, NameId c) {
  std::uint64_t key =
      key_of(a, b) * 0x9e3779b97f4a7c15ULL ^ static_cast<std::uint64_t>(c) * 0xc2b2ae3d27d4eb4fULL;
  key = (key ^ key >> 31) * 0xbf58476d1ce4e5b9ULL;
  return key ^ key >> 29;
}

std::uint64_t key_of(NameId a, NameId b, NameId c, NameId d) {
  const std::uint64_t first = key_of(a, b, c);
  std::uint64_t key = first ^ (static_cast<std::uint64_t>(d) + 1) * 0xd6e8feb86659fd93ULL;
  key = (key ^ key >> 32) * 0xd6e8feb86659fd93ULL;
  return key ^ key >> 31;
}

void SightIndex::sort() {
  const auto less = [](const Row& a, const Row& b) {
    return a.key != b.key ? a.key < b.key : a.order() < b.order();
  };
  if (!std::is_sorted(rows_.begin(), rows_.end(), less))
    std::stable_sort(rows_.begin(), rows_.end(), less);
}

std::span<const SightIndex::Row> SightIndex::rows(std::uint64_t key) const {
  const auto begin = std::lower_bound(rows_.begin(), rows_.end(), key,
                                      [](const Row& r, std::uint64_t k) { return r.key < k; });
  // Most keys have a few rows, and they lie side by side.
  constexpr std::ptrdiff_t kFew = 8;
  auto end = begin;
  while (end != rows_.end() && end->key == key && end - begin < kFew) ++end;
  if (end - begin == kFew)
    end = std::upper_bound(end, rows_.end(), key,
                           [](std::uint64_t k, const Row& r) { return k < r.key; });
  return {rows_.data() + (begin - rows_.begin()), static_cast<std::size_t>(end - begin)};
}

namespace {

using Place = std::pair<std::uint64_t, TimeNs>;

std::size_t lower(std::span<const SightIndex::Row> rows, Place at) {
  const auto is_before = [](const SightIndex::Row& r, const Place& p) {
    return r.key != p.first ? r.key < p.first : r.order() < p.second;
  };
  return static_cast<std::size_t>(std::lower_bound(rows.begin(), rows.end(), at, is_before) -
                                  rows.begin());
}

Sight sight_at(std::span<const SightIndex::Row> rows, std::size_t i, std::uint64_t key) {
  return i < rows.size() && rows[i].key == key ? rows[i].sight() : Sight{};
}

}  // namespace

Sight SightIndex::first_from(std::uint64_t key, TimeNs order) const {
  return sight_at(rows_, lower(rows_, {key, order}), key);
}
Sight SightIndex::first_after(std::uint64_t key, TimeNs order) const {
  return sight_at(rows_, lower(rows_, {key, order + 1}), key);
}
Sight SightIndex::last_before(std::uint64_t key, TimeNs order) const {
  const std::size_t i = lower(rows_, {key, order});
  return i == 0 ? Sight{} : sight_at(rows_, i - 1, key);
}
Sight SightIndex::first(std::uint64_t key) const { return first_from(key, kNoTime); }
Sight SightIndex::last(std::uint64_t key) const {
  return last_before(key, std::numeric_limits<TimeNs>::max());
}

std::span<const std::uint32_t> Timeline::places_of(std::uint64_t key) const {
  const auto at = groups_.find(key);
  return at == groups_.end() ? std::span<const std::uint32_t>() : group(at->second);
}

Sight Timeline::first_after(std::uint64_t key, TimeNs order) const {
  const auto places = places_of(key);
  const auto at = std::partition_point(places.begin(), places.end(), [&](std::uint32_t place) {
    return events_[place].order() <= order;
  });
  Sight s;
  if (at != places.end()) s.event = &events_[*at];
  return s;
}

Sight Timeline::last_before(std::uint64_t key, TimeNs order) const {
  const auto places = places_of(key);
  const auto at = std::partition_point(places.begin(), places.end(), [&](std::uint32_t place) {
    return events_[place].order() < order;
  });
  Sight s;
  if (at != places.begin()) s.event = &events_[*std::prev(at)];
  return s;
}

}  // namespace regtriage
