// Interned text: one small number per distinct string.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/big_vector.h"

namespace regtriage {

// 0 is the empty text in every table.
enum class NameId : std::uint32_t { none = 0 };

// Numbers are given in order of arrival, so they mean something only together with their table and
// must never decide an order in a result. Text lives as long as the table (chunks never move).
// Keyed hash: the keys come from whoever can reach the registry. O(1) per call. One thread per
// table; const calls may be shared.
class StringTable {
 public:
  StringTable();
  StringTable(StringTable&&) noexcept;
  StringTable& operator=(StringTable&&) noexcept;
  ~StringTable();

  NameId intern(std::string_view text);
  // The same for a text of another table, whose hash is known.
  NameId intern(const StringTable& from, NameId id);
  // NameId::none if the text is empty or was never interned.
  NameId find(std::string_view text) const;
  std::string_view text(NameId id) const { return texts_[static_cast<std::uint32_t>(id)]; }
  // Keyed: the same for the same text in all tables of a process, and in no other process.
  std::uint64_t hash(NameId id) const { return hashes_[static_cast<std::uint32_t>(id)]; }
  std::size_t size() const { return texts_.size(); }
  void clear();  // keeps some of its memory
  // Gives the index back: a table that is only read needs none. The next intern makes it anew, and
  // find is O(size) until then.
  void rest();

 private:
  struct Slot {
    std::uint32_t tag = 0;  // high bits of the hash
    std::uint32_t id = 0;   // 0 = free
  };
  void index(std::size_t slots);
  std::string_view store(std::string_view text);
  std::size_t slot_of(std::string_view text, std::uint64_t hash) const;
  NameId intern(std::string_view text, std::uint64_t hash);

  BigVector<std::string_view> texts_;
  BigVector<std::uint64_t> hashes_;  // of the texts
  BigVector<Slot> slots_;
  std::vector<BigVector<char>> chunks_;
  std::size_t chunk_used_ = 0, chunk_size_ = 0;
  std::uint64_t key_ = 0;
};

}  // namespace regtriage
