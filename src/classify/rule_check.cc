#include "classify/rule_check.h"

#include <fmt/format.h>

#include "classify/rule_set.h"

namespace regtriage {
namespace {

std::string number(std::int64_t value, std::int64_t absent) {
  return value == absent ? std::string() : fmt::format("{}", value);
}

// One example of one rule.
class Checker {
 public:
  Checker(const Classifier& classifier, const LineParser& parse)
      : classifier_(classifier), parse_(parse) {}

  void check(const Rule& rule, std::vector<CheckMessage>& out) {
    for (const Example& example : rule.examples) check_example(rule, example, out);
    for (const Example& example : rule.counter_examples) {
      if (!classify(example)) continue;  // what no format claims, no rule explains
      if (draft_.rule == rule.id)
        out.push_back({example.place, rule.id, "the rule explains its own counter-example"});
    }
  }

 private:
  bool classify(const Example& example) {
    if (!parse_(example.line, record_) &&
        !(record_.format == Format::text && classifier_.explains(record_)))
      return false;
    classifier_.classify(record_, example.line, "", scratch_, draft_);
    return true;
  }

  void check_example(const Rule& rule, const Example& example, std::vector<CheckMessage>& out) {
    const auto say = [&](std::string what) {
      out.push_back({example.place, rule.id, std::move(what)});
    };
    if (!classify(example)) return say("the example is no log line that any format knows");
    if (draft_.rule.empty()) return say("no rule explains the example");
    if (draft_.rule != rule.id)
      return say(fmt::format("rule '{}' explains the example first", draft_.rule));
    for (const auto& [field, wanted] : example.fields) {
      const std::optional<std::string> value = draft_value(draft_, field);
      if (!value)
        say(fmt::format("unknown field '{}'", field));
      else if (*value != wanted)
        say(fmt::format("field '{}' is \"{}\", not \"{}\"", field, *value, wanted));
    }
  }

  const Classifier& classifier_;
  const LineParser& parse_;
  Classifier::Scratch scratch_;
  Record record_;
  EventDraft draft_;
};

}  // namespace

std::optional<std::string> draft_value(const EventDraft& draft, std::string_view field) {
  struct Text {
    std::string_view word;
    std::string_view EventDraft::*member;
  };
  static constexpr Text kTexts[] = {{"repository", &EventDraft::repository},
                                    {"digest", &EventDraft::digest},
                                    {"tag", &EventDraft::tag},
                                    {"client", &EventDraft::client},
                                    {"agent", &EventDraft::agent},
                                    {"user", &EventDraft::user},
                                    {"instance", &EventDraft::instance},
                                    {"upload", &EventDraft::upload},
                                    {"request", &EventDraft::request},
                                    {"from", &EventDraft::from},
                                    {"path", &EventDraft::path},
                                    {"detail", &EventDraft::detail}};
  for (const Text& text : kTexts)
    if (text.word == field) return std::string(draft.*text.member);
  if (field == "event") return std::string(word_of(draft.kind));
  if (field == "origin") return std::string(word_of(draft.origin));
  if (field == "level") return std::string(word_of(draft.level));
  if (field == "method") return std::string(word_of(draft.method));
  if (field == "route") return std::string(word_of(draft.route));
  if (field == "code") return std::string(word_of(draft.code));
  if (field == "status") return number(draft.status, -1);
  if (field == "written") return number(draft.written, -1);
  if (field == "duration_ns") return number(draft.duration_ns, -1);
  if (field == "offset") return number(draft.offset, -1);
  if (field == "upload_started") return rfc3339_of(draft.upload_started);
  return std::nullopt;
}

std::vector<CheckMessage> check_rules(const Classifier& classifier, std::string_view file,
                                      const LineParser& parse) {
  std::vector<CheckMessage> out;
  Checker checker(classifier, parse);
  for (const Rule& rule : classifier.rules().rules())
    if (file.empty() || rule.file == file) checker.check(rule, out);
  return out;
}

}  // namespace regtriage
