#include "report/lookup.h"

#include <fmt/format.h>

namespace regtriage {
namespace {

LineView line_of_touch(const Facts& facts, const Touch& touch, const Touch::Sighting& sighting) {
  LineView line;
  line.at = sighting.at;
  line.time = sighting.time;
  line.method = touch.method;
  line.route = touch.route;
  line.status = touch.status;
  line.origin = touch.origin;
  line.repository = facts.text(touch.repository);
  line.digest = facts.text(touch.digest);
  line.tag = facts.text(touch.tag);
  line.request = sighting.request;
  return line;
}

LineView line_of_event(const Facts& facts, const Event& event) {
  LineView line;
  line.at = event.at;
  line.time = event.time;
  line.level = event.level;
  line.code = event.code;
  line.code_inferred = event.code_inferred;
  line.method = event.method;
  line.route = event.route;
  line.status = event.status;
  line.origin = event.origin;
  line.kind = event.kind;
  line.repository = facts.text(event.repository);
  line.digest = facts.text(event.digest);
  line.tag = facts.text(event.tag);
  line.upload = facts.text(event.upload);
  line.request = event.request;
  return line;
}

}  // namespace

LineView line_of(const Facts& facts, const Judged& judged) {
  if (!judged.is_touch) return line_of_event(facts, facts.events[judged.index]);
  const Touch& touch = facts.touches[judged.index];
  return line_of_touch(facts, touch, judged.is_last ? touch.last : touch.first);
}

LineView line_of(const Facts& facts, const Event& event) { return line_of_event(facts, event); }

std::string path_of(const LineView& line) {
  const std::string_view reference = line.tag.empty() ? line.digest : line.tag;
  switch (line.route) {
    case Route::ping:
      return "/v2/";
    case Route::catalog:
      return "/v2/_catalog";
    case Route::manifest:
      return fmt::format("/v2/{}/manifests/{}", line.repository, reference);
    case Route::blob:
      return fmt::format("/v2/{}/blobs/{}", line.repository, line.digest);
    case Route::uploads:
      return fmt::format("/v2/{}/blobs/uploads/", line.repository);
    case Route::upload:
      return fmt::format("/v2/{}/blobs/uploads/{}", line.repository, line.upload);
    case Route::tags:
      return fmt::format("/v2/{}/tags/list", line.repository);
    case Route::referrers:
      return fmt::format("/v2/{}/referrers/{}", line.repository, line.digest);
    case Route::none:
    case Route::token:
    case Route::other:
      return {};
  }
  return {};
}

std::string_view source_name(const Facts& facts, SourceId source) {
  return source < facts.sources.size() ? std::string_view(facts.sources[source].name) : "";
}

std::string place_of(const Facts& facts, const Position& at) {
  const std::string_view name = source_name(facts, at.source);
  if (name.empty()) return {};
  return fmt::format("{}:{}", name == "-" ? "stdin" : name, at.line);
}

bool is_silent(const LineView& line) {
  return line.code == Code::none && line.status > 0 && line.status < 400;
}

LineTally tally_of(const Facts& facts, const Judgement& judgement) {
  LineTally tally;
  for (const auto& [code, count] : judgement.codes) {
    tally.errors += count.total();
    tally.noise += count.noise;
    tally.client += count.client;
    tally.fault += count.fault;
    tally.loss += count.loss;
    tally.undetermined += count.undetermined;
    tally.exact = tally.exact && count.exact;
  }
  tally.kinds_of_noise = judgement.kinds_of_noise;
  for (const Judged& judged : judgement.judged) {
    const LineView line = line_of(facts, judged);
    if (line.kind == EventKind::echo) continue;  // the registry's line of the request is counted
    if (judged.verdict != Verdict::noise && judged.finding >= 0 && is_silent(line)) ++tally.silent;
  }
  return tally;
}

bool is_real(const Finding& finding) { return finding.cause_class != CauseClass::noise; }

}  // namespace regtriage
