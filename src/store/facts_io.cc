// Facts to runs of chunks (pack.h) and back. A run is what one `put` wrote; several are joined when
// they are read, so that writing never has to look for what is there.
#include "store/pack.h"
#include "store/pack_shape.h"
#include "store/parts.h"
#include "store/unite.h"

namespace regtriage {
namespace {

Result<void> append_run(Database& database, const Facts& facts, const SourceRows& sources) {
  const Result<std::int64_t> run =
      database.integer_of("SELECT coalesce(max(run), 0) + 1 FROM fact_pack");
  if (!run) return tl::unexpected(run.error());
  Statement insert =
      database.prepare("INSERT INTO fact_pack (run, kind, rows, data) VALUES (?, ?, ?, ?)");
  return pack(facts, sources, [&](PackKind kind, std::uint64_t rows, std::string_view data) {
    insert.bind(1, *run).bind(2, static_cast<std::int64_t>(kind));
    return insert.bind(3, static_cast<std::int64_t>(rows)).bind_blob(4, data).run();
  });
}

// Adds what is left of a run to the others. Most databases have one run.
void add_run(Facts& run, Facts& all) {
  if (all.events.empty() && all.touches.empty()) {
    all.names = std::move(run.names);
    all.events = std::move(run.events);
    all.touches = std::move(run.touches);
    return;
  }
  std::vector<NameId> ids(run.names.size(), NameId::none);
  for (std::uint32_t i = 1; i < ids.size(); ++i)
    ids[i] = all.names.intern(run.names, static_cast<NameId>(i));
  const auto add_row = [&ids](auto row, const auto& names, auto& rows) {
    for (const auto name : names) row.*name = ids[static_cast<std::size_t>(row.*name)];
    push_roomy(rows, row);
  };
  for (const Event& e : run.events) add_row(e, packing::kEventNames, all.events);
  for (const Touch& t : run.touches) add_row(t, packing::kTouchNames, all.touches);
}

Result<void> read_runs(Database& database, const SourceRows& sources, const Store::TakeOut& take,
                       StoredFacts& stored) {
  Statement chunks = database.prepare("SELECT run, kind, data FROM fact_pack ORDER BY run, n");
  std::int64_t number = kNull;
  Facts run;
  Unpacker unpacker(run, sources);
  const auto end_run = [&]() -> Result<void> {
    Result<void> taken = take ? take(run) : Result<void>();
    add_run(run, stored.facts);
    run = Facts();
    unpacker.begin_run();
    return taken;
  };
  for (;;) {
    const Result<bool> next = chunks.step();
    if (!next) return tl::unexpected(next.error());
    if (!*next) return end_run();
    if (stored.runs == 0 || chunks.integer(0) != number) {
      if (Result<void> ended = end_run(); !ended) return ended;
      number = chunks.integer(0);
      ++stored.runs;
    }
    const std::int64_t kind = chunks.integer(1);
    if (kind < 1 || kind > static_cast<std::int64_t>(PackKind::touches) ||
        !unpacker.take(static_cast<PackKind>(kind), chunks.text(2)))
      return tl::unexpected(
          database.error_of(11 /* SQLITE_CORRUPT */, "its table 'fact_pack' is damaged"));
  }
}

}  // namespace

Result<void> put_facts(Database& database, const Facts& facts) {
  NameWriter names(database);
  const Result<SourceRows> sources = put_sources(database, facts.sources, names);
  if (!sources) return tl::unexpected(sources.error());
  if (Result<void> done = append_run(database, facts, *sources); !done) return done;
  return set_meta(database, "stale", "1");
}

Result<void> replace_facts(Database& database, const Facts& facts, const SourceRows& sources) {
  if (Result<void> done = database.execute("DELETE FROM fact_pack"); !done) return done;
  return append_run(database, facts, sources);
}

Result<StoredFacts> load_stored(Database& database, const Store::TakeOut& take) {
  // One moment of the file, also while another program writes.
  Statement begin = database.prepare("SAVEPOINT loading");
  if (Result<void> begun = begin.run(); !begun) return tl::unexpected(begun.error());

  StoredFacts stored;
  const auto load = [&]() -> Result<void> {
    Result<std::vector<SourceReport>> reports = load_sources(database, stored.sources);
    if (!reports) return tl::unexpected(reports.error());
    stored.facts.sources = std::move(*reports);
    return read_runs(database, stored.sources, take, stored);
  };
  const Result<void> loaded = load();
  const Result<void> ended = database.execute("RELEASE loading");
  if (!loaded) return tl::unexpected(loaded.error());
  if (!ended) return tl::unexpected(ended.error());
  unite(stored.facts);
  return stored;
}

}  // namespace regtriage
