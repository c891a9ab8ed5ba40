// Names as numbers: the table `name`, in both directions, and text that is safe to keep.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/string_table.h"
#include "model/words.h"
#include "store/database.h"

namespace regtriage {

// Valid UTF-8 without NUL: what SQL tools can show. Other bytes become U+FFFD.
bool is_clean(std::string_view text);
std::string clean(std::string_view text);

// Texts to numbers of the table, adding those that are missing. Within a transaction.
class NameWriter {
 public:
  explicit NameWriter(Database& database);
  // 0 for the empty text.
  Result<std::int64_t> number_of(std::string_view text);

 private:
  Result<std::int64_t> add(std::string_view text, std::string_view raw);
  Database& database_;
  Statement find_, insert_;
};

// Numbers of one StringTable's names: made for all ids that are asked for by want(), then looked
// up.
class NameNumbers {
 public:
  explicit NameNumbers(const StringTable& names) : names_(names), numbers_(names.size(), 0) {}
  void want(NameId id) { numbers_[static_cast<std::size_t>(id)] = -1; }
  Result<void> resolve(NameWriter& writer);
  std::int64_t of(NameId id) const { return numbers_[static_cast<std::size_t>(id)]; }

 private:
  const StringTable& names_;
  std::vector<std::int64_t> numbers_;  // 0: not wanted, or the empty text
};

// Numbers of the words of the closed vocabularies.
struct WordNumbers {
  std::array<std::int64_t, 16> origin{}, level{}, method{}, route{}, verdict{};
  std::array<std::int64_t, 64> code{}, kind{};
  std::array<std::int64_t, 256> cause{};
};
Result<WordNumbers> resolve_words(NameWriter& writer);

}  // namespace regtriage
