// fluent-bit (and fluentd) with the tail input and the Kubernetes filter, written as JSON lines:
//
//   {"date":…,"time":"…","stream":"stderr","_p":"F","log":"payload","kubernetes":{"pod_name":"…","container_name":"…"}}
//
// Source: fluent-bit plugins/filter_kubernetes, parsers.conf `cri` and `docker` (_p or logtag: P is
// a part of a line).
#include "format/envelopes/parts.h"

namespace regtriage {
namespace {

bool marks_partial(const JsonReader& json) {
  return text_field(json, "_p") == "P" || text_field(json, "logtag") == "P";
}

}  // namespace

Peel peel_fluent_bit(std::string_view, PeelContext& context, Envelope& out) {
  const JsonReader& json = context.json;
  const JsonField* log = json.find("log");
  // The cri parser of its documentation calls the line "message"; then the tag of CRI is there,
  // too.
  if (!log && (json.find("logtag") || json.find("_p"))) log = json.find("message");
  if (!log || log->kind != JsonKind::text) return Peel::no;
  if (!json.find("kubernetes") && !json.find("date") && !json.find("stream") &&
      !json.find("container_name"))
    return Peel::no;
  out.payload = log->value;
  if (out.payload.ends_with('\n')) out.payload.remove_suffix(1);
  out.stream = text_field(json, "stream");
  out.time = try_rfc3339(text_field(json, "time")).value_or(kNoTime);
  if (out.time == kNoTime) out.time = try_rfc3339(text_field(json, "@timestamp")).value_or(kNoTime);
  if (marks_partial(json)) out.part = Envelope::Part::partial;
  out.instance = nested_text(json, "kubernetes", "pod_name", context);
  if (out.instance.empty()) out.instance = text_field(json, "container_name");
  if (out.instance.starts_with('/')) out.instance.remove_prefix(1);  // docker's own way of names
  return Peel::yes;
}

}  // namespace regtriage
