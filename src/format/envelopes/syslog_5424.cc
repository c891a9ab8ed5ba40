// RFC 5424:  <30>1 2026-11-24T23:12:28.048912Z host registry 1234 - - payload
//
// APP-NAME is the instance. Structured data is stepped over; a byte order mark before the message
// goes. Source: RFC 5424 §6; rsyslog RSYSLOG_SyslogProtocol23Format (Harbor's external endpoint).
#include "format/envelopes/parts.h"

namespace regtriage {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

// Takes "<30>1 " off the head.
bool take_head(std::string_view& rest) {
  std::size_t at = 1;
  while (at < rest.size() && at < 4 && digit(rest[at])) ++at;
  if (at == 1 || !rest.substr(at).starts_with(">1 ")) return false;
  rest.remove_prefix(at + 3);
  return true;
}

// Takes one "[id name="value" …]" off the head. Inside of a value \" \\ and \] are escaped.
bool take_element(std::string_view& rest) {
  bool quoted = false;
  for (std::size_t at = 1; at < rest.size(); ++at) {
    if (quoted && rest[at] == '\\')
      ++at;
    else if (rest[at] == '"')
      quoted = !quoted;
    else if (!quoted && rest[at] == ']') {
      rest.remove_prefix(at + 1);
      return true;
    }
  }
  return false;
}

bool take_structured_data(std::string_view& rest) {
  if (rest.starts_with('-')) {
    rest.remove_prefix(1);
  } else {
    if (!rest.starts_with('[')) return false;
    while (rest.starts_with('['))
      if (!take_element(rest)) return false;
  }
  if (!rest.empty() && rest.front() != ' ') return false;
  if (!rest.empty()) rest.remove_prefix(1);
  return true;
}

}  // namespace

Peel peel_syslog_5424(std::string_view line, PeelContext& context, Envelope& out) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  std::string_view rest = line;
  if (!rest.starts_with('<') || !take_head(rest)) return Peel::no;
  const std::string_view time = take_word(rest), host = take_word(rest), app = take_word(rest);
  const std::string_view process = take_word(rest), message_id = take_word(rest);
  if (host.empty() || app.empty() || process.empty() || message_id.empty()) return Peel::no;
  out.time = try_rfc3339(time).value_or(kNoTime);
  if (out.time == kNoTime && time != "-") return Peel::no;
  if (!take_structured_data(rest)) return Peel::no;
  if (rest.starts_with(kByteOrderMark)) rest.remove_prefix(kByteOrderMark.size());
  out.instance = app == "-" ? std::string_view() : app;
  out.payload = octal_decoded(rest, context);
  return Peel::yes;
}

}  // namespace regtriage
