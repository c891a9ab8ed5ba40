// One sighting as a person reads it; see describe() of judge.h for events.
#pragma once

#include <string>

#include "infer/history.h"

namespace regtriage {

std::string describe(const Facts& facts, const Sight& sight);

}  // namespace regtriage
