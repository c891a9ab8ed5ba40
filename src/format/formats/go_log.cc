// Go's own logger ("2026/11/24 23:24:15 text"), which net/http uses; nginx's error log has the same
// head and a level in brackets. No zone: read as UTC. Source: Go log.LstdFlags; nginx
// ngx_log_error_core.
#include "format/field_slots.h"
#include "format/formats/formats.h"

namespace regtriage {
namespace {

constexpr std::size_t kTimeBytes = 19;

bool digit(char c) { return c >= '0' && c <= '9'; }

// Takes a colour off the head: "ESC[1;35m", or with the escape as rsyslog keeps it, "#033".
bool take_colour(std::string_view& text) {
  std::string_view rest = text;
  if (rest.starts_with("\x1b["))
    rest.remove_prefix(2);
  else if (rest.starts_with("#033["))
    rest.remove_prefix(5);
  else
    return false;
  const std::size_t end = rest.find_first_not_of("0123456789;");
  if (end > 16 || rest[end] != 'm') return false;
  text = rest.substr(end + 1);
  return true;
}

struct BeegoLevel {
  std::string_view letter, level;
};
constexpr BeegoLevel kBeego[] = {{"[C]", "fatal"}, {"[E]", "error"}, {"[W]", "warning"},
                                 {"[N]", "info"},  {"[I]", "info"},  {"[D]", "debug"},
                                 {"[A]", "fatal"}, {"[M]", "fatal"}};

// beego's coloured form, which Harbor's core prints: "ESC[1;35m[C]ESC[0m [config.go:500]  text"
// (beego core/logs/log.go v2.0.6).
bool take_beego(std::string_view text, Record& out) {
  if (!take_colour(text)) return false;
  for (const auto& [letter, level] : kBeego) {
    if (!text.starts_with(letter)) continue;
    text.remove_prefix(letter.size());
    take_colour(text);
    put_level(out, level);
    while (text.starts_with(' ')) text.remove_prefix(1);
    const std::size_t close = text.starts_with('[') ? text.find("]  ") : std::string_view::npos;
    if (close != std::string_view::npos) text.remove_prefix(close + 3);
    out.message = text;
    return true;
  }
  return false;
}

}  // namespace

bool go_log_begins(std::string_view payload) {
  return payload.size() > kTimeBytes && digit(payload[0]) && payload[4] == '/' &&
         payload[7] == '/' && payload[10] == ' ' && payload[13] == ':' && payload[16] == ':' &&
         (payload[kTimeBytes] == ' ' || payload[kTimeBytes] == '.');
}

Parsed parse_go_log(std::string_view payload, Scratch& scratch, Record& out) {
  out = Record{};
  scratch.room.begin(payload.size());
  const auto time = try_go_log_time(payload.substr(0, kTimeBytes));
  if (!time) return Parsed::not_mine;
  std::size_t end = kTimeBytes;
  if (payload[end] == '.')  // log.Lmicroseconds
    for (++end; end < payload.size() && digit(payload[end]);) ++end;
  out.format = Format::go_log;
  out.time = *time;
  out.time_text = payload.substr(0, end);
  out.message = payload.substr(std::min(end + 1, payload.size()));
  if (!take_beego(out.message, out) && out.message.starts_with('['))
    put_level(out, out.message.substr(1, out.message.find(']') - 1));
  return Parsed::record;
}

}  // namespace regtriage
