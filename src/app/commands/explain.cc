// `explain [CAUSE]`: the knowledge behind a finding.
#include <fmt/format.h>

#include "app/command.h"
#include "base/json_writer.h"
#include "infer/judge.h"
#include "report/layout.h"

namespace regtriage {
namespace {

void add_part(std::string& text, std::string_view title, std::string_view paragraph, int columns) {
  if (!paragraph.empty())
    text += fmt::format("\n{}\n  {}\n", title, wrapped(paragraph, 2, columns));
}

void add_items(std::string& text, std::string_view title, std::span<const std::string_view> items,
               int columns) {
  if (items.empty()) return;
  text += fmt::format("\n{}\n", title);
  for (const std::string_view item : items)
    text += fmt::format("  - {}\n", wrapped(item, 4, columns));
}

std::string explained(const CauseInfo& cause, int columns) {
  std::string text = fmt::format("{}: {}\n", word_of(cause.id), cause.title);
  text += fmt::format("{}, {}: {}\n", word_of(cause.cause_class), word_of(cause.verdict),
                      wrapped(sentence_of(cause.verdict), 0, columns));
  add_part(text, "What it means", cause.explanation, columns);
  add_part(text, "How it is told apart", cause.told_apart, columns);
  add_items(text, "What to do", cause.remedy, columns);
  add_items(text, "What not to do", cause.do_not, columns);
  add_items(text, "How to confirm it", cause.confirm, 0);
  return text;
}

std::string listed(int columns) {
  std::string text;
  CauseClass last = CauseClass::undetermined;
  for (const CauseInfo& cause : all_causes()) {
    if (text.empty() || cause.cause_class != last)
      text += fmt::format("{}{}\n", text.empty() ? "" : "\n", word_of(cause.cause_class));
    last = cause.cause_class;
    text += fmt::format("  {:<33}{}\n", word_of(cause.id), wrapped(cause.title, 35, columns));
  }
  return text;
}

void write_items(JsonWriter& json, std::string_view name, std::span<const std::string_view> items) {
  json.key(name).begin_array();
  for (const std::string_view item : items) json.value(item);
  json.end_array();
}

void write_cause(JsonWriter& json, const CauseInfo& cause) {
  json.begin_object().field("cause", word_of(cause.id));
  json.field("class", word_of(cause.cause_class)).field("verdict", word_of(cause.verdict));
  json.field("severity", word_of(cause.severity)).field("title", cause.title);
  json.field("explanation", cause.explanation).field("told_apart", cause.told_apart);
  write_items(json, "do", cause.remedy);
  write_items(json, "do_not", cause.do_not);
  write_items(json, "confirm", cause.confirm);
  json.end_object();
}

std::string as_json(const CauseInfo* only) {
  std::string text;
  JsonWriter json(text, 1);
  json.begin_object().field("schema", "regtriage/causes/1").key("causes").begin_array();
  for (const CauseInfo& cause : all_causes())
    if (only == nullptr || only->id == cause.id) write_cause(json, cause);
  json.end_array().end_object();
  return text + "\n";
}

Error no_such_cause(std::string_view name) {
  std::vector<std::string_view> known;
  for (const CauseInfo& cause : all_causes()) known.push_back(word_of(cause.id));
  const auto nearest = nearest_word(name, known);
  return {ErrorCode::usage, fmt::format("there is no cause '{}'", name),
          nearest ? fmt::format("did you mean '{}'?", *nearest)
                  : "'regtriage explain' lists the causes"};
}

}  // namespace

int run_explain(CallContext& context) {
  const std::vector<std::string>& names = context.options.arguments;
  const int columns = std::min(context.terminal.columns, 100);
  const CauseInfo* cause = nullptr;
  if (!names.empty()) {
    const std::optional<CauseId> id = try_cause(names.front());
    if (!id) {
      context.complain(no_such_cause(names.front()));
      return context.status;
    }
    cause = &info_of(*id);
  }
  if (context.options.format == "json")
    context.out.write(as_json(cause));
  else
    context.out.write(cause == nullptr ? listed(columns) : explained(*cause, columns));
  return exit_status::kDone;
}

}  // namespace regtriage
