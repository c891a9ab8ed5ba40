// filebeat and elastic-agent: the line is in "message"; "log" is an object about the file.
//
// An application's own object may have "message" and "@timestamp" as well (logstash's), so one of
// the shipper's own objects must be there, too. Source: elastic/beats filebeat, ECS 8 (log.offset,
// agent, input, kubernetes.pod.name, container.name).
#include "format/envelopes/parts.h"

namespace regtriage {
namespace {

bool is_object(const JsonReader& json, std::string_view key) {
  const JsonField* const field = json.find(key);
  return field && field->kind == JsonKind::object;
}

std::string_view pod_of(PeelContext& context) {
  const JsonField* const kubernetes = context.json.find("kubernetes");
  if (!kubernetes || kubernetes->kind != JsonKind::object) return {};
  if (!context.nested.read(kubernetes->value)) return {};
  const JsonField* const pod = context.nested.find("pod");
  if (!pod || pod->kind != JsonKind::object || !context.innermost.read(pod->value)) return {};
  return text_field(context.innermost, "name");
}

}  // namespace

Peel peel_filebeat(std::string_view, PeelContext& context, Envelope& out) {
  const JsonReader& json = context.json;
  const JsonField* const message = json.find("message");
  if (!message || message->kind != JsonKind::text || !json.find("@timestamp")) return Peel::no;
  if (!is_object(json, "agent") && !is_object(json, "log") && !is_object(json, "input") &&
      !is_object(json, "@metadata"))
    return Peel::no;
  out.payload = message->value;
  if (out.payload.ends_with('\n')) out.payload.remove_suffix(1);
  out.stream = text_field(json, "stream");
  out.time = try_rfc3339(text_field(json, "@timestamp")).value_or(kNoTime);
  out.instance = pod_of(context);
  if (out.instance.empty()) out.instance = nested_text(json, "container", "name", context);
  return Peel::yes;
}

}  // namespace regtriage
