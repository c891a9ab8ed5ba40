// What holds for every output: narrowing to one finding, and hiding names before any renderer runs.
#include <optional>

#include "report/disguise.h"
#include "report/report.h"

namespace regtriage {
namespace {

// Only the findings whose id begins with `id`, and the lines that belong to them.
Judgement narrowed(const Judgement& whole, std::string_view id) {
  Judgement part;
  std::vector<std::int32_t> new_index(whole.findings.size(), -1);
  for (std::size_t i = 0; i < whole.findings.size(); ++i) {
    if (!std::string_view(whole.findings[i].id).starts_with(id)) continue;
    new_index[i] = static_cast<std::int32_t>(part.findings.size());
    part.findings.push_back(whole.findings[i]);
  }
  for (Judged judged : whole.judged) {
    if (judged.finding < 0) continue;
    judged.finding = new_index[static_cast<std::size_t>(judged.finding)];
    if (judged.finding >= 0) part.judged.push_back(judged);
  }
  part.codes = whole.codes;
  part.sessions = whole.sessions;
  return part;
}

ReportModel with(const ReportModel& model, const Facts& facts, const Judgement& judgement) {
  return {.facts = facts,
          .judgement = judgement,
          .tool_version = model.tool_version,
          .ruleset = model.ruleset,
          .events = model.events,
          .sessions = model.sessions,
          .full = model.full,
          .narrowed = model.narrowed,
          .canonical = model.canonical,
          .color = model.color,
          .short_digests = model.short_digests,
          .width = model.width,
          .zone_offset_s = model.zone_offset_s,
          .only = model.only,
          .max_chars = model.max_chars,
          .hide = model.hide};
}

void render_hidden(const Renderer& renderer, const ReportModel& model, std::string& out) {
  if (model.hide == ReportModel::Hide::nothing) return renderer.render(model, out);
  const Disguised disguised = disguise(model.facts, model.judgement, model.hide);
  renderer.render(with(model, disguised.facts, disguised.judgement), out);
}

}  // namespace

void render(const Renderer& renderer, const ReportModel& model, std::string& out) {
  if (model.only.empty()) return render_hidden(renderer, model, out);
  const Judgement part = narrowed(model.judgement, model.only);
  render_hidden(renderer, with(model, model.facts, part), out);
}

}  // namespace regtriage
