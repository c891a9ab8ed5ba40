// From facts to the answer on the result sink: judge, narrow, render, fail on findings. Shared by
// triage and report.
#pragma once

#include <string_view>

#include "app/context.h"
#include "infer/judge.h"
#include "model/facts.h"

namespace regtriage {

JudgeOptions judge_options_of(const RunOptions& options);

// Renders in --format (text unless said); returns kFindings if --fail-on is met, else kDone or a
// usage trouble it has complained about.
int answer(CallContext& context, Facts facts, std::string_view ruleset);

}  // namespace regtriage
