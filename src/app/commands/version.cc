// `version`, `--version`.
#include <fmt/format.h>

#include "app/command.h"
#include "app/reading.h"

namespace regtriage {

int run_version(CallContext& context) {
  const Result<Classifier> classifier = load_classifier(context);
  if (!classifier) context.complain(classifier.error());
  const std::string_view ruleset = classifier ? classifier->ruleset_version() : "unknown";
  context.out.write(fmt::format("regtriage {}, ruleset {}\n", REGTRIAGE_VERSION, ruleset));
  return context.status;
}

}  // namespace regtriage
