// `patterns list | check FILE...`: the rules as data.
#include <fmt/format.h>

#include "app/command.h"
#include "app/reading.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "classify/rule_set.h"

namespace regtriage {
namespace {

std::string listed(std::span<const Rule> rules) {
  std::string text;
  std::string_view file;
  for (const Rule& rule : rules) {
    if (rule.file != file) text += fmt::format("{}\n", terminal_text(rule.file));
    file = rule.file;
    text += fmt::format("  {:<44} {:<24} {}\n", terminal_text(rule.id), word_of(rule.event),
                        terminal_text(rule.source));
  }
  return text;
}

std::string as_json(std::span<const Rule> rules, std::string_view version) {
  std::string text;
  JsonWriter json(text, 1);
  json.begin_object().field("schema", "regtriage/rules/1").field("ruleset", version);
  json.key("rules").begin_array();
  for (const Rule& rule : rules) {
    json.begin_object().field("id", std::string_view(rule.id));
    json.field("event", word_of(rule.event)).field("file", std::string_view(rule.file));
    json.field("place", std::string_view(rule.place));
    json.field("source", std::string_view(rule.source));
    json.field("examples", static_cast<std::uint64_t>(rule.examples.size()));
    json.field("counter_examples", static_cast<std::uint64_t>(rule.counter_examples.size()));
    json.end_object();
  }
  json.end_array().end_object();
  return text + "\n";
}

int list_rules(Context& context) {
  const Result<Classifier> classifier = load_classifier(context);
  if (!classifier) {
    context.complain(classifier.error());
    return context.status;
  }
  const RuleSet& rules = classifier->rules();
  context.out.write(context.options.format == "json" ? as_json(rules.rules(), rules.version())
                                                     : listed(rules.rules()));
  return exit_status::kDone;
}

}  // namespace

int run_patterns(Context& context) {
  const std::vector<std::string>& words = context.options.arguments;
  if (words.size() == 1 && words[0] == "list") return list_rules(context);
  context.complain({ErrorCode::usage, "patterns takes 'list', or 'check' and files",
                    "regtriage patterns check my-patterns.json"});
  return context.status;
}

}  // namespace regtriage
