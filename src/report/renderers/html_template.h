// The page's template (mustache) and its style. Every {{name}} is escaped by mustache.
#pragma once

#include <string>

namespace regtriage {

std::string html_template();

}  // namespace regtriage
