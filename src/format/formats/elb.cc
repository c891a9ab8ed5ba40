// Access lines of Amazon's load balancers: the application load balancer's, and the classic one's,
// which has no type in front and nothing behind the TLS version.
//
//   [type] time name client:port target:port request-time target-time response-time status
//   target-status received sent "METHOD url proto" "agent" …
//
// The time is when the answer was sent. The bytes sent hold the answer's head, too, so they are no
// size of a blob. Sources: Elastic Load Balancing documentation, "Access logs for your Application
// Load Balancer" and "Access logs for your Classic Load Balancer".
#include <array>

#include "base/text.h"
#include "format/formats/access_parts.h"
#include "format/formats/formats.h"

namespace regtriage {
namespace {

constexpr std::size_t kTimeBytes = 27;  // "2026-11-25T00:44:16.186641Z"

bool digit(char c) { return c >= '0' && c <= '9'; }

// What stands before the time: "https " of the application load balancer.
std::size_t type_bytes(std::string_view payload) {
  for (const std::string_view type : {"http ", "https ", "h2 ", "grpcs ", "ws ", "wss "})
    if (payload.starts_with(type)) return type.size();
  return 0;
}

// "0.086", or -1 where the connection ended.
double seconds_of(std::string_view word) {
  const std::size_t dot = word.find('.');
  const auto whole = try_i64(word.substr(0, dot));
  if (!whole || *whole < 0 || *whole > 86'400) return 0;
  double sum = static_cast<double>(*whole), unit = 0.1;
  for (std::size_t i = dot; i != std::string_view::npos && ++i < word.size(); unit /= 10)
    if (digit(word[i])) sum += unit * (word[i] - '0');
  return sum;
}

}  // namespace

bool elb_begins(std::string_view payload) {
  payload.remove_prefix(type_bytes(payload));
  if (payload.size() < kTimeBytes + 40 || !digit(payload[0]) || payload[10] != 'T' ||
      payload[19] != '.' || payload[kTimeBytes - 1] != 'Z' || payload[kTimeBytes] != ' ')
    return false;
  // The client's address and port stand behind the name.
  std::string_view rest = payload.substr(kTimeBytes);
  take_blank_word(rest);
  const std::string_view client = take_blank_word(rest);
  return client.find(':') != std::string_view::npos && digit(client.back()) &&
         client.find_first_not_of("0123456789abcdef.:[]") == std::string_view::npos;
}

Parsed parse_elb(std::string_view payload, Scratch& scratch, Record& out) {
  out = Record{};
  scratch.fields.clear();
  scratch.room.begin(2 * payload.size());
  std::string_view rest = payload.substr(type_bytes(payload));
  out.time_text = rest.substr(0, kTimeBytes);
  const auto time = try_rfc3339(out.time_text);
  if (!time) return Parsed::not_mine;
  out.time = *time;
  rest.remove_prefix(kTimeBytes);
  take_blank_word(rest);  // the load balancer's name
  out.remote = take_blank_word(rest);
  take_blank_word(rest);  // target
  double seconds = 0;
  for (int i = 0; i < 3; ++i) seconds += seconds_of(take_blank_word(rest));
  out.duration_ns = static_cast<std::int64_t>(seconds * 1e9);
  const auto status = try_i64(take_blank_word(rest));
  if (!status || *status < 0 || *status > 999) return Parsed::not_mine;
  out.status = *status;
  for (int i = 0; i < 3; ++i) take_blank_word(rest);  // target's status, received, sent
  std::string_view request;
  if (!take_quoted(rest, scratch.room, request)) return Parsed::not_mine;
  split_request(request, scratch, out);
  out.uri = path_of_url(out.uri);
  take_quoted(rest, scratch.room, out.agent);
  out.agent = unless_dash(out.agent);
  finish_access(rest, scratch, out);
  return Parsed::record;
}

}  // namespace regtriage
