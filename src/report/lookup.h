// What several renderers ask of the model: names of places, paths, counts. Pure; nothing here is
// encoded for any sink.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "model/facts.h"
#include "model/finding.h"

namespace regtriage {

// The judged line's fields, from its event or from its touch's sighting. Views live as long as the
// facts.
struct LineView {
  Position at;
  TimeNs time = kNoTime;
  Level level = Level::none;
  Code code = Code::none;
  bool code_inferred = false;
  Method method = Method::none;
  Route route = Route::none;
  int status = -1;
  Origin origin = Origin::app;
  EventKind kind = EventKind::request;
  std::string_view repository, digest, tag, upload;
  Hash128 request;
};
LineView line_of(const Facts& facts, const Judged& judged);
LineView line_of(const Facts& facts, const Event& event);

// "/v2/team/app/blobs/sha256:…": the path without host and query; empty if the route is none of the
// distribution API.
std::string path_of(const LineView& line);

std::string_view source_name(const Facts& facts, SourceId source);
// "registry.log:40"; empty for a place that is not known.
std::string place_of(const Facts& facts, const Position& at);

// A success that stored or sent nothing.
bool is_silent(const LineView& line);

struct LineTally {
  std::uint64_t errors = 0, noise = 0, client = 0, fault = 0, loss = 0, undetermined = 0;
  bool exact = true;
  std::uint64_t silent = 0;  // success lines that are no noise
  std::map<CauseId, std::uint64_t> kinds_of_noise;
  std::uint64_t real() const { return client + fault + loss; }
};
LineTally tally_of(const Facts& facts, const Judgement& judgement);

// Noise is counted, not reported: the findings that a person must read.
bool is_real(const Finding& finding);

}  // namespace regtriage
