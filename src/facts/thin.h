// Facts are thinned before they are judged, so that who can ask a registry for anything cannot
// make the answer need any amount of memory.
//
// The problem: a scanner asks for ten million digests, tags or uploads that never were. Each line
// is an error of its own, and judging one takes a kilobyte. The idea: whether such a line matters
// is told by what else names its subject (it was stored, read, deleted, listed, collected …).
// Where nothing does, the lines of its kind say the same of another thing each: of every kind some
// lines of 10,000 subjects are judged, first those that were asked for most often, then the
// earliest, and the others are counted with them (Remainder). Who was served in that repository
// before may well miss what is gone: such lines are kinds of their own. What is thinned depends
// on nothing but the facts, so it is the same however they were read. Refused: to keep the first
// lines of each client or repository, for then a loss could be hidden behind a flood.
#pragma once

#include <vector>

#include "base/result.h"
#include "model/facts.h"
#include "model/shelf.h"

namespace regtriage {

struct ThinLimits {
  std::size_t many = 150'000;     // lone lines; fewer are all kept
  std::size_t subjects = 10'000;  // of a kind: the kind of their first lines
  std::size_t lines = 20'000;     // of these
  std::size_t lines_of_one = 8;   // of one subject: the first ones and the last
};

// Would `thinned` look closer at them? O(events).
bool is_crowded(const Facts& facts, const ThinLimits& limits = {});

// Canonical facts to those that are to be judged: canonical, with Facts::remainders; what was
// thinned stays as it is. O(facts).
Facts thinned(Facts&& facts, const ThinLimits& limits = {});
// The same of facts whose lone lines are on a shelf. Memory: what is kept, and a part of the shelf.

// The same of facts some or all of whose lines that may be lone are on a shelf. Memory: what is
// kept, and a part of the shelf for each thread.
Result<Facts> thinned(Facts&& facts, const Shelf& shelf, unsigned threads,
                      const ThinLimits& limits = {});

}  // namespace regtriage
