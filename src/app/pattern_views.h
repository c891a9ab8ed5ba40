// What `patterns list` and `patterns unmatched` print.
#pragma once

#include <string>
#include <vector>

#include "classify/rule_set.h"
#include "ingest/census.h"
#include "model/source.h"

namespace regtriage {

// How the text forms are laid out; JSON needs none of it.
struct PatternPage {
  int columns = 80;
  bool color = false;
  std::size_t limit = 0;  // groups of unmatched lines; 0 = all
};

// Every rule with its event, products and source, by file. With a census also how often each
// explained a line, the busiest first, and those that explained none only in number.
std::string rules_text(const RuleSet& rules, const Census* census, const PatternPage& page);
std::string rules_json(const RuleSet& rules, const Census* census);

// The lines that no rule explained, in groups, the largest first.
std::string unmatched_text(const Census& census, const std::vector<SourceReport>& sources,
                           const PatternPage& page);
std::string unmatched_json(const Census& census, const std::vector<SourceReport>& sources,
                           std::size_t limit);

}  // namespace regtriage
