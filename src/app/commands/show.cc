// `show`: everything known about one thing, as a timeline.
#include <fmt/format.h>

#include <algorithm>

#include "app/about.h"
#include "app/command.h"
#include "app/incident.h"
#include "app/reading.h"
#include "app/table_output.h"
#include "base/text.h"
#include "base/utf8.h"

namespace regtriage {
namespace {

constexpr std::size_t kWidestCell = 72;
constexpr std::string_view kColumnPerLine = "findings about";  // sections of few rows, many columns

// Findings and pushes have short ids; the lines of a push are found by its time, not by its name.
bool is_short_id(const std::string& thing) {
  constexpr std::size_t kLongest = 12;
  return thing.size() <= kLongest && is_hex(thing);
}

// A database that lives as long as the answer and shows all lines about the thing.
Result<Store> store_of(CallContext& context, const Classifier& classifier, const Facts& facts) {
  const std::string& thing = context.options.arguments.front();
  Result<Store> store = Store::in_memory();
  if (!store) return store;
  const Result<void> done = store->all_or_nothing([&] {
    return put_and_judge(*store, facts, means_of(context, classifier), {is_short_id(thing), thing});
  });
  if (!done) return tl::unexpected(done.error());
  return store;
}

Result<Store> store_of_files(CallContext& context, std::vector<std::string> files) {
  const Result<Classifier> classifier = load_classifier(context);
  if (!classifier) return tl::unexpected(classifier.error());
  std::vector<InputName> inputs;
  inputs.reserve(files.size() + 1);
  for (std::string& file : files) inputs.push_back({std::move(file), "", false});
  if (inputs.empty()) inputs.push_back({"-", "", false});
  return store_of(context, *classifier, read_facts(context, *classifier, inputs));
}

// The file itself if its tables show every line.
Result<Store> store_of_database(CallContext& context) {
  Result<Store> store = Store::open_for_reading(context.options.database);
  if (!store) return store;
  const Result<Store::Lines> lines = store->lines();
  if (!lines) return tl::unexpected(lines.error());
  if (lines->shown == lines->kept) return store;
  const Result<Classifier> classifier = load_classifier(context);
  if (!classifier) return tl::unexpected(classifier.error());
  const Result<Facts> facts = store->load();
  if (!facts) return tl::unexpected(facts.error());
  return store_of(context, *classifier, *facts);
}

// Without the columns that say nothing: empty ones, the thing itself, and ids for programs.
Table without_idle_columns(const Table& table, const std::string& thing) {
  Table slim;
  slim.rows.resize(table.rows.size());
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const auto idle = [i, &thing](const std::vector<Table::Cell>& row) {
      const std::string& text = row[i].text;
      return row[i].kind == Table::Cell::Kind::null ||
             (row[i].kind == Table::Cell::Kind::text &&
              (text.empty() || text == thing || thing.starts_with(text + ":") ||
               thing.ends_with(":" + text)));
    };
    const std::string& name = table.columns[i];
    if (name == "event" || name == "proof" || std::ranges::all_of(table.rows, idle)) continue;
    slim.columns.push_back(name);
    for (std::size_t r = 0; r < table.rows.size(); ++r) slim.rows[r].push_back(table.rows[r][i]);
  }
  return slim;
}

// One row as "name: value" lines, for rows too wide to stand side by side.
std::string listed(const Table& table) {
  std::string out;
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      Table one{{table.columns[i]}, {{row[i]}}, false};
      std::string value = table_text(one, "table", 0);
      value = value.substr(value.find('\n') + 1);  // without the heading
      value.erase(0, value.find_first_not_of(' '));
      if (value != "\n") out += fmt::format("  {}: {}", terminal_text(table.columns[i]), value);
    }
    out += "\n";
  }
  return out;
}

std::string text_of(const About& about, std::size_t widest) {
  std::string out = fmt::format("{} {}\n\n", about.kind, terminal_text(about.thing));
  for (const Section& section : about.sections) {
    out += fmt::format("{}\n", section.name);
    const Table table = without_idle_columns(section.table, about.thing);
    out += kColumnPerLine.find(section.name) != std::string_view::npos
               ? listed(table)
               : table_text(table, "table", widest) + "\n";
  }
  return out;
}

std::string json_of(const About& about) {
  std::string out;
  JsonWriter json(out, 2);
  json.begin_object().field("schema", "regtriage/show/1").field("kind", about.kind);
  json.field("thing", std::string_view(about.thing));
  for (const Section& section : about.sections) {
    json.key(section.name);
    write_rows(json, section.table);
  }
  json.end_object();
  return out + "\n";
}

Result<std::string> shown(CallContext& context) {
  const RunOptions& options = context.options;
  if (options.arguments.empty())
    return fail(ErrorCode::usage, "show needs the thing to show",
                "for instance: regtriage show --db incident.db team/app:v1");
  const std::string thing = options.arguments.front();
  const std::vector<std::string> files(options.arguments.begin() + 1, options.arguments.end());
  if (!options.database.empty() && !files.empty())
    return fail(ErrorCode::usage, "show takes --db or files, not both", "");
  Result<Store> store =
      options.database.empty() ? store_of_files(context, files) : store_of_database(context);
  if (!store) return tl::unexpected(store.error());
  const Result<About> about = all_about(*store, thing, options.since, options.until, options.limit);
  if (!about) return tl::unexpected(about.error());
  const bool terminal = context.terminal.out && options.output.empty();
  return options.format == "json" ? json_of(*about) : text_of(*about, terminal ? kWidestCell : 0);
}

}  // namespace

int run_show(CallContext& context) { return answer_with(context, shown(context)); }

}  // namespace regtriage
