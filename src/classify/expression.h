// A compiled RE2 with its named groups bound to draft fields. RE2 is linear in the message,
// whatever the expression; its memory is bounded here.
#pragma once

#include <re2/re2.h>

#include <string_view>
#include <vector>

#include "classify/rule_set.h"

namespace regtriage {

struct Expression {
  explicit Expression(std::string_view pattern);

  // Searches `message` for the expression; fills `caught` by Target. Threads may share one.
  bool match(std::string_view message, std::string_view* caught) const;

  re2::RE2 program;
  struct Group {
    int number = 0;
    Target target{};
  };
  std::vector<Group> groups;
  int group_count = 0;
};

inline constexpr int kMaxGroups = 16;

}  // namespace regtriage
