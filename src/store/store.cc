#include "store/store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <optional>
#include <system_error>

#include "store/database.h"
#include "store/parts.h"
#include "store/schema.h"
#include "store/writer_lock.h"

namespace regtriage {
namespace {

Error not_a_database(const std::string& path) {
  return {ErrorCode::database, fmt::format("'{}' is not a database", path),
          "it was left as it is; --db names the incident database, logs are operands"};
}

// A new file of its own, readable by its owner only.
Result<void> make_file(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0 && errno != EEXIST)
    return fail(ErrorCode::database,
                fmt::format("database '{}': cannot make it: {}", path,
                            std::generic_category().message(errno)),
                "the folder must exist and be writable");
  if (file >= 0) ::close(file);
  return {};
}

// What the last judgement noted under `key`; empty where there is none or facts came after it.
Result<std::string> noted_by_judgement(Database& database, std::string_view key) {
  Statement row = database.prepare(
      "SELECT value FROM meta WHERE key = ? AND NOT EXISTS "
      "(SELECT 1 FROM meta WHERE key = 'stale' AND value = '1')");
  row.bind(1, key);
  const Result<bool> found = row.step();
  if (!found) return tl::unexpected(found.error());
  return *found ? std::string(row.text(0)) : std::string();
}

}  // namespace

struct Store::Impl {
  std::optional<WriterLock> lock;  // before the connection, so that it goes after it
  std::unique_ptr<Database> database;
};

Store::Store() : impl_(std::make_unique<Impl>()) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

Result<Store> Store::open_for_writing(const std::string& path) {
  // What is there decides before anything is made or changed, the lock file included.
  const Result<FileKind> kind = file_kind(path);
  if (!kind) return tl::unexpected(kind.error());
  if (*kind == FileKind::other) return tl::unexpected(not_a_database(path));

  Result<WriterLock> lock = WriterLock::take(path);
  if (!lock) return tl::unexpected(lock.error());
  if (Result<void> made = make_file(path); !made) return tl::unexpected(made.error());
  Result<std::unique_ptr<Database>> database = Database::open(path, Database::Mode::write);
  if (!database) return tl::unexpected(database.error());

  const Result<std::int64_t> pages = (*database)->integer_of("PRAGMA page_count");
  if (!pages) return tl::unexpected(pages.error());
  if (*pages > 0)
    if (Result<void> ours = check_owner(**database); !ours) return tl::unexpected(ours.error());
  for (const std::string_view setting :
       {"PRAGMA page_size = 8192", "PRAGMA cache_size = -32768", "PRAGMA journal_mode = DELETE"})
    if (Result<void> set = (*database)->execute(setting); !set) return tl::unexpected(set.error());
  if (Result<void> ready = bring_up_to_date(**database); !ready)
    return tl::unexpected(ready.error());
  if (Result<void> whole = check_schema(**database); !whole) return tl::unexpected(whole.error());

  Store store;
  store.impl_->lock = std::move(*lock);
  store.impl_->database = std::move(*database);
  return store;
}

Result<Store> Store::open_for_reading(const std::string& path) {
  const Result<FileKind> kind = file_kind(path);
  if (!kind) return tl::unexpected(kind.error());
  if (*kind == FileKind::absent)
    return fail(ErrorCode::database, fmt::format("there is no database '{}'", path),
                "make one with 'regtriage ingest --db FILE LOG...'");
  if (*kind == FileKind::empty)
    return fail(ErrorCode::database, fmt::format("database '{}' is empty", path),
                "fill it with 'regtriage ingest --db FILE LOG...'");
  if (*kind == FileKind::other) return tl::unexpected(not_a_database(path));
  Result<std::unique_ptr<Database>> database = Database::open(path, Database::Mode::read);
  if (!database) return tl::unexpected(database.error());
  if (Result<void> ours = check_owner(**database); !ours) return tl::unexpected(ours.error());
  if (Result<void> whole = check_schema(**database); !whole) return tl::unexpected(whole.error());
  Store store;
  store.impl_->database = std::move(*database);
  return store;
}

