// One finding on a page of text.
#pragma once

#include <cstddef>

#include "report/renderers/text_page.h"
#include "report/report.h"

namespace regtriage {

TextPage::Style style_of(Severity severity);
void write_finding(const ReportModel& model, const Finding& finding, std::size_t number,
                   TextPage& page);

}  // namespace regtriage
