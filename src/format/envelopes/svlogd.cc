// runit's svlogd, which keeps the logs of GitLab's Omnibus package
// (/var/log/gitlab/registry/current):
//
//   2021-12-22_08:58:15.41234 payload
//
// UTC. Source: runit src/svlogd.c, fmt_ptime.c (option -tt; Omnibus: -tt since 1.0).
#include "format/envelopes/parts.h"

namespace regtriage {

Peel peel_svlogd(std::string_view line, PeelContext& context, Envelope& out) {
  constexpr std::size_t kSeconds = 19;  // "2021-12-22_08:58:15"
  if (line.size() <= kSeconds + 1 || line[4] != '-' || line[10] != '_' || line[13] != ':')
    return Peel::no;
  const std::size_t end = line.find(' ');
  if (end == std::string_view::npos || end < kSeconds || end > kSeconds + 10) return Peel::no;
  char* const text = context.room.end();
  line.copy(text, end);
  text[10] = 'T';
  text[end] = 'Z';
  const auto time = try_rfc3339({text, end + 1});
  if (!time) return Peel::no;
  out.time = *time;
  out.payload = line.substr(end + 1);
  return Peel::yes;
}

}  // namespace regtriage
