// `report`: the answer from files or from an incident database, in a format of choice.
#include "app/answer.h"
#include "app/command.h"
#include "app/incident.h"
#include "app/reading.h"
#include "store/store.h"

namespace regtriage {
namespace {

Result<Facts> facts_of_database(const std::string& path, const Means& means) {
  Result<Store> store = Store::open_for_reading(path);
  if (!store) return tl::unexpected(store.error());
  return load_thinned(*store, means);
}

}  // namespace

int run_report(CallContext& context) {
  const RunOptions& options = context.options;
  if (options.database.empty()) return run_triage(context);
  if (!options.arguments.empty()) {
    context.complain({ErrorCode::usage, "report takes --db or files, not both",
                      "'regtriage ingest --db DB FILE...' puts files into a database"});
    return context.status;
  }
  const Result<Classifier> classifier = load_classifier(context);
  if (!classifier) {
    context.complain(classifier.error());
    return context.status;
  }
  Result<Facts> facts = facts_of_database(options.database, means_of(context, *classifier));
  if (!facts) {
    context.complain(facts.error());
    return context.status;
  }
  return answer(context, std::move(*facts), classifier->ruleset_version());
}

}  // namespace regtriage
