// Lines that mean something only below a heading: rows below a table's head, files below the folder
// that `ls -lR` names, values below a Redis command, keys below their section of a configuration.
//
// The heading is all that such a line needs of the lines before it. It is small, owned, and the
// same for the same lines, so that a reader may stop at any line and go on elsewhere with a copy.
#pragma once

#include <string>
#include <string_view>

#include "base/time.h"
#include "model/record.h"

namespace regtriage {

struct Heading {
  enum class Kind : std::uint8_t {
    none,
    table,
    folder,
    redis,
    yaml,
    nginx,
    objects
  } kind = Kind::none;
  std::string text;         // what the lines below need: its form is its kind's business; bounded
  TimeNs listed = kNoTime;  // "# listing TIME": when all that follows was listed
  bool empty() const { return kind == Kind::none && listed == kNoTime; }
  // Does an empty line say something, too? It ends a row of many lines.
  bool waits_for_blank() const { return kind == Kind::table && text.starts_with("RECORD\n"); }
  bool operator==(const Heading&) const = default;
};

inline constexpr std::size_t kLongestHeading = 2048;

}  // namespace regtriage
