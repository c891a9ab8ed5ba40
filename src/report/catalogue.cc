// The outputs: one row here, one file in renderers/, one golden file in tests/golden/report.
#include <algorithm>
#include <array>

#include "report/renderers/csv.h"
#include "report/renderers/html.h"
#include "report/renderers/jira.h"
#include "report/renderers/json.h"
#include "report/renderers/markdown.h"
#include "report/renderers/text.h"
#include "report/report.h"

namespace regtriage {
namespace {

constexpr std::array kRenderers = {
    Renderer{"text", "for reading in a terminal", render_text},
    Renderer{"json", "for programs; schemas/report-1.schema.json", render_json},
    Renderer{"markdown", "to paste into a ticket", render_markdown},
    Renderer{"jira", "to paste into a ticket of Jira", render_jira},
    Renderer{"html", "one page to send around", render_html},
    Renderer{"csv", "for a spreadsheet; with --events one row a line", render_csv},
};

}  // namespace

std::span<const Renderer> renderers() { return kRenderers; }

const Renderer* renderer_named(std::string_view name) {
  const auto row = std::ranges::find(kRenderers, name, &Renderer::name);
  return row == kRenderers.end() ? nullptr : &*row;
}

}  // namespace regtriage
