// Facts are thinned before they are judged, so that who can ask a registry for ever new things
// cannot make the answer need any amount of memory.
//
// The problem: a scanner asks for ten million digests, tags or uploads that never were. Each line
// is an error of its own, and judging one takes a kilobyte. The idea: whether such a line matters
// is told by what else names its subject (it was stored, read, deleted, listed, collected …).
// Where nothing does, and there are too many such lines, some of every kind are judged: of so many
// subjects, first those that most clients asked for, then those that were asked for most often,
// then the earliest. Who was served in a repository before may well miss what is gone from it: the
// lines of each repository where anybody was served are kinds of their own, and those of who was
// served apart from those of others. The rest is counted and not judged (Remainder), but for
// further lines about a subject that is: these are what its lines are. What is thinned depends on
// nothing but the facts, so it is the same however they were read. Refused: to keep the first lines
// of each client or repository, for then a loss could be hidden behind a flood; and to take the
// rest for what the kept lines are, for one loss among them would be denied.
#pragma once

#include <vector>

#include "base/result.h"
#include "model/facts.h"
#include "model/shelf.h"

namespace regtriage {

struct ThinLimits {
  std::size_t many = 150'000;  // lone lines; fewer are all kept
  struct OfKind {
    std::size_t subjects, lines;
  };
  OfKind anywhere{10'000, 20'000};  // of a kind, where nobody was served
  OfKind of_repository{200, 400};   // of a kind in one repository
  std::size_t lines_of_one = 16;    // of one subject: the first ones and the last

  OfKind of(const LineKind& kind) const { return kind.place == 0 ? anywhere : of_repository; }
};

// Would `thinned` leave anything out? O(events), and O(facts) where many lines may be lone.
bool is_crowded(const Facts& facts, const ThinLimits& limits = {});

// Canonical facts to those that are to be judged: canonical, with Facts::remainders; what was
// thinned stays as it is. O(facts).
Facts thinned(Facts&& facts, const ThinLimits& limits = {});
// The same of facts some or all of whose lines that may be lone are on a shelf. Memory: what is
// kept, and a part of the shelf for each thread.
Result<Facts> thinned(Facts&& facts, const Shelf& shelf, unsigned threads,
                      const ThinLimits& limits = {});

}  // namespace regtriage
