// What a word typed at `show` names, and the questions that tell all about it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/store.h"

namespace regtriage {

struct Section {
  std::string_view name;  // its key in JSON
  Table table;
};
struct About {
  std::string_view kind;  // digest, tag, repository, upload, request, event, finding, session
  std::string thing;      // in full
  std::vector<Section> sections;
};

// `thing`: a digest or the beginning of one, repository:tag, a repository, the UUID of an upload or
// a request, the id of an event, a finding or a session (of the latter two the beginning will do).
// Times narrow the timeline; kNoTime = open. Nothing known: an error of usage.
Result<About> all_about(Store& store, const std::string& thing, TimeNs since, TimeNs until,
                        std::size_t limit);

}  // namespace regtriage
