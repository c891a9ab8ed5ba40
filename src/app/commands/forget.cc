// `forget` and `prune`: take facts back, then judge what is left.
#include "app/command.h"
#include "app/incident.h"
#include "app/reading.h"

namespace regtriage {
namespace {

// Opens the database (which must exist), runs `change`, judges anew; all or nothing.
template <class Change>
Result<std::string> changed(CallContext& context, const Change& change) {
  const Result<std::string> path = database_of(context);
  if (!path) return tl::unexpected(path.error());
  if (const Result<Store> there = Store::open_for_reading(*path); !there)
    return tl::unexpected(there.error());
  const Result<Classifier> classifier = load_classifier(context);
  if (!classifier) return tl::unexpected(classifier.error());
  Result<Store> store = Store::open_for_writing(*path);
  if (!store) return tl::unexpected(store.error());
  std::uint64_t gone = 0;
  const Result<void> done = store->all_or_nothing([&]() -> Result<void> {
    const Result<std::uint64_t> count = change(*store);
    if (!count) return tl::unexpected(count.error());
    gone = *count;
    return judge_anew(*store, means_of(context, *classifier));
  });
  if (!done) return tl::unexpected(done.error());
  return summary_of(*store, context, *path, gone);
}

Result<std::string> forgotten(CallContext& context) {
  const std::vector<std::string>& sources = context.options.arguments;
  if (sources.empty())
    return fail(ErrorCode::usage, "forget needs the name of a source",
                "'regtriage query --db FILE sources' lists them");
  return changed(context, [&sources](Store& store) -> Result<std::uint64_t> {
    std::uint64_t sum = 0;
    for (const std::string& source : sources) {
      const Result<std::uint64_t> count = store.forget(source);
      if (!count) return count;
      sum += *count;
    }
    return sum;
  });
}

Result<std::string> pruned(CallContext& context) {
  const TimeNs before = context.options.before;
  if (before == kNoTime)
    return fail(ErrorCode::usage, "prune needs --before TIME", "for instance: --before 2026-11-01");
  if (!context.options.arguments.empty())
    return fail(ErrorCode::usage, "prune takes no operands", "'forget' takes names of sources");
  return changed(context, [before](Store& store) { return store.prune(before); });
}

}  // namespace

int run_forget(CallContext& context) { return answer_with(context, forgotten(context)); }
int run_prune(CallContext& context) { return answer_with(context, pruned(context)); }

}  // namespace regtriage
