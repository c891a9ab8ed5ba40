// Facts as bytes, the way the table `fact_pack` keeps them: all of them, where the other tables
// hold what people ask for.
//
// The problem: a row for each harmless read costs more time and room than reading the log did. The
// idea: chunks of about 1 MiB, read and written whole. A number is as long as its value needs, a
// time or place is the difference to the one before, a digest or UUID is its bits, and what many
// lines share (kind, method, status, which fields there are) is spelled out once in a chunk. What
// is left is mostly ids, which no compression makes smaller. Refused: a column store or a general
// compressor, for a gain of a third at three times the time.
//
// Layout of a chunk: 8 bytes of XXH3 over the rest, then rows. Of a run (what one `put` wrote) the
// names come first; rows of later chunks refer to them by their ordinal.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/facts.h"
#include "store/rows.h"

namespace regtriage {

enum class PackKind : std::uint8_t { names = 1, events = 2, touches = 3 };

// `data` lives for the call.
using PackSink =
    std::function<Result<void>(PackKind kind, std::uint64_t rows, std::string_view data)>;

// One run. Sources are written as their rows in the table `source`. O(facts); ends with the first
// error of `sink`.
Result<void> pack(const Facts& facts, const SourceRows& sources, const PackSink& sink);

// The chunks of runs, in their order, added to `into`: bytes of unknown origin. Values out of range
// are tamed, unknown words are the vocabulary's first. What several runs say is not joined here.
class Unpacker {
 public:
  Unpacker(Facts& into, const SourceRows& sources) : into_(into), sources_(sources) {}
  void begin_run() { names_.assign(1, NameId::none); }
  // False: damaged. O(bytes), in time and memory.
  [[nodiscard]] bool take(PackKind kind, std::string_view data);

 private:
  Facts& into_;
  const SourceRows& sources_;
  std::vector<NameId> names_ = {NameId::none};  // by ordinal
};

}  // namespace regtriage
