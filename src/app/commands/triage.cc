// `triage`: read, judge, answer; no database.
#include <algorithm>

#include "app/answer.h"
#include "app/command.h"
#include "app/reading.h"
#include "app/watch.h"
#include "facts/thin.h"

namespace regtriage {

namespace {

// Not one byte came from any of them, and each was complained about: there is nothing to answer.
bool nothing_was_read(const Facts& facts) {
  return !facts.sources.empty() && std::ranges::all_of(facts.sources, [](const SourceReport& s) {
    return s.bytes == 0 && s.status != SourceReport::Status::read;
  });
}

}  // namespace

int run_triage(CallContext& context) {
  const RunOptions& options = context.options;
  if (options.every != 0) {
    if (options.arguments.empty() || options.arguments == std::vector<std::string>{"-"})
      return watch_standard_input(context);
    context.complain({ErrorCode::usage, "--every is for a pipe, not for files",
                      "tail -F FILE | regtriage --every 30s"});
    return context.status;
  }
  const Result<Classifier> classifier = load_classifier(context);
  if (!classifier) {
    context.complain(classifier.error());
    return context.status;
  }
  // Troubles of single sources are told and counted by now; everything else was read.
  FactShelf shelf(context.temporary_folder);
  Facts facts = read_facts(context, *classifier, inputs_of(context), shelf);
  if (nothing_was_read(facts)) return context.status;
  if (shelf.events() == 0) return answer(context, std::move(facts), classifier->ruleset_version());
  Result<Facts> thin = thinned(std::move(facts), shelf, threads_of(options));
  if (thin) return answer(context, std::move(*thin), classifier->ruleset_version());
  context.complain(thin.error());
  return context.status;
}

}  // namespace regtriage
