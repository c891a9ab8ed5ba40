#include "classify/rule_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "classify/rule_set.h"

namespace regtriage {
namespace {

std::string number(std::int64_t value, std::int64_t absent) {
  return value == absent ? std::string() : fmt::format("{}", value);
}

// Texts of a rule, with the word of the pattern file.
struct NamedTexts {
  std::string_view kind;
  const std::vector<std::string>* texts;
};
std::array<NamedTexts, 3> texts_of(const Rule& rule) {
  return {{{"message", &rule.messages}, {"prefix", &rule.prefixes}, {"literal", &rule.literals}}};
}

bool holds(std::string_view message, std::string_view kind, std::string_view text) {
  if (kind == "message") return message == text;
  return kind == "prefix" ? message.starts_with(text) : contains(message, text);
}

// Does every record that fits the conditions of `narrow` fit those of `wide`?
bool covers_where(const Rule& wide, const Rule& narrow) {
  return std::ranges::all_of(wide.where, [&](const Condition& condition) {
    return std::ranges::any_of(narrow.where, [&](const Condition& other) {
      return other.key == condition.key &&
             std::ranges::all_of(other.any_of, [&](const std::string& word) {
               return std::ranges::find(condition.any_of, word) != condition.any_of.end();
             });
    });
  });
}

// Is every message that has one of the texts of `narrow` met before by a text of `wide`? A whole
// message is looked up first, so only another rule's same message goes before it.
bool covers_texts(const Rule& wide, const Rule& narrow) {
  for (const NamedTexts& mine : texts_of(narrow))
    for (const std::string& text : *mine.texts) {
      const auto met = [&](const NamedTexts& theirs) {
        return std::ranges::any_of(*theirs.texts, [&](const std::string& other) {
          if (theirs.kind == "message" || mine.kind == "message")
            return theirs.kind == mine.kind && other == text;
          if (theirs.kind == "prefix") return mine.kind == "prefix" && text.starts_with(other);
          return mine.kind == "literal" && contains(text, other);
        });
      };
      if (!std::ranges::any_of(texts_of(wide), met)) return false;
    }
  return !(narrow.messages.empty() && narrow.prefixes.empty() && narrow.literals.empty());
}

// One rule after the other.
class Checker {
 public:
  Checker(const Classifier& classifier, const LineParser& parse, std::vector<CheckMessage>& out)
      : classifier_(classifier), parse_(parse), out_(out) {}

  void check(const Rule& rule) {
    rule_ = &rule;
    held_.clear();
    caught_ = {};
    for (const Example& example : rule.examples) check_example(rule, example);
    for (const Example& example : rule.counter_examples) {
      if (!classify(example)) continue;  // what no format claims, no rule explains
      if (draft_.rule == rule.id)
        fault(example.place, "the rule explains its own counter-example",
              "narrow 'where' or 'regex', or drop the counter-example");
    }
    check_order(rule);
    if (rule.examples.empty())
      note("no example shows that it works", "add a line as printed under 'examples'");
    else
      check_use(rule);
  }

  // Of a rule of another file: does a rule of `file` take its examples?
  void check_not_taken(const Rule& rule, std::string_view file) {
    for (const Example& example : rule.examples) {
      if (!classify(example) || draft_.rule == rule.id) continue;
      for (const Rule& taker : classifier_.rules().rules()) {
        if (taker.id != draft_.rule || taker.file != file) continue;
        rule_ = &taker;
        fault(taker.place,
              fmt::format("it explains an example of rule '{}' ({})", rule.id, example.place),
              "name more of the message, or narrow it with 'where'");
      }
    }
  }

 private:
  void fault(std::string place, std::string what, std::string hint) {
    out_.push_back({std::move(place), rule_->id, std::move(what), std::move(hint), true});
  }
  void note(std::string what, std::string hint) {
    out_.push_back({rule_->place, rule_->id, std::move(what), std::move(hint), false});
  }

