// `logcli query -o jsonl`:
// {"labels":{"pod":"…","stream":"stderr",…},"line":"payload","timestamp":"2026-11-24T23:12:28Z"}
//
// Source: grafana/loki pkg/logcli/output/jsonl.go.
#include "format/envelopes/parts.h"

namespace regtriage {

Peel peel_loki(std::string_view, PeelContext& context, Envelope& out) {
  const JsonField* const line = context.json.find("line");
  const JsonField* const labels = context.json.find("labels");
  if (!line || line->kind != JsonKind::text || !labels || !context.json.find("timestamp"))
    return Peel::no;
  out.payload = line->value;
  if (out.payload.ends_with('\n')) out.payload.remove_suffix(1);
  out.time = try_rfc3339(text_field(context.json, "timestamp")).value_or(kNoTime);
  if (labels->kind != JsonKind::object || !context.nested.read(labels->value)) return Peel::yes;
  out.stream = text_field(context.nested, "stream");
  for (const std::string_view name : {"pod", "container", "container_name", "app", "job"}) {
    out.instance = text_field(context.nested, name);
    if (!out.instance.empty()) break;
  }
  return Peel::yes;
}

}  // namespace regtriage
