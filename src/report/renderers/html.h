#pragma once

#include <string>

#include "report/report.h"

namespace regtriage {

void render_html(const ReportModel& model, std::string& out);

}  // namespace regtriage
