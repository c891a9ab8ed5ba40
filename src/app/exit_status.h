// How the program ends: public numbers (help and README list them).
#pragma once

#include <span>
#include <string_view>

#include "base/result.h"

namespace regtriage::exit_status {

inline constexpr int kDone = 0;
inline constexpr int kFindings = 1;    // at or above --fail-on
inline constexpr int kUsage = 2;       // the call's words are off
inline constexpr int kCutShort = 3;    // a source was not understood at all or ended early
inline constexpr int kUnreadable = 4;  // a source could not be read (or a result not be written)
inline constexpr int kDatabase = 5;
inline constexpr int kBug = 70;
inline constexpr int kInterrupted = 130;

struct Row {
  int status;
  std::string_view what;  // for the help
};
// By precedence, the strongest first; kDone last.
std::span<const Row> rows();

// The one that wins if both hold: 70, 2, 5, 4, 3, 130, 1, 0.
int stronger(int a, int b);
int of(ErrorCode code);

}  // namespace regtriage::exit_status
