// Go's own logger ("2026/11/24 23:24:15 text"), which net/http uses; nginx's error log has the same
// head and a level in brackets. No zone: read as UTC. Source: Go log.LstdFlags; nginx
// ngx_log_error_core.
#include "format/field_slots.h"
#include "format/formats/formats.h"

namespace regtriage {
namespace {

constexpr std::size_t kTimeBytes = 19;

bool digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

bool go_log_begins(std::string_view payload) {
  return payload.size() > kTimeBytes && digit(payload[0]) && payload[4] == '/' &&
         payload[7] == '/' && payload[10] == ' ' && payload[13] == ':' && payload[16] == ':' &&
         (payload[kTimeBytes] == ' ' || payload[kTimeBytes] == '.');
}

Parsed parse_go_log(std::string_view payload, Scratch&, Record& out) {
  out = Record{};
  const auto time = try_go_log_time(payload.substr(0, kTimeBytes));
  if (!time) return Parsed::not_mine;
  std::size_t end = kTimeBytes;
  if (payload[end] == '.')  // log.Lmicroseconds
    for (++end; end < payload.size() && digit(payload[end]);) ++end;
  out.format = Format::go_log;
  out.time = *time;
  out.time_text = payload.substr(0, end);
  out.message = payload.substr(std::min(end + 1, payload.size()));
  if (out.message.starts_with('['))
    put_level(out, out.message.substr(1, out.message.find(']') - 1));
  return Parsed::record;
}

}  // namespace regtriage
