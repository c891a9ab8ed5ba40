// Sonatype Nexus' nexus.log (its request.log is an access log, access.cc).
//
//   2022-07-18 05:43:59,237+0000 WARN  [qtp1036716450-507] alice org.sonatype.nexus.X - message
//
// "*SYSTEM" stands for no user. Source: nexus-public components/nexus-pax-logging logback.xml 3.40.
#include "base/text.h"
#include "format/field_slots.h"
#include "format/formats/formats.h"
#include "format/formats/product_line.h"

namespace regtriage {

bool nexus_begins(std::string_view payload) {
  const std::size_t time = comma_time_bytes(payload);
  if (time == 0 || payload.size() < time + 8) return false;
  const char level = payload[time + 1];
  return payload[time] == ' ' && level >= 'A' && level <= 'Z' &&
         payload.find(" [", time) < time + 8;
}

Parsed parse_nexus(std::string_view payload, Scratch& scratch, Record& out) {
  out = Record{};
  scratch.fields.clear();
  scratch.room.begin(2 * payload.size());
  put_comma_time(payload, scratch, out);
  if (out.time == kNoTime) return Parsed::not_mine;
  std::string_view rest = payload.substr(out.time_text.size() + 1);
  const std::size_t blank = rest.find(' ');
  put_level(out, rest.substr(0, blank));
  rest = trimmed(rest.substr(blank));
  std::string_view thread;
  if (out.level == Level::none || !take_bracket(rest, thread)) return Parsed::not_mine;
  const std::size_t dash = rest.substr(0, 512).find(" - ");
  if (dash == std::string_view::npos) return Parsed::not_mine;
  const std::string_view head = rest.substr(0, dash);
  const std::string_view user = head.substr(0, head.find(' '));
  if (user.size() != head.size() && !user.starts_with('*')) out.user = user;
  scratch.fields.push_back({"logger", trimmed(head.substr(head.rfind(' ') + 1))});
  out.format = Format::nexus;
  out.message = rest.substr(dash + 3);
  out.fields = scratch.fields;
  if (out.level >= Level::warning) take_subject(out.message, scratch, out);
  return Parsed::record;
}

}  // namespace regtriage
