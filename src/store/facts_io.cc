// Facts to rows and back. A row that is there already is joined in memory (rows.h) and written only
// if that changed it, so that the rule of the join stands in one place.
#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "model/touch_order.h"
#include "store/bulk.h"
#include "store/parts.h"

namespace regtriage {
namespace {

std::string marks(std::size_t count) {
  std::string text = "?";
  for (std::size_t i = 1; i < count; ++i) text += ", ?";
  return text;
}

// "a = ?, b = ?" of "a, b".
std::string assignments(std::string_view columns) {
  std::string text;
  for (const char c : columns)
    if (c == ',')
      text += " = ?,";
    else
      text += c;
  return text + " = ?";
}

class EventWriter {
 public:
  EventWriter(Database& database, const SourceRows& sources)
      : database_(database),
        sources_(sources),
        insert_(database.prepare(
            fmt::format("INSERT INTO event ({}, id) VALUES ({}) ON CONFLICT (id) DO NOTHING",
                        kEventColumns, marks(kEventColumnCount + 1)))),
        find_(database.prepare(fmt::format("SELECT {}, n FROM event WHERE id = ?", kEventColumns))),
        update_(database.prepare(
            fmt::format("UPDATE event SET {} WHERE n = ?", assignments(kEventColumns)))) {}

  Result<void> put(const std::string& id, const EventRow& row) {
    bind_row(insert_, row);
    if (Result<void> done = insert_.bind(kEventColumnCount + 1, id).run(); !done) return done;
    return database_.changes() > 0 ? Result<void>{} : join(id, row);
  }

 private:
  static void bind_row(Statement& statement, const EventRow& row) {
    for (std::size_t i = 0; i < row.size(); ++i) statement.bind(static_cast<int>(i) + 1, row[i]);
  }

  Result<void> join(const std::string& id, const EventRow& fresh) {
    const Result<bool> found = find_.bind(1, id).step();
    if (!found) return tl::unexpected(found.error());
    EventRow kept;
    for (std::size_t i = 0; i < kept.size(); ++i) kept[i] = find_.integer(static_cast<int>(i));
    const std::int64_t n = find_.integer(static_cast<int>(kept.size()));
    find_.reset();
    const EventRow old = kept;
    join_event(kept, fresh, sources_);
    if (kept == old) return {};
    bind_row(update_, kept);
    return update_.bind(kEventColumnCount + 1, n).run();
  }

  Database& database_;
  const SourceRows& sources_;
  Statement insert_, find_, update_;
};

constexpr int kKeySize = static_cast<int>(std::tuple_size_v<TouchKeyRow>);
constexpr int kSightingSize = 8;

SightingRow sighting_at(const Statement& row, int column) {
  SightingRow sighting;
  sighting.id = row.text(column);
  for (std::size_t i = 0; i < sighting.columns.size(); ++i)
    sighting.columns[i] = row.integer(column + 1 + static_cast<int>(i));
  return sighting;
}

// The texts in `sighting` must live until the statement has run.
void bind_sighting(Statement& statement, int index, const SightingRow& sighting) {
  if (sighting.id.empty()) {
    for (int i = 0; i < kSightingSize; ++i) statement.bind_null(index + i);
    return;
  }
  statement.bind(index, sighting.id);
  for (std::size_t i = 0; i < sighting.columns.size(); ++i)
    statement.bind(index + 1 + static_cast<int>(i), sighting.columns[i]);
}

class TouchWriter {
 public:
  TouchWriter(Database& database, const SourceRows& sources)
      : database_(database),
        sources_(sources),
        insert_(database.prepare(fmt::format(
            "INSERT INTO touch ({}, {}, {}) VALUES ({}) ON CONFLICT DO NOTHING", kTouchKeyColumns,
            kFirstColumns, kLastColumns, marks(kKeySize + 2 * kSightingSize)))),
        find_(database.prepare(fmt::format("SELECT n, {}, {} FROM touch WHERE ({}) = ({})",
                                           kFirstColumns, kLastColumns, kTouchKeyColumns,
                                           marks(kKeySize)))),
        update_(
            database.prepare(fmt::format("UPDATE touch SET {}, {} WHERE n = ?",
                                         assignments(kFirstColumns), assignments(kLastColumns)))) {}

  Result<void> put(const TouchRow& row) {
    bind_key(insert_, row.key);
    bind_sighting(insert_, kKeySize + 1, row.first);
    bind_sighting(insert_, kKeySize + kSightingSize + 1, row.last);
    if (Result<void> done = insert_.run(); !done) return done;
    return database_.changes() > 0 ? Result<void>{} : join(row);
  }

 private:
  static void bind_key(Statement& statement, const TouchKeyRow& key) {
    for (std::size_t i = 0; i < key.size(); ++i)
      statement.bind_number(static_cast<int>(i) + 1, key[i]);
  }

  Result<void> join(const TouchRow& fresh) {
    bind_key(find_, fresh.key);
    const Result<bool> found = find_.step();
    if (!found) return tl::unexpected(found.error());
    TouchRow kept{fresh.key, sighting_at(find_, 1), sighting_at(find_, 1 + kSightingSize)};
    const std::int64_t n = find_.integer(0);
    find_.reset();
    join_touch(kept, fresh, sources_);
    bind_sighting(update_, 1, kept.first);
    bind_sighting(update_, 1 + kSightingSize, kept.last);
    return update_.bind(1 + 2 * kSightingSize, n).run();
  }

