#include "ingest/shared_facts.h"

#include <utility>

namespace regtriage {

void SharedFacts::join(Accumulator&& part) {
  Parts full;
  {
    const std::lock_guard lock(mutex_);
    if (is_flood_) {
      buffered_ += part.move_lone(buffers_);
      facts_.join(std::move(part));
    } else {
      facts_.join(std::move(part));
      if (shelf_ == nullptr || !is_flooded()) return;
      is_flood_ = true;
      buffers_ = Parts(Shelf::kParts);
      buffered_ = facts_.move_lone(buffers_);
      facts_.forget_names();
    }
    if (buffered_ <= most_lone_lines_ / 2) return;
    full = std::exchange(buffers_, Parts(Shelf::kParts));
    buffered_ = 0;
  }
  put_on_shelf(full);
}

bool SharedFacts::is_flooded() const {
  const std::size_t lone = facts_.lone_lines();
  return lone > most_lone_lines_ / 8 && lone > facts_.events() / 2;
}

void SharedFacts::join(Census&& part) {
  const std::lock_guard lock(mutex_);
  census_.join(std::move(part));
}

void SharedFacts::put_on_shelf(Parts& parts) {
  const std::lock_guard lock(shelf_mutex_);
  for (std::size_t i = 0; i < parts.size() && shelf_ != nullptr; ++i) {
    if (!shelf_->put(i, parts[i])) shelf_ = nullptr;
    if (shelf_ != nullptr) parts[i] = Facts();
  }
  if (shelf_ == nullptr) take_back(parts);
}

// What the shelf did not take stays in memory, and it is not asked again.
void SharedFacts::take_back(Parts& parts) {
  const std::lock_guard lock(mutex_);
  for (Facts& part : parts) facts_.absorb(std::move(part));
}

Facts SharedFacts::take(unsigned threads) {
  take_back(buffers_);
  return facts_.take(threads);
}

}  // namespace regtriage
