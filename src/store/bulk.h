// Filling an empty table: its further indexes are made at the end, by sorting, and not row by row.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/database.h"

namespace regtriage {

// Within one transaction. Indexes that belong to a UNIQUE or a PRIMARY KEY stay.
class DeferredIndexes {
 public:
  explicit DeferredIndexes(Database& database) : database_(database) {}
  // Takes the indexes of `table` off until restore(). Only for tables of the schema file.
  Result<void> take_off(std::string_view table);
  Result<void> restore();

 private:
  Database& database_;
  std::vector<std::string> definitions_;
};

}  // namespace regtriage
