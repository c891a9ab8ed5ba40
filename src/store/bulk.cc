#include "store/bulk.h"

namespace regtriage {

Result<void> DeferredIndexes::take_off(std::string_view table) {
  Statement indexes = database_.prepare(
      "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT "
      "NULL "
      "AND name GLOB tbl_name || '_*' AND name NOT GLOB '*[^a-z_]*'");
  std::vector<std::string> names;
  indexes.bind(1, table);
  for (;;) {
    const Result<bool> next = indexes.step();
    if (!next) return tl::unexpected(next.error());
    if (!*next) break;
    names.emplace_back(indexes.text(0));
    definitions_.emplace_back(indexes.text(1));
  }
  indexes.reset();
  for (const std::string& name : names)
    if (Result<void> done = database_.execute("DROP INDEX " + name); !done) return done;
  return {};
}

Result<void> DeferredIndexes::restore() {
  for (const std::string& definition : definitions_)
    if (Result<void> done = database_.execute(definition); !done) return done;
  definitions_.clear();
  return {};
}

}  // namespace regtriage
