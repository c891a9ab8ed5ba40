// Notification envelopes as distribution posts them: {"events":[{…},…]}, kept in a file one a line.
// They are only recognised here: the array stands unread in the field "events". Source:
// distribution v2.8.3 notifications/event.go (application/vnd.docker.distribution.events.v1+json).
#include "format/formats/formats.h"

namespace regtriage {

bool webhook_begins(std::string_view payload) {
  if (!payload.starts_with('{')) return false;
  const std::size_t key = payload.find_first_not_of(" \t", 1);
  return key != std::string_view::npos && payload.substr(key).starts_with("\"events\"");
}

Parsed parse_webhook(std::string_view payload, Scratch& scratch, Record& out) {
  if (!scratch.json.read(payload)) return Parsed::not_mine;
  const JsonField* const events = scratch.json.find("events");
  if (!events || events->kind != JsonKind::array) return Parsed::not_mine;
  out = Record{};
  out.format = Format::webhook;
  scratch.fields.assign(1, {events->key, events->value});
  out.fields = scratch.fields;
  return Parsed::record;
}

}  // namespace regtriage
