// Which lone lines are kept, of any number that is offered part by part.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "facts/accumulator.h"
#include "facts/thin.h"

namespace regtriage {

// Subjects that most clients ask for come first, then those that are asked for most often, then the
// earliest.
struct LoneRank {
  std::size_t clients = 0, lines = 0;
  TimeNs order = kNoTime;
  EventId id;
  bool is_before(const LoneRank& other) const;
};

// The lines of one subject among those of a part, in order: most are never copied.
struct LoneCandidate {
  LoneRank rank;
  const std::uint64_t* begin = nullptr;  // the low halves are indexes of events
  const std::uint64_t* end = nullptr;
};

// By the kind of the first line, place and repository being those of the subject. Each kind has a
// choice of its own.
using LoneCandidates = std::map<LineKind, std::vector<LoneCandidate>>;

// The result does not depend on the order of the offers. Any number of threads. Memory: twice what
// is kept.
class LoneChoice {
 public:
  explicit LoneChoice(const ThinLimits& limits) : limits_(limits) {}

  // Borrows both for the call. A subject is offered once, with all its lines.
  void offer(const Facts& part, LoneCandidates&& candidates);
  // When all is offered: adds the lines that are kept to `sum`; what was left out is the result.
  std::vector<Remainder> end(Accumulator& sum);

 private:
  using Remainders = std::map<LineKind, Remainder>;
  // What is kept of one subject, in order, and how many lines it has beside.
  struct Subject {
    LoneRank rank;
    LineKind kind;  // of the first line
    std::vector<Event> lines;
    Remainders more;
    void leave_out(Remainders& sum) const;
  };
  struct Kept {
    std::vector<Subject> subjects;
    std::size_t lines = 0;          // of all of them
    std::optional<LoneRank> worst;  // nothing behind it is kept
  };

  Subject subject_of(const Facts& part, const LoneCandidate& one, const LineKind& kind) const;
  void cut(Kept& kept, const ThinLimits::OfKind& most);
  void cut_to(Kept& kept, std::size_t most);
  void cut_all();

  const ThinLimits limits_;
  std::mutex mutex_;  // guards what follows
  StringTable names_;
  std::map<LineKind, Kept> kept_;
  Remainders left_out_;
};

}  // namespace regtriage
