// Which settings of a configuration are kept. What is secret never is: of a secret only a mark of
// twelve bits remains, by which two can be told apart, and from which nothing can be got back.
#pragma once

#include <string_view>

#include "format/scratch.h"
#include "model/record.h"

namespace regtriage {

// `path`: keys from the top, with dots. Fills `out` if an answer may need that setting: `reference`
// is the path, `message` the value.
void put_setting(std::string_view path, std::string_view value, Scratch& scratch, Record& out);

}  // namespace regtriage
