#include "ingest/time_slots.h"

#include <algorithm>

namespace regtriage {
namespace {

constexpr TimeNs kShortestGap = 10 * kMinute;
constexpr TimeNs kFarLonger = 8;  // than the rhythm

// How many of the longest silences do not belong to the rhythm.
std::size_t left_out_of(std::size_t silences) {
  return std::max(std::min<std::size_t>(3, silences / 4), silences / 50);
}

}  // namespace

void TimeSlots::add_elsewhere(TimeNs time) {
  const auto at = std::lower_bound(
      slots_.begin(), slots_.end(), time >> bits_,
      [this](const Gap& slot, TimeNs number) { return (slot.first >> bits_) < number; });
  at_ = static_cast<std::size_t>(at - slots_.begin());
  if (at != slots_.end() && (at->first >> bits_) == (time >> bits_)) {
    at->first = std::min(at->first, time);
    at->last = std::max(at->last, time);
    return;
  }
  slots_.insert(at, {time, time});
  bound();
}

void TimeSlots::widen_to(unsigned bits) {
  bits_ = bits;
  at_ = slots_.size();
  std::size_t used = 0;
  for (const Gap& slot : slots_) {
    if (used != 0 && (slots_[used - 1].first >> bits_) == (slot.first >> bits_)) {
      slots_[used - 1].last = std::max(slots_[used - 1].last, slot.last);
    } else {
      slots_[used++] = slot;
    }
  }
  slots_.resize(used);
}

void TimeSlots::bound() {
  while (slots_.size() > kMost) widen_to(bits_ + 1);
}

void TimeSlots::join(const TimeSlots& other) {
  if (other.slots_.empty()) return;
  const auto middle = static_cast<std::ptrdiff_t>(slots_.size());
  slots_.insert(slots_.end(), other.slots_.begin(), other.slots_.end());
  std::inplace_merge(slots_.begin(), slots_.begin() + middle, slots_.end(),
                     [](const Gap& a, const Gap& b) { return a.first < b.first; });
  widen_to(std::max(bits_, other.bits_));
  bound();
}

std::vector<Gap> TimeSlots::gaps() const {
  std::vector<Gap> silences;
  for (std::size_t i = 1; i < slots_.size(); ++i)
    silences.push_back({slots_[i - 1].last, slots_[i].first});
  const std::size_t left_out = left_out_of(silences.size());
  if (left_out == 0) return {};
  const auto length = [](const Gap& gap) { return gap.last - gap.first; };
  std::vector<TimeNs> lengths(silences.size());
  std::transform(silences.begin(), silences.end(), lengths.begin(), length);
  const auto rhythm = lengths.begin() + static_cast<std::ptrdiff_t>(left_out);
  std::nth_element(lengths.begin(), rhythm, lengths.end(), std::greater<>());
  const TimeNs longest_usual =
      std::max({kShortestGap, TimeNs{1} << bits_, *rhythm / kSecond * kSecond * kFarLonger});
  std::erase_if(silences, [&](const Gap& gap) { return length(gap) <= longest_usual; });
  return silences;
}

}  // namespace regtriage
