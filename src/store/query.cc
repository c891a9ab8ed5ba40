// Read-only SQL of a user: an authorizer says what a statement may do, a step count how long, and a
// byte count how much it may give. See DESIGN §8.
#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "store/parts.h"
#include "store/schema.h"

namespace regtriage {
namespace {

constexpr int kStepsPerCall = 100'000;
constexpr std::size_t kLongestSql = 1U << 20;

// PRAGMAs that only describe. (application_id and user_version write when given a value; a
// statement that would write is refused as such.)
constexpr std::array<std::string_view, 10> kDescribing = {
    "application_id", "collation_list", "function_list", "index_info",  "index_list",
    "index_xinfo",    "table_info",     "table_list",    "table_xinfo", "user_version"};

int authorize(void*, int action, const char* first, const char*, const char*, const char*) {
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_RECURSIVE:
    case SQLITE_FUNCTION:  // its name is the second argument; load_extension() is off as well
      return SQLITE_OK;
    case SQLITE_PRAGMA:
      return first != nullptr &&
                     std::ranges::find(kDescribing, std::string_view(first)) != kDescribing.end()
                 ? SQLITE_OK
                 : SQLITE_DENY;
    default:
      return SQLITE_DENY;
  }
}

int count_steps(void* context) {
  auto* left = static_cast<std::int64_t*>(context);
  *left -= kStepsPerCall;
  return *left < 0;
}

// While it lives, the connection only reads.
class Guard {
 public:
  Guard(sqlite3* db, const QueryLimits& limits)
      : db_(db),
        steps_left_(limits.steps),
        longest_(sqlite3_limit(db, SQLITE_LIMIT_LENGTH, limits.value_bytes)) {
    sqlite3_set_authorizer(db_, authorize, nullptr);
    sqlite3_progress_handler(db_, kStepsPerCall, count_steps, &steps_left_);
  }
  ~Guard() {
    sqlite3_set_authorizer(db_, nullptr, nullptr);
    sqlite3_progress_handler(db_, 0, nullptr, nullptr);
    sqlite3_limit(db_, SQLITE_LIMIT_LENGTH, longest_);
  }
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;

 private:
  sqlite3* db_;
  std::int64_t steps_left_;
  int longest_;
};

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> last(b.size() + 1), row(b.size() + 1);
  std::iota(last.begin(), last.end(), 0U);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j)
      row[j] =
          std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
    last.swap(row);
  }
  return last[b.size()];
}

std::string nearest_of(std::string_view word, const std::vector<std::string>& known) {
  if (word.size() > 64) return "";
  const auto distance = [word](const std::string& name) { return edit_distance(word, name); };
  const auto best = std::ranges::min_element(known, {}, distance);
  return best != known.end() && distance(*best) <= std::max<std::size_t>(2, word.size() / 3) ? *best
                                                                                             : "";
}

