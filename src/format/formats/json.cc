// JSON lines: logrus' JSON formatter, and GitLab's with underscores. Any object that has a message,
// a level or a time is a record. Of a key that comes twice the first one counts; the second is kept
// among the fields. Sources: sirupsen/logrus json_formatter.go v1.9.4; GitLab container-registry
// v4.32 log/log.go.
#include "format/formats/json.h"

#include "base/text.h"
#include "format/field_slots.h"
#include "format/formats/formats.h"
#include "format/formats/json_front.h"
#include "format/formats/zot.h"

namespace regtriage {

bool json_begins(std::string_view payload) {
  return payload.size() > 1 && payload[0] == '{' && (payload[1] == '"' || payload[1] == ' ');
}

bool take_json_object(std::string_view payload, Format format, Scratch& scratch, Record& out) {
  if (!scratch.json.read(payload)) return false;
  out = Record{};
  out.format = format;
  scratch.fields.clear();
  scratch.room.begin(payload.size());
  for (const JsonField& field : scratch.json.fields()) {
    if (field.kind == JsonKind::null) continue;
    if (put_in_slot(out, field.key, field.value) != Slotted::taken)
      scratch.fields.push_back({field.key, field.value});
  }
  take_zot_fields(scratch, out);
  take_front_fields(scratch, out);
  out.fields = scratch.fields;
  return out.message.data() != nullptr || out.level != Level::none || out.time != kNoTime;
}

Parsed parse_json(std::string_view payload, Scratch& scratch, Record& out) {
  return take_json_object(payload, Format::json, scratch, out) ? Parsed::record : Parsed::not_mine;
}

}  // namespace regtriage
