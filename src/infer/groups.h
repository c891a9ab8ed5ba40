// Which problem lines are one finding: those of one cause and group, cut where they lie far apart,
// or put together where there are thousands of groups.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "infer/problem.h"

namespace regtriage {

struct Group {
  CauseId cause{};
  std::string name;
  std::vector<std::uint32_t> members;    // indexes of problems, by (order, id)
  std::vector<std::uint32_t> witnesses;  // what clients say of the members: evidence, no more
  bool crowd = false;                    // many groups that say the same of many subjects
};

// The cause that a line is given, or that of the line it follows; null: noise, or none was found.
const Candidate* choice_of(const BigVector<Problem>& problems, const Problem& p);

// By cause and name. O(n) in lines, O(g log g) in groups.
std::vector<Group> group_problems(const Facts& facts, const BigVector<Problem>& problems);

}  // namespace regtriage