  Database& database_;
  const SourceRows& sources_;
  Statement insert_, find_, update_;
};

NameNumbers numbers_wanted_by(const Facts& facts) {
  NameNumbers numbers(facts.names);
  for (const Event& e : facts.events)
    for (const NameId id : {e.repository, e.digest, e.tag, e.upload, e.client, e.agent, e.user,
                            e.instance, e.from, e.manifest, e.detail, e.rule})
      if (id != NameId::none) numbers.want(id);
  for (const Touch& t : facts.touches)
    for (const NameId id : {t.repository, t.digest, t.tag, t.client, t.agent, t.instance})
      if (id != NameId::none) numbers.want(id);
  return numbers;
}

Result<void> load_events(Database& database, const FromRows& rows, BigVector<Event>& events) {
  const Result<std::int64_t> count = database.integer_of("SELECT count(*) FROM event");
  if (!count) return tl::unexpected(count.error());
  events.reserve(
      static_cast<std::size_t>(*count));  // so many rows are there: no bigger than the file
  Statement all = database.prepare(fmt::format("SELECT {}, id FROM event", kEventColumns));
  for (;;) {
    const Result<bool> next = all.step();
    if (!next) return tl::unexpected(next.error());
    if (!*next) break;
    EventRow row;
    for (std::size_t i = 0; i < row.size(); ++i) row[i] = all.integer(static_cast<int>(i));
    events.push_back(rows.event(all.text(kEventColumnCount), row));
  }
  std::sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
    return std::tuple(a.order(), a.id) < std::tuple(b.order(), b.id);  // one per id
  });
  return {};
}

Result<void> load_touches(Database& database, const FromRows& rows, const StringTable& names,
                          BigVector<Touch>& touches) {
  Statement all = database.prepare(
      fmt::format("SELECT {}, {}, {} FROM touch", kTouchKeyColumns, kFirstColumns, kLastColumns));
  for (;;) {
    const Result<bool> next = all.step();
    if (!next) return tl::unexpected(next.error());
    if (!*next) break;
    TouchRow row;
    for (std::size_t i = 0; i < row.key.size(); ++i) row.key[i] = all.integer(static_cast<int>(i));
    row.first = sighting_at(all, kKeySize);
    row.last = sighting_at(all, kKeySize + kSightingSize);
    touches.push_back(rows.touch(row));
  }
  std::sort(touches.begin(), touches.end(),
            [&names](const Touch& a, const Touch& b) { return is_touch_before(names, a, b); });
  return {};
}

}  // namespace

namespace {

Result<void> put_rows(Database& database, const Facts& facts, const ToRows& rows) {
  EventWriter events(database, rows.sources);
  for (const Event& event : facts.events)
    if (Result<void> done = events.put(hex_of(event.id), rows.event(event)); !done) return done;
  TouchWriter touches(database, rows.sources);
  for (const Touch& touch : facts.touches)
    if (Result<void> done = touches.put(rows.touch(touch)); !done) return done;
  return {};
}

}  // namespace

Result<void> put_facts(Database& database, const Facts& facts) {
  NameWriter names(database);
  const Result<WordNumbers> words = resolve_words(names);
  if (!words) return tl::unexpected(words.error());
  NameNumbers numbers = numbers_wanted_by(facts);
  if (Result<void> done = numbers.resolve(names); !done) return done;
  const Result<SourceRows> sources = put_sources(database, facts.sources, names);
  if (!sources) return tl::unexpected(sources.error());

  DeferredIndexes indexes(database);
  const Result<std::int64_t> filled =
      database.integer_of("SELECT EXISTS (SELECT 1 FROM event) OR EXISTS (SELECT 1 FROM touch)");
  if (!filled) return tl::unexpected(filled.error());
  for (const std::string_view table : {"event", "touch"})
    if (*filled == 0)
      if (Result<void> done = indexes.take_off(table); !done) return done;
  if (Result<void> done = put_rows(database, facts, {numbers, *words, *sources}); !done)
    return done;
  if (Result<void> done = indexes.restore(); !done) return done;
  return set_meta(database, "stale", "1");
}

Result<Facts> load_facts(Database& database) {
  // One moment of the file, also while another program writes.
  Statement begin = database.prepare("SAVEPOINT loading");
  if (Result<void> begun = begin.run(); !begun) return tl::unexpected(begun.error());
  const auto end = [&database] { return database.execute("RELEASE loading"); };

  Facts facts;
  const auto load = [&]() -> Result<void> {
    const Result<NameReader> names = NameReader::load(database, facts.names);
    if (!names) return tl::unexpected(names.error());
    SourceRows sources;
    Result<std::vector<SourceReport>> reports = load_sources(database, sources);
    if (!reports) return tl::unexpected(reports.error());
    facts.sources = std::move(*reports);
    const FromRows rows{*names, sources};
    if (Result<void> done = load_events(database, rows, facts.events); !done) return done;
    return load_touches(database, rows, facts.names, facts.touches);
  };
  const Result<void> loaded = load();
  const Result<void> ended = end();
  if (!loaded) return tl::unexpected(loaded.error());
  if (!ended) return tl::unexpected(ended.error());
  return facts;
}

}  // namespace regtriage
