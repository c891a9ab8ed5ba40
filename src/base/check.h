// A broken program, never bad input: throws BrokenProgram, which main catches once (exit 70).
#pragma once

#include <stdexcept>

namespace regtriage {

struct BrokenProgram : std::logic_error {
  using std::logic_error::logic_error;
};

}  // namespace regtriage

#define REGTRIAGE_CHECK(condition, sentence)                      \
  do {                                                            \
    if (!(condition)) throw ::regtriage::BrokenProgram(sentence); \
  } while (false)
