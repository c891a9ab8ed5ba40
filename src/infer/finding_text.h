// A finding's words: the catalogue's texts with the finding's own names and numbers.
#pragma once

#include "infer/describe.h"
#include "infer/judge.h"

namespace regtriage {

// Fills title, summary, remedy, do_not and confirm from the other members.
void write_texts(const Facts& facts, Finding& finding);

}  // namespace regtriage
