// The outputs: one row here, one file in renderers/, one golden file in tests/golden/report.
#include <algorithm>
#include <array>

#include "report/disguise.h"
#include "report/renderers/json.h"
#include "report/renderers/text.h"
#include "report/report.h"

namespace regtriage {
namespace {

constexpr std::array kRenderers = {
    Renderer{"text", "for reading in a terminal", render_text},
    Renderer{"json", "for programs; schemas/report-1.schema.json", render_json},
};

}  // namespace

std::span<const Renderer> renderers() { return kRenderers; }

const Renderer* renderer_named(std::string_view name) {
  const auto row = std::ranges::find(kRenderers, name, &Renderer::name);
  return row == kRenderers.end() ? nullptr : &*row;
}

}  // namespace regtriage