Result<Store> Store::in_memory() {
  Result<std::unique_ptr<Database>> database = Database::in_memory();
  if (!database) return tl::unexpected(database.error());
  if (Result<void> ready = bring_up_to_date(**database); !ready)
    return tl::unexpected(ready.error());
  Store store;
  store.impl_->database = std::move(*database);
  return store;
}

Result<void> Store::all_or_nothing(const std::function<Result<void>()>& work) {
  Result<Transaction> all = Transaction::begin(*impl_->database);
  if (!all) return tl::unexpected(all.error());
  if (Result<void> done = work(); !done) return done;
  return all->commit();
}

Result<void> Store::put(const Facts& facts) {
  return all_or_nothing([&] { return put_facts(*impl_->database, facts); });
}

Result<bool> Store::is_empty() {
  const Result<std::int64_t> any =
      impl_->database->integer_of("SELECT EXISTS (SELECT 1 FROM fact_pack)");
  if (!any) return tl::unexpected(any.error());
  return *any == 0;
}

Result<Facts> Store::load(const TakeOut& take) {
  Result<StoredFacts> stored = load_stored(*impl_->database, take);
  if (!stored) return tl::unexpected(stored.error());
  return std::move(stored->facts);
}

Result<void> Store::put(const Judgement& judgement, const Facts& facts, std::string_view ruleset,
                        const Detail& detail) {
  return all_or_nothing(
      [&] { return put_judgement(*impl_->database, judgement, facts, ruleset, detail); });
}

Result<std::string> Store::judged_with() {
  return noted_by_judgement(*impl_->database, "judged_with");
}

Result<Store::Lines> Store::lines() {
  Lines lines;
  bool noted_both = true;
  for (const auto& [key, count] :
       {std::pair("lines", &lines.kept), std::pair("lines_shown", &lines.shown)}) {
    const Result<std::string> noted = noted_by_judgement(*impl_->database, key);
    if (!noted) return tl::unexpected(noted.error());
    const char* end = noted->data() + noted->size();
    noted_both =
        noted_both && !noted->empty() && std::from_chars(noted->data(), end, *count).ptr == end;
  }
  if (noted_both) return lines;
  const Result<Facts> facts = load();
  if (!facts) return tl::unexpected(facts.error());
  lines = {facts->events.size(), 0};
  for (const Touch& touch : facts->touches) lines.kept += touch.seen_once() ? 1 : 2;
  return lines;
}

Result<Table> Store::query(std::string_view sql, std::size_t limit) {
  return run_query(*impl_->database, sql, {}, {.rows = limit});
}

Result<Table> Store::query_with(std::string_view sql, const std::vector<std::string>& values,
                                std::size_t limit) {
  return run_query(*impl_->database, sql, values, {.rows = limit});
}

Result<bool> Store::knows(std::string_view path, std::uint64_t size, std::string_view fingerprint) {
  return knows_file(*impl_->database, path, size, fingerprint);
}

Result<void> Store::remember(std::string_view path, std::uint64_t size,
                             std::string_view fingerprint) {
  return remember_file(*impl_->database, path, size, fingerprint);
}

Result<std::uint64_t> Store::forget(std::string_view source_name) {
  std::uint64_t count = 0;
  const Result<void> done = all_or_nothing([&]() -> Result<void> {
    const Result<std::uint64_t> gone = forget_source(*impl_->database, source_name);
    if (!gone) return tl::unexpected(gone.error());
    count = *gone;
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return count;
}

Result<std::uint64_t> Store::prune(TimeNs before) {
  std::uint64_t count = 0;
  const Result<void> done = all_or_nothing([&]() -> Result<void> {
    const Result<std::uint64_t> gone = prune_before(*impl_->database, before);
    if (!gone) return tl::unexpected(gone.error());
    count = *gone;
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return count;
}

}  // namespace regtriage
