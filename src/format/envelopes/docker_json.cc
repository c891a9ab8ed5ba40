// docker's json-file driver:
// {"log":"payload\n","stream":"stderr","time":"2026-11-24T23:12:28.048912104Z"}
//
// Lines above 16 KiB come in pieces, of which only the last one ends in a line end.
// Source: moby daemon/logger/jsonfilelog/jsonlog.
#include "format/envelopes/parts.h"

namespace regtriage {

Peel peel_docker_json(std::string_view, PeelContext& context, Envelope& out) {
  const JsonField* const log = context.json.find("log");
  if (!log || log->kind != JsonKind::text) return Peel::no;
  for (const JsonField& field : context.json.fields())
    if (field.key != "log" && field.key != "stream" && field.key != "time" && field.key != "attrs")
      return Peel::no;
  if (!context.json.find("time")) return Peel::no;
  out.payload = log->value;
  out.stream = text_field(context.json, "stream");
  out.time = try_rfc3339(text_field(context.json, "time")).value_or(kNoTime);
  if (out.payload.ends_with('\n'))
    out.payload.remove_suffix(1);
  else
    out.part = Envelope::Part::partial;
  return Peel::yes;
}

}  // namespace regtriage
