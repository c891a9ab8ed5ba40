// `merge`: one database out of several. The laws of facts make order and repetition harmless.
#include "app/command.h"
#include "app/incident.h"
#include "app/reading.h"

namespace regtriage {
namespace {

Result<std::string> merged(CallContext& context) {
  const std::vector<std::string>& paths = context.options.arguments;
  if (paths.size() < 2)
    return fail(ErrorCode::usage, "merge needs a database to write and one or more to read",
                "for instance: regtriage merge all.db monday.db tuesday.db");
  const Result<Classifier> classifier = load_classifier(context);
  if (!classifier) return tl::unexpected(classifier.error());
  // All that is read is known before anything is written.
  std::vector<Facts> parts;
  for (std::size_t i = 1; i < paths.size(); ++i) {
    Result<Store> store = Store::open_for_reading(paths[i]);
    if (!store) return tl::unexpected(store.error());
    Result<Facts> facts = store->load();
    if (!facts) return tl::unexpected(facts.error());
    parts.push_back(std::move(*facts));
  }
  Result<Store> out = Store::open_for_writing(paths[0]);
  if (!out) return tl::unexpected(out.error());
  const Result<void> done = out->all_or_nothing([&]() -> Result<void> {
    for (const Facts& part : parts)
      if (Result<void> put = out->put(part); !put) return put;
    return judge_anew(*out, means_of(context, *classifier));
  });
  if (!done) return tl::unexpected(done.error());
  return summary_of(*out, context, paths[0]);
}

}  // namespace

int run_merge(CallContext& context) { return answer_with(context, merged(context)); }

}  // namespace regtriage
