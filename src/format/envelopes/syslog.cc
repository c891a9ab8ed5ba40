// RFC 3164 lines: as rsyslog's traditional file format has them (Harbor's log container), as
// `journalctl` prints by default, and as docker's syslog driver sends them.
//
//   Nov 24 23:12:28 172.18.0.1 registry[1234]: payload        <30>Nov 24 23:12:28 registry[1234]:
//   payload
//
// No year, no zone: both are options, and without a year there is no time. The tag is the instance;
// the host is a gateway's address as often as not. rsyslog writes control bytes as #ooo and
// repeated lines as "message repeated N times: [ payload]". Sources: RFC 3164 §4; rsyslog
// RSYSLOG_TraditionalFileFormat, escapeControlCharactersOnReceive; systemd logs-show.c; moby
// daemon/logger/syslog.
#include "base/text.h"
#include "format/envelopes/parts.h"

namespace regtriage {
namespace {

constexpr std::size_t kTimeBytes = 15;  // "Nov 24 23:12:28"

bool digit(char c) { return c >= '0' && c <= '9'; }

bool has_time(std::string_view text) {
  return text.size() > kTimeBytes && text[3] == ' ' && text[6] == ' ' && text[9] == ':' &&
         text[12] == ':' && (text[kTimeBytes] == ' ' || text[kTimeBytes] == '.') &&
         digit(text[5]) && text[0] >= 'A' && text[0] <= 'S';
}

// "Apr 6 11:46:40 " with one blank before a day of one digit, as pages and shells leave it that
// fold blanks: the padded form of the head, in `padded`.
bool has_folded_time(std::string_view text, char (&padded)[kTimeBytes + 2]) {
  if (text.size() <= kTimeBytes || text[3] != ' ' || !digit(text[4]) || text[5] != ' ')
    return false;
  text.copy(padded, 4);
  padded[4] = ' ';
  text.substr(4).copy(padded + 5, kTimeBytes - 4);
  return has_time({padded, kTimeBytes + 1});
}

// Takes ".123456 " or " " off the head; the fraction in nanoseconds, -1 if the form is another.
TimeNs take_fraction(std::string_view& rest) {
  TimeNs fraction = 0, unit = kSecond;
  std::size_t at = 0;
  if (rest.starts_with('.')) {
    for (at = 1; at < rest.size() && digit(rest[at]); ++at) {
      unit /= 10;
      fraction += (rest[at] - '0') * unit;
    }
  }
  if (at >= rest.size() || rest[at] != ' ') return -1;
  rest.remove_prefix(at + 1);
  return fraction;
}

// Takes "<30>" off the head.
void take_priority(std::string_view& rest) {
  if (!rest.starts_with('<')) return;
  std::size_t at = 1;
  while (at < rest.size() && at < 4 && digit(rest[at])) ++at;
  if (at > 1 && at < rest.size() && rest[at] == '>') rest.remove_prefix(at + 1);
}

// "last message repeated 3 times", which names no line: BSD syslogd and rsyslog's older form
// (rsyslog action.c, RepeatedMsgContainsOriginalMsg off).
bool only_repeats(std::string_view text) {
  return text.starts_with("last message repeated ") && text.size() < 64 && text.ends_with(" times");
}

std::string_view without_repetition(std::string_view payload) {
  if (only_repeats(payload)) return {};
  constexpr std::string_view kHead = "message repeated ";
  if (!payload.starts_with(kHead) || !payload.ends_with(']')) return payload;
  const std::size_t inner = payload.substr(0, 48).find(" times: [");
  if (inner == std::string_view::npos) return payload;
  payload = payload.substr(inner + 9);
  payload.remove_suffix(1);
  if (payload.starts_with(' ')) payload.remove_prefix(1);
  return payload;
}

}  // namespace

Peel peel_syslog(std::string_view line, PeelContext& context, Envelope& out) {
  constexpr int kLeapYear = 2000;  // any day of any year has a place in it
  std::string_view rest = line;
  take_priority(rest);
  char padded[kTimeBytes + 2];
  const bool folded = !has_time(rest) && has_folded_time(rest, padded);
  if (!folded && !has_time(rest)) return Peel::no;
  const std::string_view time =
      folded ? std::string_view(padded, kTimeBytes) : rest.substr(0, kTimeBytes);
  if (!try_syslog_time(time, kLeapYear, 0)) return Peel::no;
  rest.remove_prefix(folded ? kTimeBytes - 1 : kTimeBytes);
  const TimeNs fraction = take_fraction(rest);
  if (fraction < 0) return Peel::no;
  std::string_view tag;
  if (!take_tag(rest, tag, true)) {  // a host stands first
    if (take_word(rest).empty()) return Peel::no;
    if (!only_repeats(rest) && !take_tag(rest, tag, true)) return Peel::no;
  }
  const auto second = try_syslog_time(time, context.options.year, context.options.zone_offset_s);
  if (second) out.time = *second + fraction;
  out.instance = tag;
  out.payload = octal_decoded(without_repetition(rest), context);
  return Peel::yes;
}

}  // namespace regtriage
