// `ingest`: logs into an incident database. May be repeated: what was read is skipped where the
// file is the same, and harmless where it is not.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <thread>

#include "app/command.h"
#include "app/file_mark.h"
#include "app/incident.h"
#include "app/reading.h"

namespace regtriage {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kShortestPause = std::chrono::seconds(1);
constexpr auto kTick = std::chrono::milliseconds(100);

// What else but its bytes decides what reading a file gives.
std::string how_read(const RunOptions& options, const Classifier& classifier) {
  return fmt::format("{} {} {} {}", classifier.ruleset_version(), options.year,
                     options.zone_offset_s, options.instance);
}

struct Round {
  std::vector<InputName> inputs;          // to be read now
  std::vector<Error> troubles;            // of archives
  std::map<std::string, FileMark> marks;  // of the plain files among them, from before reading
};

// The inputs without the files that the database knows.
Result<Round> plan(Store& store, const std::vector<InputName>& all, const std::string& how) {
  std::vector<OpenSource> problems;
  Round round;
  for (const InputName& file : expand_folders(all, problems)) {
    const std::optional<FileMark> mark = try_file_mark(file_of(file), how);
    if (mark) {
      const Result<bool> known = store.knows(file.path, mark->size, mark->fingerprint);
      if (!known) return tl::unexpected(known.error());
      if (*known) continue;
      round.marks[file.path] = *mark;
    }
    round.inputs.push_back(file);
  }
  // Folders that could not be listed: reading complains about them. An archive that is cut short
  // would be read twice.
  for (const OpenSource& problem : problems) {
    if (try_file_mark(problem.name, how))
      round.troubles.push_back(problem.error);
    else
      round.inputs.push_back({problem.name, "", false});
  }
  return round;
}

Result<void> remember_read(Store& store, const Round& round,
                           const std::vector<SourceReport>& sources) {
  for (const SourceReport& source : sources) {
    const auto mark = round.marks.find(source.name);
    if (mark == round.marks.end() || source.status != SourceReport::Status::read) continue;
    if (Result<void> done =
            store.remember(source.name, mark->second.size, mark->second.fingerprint);
        !done)
      return done;
  }
  return {};
}

// Reads what is new and judges all; facts, judgement and marks become visible at once.
Result<void> read_round(CallContext& context, Store& store, const Classifier& classifier,
                        const std::vector<InputName>& all) {
  const Result<Round> round = plan(store, all, how_read(context.options, classifier));
  if (!round) return tl::unexpected(round.error());
  for (const Error& trouble : round->troubles) context.complain(trouble);
  const Result<std::string> judged_with = store.judged_with();
  if (!judged_with) return tl::unexpected(judged_with.error());
  if (round->inputs.empty() && *judged_with == classifier.ruleset_version()) return {};

  FactShelf shelf(context.temporary_folder);
  Facts facts =
      round->inputs.empty() ? Facts{} : read_facts(context, classifier, round->inputs, shelf);
  const std::vector<SourceReport> sources = facts.sources;
  return store.all_or_nothing([&]() -> Result<void> {
    Result<void> done =
        shelf.events() == 0
            ? put_and_judge(store, facts, means_of(context, classifier))
            : put_and_judge(store, std::move(facts), shelf, means_of(context, classifier));
    // A reading that was interrupted is kept, but the file is not done.
    if (done && !context.stop) done = remember_read(store, *round, sources);
    return done;
  });
}

// Rests at least as long as reading and judging took nine times over, so that following costs a
// tenth of a processor at most. False: interrupted.
bool rest(const CallContext& context, Clock::duration work) {
  const auto until = Clock::now() + std::max<Clock::duration>(kShortestPause, 9 * work);
  while (!context.stop && Clock::now() < until) std::this_thread::sleep_for(kTick);
  return !context.stop;
}

Result<std::string> ingested(CallContext& context) {
  const Result<std::string> path = database_of(context);
  if (!path) return tl::unexpected(path.error());
  const Result<Classifier> classifier = load_classifier(context);
  if (!classifier) return tl::unexpected(classifier.error());
  Result<Store> store = Store::open_for_writing(*path);
  if (!store) return tl::unexpected(store.error());

  std::vector<InputName> inputs = inputs_of(context);
  for (;;) {
    const auto began = Clock::now();
    if (Result<void> done = read_round(context, *store, *classifier, inputs); !done)
      return tl::unexpected(done.error());
    // Standard input is read to its end once.
    std::erase_if(inputs, [](const InputName& input) { return input.path == "-"; });
    if (!context.options.follow || inputs.empty() || !rest(context, Clock::now() - began)) break;
  }
  return summary_of(*store, context, *path);
}

}  // namespace

int run_ingest(CallContext& context) { return answer_with(context, ingested(context)); }

}  // namespace regtriage
