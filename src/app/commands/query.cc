// `query`: read-only SQL over an incident database.
#include <fmt/format.h>

#include <algorithm>

#include "app/command.h"
#include "app/incident.h"
#include "app/table_output.h"
#include "report/layout.h"

namespace regtriage {
namespace {

constexpr std::size_t kWidestCell = 72;  // on a terminal; a digest fits

bool is_one_word(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || c == '-' || c == '_';
  });
}

Table list_of_queries() {
  Table table;
  table.columns = {"name", "what", "sql"};
  const auto text = [](std::string_view value) {
    return Table::Cell{Table::Cell::Kind::text, 0, 0, std::string(value)};
  };
  for (const NamedQuery& query : named_queries())
    table.rows.push_back({text(query.name), text(query.what), text(query.sql)});
  return table;
}

// SQL as typed; a named query; or all of a view.
Result<std::string> sql_of(Store& store, const std::string& typed) {
  if (!is_one_word(typed)) return typed;
  std::vector<std::string> known;
  for (const NamedQuery& query : named_queries()) {
    if (query.name == typed) return std::string(query.sql);
    known.emplace_back(query.name);
  }
  const Result<Table> views =
      store.query("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name");
  if (!views) return tl::unexpected(views.error());
  for (const auto& row : views->rows) {
    if (row[0].text == typed) return "SELECT * FROM " + typed;
    known.push_back(row[0].text);
  }
  const std::optional<std::string_view> nearest =
      nearest_word(typed, std::vector<std::string_view>(known.begin(), known.end()));
  return fail(ErrorCode::usage, fmt::format("there is no query or view '{}'", typed),
              nearest ? fmt::format("did you mean '{}'?", *nearest)
                      : "'regtriage query --db FILE' without a query lists them");
}

Result<Table> asked(CallContext& context) {
  const RunOptions& options = context.options;
  if (options.arguments.size() > 1)
    return fail(ErrorCode::usage, "query takes one query", "put the SQL in quotes: 'SELECT ...'");
  if (options.arguments.empty()) return list_of_queries();
  const Result<std::string> path = database_of(context);
  if (!path) return tl::unexpected(path.error());
  Result<Store> store = Store::open_for_reading(*path);
  if (!store) return tl::unexpected(store.error());
  const Result<std::string> sql = sql_of(*store, options.arguments.front());
  if (!sql) return tl::unexpected(sql.error());
  if (const Result<Store::Lines> lines = store->lines(); lines && lines->shown < lines->kept)
    context.warn(
        fmt::format("the views show {} of {}: the rest are harmless or like these; 'show' and "
                    "'report' look at them, too",
                    number_text(lines->shown), count_of(lines->kept, "kept line")));
  return store->query(*sql, options.limit);
}

}  // namespace

int run_query(CallContext& context) {
  const RunOptions& options = context.options;
  Result<Table> table = asked(context);
  if (!table) {
    context.complain(table.error());
    return context.status;
  }
  const std::string format = options.format.empty() ? "table" : options.format;
  if (options.arguments.empty() && format == "table") table->columns.pop_back();  // not the SQL
  for (auto& row : table->rows) row.resize(table->columns.size());
  const bool terminal = context.terminal.out && options.output.empty();
  context.out.write(table_text(*table, format, terminal ? kWidestCell : 0));
  if (table->cut)
    context.warn(fmt::format("there are more rows than the {} of --limit", options.limit));
  return context.status;
}

}  // namespace regtriage
