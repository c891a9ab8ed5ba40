#include "base/string_table.h"

#include <algorithm>
#include <bit>
#include <random>

#include "base/check.h"

#define XXH_INLINE_ALL
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#include <xxhash.h>
#pragma GCC diagnostic pop

namespace regtriage {
namespace {

constexpr std::size_t kFirstSlots = 64;
constexpr std::size_t kFirstChunk = 1 << 10;
constexpr std::size_t kChunk = BigAllocator<char>::kHuge;

// One key per process: who writes the log cannot know it. It decides no order in any result.
std::uint64_t process_key() {
  static const std::uint64_t key = [] {
    std::random_device device;
    return static_cast<std::uint64_t>(device()) << 32 | device();
  }();
  return key;
}

}  // namespace

StringTable::StringTable() : texts_(1), hashes_(1), slots_(kFirstSlots), key_(process_key()) {}
StringTable::StringTable(StringTable&&) noexcept = default;
StringTable& StringTable::operator=(StringTable&&) noexcept = default;
StringTable::~StringTable() = default;

std::size_t StringTable::slot_of(std::string_view text, std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  const auto tag = static_cast<std::uint32_t>(hash >> 32);
  for (std::size_t i = hash & mask;; i = (i + 1) & mask) {
    const Slot& slot = slots_[i];
    if (slot.id == 0 || (slot.tag == tag && texts_[slot.id] == text)) return i;
  }
}

NameId StringTable::intern(std::string_view text) {
  if (text.empty()) return NameId::none;
  return intern(text, XXH3_64bits_withSeed(text.data(), text.size(), key_));
}

NameId StringTable::intern(const StringTable& from, NameId id) {
  if (id == NameId::none) return id;
  return intern(from.text(id), from.hashes_[static_cast<std::uint32_t>(id)]);
}

NameId StringTable::intern(std::string_view text, std::uint64_t hash) {
  if (slots_.empty()) index(std::bit_ceil(std::max(kFirstSlots, texts_.size() * 2)));
  std::size_t at = slot_of(text, hash);
  if (slots_[at].id != 0) return static_cast<NameId>(slots_[at].id);
  REGTRIAGE_CHECK(texts_.size() < 0xffffffffU, "more than 2^32 names");
  const auto id = static_cast<std::uint32_t>(texts_.size());
  push_roomy(texts_, store(text));
  push_roomy(hashes_, hash);
  slots_[at] = {static_cast<std::uint32_t>(hash >> 32), id};
  if (texts_.size() * 4 > slots_.size() * 3) index(slots_.size() * 2);
  return static_cast<NameId>(id);
}

NameId StringTable::find(std::string_view text) const {
  if (text.empty()) return NameId::none;
  if (slots_.empty()) {
    const auto at = std::find(texts_.begin(), texts_.end(), text);
    return at == texts_.end() ? NameId::none : static_cast<NameId>(at - texts_.begin());
  }
  return static_cast<NameId>(
      slots_[slot_of(text, XXH3_64bits_withSeed(text.data(), text.size(), key_))].id);
}

void StringTable::clear() {
  if (texts_.size() == 1) return;
  texts_.resize(1);
  hashes_.resize(1);
  if (slots_.empty()) slots_.resize(kFirstSlots);
  std::fill(slots_.begin(), slots_.end(), Slot{});
  if (chunks_.size() > 1) chunks_.erase(chunks_.begin(), chunks_.end() - 1);
  chunks_.back().clear();
  chunk_used_ = 0;
}

void StringTable::rest() { slots_ = BigVector<Slot>(); }

void StringTable::index(std::size_t slots) {
  slots_ = BigVector<Slot>(slots);
  const std::size_t mask = slots_.size() - 1;
  for (std::uint32_t id = 1; id < texts_.size(); ++id) {
    const std::uint64_t hash = hashes_[id];
    std::size_t i = hash & mask;
    while (slots_[i].id != 0) i = (i + 1) & mask;
    slots_[i] = {static_cast<std::uint32_t>(hash >> 32), id};
  }
}

std::string_view StringTable::store(std::string_view text) {
  if (chunk_used_ + text.size() > chunk_size_) {
    chunk_size_ =
        std::max(text.size(), chunks_.empty() ? kFirstChunk : std::min(kChunk, chunk_size_ * 2));
    chunks_.emplace_back().reserve(chunk_size_);  // never more, so its texts never move
    chunk_used_ = 0;
  }
  BigVector<char>& chunk = chunks_.back();
  chunk.insert(chunk.end(), text.begin(), text.end());
  chunk_used_ += text.size();
  return {chunk.data() + chunk_used_ - text.size(), text.size()};
}

}  // namespace regtriage
