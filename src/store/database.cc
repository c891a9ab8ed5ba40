#include "store/database.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <utility>

namespace regtriage {
namespace {

constexpr int kBusyMs = 10'000;
constexpr int kLongestValue = 256 << 20;

// What the user can do about an SQLite result code.
std::string_view hint_of(int code) {
  switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "read the logs again into a new database; 'sqlite3 FILE .recover' may save more";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another program is using it; try again when that is done";
    case SQLITE_FULL:
      return "free space on that disk; nothing was changed";
    case SQLITE_READONLY:
      return "the file or its folder is not writable; a write that was cut short is repaired by "
             "the next 'regtriage ingest' into it";
    case SQLITE_CANTOPEN:
      return "does it exist, and may you read it?";
    default:
      return "";
  }
}

void make_safe(sqlite3* db) {
  sqlite3_busy_timeout(db, kBusyMs);
  sqlite3_extended_result_codes(db, 1);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_limit(db, SQLITE_LIMIT_LENGTH, kLongestValue);
  sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
}

}  // namespace

Result<std::unique_ptr<Database>> Database::open(const std::string& path, Mode mode) {
  std::unique_ptr<Database> database(new Database(path));
  const int flags = mode == Mode::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  // "./": a path is never taken for a URI or ":memory:".
  const std::string name = path.starts_with('/') ? path : "./" + path;
  const int code =
      sqlite3_open_v2(name.c_str(), &database->handle_, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  if (code != SQLITE_OK) return tl::unexpected(database->error_of(code, sqlite3_errstr(code)));
  make_safe(database->handle_);
  if (Result<void> set = database->execute("PRAGMA cell_size_check = ON"); !set)
    return tl::unexpected(set.error());
  return database;
}

Result<std::unique_ptr<Database>> Database::in_memory() {
  std::unique_ptr<Database> database(new Database(":memory:"));
  const int code = sqlite3_open_v2(":memory:", &database->handle_,
                                   SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  if (code != SQLITE_OK) return tl::unexpected(database->error_of(code, sqlite3_errstr(code)));
  make_safe(database->handle_);
  return database;
}

Database::~Database() { sqlite3_close_v2(handle_); }

Statement Database::prepare(std::string_view sql) {
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  Statement statement(*this, handle);
  if (code != SQLITE_OK) statement.trouble_ = last_error();
  return statement;
}

Result<void> Database::execute(std::string_view sql) {
  const int code = sqlite3_exec(handle_, std::string(sql).c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return tl::unexpected(last_error());
  return {};
}

Result<std::int64_t> Database::integer_of(std::string_view sql) {
  Statement statement = prepare(sql);
  const Result<bool> row = statement.step();
  if (!row) return tl::unexpected(row.error());
  return *row ? statement.integer(0) : kNull;
}

std::int64_t Database::last_row() const { return sqlite3_last_insert_rowid(handle_); }
std::int64_t Database::changes() const { return sqlite3_changes64(handle_); }

Error Database::error_of(int code, std::string_view message) const {
  return {ErrorCode::database, fmt::format("database '{}': {}", path_, message),
          std::string(hint_of(code))};
}

Error Database::last_error() const {
  return error_of(sqlite3_extended_errcode(handle_), sqlite3_errmsg(handle_));
}

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_),
      handle_(std::exchange(other.handle_, nullptr)),
      trouble_(std::move(other.trouble_)) {}

Statement::~Statement() { sqlite3_finalize(handle_); }

Statement& Statement::bind(int index, std::int64_t value) {
  return value == kNull ? bind_null(index) : bind_number(index, value);
}

Statement& Statement::bind_number(int index, std::int64_t value) {
  if (sqlite3_bind_int64(handle_, index, value) != SQLITE_OK) trouble_ = database_->last_error();
  return *this;
}

Statement& Statement::bind(int index, std::string_view text) {
  const char* begin = text.data() != nullptr ? text.data() : "";
  if (sqlite3_bind_text64(handle_, index, begin, text.size(), SQLITE_STATIC, SQLITE_UTF8) !=
      SQLITE_OK)
    trouble_ = database_->last_error();
  return *this;
}

Statement& Statement::bind_blob(int index, std::string_view bytes) {
  const char* begin = bytes.data() != nullptr ? bytes.data() : "";
  if (sqlite3_bind_blob64(handle_, index, begin, bytes.size(), SQLITE_STATIC) != SQLITE_OK)
    trouble_ = database_->last_error();
  return *this;
}

Statement& Statement::bind_null(int index) {
  if (sqlite3_bind_null(handle_, index) != SQLITE_OK) trouble_ = database_->last_error();
  return *this;
}

Result<bool> Statement::step() {
  if (!trouble_.what.empty()) return tl::unexpected(trouble_);
  if (handle_ == nullptr) return false;  // an empty statement
  const int code = sqlite3_step(handle_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  const Error error = database_->last_error();
  sqlite3_reset(handle_);
  return tl::unexpected(error);
}

Result<void> Statement::run() {
  for (;;) {
    const Result<bool> row = step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
  }
  reset();
  return {};
}

void Statement::reset() { sqlite3_reset(handle_); }

int Statement::columns() const { return sqlite3_column_count(handle_); }

bool Statement::is_null(int column) const {
  return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
  return is_null(column) ? kNull : sqlite3_column_int64(handle_, column);
}

std::string_view Statement::text(int column) const {
  const void* bytes = sqlite3_column_blob(handle_, column);
  const int size = sqlite3_column_bytes(handle_, column);
  return bytes == nullptr
             ? std::string_view()
             : std::string_view(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

Result<Transaction> Transaction::begin(Database& database) {
  if (sqlite3_get_autocommit(database.handle()) == 0) return Transaction(database, false);
  if (Result<void> begun = database.execute("BEGIN IMMEDIATE"); !begun)
    return tl::unexpected(begun.error());
  return Transaction(database, true);
}

Transaction::Transaction(Transaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)), outer_(other.outer_) {}

Transaction::~Transaction() {
  if (database_ != nullptr && outer_)
    sqlite3_exec(database_->handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

Result<void> Transaction::commit() {
  Database* database = std::exchange(database_, nullptr);
  if (database == nullptr || !outer_) return {};
  Result<void> done = database->execute("COMMIT");
  if (!done) sqlite3_exec(database->handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  return done;
}

}  // namespace regtriage
