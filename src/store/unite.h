// What several runs say of one thing, joined into one: as facts::join does it for runs of one
// process, but nothing folds that did not fold in its run.
#pragma once

#include "model/facts.h"

namespace regtriage {

// Leaves `facts` canonical: events by (order, id), one per id; touches by key text, one per key.
// Of one id seen twice the smallest position, order and lent time stay; all else is the same,
// unless newer rules read it: then what stands later, which a later run wrote. O(n) if they are so
// already, else O(n log n).
void unite(Facts& facts);

}  // namespace regtriage
