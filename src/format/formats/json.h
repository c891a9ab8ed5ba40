// What the formats that are one JSON object a line share.
#pragma once

#include <string_view>

#include "format/scratch.h"

namespace regtriage {

// Fills `out` from the object's top level; nested values are kept as they stand. False if `payload`
// is no whole object or has neither message nor level nor time.
bool take_json_object(std::string_view payload, Format format, Scratch& scratch, Record& out);

}  // namespace regtriage
