// The order of touches in facts: by the texts of their keys' names, so that it is the same on every
// machine, then by the rest of the key.
#pragma once

#include <tuple>

#include "base/string_table.h"
#include "model/event.h"

namespace regtriage {

inline bool is_touch_before(const StringTable& names, const Touch& a, const Touch& b) {
  for (const auto member : {&Touch::repository, &Touch::digest, &Touch::tag, &Touch::client,
                            &Touch::agent, &Touch::instance})
    if (a.*member != b.*member) return names.text(a.*member) < names.text(b.*member);
  const auto rest = [](const Touch& t) {
    return std::tuple(t.method, t.route, t.origin, t.whole_second, t.manifest_type, t.status,
                      t.hour, t.written);
  };
  return rest(a) < rest(b);
}

}  // namespace regtriage
