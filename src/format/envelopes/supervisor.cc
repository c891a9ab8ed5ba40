// supervisord's relay in Quay's container, which names the program and the stream:
//
//   gunicorn-registry stdout | payload
//
// Source: quay conf/init/supervisord_conf_create.py (supervisor-stdout's format), head.
#include "format/envelopes/parts.h"

namespace regtriage {

Peel peel_supervisor(std::string_view line, PeelContext&, Envelope& out) {
  constexpr std::size_t kLongestName = 64;
  const std::size_t blank = line.substr(0, kLongestName).find(' ');
  if (blank == std::string_view::npos || blank == 0) return Peel::no;
  for (const char c : line.substr(0, blank))
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
      return Peel::no;
  std::string_view rest = line.substr(blank + 1);
  if (!rest.starts_with("stdout | ") && !rest.starts_with("stderr | ")) return Peel::no;
  out.stream = rest.substr(0, 6);
  out.payload = rest.substr(9);
  return Peel::yes;
}

}  // namespace regtriage
