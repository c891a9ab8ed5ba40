// Problem lines to findings: one cause and one group are one finding, apart where nothing happened
// for long.
#pragma once

#include <vector>

#include "infer/judge.h"
#include "infer/problem.h"

namespace regtriage {

// Fills findings and judged of the judgement; problems stay as they are.
void assemble(const Context& context, const BigVector<Problem>& problems,
              const JudgeOptions& options, Judgement& out);

}  // namespace regtriage