  bool classify(const Example& example) {
    if (!parse_(example.line, record_) &&
        !(record_.format == Format::text && classifier_.explains(record_)))
      return false;
    classifier_.classify(record_, example.line, "", scratch_, draft_);
    return true;
  }

  void check_example(const Rule& rule, const Example& example) {
    if (!classify(example))
      return fault(example.place, "the example is no log line that any format knows",
                   "a line of no known format needs \"where\": {\"format\": \"text\"}, and a text "
                   "that it holds");
    if (draft_.rule.empty())
      return fault(example.place, "no rule explains the example",
                   fmt::format("its message is \"{}\", its format {}, its level {}",
                               record_.message.substr(0, 200), word_of(record_.format),
                               word_of(record_.level)));
    if (draft_.rule != rule.id)
      return fault(example.place, fmt::format("rule '{}' explains the example first", draft_.rule),
                   "a whole message goes before a beginning, a beginning before a part, an "
                   "earlier rule before a later one");
    note_use(rule);
    for (const auto& [field, wanted] : example.fields) {
      const std::optional<std::string> value = draft_value(draft_, field);
      if (!value)
        fault(example.place, fmt::format("unknown field '{}'", field),
              "a field of the event, such as repository, digest, tag, status, detail or event");
      else if (*value != wanted)
        fault(example.place, fmt::format("field '{}' is \"{}\", not \"{}\"", field, *value, wanted),
              "mend the regex, or write what it gives");
    }
  }

  // Which of its texts and groups the example needed.
  void note_use(const Rule& rule) {
    for (const NamedTexts& named : texts_of(rule))
      for (const std::string& text : *named.texts)
        if (holds(record_.message, named.kind, text)) held_.insert(text);
    RuleSet::Match match;
    classifier_.rules().match(record_, match);
    for (std::size_t i = 0; i < caught_.size(); ++i)
      caught_[i] = caught_[i] || !match.caught[i].empty();
  }

  void check_use(const Rule& rule) {
    std::string texts, groups;
    const auto add = [](std::string& list, std::string_view word, char quote) {
      list += fmt::format("{}{}{}{}", list.empty() ? "" : ", ", quote, word, quote);
    };
    for (const NamedTexts& named : texts_of(rule))
      for (const std::string& text : *named.texts)
        if (!held_.contains(text)) add(texts, text, '"');
    for (const Target target : groups_of(rule))
      if (!caught_[static_cast<std::size_t>(target)] || rule.event == EventKind::none)
        add(groups, word_of(target), '\'');
    if (!held_.empty() && !texts.empty())
      note("no example holds " + texts, "is it spelt as printed? add a line that holds it");
    if (groups.empty()) return;
    if (rule.event == EventKind::none)
      note("unused groups: " + groups + ": an event 'none' keeps nothing",
           "use '(?:…)', or name the event");
    else
      note("unused groups: " + groups + ": they catch nothing in any example",
           "add a line in which they do, or drop them");
  }

  // A rule that always finds another one before it never explains anything.
  void check_order(const Rule& rule) {
    for (const Rule& other : classifier_.rules().rules()) {
      if (&other == &rule) return;
      if (other.expression == nullptr && covers_texts(other, rule) && covers_where(other, rule))
        return fault(rule.place,
                     fmt::format("rule '{}' ({}) always goes before it", other.id, other.place),
                     "name more than it does, or leave the rule out");
    }
  }

  const Classifier& classifier_;
  const LineParser& parse_;
  std::vector<CheckMessage>& out_;
  const Rule* rule_ = nullptr;  // under check
  std::set<std::string> held_;
  std::array<bool, static_cast<std::size_t>(Target::count_)> caught_{};
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
  Checker checker(classifier, parse, out);
  for (const Rule& rule : classifier.rules().rules()) {
    if (file.empty() || rule.file == file)
      checker.check(rule);
    else
      checker.check_not_taken(rule, file);
  }
  return out;
}

}  // namespace regtriage
