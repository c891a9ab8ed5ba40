// A thin layer over SQLite: handles that close themselves and errors as values.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace regtriage {

// NULL in integer columns; the same value as kNoTime.
inline constexpr std::int64_t kNull = std::numeric_limits<std::int64_t>::min();

// A prepared statement. One that could not be prepared says so at its first step, so that a caller
// checks one place. Bound text is not copied: it must live until the statement has run. One thread.
class Statement {
 public:
  Statement(Statement&&) noexcept;
  ~Statement();

  // Parameters count from 1. An index out of range is reported by the next step.
  Statement& bind(int index, std::int64_t value);         // kNull binds NULL
  Statement& bind_number(int index, std::int64_t value);  // the number, whatever it is
  Statement& bind(int index, std::string_view text);
  Statement& bind_blob(int index, std::string_view bytes);
  Statement& bind_null(int index);

  Result<bool> step();  // true: there is a row
  Result<void> run();   // to the end, then ready for the next values
  void reset();

  // Of the current row; columns count from 0. Views are valid until the next step.
  int columns() const;
  bool is_null(int column) const;
  std::int64_t integer(int column) const;  // kNull for NULL
  std::string_view text(int column) const;

  sqlite3_stmt* handle() const { return handle_; }

 private:
  friend class Database;
  Statement(class Database& database, sqlite3_stmt* handle)
      : database_(&database), handle_(handle) {}

  Database* database_;
  sqlite3_stmt* handle_;
  Error trouble_;  // of preparing or binding
};

// A connection. Not movable: statements point to it. One thread.
class Database {
 public:
  enum class Mode { read, write };
  // The file must exist. Safe settings for files of unknown origin: no extensions, no triggers,
  // no functions from the schema that could do harm, cells checked when read.
  static Result<std::unique_ptr<Database>> open(const std::string& path, Mode mode);
  static Result<std::unique_ptr<Database>> in_memory();
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  Statement prepare(std::string_view sql);
  Result<void> execute(std::string_view sql);             // one or many statements without results
  Result<std::int64_t> integer_of(std::string_view sql);  // first column of the first row
  std::int64_t last_row() const;
  std::int64_t changes() const;

  // What went wrong last, in words for the user.
  Error error_of(int code, std::string_view message) const;
  Error last_error() const;

  sqlite3* handle() const { return handle_; }
  const std::string& path() const { return path_; }

 private:
  explicit Database(std::string path) : path_(std::move(path)) {}
  sqlite3* handle_ = nullptr;
  std::string path_;
};

// All or nothing: what is not committed is taken back when it goes out of scope. Within another
// transaction of the same connection it is a part of that one.
class Transaction {
 public:
  static Result<Transaction> begin(Database& database);
  Transaction(Transaction&& other) noexcept;
  ~Transaction();
  Result<void> commit();

 private:
  Transaction(Database& database, bool outer) : database_(&database), outer_(outer) {}
  Database* database_;  // null: done
  bool outer_;
};

}  // namespace regtriage
