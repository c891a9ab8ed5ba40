// Access lines: Apache's common and combined form, as distribution (gorilla/handlers), nginx,
// Apache and Harbor's registryctl print it.
//
//   host SP ident SP user SP [DD/Mon/YYYY:HH:MM:SS ±hhmm] SP "METHOD SP uri SP proto" SP status SP
//   size [SP "referer" SP "agent" …]
//
// Who shares a line often cuts the addresses off: then it begins with the time, or with the request
// itself, with or without its quote.
//
// Quotes inside a quoted part are always escaped (gorilla \", nginx \x22), so nothing in it can
// forge a part. Harbor's nginx prints neither time nor user, its Helm chart the time in front:
//
//   [ '[' time ']:' ] host SP '-' SP "METHOD SP uri SP proto" SP status SP size SP "referer" SP
//   "agent" SP request-time SP upstream-time SP pipe
//
// (goharbor/harbor make/photon/prepare/templates/nginx/nginx.http.conf.jinja v2.7.4; harbor-helm
// templates/nginx/configmap-http.yaml v1.11). Its line is written when the request ends. What
// stands behind the agent (nginx's times) is kept as the field "rest". A request that is no "METHOD
// uri proto" is kept whole in `uri`. Sources: gorilla/handlers v1.5.2 logging.go
// buildCommonLogLine; nginx ngx_http_log_module.
#include <algorithm>

#include "base/scan.h"
#include "base/text.h"
#include "format/formats/access_parts.h"
#include "format/formats/formats.h"

