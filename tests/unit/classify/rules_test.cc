#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "support.h"

namespace regtriage {

TEST_CASE(
    "every rule explains its own examples, through the whole rule set, and no counter-example") {
  std::string all;
  for (const CheckMessage& message : check_rules(built_in(), "", line_parser()))
    if (message.fault)
      all += message.place + ": rule '" + message.rule + "': " + message.what + "\n";
  REQUIRE(all == "");
}

TEST_CASE("every rule has an example and says where its text comes from") {
  for (const Rule& rule : built_in().rules().rules()) {
    INFO(rule.id);
    CHECK(!rule.examples.empty());
    CHECK(!rule.source.empty());
    CHECK(!rule.products.empty());
  }
}

TEST_CASE(
    "a rule with a beginning or a part has an example for each of its texts or a whole family") {
  // A misspelt text would never be noticed if no example held it: at least one text must be held.
  for (const Rule& rule : built_in().rules().rules()) {
    INFO(rule.id);
    std::set<std::string> held;
    for (const auto* texts : {&rule.messages, &rule.prefixes, &rule.literals})
      for (const std::string& text : *texts)
        for (const Example& example : rule.examples) {
          std::string escaped;
          for (const char c : text) escaped += c == '"' ? std::string("\\\"") : std::string(1, c);
          if (example.line.find(text) != std::string::npos ||
              example.line.find(escaped) != std::string::npos)
            held.insert(text);
        }
    const bool names_text =
        !rule.messages.empty() || !rule.prefixes.empty() || !rule.literals.empty();
    CHECK((!names_text || !held.empty()));
  }
}

}  // namespace regtriage