std::vector<std::string> column_names(Database& database) {
  Statement rows = database.prepare(
      "SELECT DISTINCT c.name FROM sqlite_schema s, pragma_table_info(s.name) c "
      "WHERE s.type = 'view' ORDER BY 1");
  std::vector<std::string> names;
  for (Result<bool> row = rows.step(); row && *row; row = rows.step())
    names.emplace_back(rows.text(0));
  return names;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

// What was wrong with the SQL, with the nearest right name.
Error sql_error(Database& database, int code, const std::string& text) {
  const std::string_view message = text;
  Error error{ErrorCode::usage, fmt::format("SQL: {}", message), ""};
  constexpr std::string_view kNoTable = "no such table: ", kNoColumn = "no such column: ";
  const auto behind = [&message](std::string_view head) {
    std::string_view name = message.substr(head.size());
    return name.substr(name.rfind('.') == std::string_view::npos ? 0 : name.rfind('.') + 1);
  };
  if (message.starts_with(kNoTable)) {
    const std::vector<std::string> views = view_names(database);
    const std::string nearest = nearest_of(behind(kNoTable), views);
    error.hint = nearest.empty() ? "the views are " + joined(views)
                                 : fmt::format("did you mean '{}'?", nearest);
  } else if (message.starts_with(kNoColumn)) {
    const std::string nearest = nearest_of(behind(kNoColumn), column_names(database));
    error.hint = nearest.empty() ? "'PRAGMA table_info(VIEW)' lists the columns of a view"
                                 : fmt::format("did you mean '{}'?", nearest);
  } else if (code == SQLITE_AUTH) {
    error.what = "SQL: only SELECT is allowed here";
    error.hint = "'query' never changes a database";
  } else if (code == SQLITE_INTERRUPT) {
    error.what = "SQL: stopped, for it took too many steps";
    error.hint = "narrow it with WHERE, or use sqlite3 on a copy of the database";
  } else if (code == SQLITE_TOOBIG || code == SQLITE_NOMEM) {
    error.hint = "ask for fewer or shorter values";
  } else if (code != SQLITE_ERROR && code != SQLITE_RANGE && code != SQLITE_MISMATCH) {
    return database.error_of(code, message);  // not the words, the file
  }
  return error;
}

// Takes the guard off: the statement has failed, and looking for the nearest name is our own.
Error last_sql_error(Database& database) {
  const int code = sqlite3_errcode(database.handle());
  const std::string message = sqlite3_errmsg(database.handle());
  sqlite3_set_authorizer(database.handle(), nullptr, nullptr);
  sqlite3_progress_handler(database.handle(), 0, nullptr, nullptr);
  return sql_error(database, code & 0xff, message);
}

struct Finalizer {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Handle = std::unique_ptr<sqlite3_stmt, Finalizer>;

Error usage(std::string what, std::string hint) {
  return {ErrorCode::usage, std::move(what), std::move(hint)};
}

Result<Handle> prepare_one(Database& database, std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  const char* rest = nullptr;
  const int code =
      sqlite3_prepare_v2(database.handle(), sql.data(), static_cast<int>(sql.size()), &raw, &rest);
  Handle statement(raw);
  if (code != SQLITE_OK) return tl::unexpected(last_sql_error(database));
  if (statement == nullptr)
    return tl::unexpected(
        usage("SQL: there is no statement", "for instance: SELECT * FROM findings"));
  // What follows may only be blank or a comment: preparing it gives nothing.
  sqlite3_stmt* second = nullptr;
  const auto left = static_cast<int>(sql.size() - static_cast<std::size_t>(rest - sql.data()));
  const int more = sqlite3_prepare_v2(database.handle(), rest, left, &second, nullptr);
  const Handle other(second);
  if (more != SQLITE_OK || other != nullptr)
    return tl::unexpected(
        usage("SQL: one statement at a time", "leave out what follows the first ';'"));
  if (sqlite3_stmt_readonly(statement.get()) == 0)
    return tl::unexpected(
        usage("SQL: only SELECT is allowed here", "'query' never changes a database"));
  return statement;
}

Table::Cell cell_at(sqlite3_stmt* row, int column) {
  using Kind = Table::Cell::Kind;
  Table::Cell cell;
  const auto bytes = [&] {
    const void* data = sqlite3_column_blob(row, column);
    const int size = sqlite3_column_bytes(row, column);
    return data == nullptr
               ? std::string()
               : std::string(static_cast<const char*>(data), static_cast<std::size_t>(size));
  };
  switch (sqlite3_column_type(row, column)) {
    case SQLITE_INTEGER:
      cell.kind = Kind::integer;
      cell.integer = sqlite3_column_int64(row, column);
      break;
    case SQLITE_FLOAT:
      cell.kind = Kind::real;
      cell.real = sqlite3_column_double(row, column);
      break;
    case SQLITE_TEXT:
      cell.kind = Kind::text;
      cell.text = bytes();
      break;
    case SQLITE_BLOB:
      cell.kind = Kind::blob;
      cell.text = bytes();
      break;
    default:
      break;
  }
  return cell;
}

Result<Table> read_rows(Database& database, sqlite3_stmt* statement, const QueryLimits& limits) {
  Table table;
  const int columns = sqlite3_column_count(statement);
  for (int i = 0; i < columns; ++i) {
    const char* name = sqlite3_column_name(statement, i);
    table.columns.emplace_back(name != nullptr ? name : "");
  }
  std::size_t bytes = 0;
  for (;;) {
    const int code = sqlite3_step(statement);
    if (code == SQLITE_DONE) return table;
    if (code != SQLITE_ROW) return tl::unexpected(last_sql_error(database));
    table.cut = limits.rows != 0 && table.rows.size() == limits.rows;
    if (table.cut) return table;
    std::vector<Table::Cell> row;
    for (int i = 0; i < columns; ++i) {
      row.push_back(cell_at(statement, i));
      bytes += sizeof(Table::Cell) + row.back().text.size();
    }
    if (bytes > limits.bytes)
      return tl::unexpected(
          usage(fmt::format("SQL: the result has over {} MiB", limits.bytes >> 20),
                "narrow it with WHERE or --limit"));
    table.rows.push_back(std::move(row));
  }
}

}  // namespace

Result<Table> run_query(Database& database, std::string_view sql,
                        const std::vector<std::string>& values, const QueryLimits& limits) {
  if (sql.size() > kLongestSql)
    return tl::unexpected(usage("SQL: the statement has over 1 MiB", "shorten it"));
  Result<Handle> statement = [&] {
    const Guard guard(database.handle(), limits);
    return prepare_one(database, sql);
  }();
  if (!statement) return tl::unexpected(statement.error());
  for (std::size_t i = 0; i < values.size(); ++i)
    sqlite3_bind_text64(statement->get(), static_cast<int>(i) + 1, values[i].data(),
                        values[i].size(), SQLITE_STATIC, SQLITE_UTF8);
  const Guard guard(database.handle(), limits);
  return read_rows(database, statement->get(), limits);
}

}  // namespace regtriage