namespace regtriage {
namespace {

constexpr std::size_t kLongestHost = 255;
constexpr std::size_t kTimeBytes = 26;  // "24/Nov/2026:23:12:28 +0000"

bool digit(char c) { return c >= '0' && c <= '9'; }

bool looks_like_time(std::string_view text) {
  return text.size() > kTimeBytes && digit(text[0]) && digit(text[1]) && text[2] == '/' &&
         text[6] == '/' && text[11] == ':' && text[14] == ':' && text[kTimeBytes] == ']';
}

// Position behind the '[' of the time; npos if this is no access line. The user before it may hold
// blanks and brackets.
std::size_t time_position(std::string_view line) {
  const std::size_t host = line.substr(0, kLongestHost + 1).find(' ');
  if (host == 0 || host == std::string_view::npos) return std::string_view::npos;
  const std::size_t ident = line.find(' ', host + 1);
  if (ident == std::string_view::npos || ident - host > kLongestHost) return std::string_view::npos;
  for (std::size_t at = ident + 1; at < line.size() && at < ident + 2 * kLongestHost; ++at) {
    at = line.find('[', at);
    if (at == std::string_view::npos) return at;
    if (line[at - 1] == ' ' && at >= ident + 2 && looks_like_time(line.substr(at + 1)))
      return at + 1;
  }
  return std::string_view::npos;
}

// Nexus' request.log: bytes sent [bytes received] elapsed milliseconds, then the agent and no
// referer (Nexus' documentation "Log Files", 3.x: %bytesSent %elapsedTime "%header{User-Agent}").
bool take_counts(std::string_view& rest, Record& out) {
  constexpr std::int64_t kNsPerMs = 1'000'000, kDayInMs = 86'400'000;
  std::string_view left = rest;
  std::int64_t last = -1;
  for (int i = 0; i < 2; ++i) {
    std::string_view ahead = left;
    const std::string_view word = take_blank_word(ahead);
    const auto number = try_i64(word);
    if (!number && word != "-") break;
    last = number.value_or(-1);
    left = ahead;
  }
  if (left.size() == rest.size() || !left.starts_with(" \"")) return false;
  if (last >= 0 && last < kDayInMs) out.duration_ns = last * kNsPerMs;
  rest = left;
  return true;
}

// Request, status, size, referer and agent, which all forms have; `rest` is what stands behind.
bool take_answer(std::string_view& rest, Scratch& scratch, Record& out) {
  std::string_view request;
  if (!take_quoted(rest, scratch.room, request)) return false;
  split_request(request, scratch, out);
  const auto status = try_i64(take_blank_word(rest));
  if (!status || *status < 0 || *status > 999) return false;
  out.status = *status;
  out.written =
      std::max<std::int64_t>(try_i64(unless_dash(take_blank_word(rest))).value_or(-1), -1);
  if (take_counts(rest, out))
    take_quoted(rest, scratch.room, out.agent);
  else if (take_quoted(rest, scratch.room, out.referer))
    take_quoted(rest, scratch.room, out.agent);
  out.referer = unless_dash(out.referer);
  out.agent = unless_dash(out.agent);
  finish_access(rest, scratch, out);
  return true;
}

// "0.005" seconds, three decimals.
std::int64_t nanos_of(std::string_view seconds) {
  const std::size_t dot = seconds.find('.');
  if (dot == std::string_view::npos || dot > 6 || seconds.size() != dot + 4) return -1;
  const auto whole = try_i64(seconds.substr(0, dot)), milli = try_i64(seconds.substr(dot + 1));
  return whole && milli && *whole >= 0 && *milli >= 0 ? (*whole * 1000 + *milli) * 1'000'000 : -1;
}

// Takes "[time]:" and blanks off the head of the Helm chart's line; false: it is no such line.
bool take_front_time(std::string_view& payload, Record& out) {
  if (!payload.starts_with('[')) return true;
  if (!looks_like_time(payload.substr(1))) return false;
  out.time_text = payload.substr(1, kTimeBytes);
  const auto time = try_access_time(out.time_text);
  out.time = time.value_or(kNoTime);
  payload.remove_prefix(kTimeBytes + 2);
  if (payload.starts_with(':')) payload.remove_prefix(1);
  if (payload.starts_with(' ')) payload.remove_prefix(1);
  return time.has_value();
}

bool take_head(std::string_view payload, std::size_t time_at, Record& out) {
  out.remote = payload.substr(0, payload.find(' '));
  const std::size_t user = payload.find(' ', out.remote.size() + 1) + 1;
  if (user + 2 > time_at) return false;
  std::string_view name = payload.substr(user, time_at - 2 - user);
  // Quay's nginx: HOST (HOST) - USER [
  if (payload[out.remote.size() + 1] == '(' && name.starts_with("- ")) name.remove_prefix(2);
  out.user = unless_dash(name);
  out.time_text = payload.substr(time_at, kTimeBytes);
  const auto time = try_access_time(out.time_text);
  out.time = time.value_or(kNoTime);
  return time.has_value();
}

bool begins_with_time(std::string_view payload) {
  return payload.starts_with('[') && looks_like_time(payload.substr(1)) &&
         payload.substr(kTimeBytes + 1).starts_with("] \"");
}

// "METHOD /path HTTP/1.1" status, with or without the first quote.
bool begins_with_request(std::string_view payload) {
  if (payload.starts_with('"')) payload.remove_prefix(1);
  for (const std::string_view method :
       {"GET /", "HEAD /", "PUT /", "POST /", "PATCH /", "DELETE /"})
    if (payload.starts_with(method)) {
      const std::size_t close = payload.find('"');
      const std::string_view proto = " HTTP/";
      if (close == std::string_view::npos || close < method.size() + proto.size() + 3) return false;
      const std::string_view behind = payload.substr(close);
      return payload.substr(close - 9, proto.size()) == proto && behind.size() > 5 &&
             behind[1] == ' ' && behind[2] >= '1' && behind[2] <= '5' && digit(behind[3]) &&
             digit(behind[4]) && behind[5] == ' ';
    }
  return false;
}

}  // namespace

bool access_surely_begins(std::string_view line) {
  const char* const end = line.data() + line.size();
  const char* const host_end = scan::end_of<scan::KeyBytes>(line.data(), end);
  return host_end != line.data() &&
         line.substr(static_cast<std::size_t>(host_end - line.data())).starts_with(" - - [");
}

bool access_begins(std::string_view payload) {
  if (begins_with_time(payload) || begins_with_request(payload)) return true;
  const std::size_t at = time_position(payload);
  return at != std::string_view::npos && payload.substr(at + kTimeBytes).starts_with("] \"");
}

Parsed parse_access(std::string_view payload, Scratch& scratch, Record& out) {
  out = Record{};
  scratch.fields.clear();
  scratch.room.begin(payload.size());
  if (begins_with_time(payload)) {
    out.time_text = payload.substr(1, kTimeBytes);
    const auto time = try_access_time(out.time_text);
    if (!time) return Parsed::not_mine;
    out.time = *time;
    std::string_view answer = payload.substr(kTimeBytes + 2);
    return take_answer(answer, scratch, out) ? Parsed::record : Parsed::not_mine;
  }
  if (begins_with_request(payload)) {
    if (payload.starts_with('"')) payload.remove_prefix(1);
    constexpr std::string_view kQuote = " \"";
    scratch.room.begin(2 * payload.size() + kQuote.size());
    char* const begin = scratch.room.end();
    payload.copy(begin + kQuote.copy(begin, kQuote.size()), payload.size());
    std::string_view answer = scratch.room.keep(payload.size() + kQuote.size());
    return take_answer(answer, scratch, out) ? Parsed::record : Parsed::not_mine;
  }
  const std::size_t time_at = time_position(payload);
  if (!take_head(payload, time_at, out)) return Parsed::not_mine;
  std::string_view rest = payload.substr(time_at + kTimeBytes + 1);
  return take_answer(rest, scratch, out) ? Parsed::record : Parsed::not_mine;
}

bool harbor_access_begins(std::string_view payload) {
  Record record;
  if (!take_front_time(payload, record)) return false;
  const std::size_t host = payload.substr(0, kLongestHost + 1).find(' ');
  return host != 0 && host != std::string_view::npos && payload.substr(host).starts_with(" - \"");
}

Parsed parse_harbor_access(std::string_view payload, Scratch& scratch, Record& out) {
  out = Record{};
  scratch.fields.clear();
  scratch.room.begin(payload.size());
  if (!take_front_time(payload, out)) return Parsed::not_mine;
  out.remote = payload.substr(0, payload.find(' '));
  std::string_view rest = payload.substr(out.remote.size() + 2);
  if (!take_answer(rest, scratch, out)) return Parsed::not_mine;
  out.duration_ns = nanos_of(take_blank_word(rest));
  take_blank_word(rest);  // the upstream's time
  scratch.fields.push_back({"pipe", take_blank_word(rest)});
  out.fields = scratch.fields;
  return Parsed::record;
}

}  // namespace regtriage
