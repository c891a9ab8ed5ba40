#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <string>

#include "classify/expression.h"
#include "support.h"

namespace regtriage {
namespace {

// One rule, given by its members, in a file of its own.
std::string file_of(const std::string& members) {
  return "{\"version\": 1,\n \"rules\": [\n  {" + members + "}\n ]}";
}

// "message | hint"; "" if it loads.
std::string fault_of(const std::string& text) {
  const Result<std::vector<Rule>> rules = parse_rules(text, "patterns/x.json");
  return rules ? "" : rules.error().what + " | " + rules.error().hint;
}

const std::string kGood =
    "\"id\": \"x.y\", \"event\": \"start\", \"message\": \"m\", \"source\": \"a page\"";

}  // namespace

TEST_CASE("a rule with id, event, text and source loads") {
  REQUIRE(fault_of(file_of(kGood)) == "");
}

TEST_CASE("a regex that does not compile is named with its place and a hint") {
  REQUIRE(fault_of(file_of(kGood + ",\n   \"regex\": \"(blob\"")) ==
          "patterns/x.json:4:13: rule 'x.y': regex does not compile: missing ): (blob | "
          "RE2 syntax: close each group, and write '\\\\(' for a literal bracket");
}

TEST_CASE("each fault of a rule says what, where and what to do") {
  const auto starts = [](const std::string& text, std::string_view what) {
    INFO(text);
    INFO(fault_of(text));
    CHECK(fault_of(text).rfind(std::string("patterns/x.json:") + std::string(what), 0) == 0);
    CHECK(fault_of(text).find(" | ") + 3 < fault_of(text).size());
  };
  starts(file_of("\"event\": \"start\""), "3:3: a rule without 'id'");
  starts(file_of("\"id\": \"Upper.Case\", \"event\": \"start\""),
         "3:10: id 'Upper.Case' has a wrong form");
  starts(file_of("\"id\": \"x.y\", \"event\": \"starts\""),
         "3:26: rule 'x.y': unknown event 'starts'");
  starts(file_of("\"id\": \"x.y\", \"event\": \"start\""),
         "3:3: rule 'x.y': no 'message', 'prefix' or 'literal'");
  starts(file_of("\"id\": \"x.y\", \"event\": \"start\", \"regex\": \"a\""),
         "3:3: rule 'x.y': no 'message'");
  starts(file_of(kGood + ", \"literal\": \"n\""), "3:3: rule 'x.y': more than one of");
  starts(file_of(kGood + ", \"literals\": \"n\""), "3:83: rule 'x.y': unknown key 'literals'");
  starts(file_of(kGood + ", \"regex\": \"(?P<size>a)\""), "3:80: rule 'x.y': unknown group 'size'");
  starts(file_of(kGood + ", \"regex\": \"(a)\""),
         "3:80: rule 'x.y': regex has a group without a name");
  starts(file_of(kGood + ", \"where\": {\"level\": \"warn\"}"),
         "3:90: rule 'x.y': unknown level 'warn'");
  starts(file_of(kGood + ", \"take\": {\"detail\": \"{x\"}"),
         "3:90: rule 'x.y': a '{' without key");
  starts(file_of(kGood + ", \"take\": {\"size\": \"{x}\"}"),
         "3:88: rule 'x.y': 'take' names no field");
  starts(file_of(kGood + ", \"origin\": \"moon\""), "3:81: rule 'x.y': unknown origin");
  starts(file_of("\"id\": \"x.y\", \"event\": \"start\", \"message\": \"m\""),
         "3:3: rule 'x.y': no 'source'");
  starts(file_of(kGood + "}, {" + kGood),
         "3:72: rule 'x.y': the id is taken by patterns/x.json:3:3");
}

TEST_CASE("what is no pattern file is refused with its place") {
  for (const std::string& text :
       {std::string(""), std::string("[]"), std::string("7"), std::string("{"),
        std::string("{\"version\": 1}"), std::string("{\"version\": 0, \"rules\": []}"),
        std::string("{\"version\": 1, \"rules\": {}}"),
        std::string("{\"version\": 1, \"rules\": []} x"),
        std::string("{\"version\": 1, \"rules\": [}"),
        std::string("{\"version\": 1, \"version\": 1, \"rules\": []}"), std::string("\xff\xfe"),
        std::string("{\"version\": 1, \"rules\": n\"x\"}"),
        "{\"version\": 1, \"rules\": " + std::string(5000, '[') + "}",
        std::string((4U << 20) + 1, ' ')}) {
    INFO(text.substr(0, 60));
    CHECK(fault_of(text).rfind("patterns/x.json", 0) == 0);
  }
}

TEST_CASE("the schema names every event word") {
  std::ifstream file(std::string(REGTRIAGE_SOURCE_DIR) + "/schemas/patterns-1.schema.json");
  const std::string schema(std::istreambuf_iterator<char>(file), {});
  for (int i = 0; i < static_cast<int>(EventKind::count_); ++i) {
    const std::string word(word_of(static_cast<EventKind>(i)));
    INFO(word);
    CHECK(schema.find('"' + word + '"') != std::string::npos);
    CHECK(try_event_kind(word) == static_cast<EventKind>(i));
  }
}

TEST_CASE("an id that another file has is refused, and the whole file with it") {
  RuleSet rules;
  REQUIRE(rules.add_file(file_of(kGood), "a.json"));
  const Result<void> again = rules.add_file(file_of(kGood), "b.json");
  REQUIRE_FALSE(again);
  CHECK(again.error().what == "b.json:3:3: rule 'x.y': the id is taken by a.json:3:3");
  CHECK(rules.rules().size() == 1);
}

TEST_CASE("a user's file that is not there, or a folder without any, is an error that names it") {
  for (const std::string& path :
       {std::string("/nonexistent/mine.json"), std::string(REGTRIAGE_SOURCE_DIR)}) {
    const Result<RuleSet> rules = load_rules({path});
    REQUIRE_FALSE(rules);
    CHECK(rules.error().what.rfind(path, 0) == 0);
  }
}

TEST_CASE("the ruleset version depends on every byte of every file and on nothing else") {
  const auto version = [](const std::string& text) {
    RuleSet rules;
    REQUIRE(rules.add_file(text, "/some/where/a.json"));
    rules.seal();
    return std::string(rules.version());
  };
  CHECK(version(file_of(kGood)) == version(file_of(kGood)));
  CHECK(version(file_of(kGood)) != version(file_of(kGood) + " "));
  CHECK(version(file_of(kGood)).size() == 12);
  CHECK(built_in().ruleset_version().size() == 12);
}

TEST_CASE(
    "whole messages go before beginnings, beginnings before parts, first rules before later ones") {
  const auto rule = [](const std::string& id, const std::string& how) {
    return "{\"id\": \"t." + id + "\", \"event\": \"start\", \"source\": \"s\", " + how + "}";
  };
  RuleSet rules;
  REQUIRE(rules.add_file(
      "{\"version\": 1, \"rules\": [" + rule("part", "\"literal\": \"bc\"") + "," +
          rule("head", "\"prefix\": \"ab\"") + "," + rule("head2", "\"prefix\": \"a\"") + "," +
          rule("whole", "\"message\": \"abc\"") + "," +
          rule("error", "\"message\": \"x\", \"where\": {\"level\": \"error\"}") + "," +
          rule("any", "\"message\": \"x\"") + "]}",
      "t.json"));
  rules.seal();
  const auto found = [&](std::string_view message, Level level = Level::info) {
    Record record;
    record.message = message;
    record.level = level;
    RuleSet::Match match;
    rules.match(record, match);
    return match.rule ? match.rule->id : std::string();
  };
  CHECK(found("abc") == "t.whole");
  CHECK(found("abcd") == "t.head");
  CHECK(found("ac") == "t.head2");
  CHECK(found("xbc") == "t.part");
  CHECK(found("x", Level::error) == "t.error");
  CHECK(found("x") == "t.any");
  CHECK(found("y").empty());
  CHECK(found("").empty());
}

TEST_CASE("every expression of our own compiles, and its groups are fields") {
  const RuleSet set = load_rules({}).value();
  std::size_t checked = 0;
  for (const Rule& rule : set.rules()) {
    if (rule.expression == nullptr) continue;
    INFO(rule.place << (rule.expression->fault() ? ": " + rule.expression->fault()->what : ""));
    CHECK_FALSE(rule.expression->fault().has_value());
    ++checked;
  }
  CHECK(checked > 100);
}

}  // namespace regtriage
