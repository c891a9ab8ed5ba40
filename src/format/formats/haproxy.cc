// HAProxy's HTTP log, as `option httplog` makes it, behind syslog's head:
//
//   client:port [DD/Mon/YYYY:HH:MM:SS.mmm] frontend backend/server Tq/Tw/Tc/Tr/Tt status bytes
//   cookie cookie termination counts queues [{headers}] [{headers}] "METHOD uri proto"
//
// The time is when the request came, on the host's clock, whose zone is not printed: it is read as
// UTC. The bytes hold the answer's head, too, so they are no size of a blob. What stands between
// them and the request is kept as the field "rest". Source: HAProxy 2.6, configuration manual
// §8.2.3 "HTTP log format".
#include "base/text.h"
#include "format/formats/access_parts.h"
#include "format/formats/formats.h"

namespace regtriage {
namespace {

constexpr std::size_t kSecondBytes = 20;  // "25/Nov/2026:00:44:16"
constexpr std::size_t kTimeBytes = kSecondBytes + 4;
constexpr std::size_t kLongestClient = 80;

bool digit(char c) { return c >= '0' && c <= '9'; }

// Position behind the '[' of the time; npos if this is no such line.
std::size_t time_position(std::string_view payload) {
  const std::size_t blank = payload.substr(0, kLongestClient).find(" [");
  if (blank == std::string_view::npos ||
      payload.substr(0, blank).find(':') == std::string_view::npos)
    return std::string_view::npos;
  const std::string_view time = payload.substr(blank + 2);
  const bool fits = time.size() > kTimeBytes + 1 && digit(time[0]) && time[2] == '/' &&
                    time[6] == '/' && time[11] == ':' && time[kSecondBytes] == '.' &&
                    time[kTimeBytes] == ']' && time[kTimeBytes + 1] == ' ';
  return fits ? blank + 2 : std::string_view::npos;
}

// "10/0/30/69/109": the last is the whole time in milliseconds; "+109" if it went on behind the
// log.
std::int64_t duration_of(std::string_view timers) {
  constexpr std::int64_t kNsPerMs = 1'000'000, kDayInMs = 86'400'000;
  std::string_view last = timers.substr(timers.rfind('/') + 1);
  if (last.starts_with('+')) last.remove_prefix(1);
  const auto ms = try_i64(last);
  return ms && *ms >= 0 && *ms < kDayInMs ? *ms * kNsPerMs : -1;
}

}  // namespace

bool haproxy_begins(std::string_view payload) {
  return time_position(payload) != std::string_view::npos;
}

Parsed parse_haproxy(std::string_view payload, Scratch& scratch, Record& out) {
  constexpr TimeNs kNsPerMs = 1'000'000;
  out = Record{};
  scratch.fields.clear();
  scratch.room.begin(payload.size() + 64);
  const std::size_t at = time_position(payload);
  out.remote = payload.substr(0, at - 2);
  out.time_text = payload.substr(at, kTimeBytes);
  const std::string second = std::string(out.time_text.substr(0, kSecondBytes)) + " +0000";
  const auto time = try_access_time(second);
  const auto milli = try_i64(out.time_text.substr(kSecondBytes + 1));
  if (!time || !milli) return Parsed::not_mine;
  out.time = *time + *milli * kNsPerMs;

  std::string_view rest = payload.substr(at + kTimeBytes + 1);
  take_blank_word(rest);  // frontend
  take_blank_word(rest);  // backend/server
  out.duration_ns = duration_of(take_blank_word(rest));
  const auto status = try_i64(take_blank_word(rest));
  if (!status || *status > 999) return Parsed::not_mine;
  out.status = *status;
  take_blank_word(rest);  // bytes
  const std::size_t quote = rest.find(" \"");
  if (quote == std::string_view::npos || quote == 0) return Parsed::not_mine;
  const std::string_view between = rest.substr(0, quote);
  rest.remove_prefix(quote);
  std::string_view request;
  if (!take_quoted(rest, scratch.room, request)) return Parsed::not_mine;
  split_request(request, scratch, out);
  out.uri = path_of_url(out.uri);  // of HTTP/2 the whole URL
  finish_access(between, scratch, out);
  return Parsed::record;
}

}  // namespace regtriage
