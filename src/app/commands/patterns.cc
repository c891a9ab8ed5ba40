// `patterns list [LOG...] | unmatched LOG... | check FILE...`: the rules as data.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "app/command.h"
#include "app/pattern_views.h"
#include "app/reading.h"
#include "base/embedded.h"
#include "base/utf8.h"
#include "classify/rule_check.h"
#include "classify/rule_set.h"
#include "format/format.h"
#include "report/layout.h"

namespace regtriage {
namespace {

constexpr int kWidestPage = 160;

PatternPage page_of(const CallContext& context) {
  return {std::clamp(context.terminal.columns, 40, kWidestPage), context.use_color(),
          context.options.limit};
}

// Reads the files that stand behind the subcommand, and counts.
Facts read_counting(CallContext& context, const Classifier& classifier, Census& census) {
  std::vector<InputName> inputs;
  for (std::size_t i = 1; i < context.options.arguments.size(); ++i)
    inputs.push_back({context.options.arguments[i], "", false});
  return read_facts(context, classifier, inputs, &census);
}

int list_rules(CallContext& context) {
  const Result<Classifier> classifier = load_classifier(context);
  if (!classifier) {
    context.complain(classifier.error());
    return context.status;
  }
  Census census;
  const bool counted = context.options.arguments.size() > 1;
  if (counted) read_counting(context, *classifier, census);
  const Census* const counts = counted ? &census : nullptr;
  context.out.write(context.options.format == "json"
                        ? rules_json(classifier->rules(), counts)
                        : rules_text(classifier->rules(), counts, page_of(context)));
  return context.status;
}

int list_unmatched(CallContext& context) {
  const Result<Classifier> classifier = load_classifier(context);
  if (!classifier) {
    context.complain(classifier.error());
    return context.status;
  }
  Census census;
  const Facts facts = read_counting(context, *classifier, census);
  context.out.write(context.options.format == "json"
                        ? unmatched_json(census, facts.sources, context.options.limit)
                        : unmatched_text(census, facts.sources, page_of(context)));
  return context.status;
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

std::string verdict_on(std::uint64_t examples) {
  return fmt::format("{} {}", count_of(examples, "example"), examples == 1 ? "holds" : "hold");
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
  bool holds = true;
  for (const CheckMessage& message : check_rules(*classifier, file, parse)) {
    const std::string what = fmt::format("{}: {}rule '{}': {}", message.place,
                                         message.fault ? "" : "note: ", message.rule, message.what);
    holds = holds && !message.fault;
    if (message.fault)
      context.complain({ErrorCode::usage, what, message.hint});
    else
      context.warn(what, message.hint);
  }
  if (holds)
    context.out.write(fmt::format("{}: {}\n", terminal_text(file),
                                  verdict_on(examples_in(classifier->rules(), file))));
}

}  // namespace

int run_patterns(CallContext& context) {
  const std::vector<std::string>& words = context.options.arguments;
  if (!words.empty() && words[0] == "list") return list_rules(context);
  if (words.size() > 1 && words[0] == "unmatched") return list_unmatched(context);
  if (words.size() > 1 && words[0] == "check") {
    for (std::size_t i = 1; i < words.size(); ++i)
      for (const std::string& file : pattern_files_of(words[i])) check_file(context, file);
    return context.status;
  }
  context.complain({ErrorCode::usage,
                    "patterns takes 'list', 'unmatched' and logs, or 'check' and pattern files",
                    "regtriage patterns unmatched registry.log"});
  return context.status;
}

}  // namespace regtriage
