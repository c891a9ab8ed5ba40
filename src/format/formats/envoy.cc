// Envoy's default access line, and Istio's, which has three more parts in the middle:
//
//   [RFC 3339] "METHOD path proto" status flags [details failure] received sent duration
//   upstream-time "forwarded-for" "agent" "request-id" "authority" "upstream" …
//
// The time is when the request came; `sent` is the body alone. What stands behind the agent is kept
// as the field "rest". Sources: Envoy 1.28 documentation, "Default format string"; Istio 1.20
// pilot/pkg/model/telemetry_logging.go EnvoyTextLogFormat.
#include <array>

#include "base/text.h"
#include "format/formats/access_parts.h"
#include "format/formats/formats.h"

namespace regtriage {
namespace {

constexpr std::size_t kTimeBytes = 24;  // "2026-11-25T00:44:16.123Z"

bool is_number(std::string_view word) { return word == "-" || try_i64(word).has_value(); }

// The four numbers before the quoted parts, whatever stands before them.
bool take_numbers(std::string_view& rest, TextRoom& room, std::array<std::string_view, 4>& last) {
  for (int looked = 0; looked < 16 && !rest.empty(); ++looked) {
    std::string_view ahead = rest;
    std::size_t count = 0;
    for (; count < last.size(); ++count) {
      last[count] = take_blank_word(ahead);
      if (!is_number(last[count])) break;
    }
    if (count == last.size() && ahead.starts_with(" \"")) {
      rest = ahead;
      return true;
    }
    std::string_view skipped;
    if (!take_quoted(rest, room, skipped) && take_blank_word(rest).empty()) return false;
  }
  return false;
}

}  // namespace

bool envoy_begins(std::string_view payload) {
  return payload.size() > kTimeBytes + 4 && payload[0] == '[' && payload[11] == 'T' &&
         payload[kTimeBytes] == 'Z' && payload.substr(kTimeBytes + 1).starts_with("] \"");
}

Parsed parse_envoy(std::string_view payload, Scratch& scratch, Record& out) {
  constexpr std::int64_t kNsPerMs = 1'000'000, kDayInMs = 86'400'000;
  out = Record{};
  scratch.fields.clear();
  scratch.room.begin(2 * payload.size());
  out.time_text = payload.substr(1, kTimeBytes);
  const auto time = try_rfc3339(out.time_text);
  if (!time) return Parsed::not_mine;
  out.time = *time;
  std::string_view rest = payload.substr(kTimeBytes + 2), request;
  if (!take_quoted(rest, scratch.room, request)) return Parsed::not_mine;
  split_request(request, scratch, out);
  const auto status = try_i64(take_blank_word(rest));
  if (!status || *status < 0 || *status > 999) return Parsed::not_mine;
  out.status = *status;
  std::array<std::string_view, 4> numbers;
  if (!take_numbers(rest, scratch.room, numbers)) return Parsed::not_mine;
  out.written = try_i64(numbers[1]).value_or(-1);
  const auto ms = try_i64(numbers[2]);
  if (ms && *ms >= 0 && *ms < kDayInMs) out.duration_ns = *ms * kNsPerMs;
  std::string_view forwarded;
  take_quoted(rest, scratch.room, forwarded);
  out.remote = unless_dash(forwarded.substr(0, forwarded.find(',')));
  take_quoted(rest, scratch.room, out.agent);
  out.agent = unless_dash(out.agent);
  finish_access(rest, scratch, out);
  return Parsed::record;
}

}  // namespace regtriage
