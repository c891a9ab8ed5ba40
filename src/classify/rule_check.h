// `patterns check`: the rules of a file against their own examples, run through the whole rule set,
// so that overlaps show.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "classify/classifier.h"
#include "model/record.h"

namespace regtriage {

// Parses one whole log line the way the program does (envelope, then format); false = no format
// claims it, and the record is the bare text. The record's views must stay valid until the next
// call.
using LineParser = std::function<bool(std::string_view line, Record& out)>;

struct CheckMessage {
  std::string place;  // file:line:column
  std::string rule;   // id
  std::string what;   // lower case, no full stop; foreign text inside is not escaped
  std::string hint;   // what to do
  bool fault = true;  // false: it works, but something of it was never shown to
};

// Checks the rules of `file` ("" = of all files). Faults: an example that its own rule does not
// explain, or that gives other fields than it names; a counter-example that the rule explains; a
// rule that another one always goes before; an example of another file's rule that one of this file
// takes away. Notes: a rule without example, a text or a group that no example needs, groups of an
// event that keeps nothing. Empty: all is well. O(examples × their bytes + rules²).
std::vector<CheckMessage> check_rules(const Classifier& classifier, std::string_view file,
                                      const LineParser& parse);

// What a draft has in a field, by the field's word ("digest", "code", "offset", …); numbers in
// decimal, absent = empty. nullopt for a word that names no field.
std::optional<std::string> draft_value(const EventDraft& draft, std::string_view field);

}  // namespace regtriage
