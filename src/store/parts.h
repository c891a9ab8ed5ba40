// The parts of Store, one file each. All work within the caller's transaction if there is one.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "model/facts.h"
#include "model/finding.h"
#include "store/database.h"
#include "store/rows.h"
#include "store/store.h"

namespace regtriage {

// sources_io.cc: adds the reports of `facts`; the rows and ranks of all sources are the result.
Result<SourceRows> put_sources(Database& database, const std::vector<SourceReport>& reports,
                               NameWriter& names);
// The reports as SourceId order wants them: by rank. `rows.by_id` is filled, too.
Result<std::vector<SourceReport>> load_sources(Database& database, SourceRows& rows);
// The row and its lists.
Result<void> drop_source(Database& database, std::int64_t row);
// What judging found out about the clocks; replaces all.
Result<void> put_clock_offsets(Database& database, const std::vector<SourceReport>& reports,
                               const SourceRows& rows);

// facts_io.cc
struct StoredFacts {
  Facts facts;
  SourceRows sources;
  std::size_t runs = 0;
};
Result<void> put_facts(Database& database, const Facts& facts);  // one run more
// Instead of all runs: one. `sources` are those of the database, as load_stored numbers them.
Result<void> replace_facts(Database& database, const Facts& facts, const SourceRows& sources);
// All runs, joined (unite.h), but for what is taken out before.
Result<StoredFacts> load_stored(Database& database, const Store::TakeOut& take = {});

// put_judgement.cc
Result<void> put_judgement(Database& database, const Judgement& judgement, const Facts& facts,
                           std::string_view ruleset, const Store::Detail& detail);

// put_shown.cc: which events and touches the tables show, and writing them.
struct Shown {
  std::vector<std::int64_t> event_rows, touch_rows;  // event.n, touch.n; 0: left out
  std::uint64_t kept = 0, lines = 0;  // lines that all facts keep, and those that are shown
};
Shown choose_shown(const Facts& facts, const Judgement& judgement, const Store::Detail& detail);
// Into empty tables.
Result<void> put_shown(Database& database, const Facts& facts, const Shown& shown,
                       const WordNumbers& words, const SourceRows& sources, NameWriter& names);

// upkeep.cc
Result<bool> knows_file(Database& database, std::string_view path, std::uint64_t size,
                        std::string_view fingerprint);
Result<void> remember_file(Database& database, std::string_view path, std::uint64_t size,
                           std::string_view fingerprint);
Result<std::uint64_t> forget_source(Database& database, std::string_view name);
Result<std::uint64_t> prune_before(Database& database, TimeNs before);
Result<void> set_meta(Database& database, std::string_view key, std::string_view value);

// query.cc
struct QueryLimits {
  std::size_t rows = 0;                // 0 = all; the rest is cut
  std::size_t bytes = 256U << 20;      // of the result; more is an error
  int value_bytes = 16 << 20;          // of one value, also on the way to a result
  std::int64_t steps = 4'000'000'000;  // of SQLite's machine, about a minute; more is an error
};
// `values`: of ?1, ?2, …
Result<Table> run_query(Database& database, std::string_view sql,
                        const std::vector<std::string>& values, const QueryLimits& limits);

}  // namespace regtriage
