// The answer as a ticket, in a wiki's markup: what Markdown and Jira have in common.
#pragma once

#include <string>
#include <string_view>

#include "report/report.h"

namespace regtriage {

// How one wiki writes things. All functions encode: whatever text they are given, their result
// holds no markup, link or mention that comes from it.
struct Markup {
  std::string (*sentence)(std::string_view text);  // in a line of text
  std::string (*code)(std::string_view text);      // in a line of text, letter by letter
  std::string (*block)(std::string_view text);     // lines that stand as they are, with line ends
  std::string_view title, heading, part;           // begin a line: document, finding, its parts
  std::string_view bullet, number;  // begin a line: an item, a step; number empty: "1. ", "2. " …
};

// Within model.max_chars if that is set: findings that do not fit any more are left out and
// counted.
void write_ticket(const ReportModel& model, const Markup& markup, std::string& out);

}  // namespace regtriage
