// What the commands of the incident database share.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "app/context.h"
#include "base/result.h"
#include "classify/classifier.h"
#include "model/shelf.h"
#include "store/store.h"

namespace regtriage {

// --db, or the complaint that it is missing.
Result<std::string> database_of(const CallContext& context);

// With what is judged.
struct Means {
  std::string ruleset;
  unsigned threads = 1;
  std::size_t most_lone_lines = 0;         // see most_lone_lines_in
  std::string temporary_folder;            // for a shelf, if it is needed
  std::function<void(const Error&)> warn;  // of a shelf that takes nothing
};
// Borrows the context.
Means means_of(CallContext& context, const Classifier& classifier);

// All facts of the database, ready to be judged.
Result<Facts> load_thinned(Store& store, const Means& means);

// Judges all facts of the database and puts the judgement in. Within the caller's transaction.
Result<void> judge_anew(Store& store, const Means& means);

// Adds facts as ingest() gives them, then judges all that is there; with two threads the first
// facts are judged while they are written. Within the caller's transaction.
Result<void> put_and_judge(Store& store, const Facts& facts, const Means& means,
                           const Store::Detail& detail = {});
// The same for facts of which a part is on a shelf.
Result<void> put_and_judge(Store& store, Facts&& facts, const Shelf& shelf, const Means& means);

// What a writing command says at its end: what is in the database now, in text or JSON.
// `taken_back`: how many facts it took out, if that is its purpose.
Result<std::string> summary_of(Store& store, const CallContext& context, const std::string& path,
                               std::optional<std::uint64_t> taken_back = std::nullopt);

// Writes the text, or complains; the exit status.
int answer_with(CallContext& context, const Result<std::string>& text);

}  // namespace regtriage
