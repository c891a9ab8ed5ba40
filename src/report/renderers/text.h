#pragma once

#include <string>

#include "report/report.h"

namespace regtriage {

void render_text(const ReportModel& model, std::string& out);

}  // namespace regtriage
