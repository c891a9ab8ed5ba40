#include "app/answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "app/exit_status.h"
#include "app/reading.h"
#include "facts/accumulator.h"
#include "facts/thin.h"
#include "infer/requests.h"
#include "report/report.h"

namespace regtriage {
namespace {

constexpr int kWidestText = 120;  // longer lines are hard to read

ReportModel model_of(const CallContext& context, const Facts& facts, const Judgement& judgement,
                     std::string_view ruleset) {
  const RunOptions& options = context.options;
  ReportModel model{.facts = facts,
                    .judgement = judgement,
                    .tool_version = REGTRIAGE_VERSION,
                    .ruleset = ruleset,
                    .only = options.finding};
  model.events = options.events;
  model.sessions = options.sessions;
  model.full = options.full;
  model.narrowed =
      options.since != kNoTime || options.until != kNoTime || !options.repository.empty();
  model.canonical = options.canonical;
  model.color = context.use_color();
  model.short_digests = context.terminal.out && options.output.empty();
  model.width = std::clamp(context.terminal.columns, 40, kWidestText);
  model.max_chars = options.max_chars;
  model.hide = options.redact;
  model.zone_offset_s = options.zone_offset_s;
  return model;
}

Error no_such_finding(std::string_view id, const Judgement& judgement) {
  std::string known;
  for (const Finding& finding : judgement.findings) {
    if (known.size() > 100) break;
    known += fmt::format("{}{}", known.empty() ? "" : ", ", finding.id);
  }
  return {ErrorCode::usage, fmt::format("there is no finding '{}'", id),
          known.empty() ? "there are no findings at all" : "the findings are " + known};
}

bool is_found(std::string_view id, const Judgement& judgement) {
  return id.empty() || std::ranges::any_of(judgement.findings, [id](const Finding& finding) {
           return std::string_view(finding.id).starts_with(id);
         });
}

bool must_fail(const RunOptions& options, const Judgement& judgement) {
  return options.fail_on && std::ranges::any_of(judgement.findings, [&](const Finding& finding) {
           return finding.cause_class != CauseClass::noise && finding.severity >= *options.fail_on;
         });
}

}  // namespace

JudgeOptions judge_options_of(const RunOptions& options) {
  JudgeOptions judging;
  judging.since = options.since;
  judging.until = options.until;
  judging.repository = options.repository;
  judging.sessions = options.sessions;
  judging.threads = threads_of(options);
  return judging;
}

int answer(CallContext& context, Facts read, std::string_view ruleset) {
  const RunOptions& options = context.options;
  // All lines were kept if requests are asked for; the findings do not depend on that.
  std::optional<Joined> whole;
  std::optional<RequestList> requests;
  if (options.requests) {
    whole.emplace(read);
    requests.emplace(RequestList{whole->facts(), requests_of(whole->facts())});
  }
  const Facts judged = thinned(options.requests ? without_kept(copy_of(read)) : std::move(read));
  const Joined joined(judged);
  const Facts& facts = joined.facts();
  const Judgement judgement = judge(facts, judge_options_of(options));
  if (!is_found(options.finding, judgement)) {
    context.complain(no_such_finding(options.finding, judgement));
    return exit_status::kUsage;
  }
  const Renderer* renderer = renderer_named(options.format.empty() ? "text" : options.format);
  std::string text;
  ReportModel model = model_of(context, facts, judgement, ruleset);
  if (requests) model.requests = &*requests;
  render(*renderer, model, text);
  context.out.write(text);
  return must_fail(options, judgement) ? exit_status::kFindings : exit_status::kDone;
}

}  // namespace regtriage
