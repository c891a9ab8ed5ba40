// `journalctl -o json`. MESSAGE is text, or an array of bytes if it has control bytes or is no
// UTF-8, or null if it is longer than 4096 bytes and --all was not given: then the line's text is
// lost. Source: systemd src/shared/logs-show.c output_json; docker's journald driver adds
// CONTAINER_NAME.
#include "base/text.h"
#include "format/envelopes/parts.h"

namespace regtriage {
namespace {

TimeNs time_of_microseconds(std::string_view text) {
  constexpr std::int64_t kNsPerUs = 1000;
  const std::int64_t us = try_i64(text).value_or(-1);
  return us < 0 || us > std::numeric_limits<std::int64_t>::max() / kNsPerUs ? kNoTime
                                                                            : us * kNsPerUs;
}

}  // namespace

Peel peel_journal_json(std::string_view, PeelContext& context, Envelope& out) {
  const JsonField* const message = context.json.find("MESSAGE");
  const bool journal = context.json.find("__REALTIME_TIMESTAMP") || context.json.find("__CURSOR") ||
                       context.json.find("_TRANSPORT");
  if (!message || !journal) return Peel::no;
  if (message->kind == JsonKind::array) {
    const std::size_t bytes = bytes_of_json_array(message->value, context.room.end());
    out.payload = context.room.keep(bytes);
  } else if (message->kind == JsonKind::text) {
    out.payload = message->value;
  } else {
    return Peel::broken;
  }
  if (out.payload.ends_with('\n')) out.payload.remove_suffix(1);
  out.instance = text_field(context.json, "CONTAINER_NAME");
  if (out.instance.empty()) out.instance = text_field(context.json, "SYSLOG_IDENTIFIER");
  out.time = time_of_microseconds(text_field(context.json, "__REALTIME_TIMESTAMP"));
  if (text_field(context.json, "CONTAINER_PARTIAL_MESSAGE") == "true")
    out.part = Envelope::Part::partial;
  return Peel::yes;
}

}  // namespace regtriage
