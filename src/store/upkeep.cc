// What takes facts back: forgetting a source, pruning by time; and the watermarks.
#include <array>

#include "store/parts.h"

namespace regtriage {
namespace {

Result<std::uint64_t> count_deleted(Database& database, Statement& statement) {
  if (Result<void> done = statement.run(); !done) return tl::unexpected(done.error());
  return static_cast<std::uint64_t>(database.changes());
}

// Names that nothing refers to any more.
constexpr std::string_view kDropUnusedNames =
    "DELETE FROM name WHERE id NOT IN ("
    "SELECT kind FROM event UNION SELECT origin FROM event UNION SELECT level FROM event WHERE "
    "level "
    "IS NOT NULL UNION SELECT method FROM event WHERE method IS NOT NULL UNION SELECT route FROM "
    "event "
    "WHERE route IS NOT NULL UNION SELECT code FROM event WHERE code IS NOT NULL UNION "
    "SELECT repository FROM event WHERE repository IS NOT NULL UNION SELECT digest FROM event "
    "WHERE "
    "digest IS NOT NULL UNION SELECT tag FROM event WHERE tag IS NOT NULL UNION SELECT upload FROM "
    "event WHERE upload IS NOT NULL UNION SELECT client FROM event WHERE client IS NOT NULL UNION "
    "SELECT agent FROM event WHERE agent IS NOT NULL UNION SELECT user FROM event WHERE user IS "
    "NOT "
    "NULL UNION SELECT instance FROM event WHERE instance IS NOT NULL UNION SELECT mounted_from "
    "FROM "
    "event WHERE mounted_from IS NOT NULL UNION SELECT manifest FROM event WHERE manifest IS NOT "
    "NULL "
    "UNION SELECT detail FROM event WHERE detail IS NOT NULL UNION SELECT rule FROM event WHERE "
    "rule "
    "IS NOT NULL UNION SELECT repository FROM touch UNION SELECT digest FROM touch UNION SELECT "
    "tag "
    "FROM touch UNION SELECT client FROM touch UNION SELECT agent FROM touch UNION SELECT instance "
    "FROM touch UNION SELECT method FROM touch UNION SELECT route FROM touch UNION SELECT origin "
    "FROM "
    "touch UNION SELECT name FROM source UNION SELECT verdict FROM judged UNION SELECT cause FROM "
    "judged)";

Result<void> after_deletion(Database& database) {
  Result<void> done = database.execute(kDropUnusedNames);
  if (done) done = set_meta(database, "stale", "1");
  return done;
}

}  // namespace

Result<std::int64_t> count_lines(Database& database) {
  return database.integer_of(
      "SELECT (SELECT count(*) FROM event) + (SELECT count(*) + count(last_id) FROM touch)");
}

Result<void> set_meta(Database& database, std::string_view key, std::string_view value) {
  Statement put = database.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)");
  return put.bind(1, key).bind(2, value).run();
}

Result<bool> knows_file(Database& database, std::string_view path, std::uint64_t size,
                        std::string_view fingerprint) {
  const std::string name = clean(path);
  Statement find =
      database.prepare("SELECT 1 FROM watermark WHERE path = ? AND size = ? AND fingerprint = ?");
  find.bind(1, name).bind(2, static_cast<std::int64_t>(size));
  return find.bind(3, fingerprint).step();
}

Result<void> remember_file(Database& database, std::string_view path, std::uint64_t size,
                           std::string_view fingerprint) {
  const std::string name = clean(path);
  Statement put = database.prepare(
      "INSERT OR REPLACE INTO watermark (path, size, fingerprint) VALUES (?, ?, ?)");
  put.bind(1, name).bind(2, static_cast<std::int64_t>(size));
  return put.bind(3, fingerprint).run();
}

