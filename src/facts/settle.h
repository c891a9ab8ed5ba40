// What a set of events and touches is made into before it is judged: canonical, with what folds
// folded. Each step's result depends on the set alone, not on how it was cut.
#pragma once

#include <vector>

#include "model/event.h"

namespace regtriage {

// The good parts (PATCH 202) of an upload that was finished explain nothing; those of another may.
void drop_finished_parts(BigVector<Event>& events);
// Lines of `origin` fold into lines nearer to the registry: access into application, proxy into
// either.
void fold_events(BigVector<Event>& events, Origin origin);
void fold_touches(BigVector<Touch>& touches, Origin origin);
// By (order, id), one per id.
void sort_events(BigVector<Event>& events);
// By the texts of the names of their keys.
void sort_touches(BigVector<Touch>& touches, const StringTable& names);

}  // namespace regtriage
