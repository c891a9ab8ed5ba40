// The set of events and touches: everything the answer is made from. A join is set union, so it is
// commutative, associative and idempotent (laws L1 to L3); nothing derived is kept.
#pragma once

#include <vector>

#include "base/big_vector.h"
#include "base/string_table.h"
#include "model/event.h"
#include "model/remainder.h"
#include "model/source.h"

namespace regtriage {

// Canonical (what facts::Accumulator and facts::join leave): `events` sorted by (order, id), one
// per id; `touches` sorted by key text, one per key. Ids of names belong to `names`.
struct Facts {
  StringTable names;
  BigVector<Event> events;
  BigVector<Touch> touches;
  std::vector<SourceReport> sources;  // index = SourceId
  std::vector<Remainder> remainders;  // by kind; only of facts that were thinned to be judged

  std::string_view text(NameId id) const { return names.text(id); }
};

}  // namespace regtriage
