// `version`, `--version`.
#include <fmt/format.h>

#include "app/command.h"
#include "app/reading.h"
#include "classify/rule_set.h"

namespace regtriage {
namespace {

// The built-in rules need not be read for their version; a user's have to be right.
std::string ruleset_of(CallContext& context) {
  if (context.options.pattern_files.empty()) return built_in_rules_version();
  const Result<Classifier> classifier = load_classifier(context);
  if (classifier) return std::string(classifier->ruleset_version());
  context.complain(classifier.error());
  return "unknown";
}

}  // namespace

int run_version(CallContext& context) {
  const std::string ruleset = ruleset_of(context);
  context.out.write(fmt::format("regtriage {}, ruleset {}\n", REGTRIAGE_VERSION, ruleset));
  return context.status;
}

}  // namespace regtriage
