#include "store/schema.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "base/check.h"
#include "base/embedded.h"

namespace regtriage {
namespace {

// Each brings a database from the version before to `version`; the file sets user_version itself.
struct Migration {
  std::int64_t version;
  std::string_view file;
};
// The last one holds the whole schema as it is now.
constexpr std::array kMigrations = {Migration{1, "schemas/incident-1.sql"}};

std::string_view text_of(std::string_view file) {
  for (const EmbeddedFile& embedded : embedded_files())
    if (embedded.name == file) return embedded.text;
  REGTRIAGE_CHECK(false, "a migration is not embedded");
  return {};
}

// Names of what the schema file makes, in its order.
std::vector<std::string> made_by(std::string_view file) {
  std::vector<std::string> names;
  for (const std::string_view kind : {"\nCREATE TABLE ", "\nCREATE INDEX ", "\nCREATE VIEW "})
    for (std::size_t at = file.find(kind); at != std::string_view::npos; at = file.find(kind, at)) {
      at += kind.size();
      names.emplace_back(file.substr(at, file.find(' ', at) - at));
    }
  std::sort(names.begin(), names.end());
  return names;
}

// SQLite keeps the text of each CREATE statement up to its semicolon.
bool is_statement_of(std::string_view file, std::string_view sql) {
  const std::size_t at = file.find(sql);
  return !sql.empty() && at != std::string_view::npos &&
         file.substr(at + sql.size()).starts_with(';');
}

}  // namespace

Result<FileKind> file_kind(const std::string& path) {
  const auto trouble = [&path](std::string_view why, std::string_view hint) {
    return fail(ErrorCode::database, fmt::format("database '{}': {}", path, why),
                std::string(hint));
  };
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0) {
    if (errno == ENOENT) return FileKind::absent;
    return trouble(std::generic_category().message(errno), "");
  }
  if (!S_ISREG(about.st_mode))
    return trouble("not a plain file", "name a file, for instance incident.db");
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return trouble(std::generic_category().message(errno), "may you read it? files are made 0600");
  std::array<char, 16> head{};
  const ssize_t size = ::read(file, head.data(), head.size());
  ::close(file);
  if (size == 0) return FileKind::empty;
  const std::string_view magic("SQLite format 3\0", 16);
  return std::string_view(head.data(), head.size()) == magic ? FileKind::sqlite : FileKind::other;
}

Result<void> check_owner(Database& database) {
  const Result<std::int64_t> owner = database.integer_of("PRAGMA application_id");
  if (!owner) return tl::unexpected(owner.error());
  if (*owner != kApplicationId)
    return fail(ErrorCode::database,
                fmt::format("'{}' is a database of another program", database.path()),
                "it was left as it is; name another file for the incident database");
  const Result<std::int64_t> version = database.integer_of("PRAGMA user_version");
  if (!version) return tl::unexpected(version.error());
  if (*version > kSchemaVersion)
    return fail(ErrorCode::database,
                fmt::format("'{}' has schema version {}, and this program knows up to {}",
                            database.path(), *version, kSchemaVersion),
                "it was left as it is; use the newer regtriage that made it");
  if (*version < 1)
    return fail(ErrorCode::database, fmt::format("'{}' has no schema version", database.path()),
                "read the logs again into a new database");
  return {};
}

Result<void> bring_up_to_date(Database& database) {
  Result<Transaction> all = Transaction::begin(database);
  if (!all) return tl::unexpected(all.error());
  // Known only now: another writer may just have made it.
  const Result<std::int64_t> version = database.integer_of("PRAGMA user_version");
  if (!version) return tl::unexpected(version.error());
  for (const Migration& migration : kMigrations) {
    if (migration.version <= *version) continue;
    if (Result<void> done = database.execute(text_of(migration.file)); !done) return done;
  }
  return all->commit();
}

Result<void> check_schema(Database& database) {
  const std::string_view file = text_of(kMigrations.back().file);
  Statement rows =
      database.prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name");
  std::vector<std::string> sound;
  for (;;) {
    const Result<bool> row = rows.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    if (is_statement_of(file, rows.text(1))) sound.emplace_back(rows.text(0));
  }
  for (const std::string& name : made_by(file))
    if (std::ranges::find(sound, name) == sound.end())
      return fail(ErrorCode::database,
                  fmt::format("database '{}': '{}' is missing or not what schema version {} says",
                              database.path(), name, kSchemaVersion),
                  "an earlier regtriage made it, or somebody changed it; read the logs again into "
                  "a new one");
  return {};
}

std::vector<std::string> view_names(Database& database) {
  Statement rows =
      database.prepare("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name");
  std::vector<std::string> names;
  for (Result<bool> row = rows.step(); row && *row; row = rows.step())
    names.emplace_back(rows.text(0));
  return names;
}

}  // namespace regtriage
