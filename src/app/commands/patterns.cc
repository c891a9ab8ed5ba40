// `patterns list | check FILE...`: the rules as data.
#include <fmt/format.h>

#include <fstream>
#include <iterator>

#include "app/command.h"
#include "app/reading.h"
#include "base/embedded.h"
#include "base/json_writer.h"
#include "base/utf8.h"
#include "classify/rule_check.h"
#include "classify/rule_set.h"
#include "format/format.h"

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

int list_rules(CallContext& context) {
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

// As ingest reads a line; an example of several lines goes on as its record does.
class ExampleParser {
 public:
  bool parse(std::string_view line, Record& out) {
    const std::size_t end = std::min(line.find('\n'), line.size());
    Envelope envelope;
    if (!peeler_.peel(line.substr(0, end), envelope)) return false;
    payload_ = envelope.payload;
    payload_ += line.substr(end);
    return records_.parse(payload_, out) != Parsed::not_mine;
  }

 private:
  EnvelopePeeler peeler_;
  RecordParser records_;
  std::string payload_;
};

std::uint64_t examples_in(const RuleSet& rules, std::string_view file) {
  std::uint64_t count = 0;
  for (const Rule& rule : rules.rules())
    if (rule.file == file) count += rule.examples.size() + rule.counter_examples.size();
  return count;
}

// The name of the built-in file whose text this is, or empty.
std::string_view built_in_name(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(stream)), {});
  for (const EmbeddedFile& file : embedded_files())
    if (file.text == text) return file.name;
  return {};
}

// The messages of one file; its rules are tried together with the built-in ones.
void check_file(CallContext& context, const std::string& path) {
  std::vector<std::string> files = context.options.pattern_files;
  const std::string_view built_in = built_in_name(path);
  if (built_in.empty()) files.push_back(path);
  const std::string file(built_in.empty() ? std::string_view(path) : built_in);
  const Result<Classifier> classifier = Classifier::make(files);
  if (!classifier) {
    context.complain(classifier.error());
    return;
  }
  ExampleParser parser;
  const LineParser parse = [&parser](std::string_view line, Record& out) {
    return parser.parse(line, out);
  };
  const std::vector<CheckMessage> messages = check_rules(*classifier, file, parse);
  for (const CheckMessage& message : messages)
    context.complain({ErrorCode::usage,
                      fmt::format("{}: rule '{}': {}", message.place, message.rule, message.what),
                      ""});
  if (messages.empty())
    context.out.write(fmt::format("{}: {} examples hold\n", terminal_text(file),
                                  examples_in(classifier->rules(), file)));
}

}  // namespace

int run_patterns(CallContext& context) {
  const std::vector<std::string>& words = context.options.arguments;
  if (words.size() == 1 && words[0] == "list") return list_rules(context);
  if (words.size() > 1 && words[0] == "check") {
    for (std::size_t i = 1; i < words.size(); ++i) check_file(context, words[i]);
    return context.status;
  }
  context.complain({ErrorCode::usage, "patterns takes 'list', or 'check' and files",
                    "regtriage patterns check my-patterns.json"});
  return context.status;
}

}  // namespace regtriage
