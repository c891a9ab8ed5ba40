// classify: a user's pattern file. A fault is an Error that says where, never anything else; what
// loads can be matched.
#include <string>

#include "classify/rule_set.h"
#include "fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace regtriage;
  RuleSet rules;
  const Result<void> added = rules.add_file(text_of(data, size), "fuzz.json");
  if (!added) {
    FUZZ_REQUIRE(added.error().what.rfind("fuzz.json", 0) == 0);
    FUZZ_REQUIRE(rules.rules().empty());
    return 0;
  }
  rules.seal();
  for (const Rule& rule : rules.rules()) {
    for (const Example& example : rule.examples) {
      Record record;
      record.message = example.line;
      RuleSet::Match match;
      rules.match(record, match);
    }
  }
  return 0;
}
