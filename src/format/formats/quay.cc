// Quay's programs: Python's logging, and gunicorn's access lines inside of it.
//
//   2023-04-24 11:12:37,996 [235] [ERROR] [endpoints.v2.manifest] message
//
// The time is local to the container (UTC as shipped). Source: quay conf/logging.conf, head.
#include "format/field_slots.h"
#include "format/formats/formats.h"
#include "format/formats/product_line.h"

namespace regtriage {

bool quay_begins(std::string_view payload) {
  const std::size_t time = comma_time_bytes(payload);
  return time != 0 && payload.substr(time).starts_with(" [");
}

Parsed parse_quay(std::string_view payload, Scratch& scratch, Record& out) {
  out = Record{};
  scratch.fields.clear();
  scratch.room.begin(2 * payload.size());
  put_comma_time(payload, scratch, out);
  const TimeNs time = out.time;
  const std::string_view time_text = out.time_text;
  std::string_view rest = payload.substr(time_text.size() + 1);
  std::string_view pid, level, logger;
  if (time == kNoTime || !take_bracket(rest, pid) || !take_bracket(rest, level) ||
      !take_bracket(rest, logger))
    return Parsed::not_mine;
  if (access_begins(rest) && parse_access(rest, scratch, out) == Parsed::record)
    return Parsed::record;
  out = Record{};
  out.format = Format::quay;
  out.time = time;
  out.time_text = time_text;
  put_level(out, level);
  out.message = rest;
  scratch.fields.clear();
  scratch.fields.push_back({"logger", logger});
  out.fields = scratch.fields;
  if (out.level >= Level::warning) take_subject(rest, scratch, out);
  return Parsed::record;
}

}  // namespace regtriage
