// store: SQL of anybody. It ends, it gives rows or a message, and the database stays as it is.
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "fuzz.h"
#include "store/database.h"
#include "store/parts.h"
#include "store/schema.h"

namespace {

using namespace regtriage;

// A database in memory that may be written to: only the authorizer stands between.
Database& database() {
  static const std::unique_ptr<Database> one = [] {
    Result<std::unique_ptr<Database>> made = Database::in_memory();
    FUZZ_REQUIRE(made && bring_up_to_date(**made));
    FUZZ_REQUIRE((*made)->execute(
        "INSERT INTO meta VALUES ('a', 'b'); INSERT INTO name VALUES (1, 'x', x'')"));
    return std::move(*made);
  }();
  return *one;
}

std::int64_t state() {
  const Result<std::int64_t> sum = database().integer_of(
      "SELECT (SELECT count(*) FROM sqlite_schema) * 1000 + (SELECT count(*) FROM meta WHERE value "
      "= 'b') * 100 "
      "+ (SELECT count(*) FROM name WHERE text = 'x') * 10 + (SELECT count(*) FROM "
      "sqlite_temp_schema)");
  return sum ? *sum : -1;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::int64_t before = state();
  const QueryLimits limits{.rows = 100, .bytes = 1 << 20, .value_bytes = 1 << 20, .steps = 300'000};
  const Result<Table> table = run_query(database(), text_of(data, size), {"a", "b"}, limits);
  if (!table) FUZZ_REQUIRE(!table.error().what.empty());
  if (table)
    for (const auto& row : table->rows) FUZZ_REQUIRE(row.size() == table->columns.size());
  FUZZ_REQUIRE(state() == before);
  return 0;
}
