#include "app/exit_status.h"

#include <array>

namespace regtriage::exit_status {
namespace {

constexpr std::array<Row, 8> kRows = {{
    {kBug, "a bug of regtriage; please report it"},
    {kUsage, "the call was wrong: unknown command, option or value"},
    {kDatabase, "the incident database could not be used"},
    {kUnreadable, "a source could not be read, or the result not be written"},
    {kCutShort, "a source was not understood at all or was cut short"},
    {kInterrupted, "interrupted; the answer covers what was read until then"},
    {kFindings, "there are findings at or above --fail-on"},
    {kDone, "done"},
}};

}  // namespace

std::span<const Row> rows() { return kRows; }

int stronger(int a, int b) {
  for (const Row& row : kRows)
    if (row.status == a || row.status == b) return row.status;
  return kBug;
}

int of(ErrorCode code) {
  switch (code) {
    case ErrorCode::usage:
      return kUsage;
    case ErrorCode::cut_short:
      return kCutShort;
    case ErrorCode::unreadable:
      return kUnreadable;
    case ErrorCode::database:
      return kDatabase;
    case ErrorCode::internal:
      return kBug;
  }
  return kBug;
}

}  // namespace regtriage::exit_status