Result<std::uint64_t> forget_source(Database& database, std::string_view name) {
  const std::string text = clean(name);
  const std::string_view raw = is_clean(name) ? std::string_view() : name;
  // Of a touch with one end elsewhere that end stays.
  constexpr std::array<std::string_view, 2> kSteps = {
      "DELETE FROM event WHERE source IN temp.forgotten",
      "DELETE FROM touch WHERE first_source IN temp.forgotten AND "
      "(last_id IS NULL OR last_source IN temp.forgotten)"};
  Result<void> done = database.execute(
      "CREATE TEMP TABLE IF NOT EXISTS forgotten (n INTEGER PRIMARY KEY); "
      "DELETE FROM temp.forgotten");
  if (!done) return tl::unexpected(done.error());
  Statement choose = database.prepare(
      "INSERT INTO temp.forgotten SELECT s.n FROM source s JOIN name x ON x.id = s.name "
      "WHERE x.text = ? AND x.raw = ?");
  const Result<std::uint64_t> sources =
      count_deleted(database, choose.bind(1, text).bind_blob(2, raw));
  if (!sources) return sources;
  if (*sources == 0)
    return fail(ErrorCode::usage,
                "the database '" + database.path() + "' has no source '" + text + "'",
                "'regtriage query --db FILE sources' lists them");
  std::uint64_t count = 0;
  for (const std::string_view step : kSteps) {
    Statement statement = database.prepare(step);
    const Result<std::uint64_t> gone = count_deleted(database, statement);
    if (!gone) return gone;
    count += *gone;
  }
  done = database.execute(
      "UPDATE touch SET first_id = last_id, first_time = last_time, first_order = last_order, "
      "first_source = last_source, first_line = last_line, first_offset = last_offset, "
      "first_request_hi = last_request_hi, first_request_lo = last_request_lo "
      "WHERE first_source IN temp.forgotten;"
      "UPDATE touch SET last_id = NULL, last_time = NULL, last_order = NULL, last_source = NULL, "
      "last_line = NULL, last_offset = NULL, last_request_hi = NULL, last_request_lo = NULL "
      "WHERE last_source IN temp.forgotten OR last_id = first_id;"
      "DELETE FROM source_word WHERE source IN temp.forgotten;"
      "DELETE FROM source_gap WHERE source IN temp.forgotten;"
      "DELETE FROM reject_sample WHERE source IN temp.forgotten;"
      "DELETE FROM source WHERE n IN temp.forgotten;"
      "DELETE FROM watermark;");
  if (done) done = after_deletion(database);
  if (!done) return tl::unexpected(done.error());
  return count;
}

Result<std::uint64_t> prune_before(Database& database, TimeNs before) {
  // What a newer trouble is about: digests, uploads, and tags with their repository.
  Result<void> done = database.execute(
      "CREATE TEMP TABLE IF NOT EXISTS needed (id INTEGER PRIMARY KEY);"
      "CREATE TEMP TABLE IF NOT EXISTS needed_tag (repository INTEGER, tag INTEGER, "
      "PRIMARY KEY (repository, tag)) WITHOUT ROWID;"
      "DELETE FROM temp.needed; DELETE FROM temp.needed_tag;");
  if (!done) return tl::unexpected(done.error());
  constexpr std::array<std::string_view, 4> kChoices = {
      "INSERT OR IGNORE INTO temp.needed SELECT digest FROM event WHERE time >= ?1 AND digest IS "
      "NOT "
      "NULL AND (status >= 400 OR written = 0)",
      "INSERT OR IGNORE INTO temp.needed SELECT upload FROM event WHERE time >= ?1 AND upload IS "
      "NOT "
      "NULL AND (status >= 400 OR written = 0)",
      "INSERT OR IGNORE INTO temp.needed SELECT manifest FROM event WHERE time >= ?1 AND manifest "
      "IS "
      "NOT NULL",
      "INSERT OR IGNORE INTO temp.needed_tag SELECT repository, tag FROM event WHERE time >= ?1 "
      "AND "
      "repository IS NOT NULL AND tag IS NOT NULL AND (status >= 400 OR written = 0)"};
  for (const std::string_view sql : kChoices) {
    Statement choose = database.prepare(sql);
    if (done = choose.bind(1, before).run(); !done) return tl::unexpected(done.error());
  }
  constexpr std::array<std::string_view, 2> kDeletions = {
      "DELETE FROM event WHERE time < ?1 AND coalesce(repository, digest, upload) IS NOT NULL AND "
      "(digest IS NULL OR digest NOT IN temp.needed) AND (upload IS NULL OR upload NOT IN "
      "temp.needed) "
      "AND (manifest IS NULL OR manifest NOT IN temp.needed) AND "
      "(tag IS NULL OR repository IS NULL OR (repository, tag) NOT IN temp.needed_tag)",
      "DELETE FROM touch WHERE coalesce(last_time, first_time) < ?1 AND digest NOT IN temp.needed "
      "AND "
      "(repository, tag) NOT IN temp.needed_tag"};
  std::uint64_t count = 0;
  for (const std::string_view sql : kDeletions) {
    Statement statement = database.prepare(sql);
    const Result<std::uint64_t> gone = count_deleted(database, statement.bind(1, before));
    if (!gone) return gone;
    count += *gone;
  }
  if (done = after_deletion(database); !done) return tl::unexpected(done.error());
  return count;
}

}  // namespace regtriage
