// A time in brackets before a line: Jenkins' Timestamper and other build servers.
//
//   [2022-11-30T17:34:07.847Z] payload
//
// Source: jenkinsci/timestamper-plugin, format "'['yyyy-MM-dd'T'HH:mm:ss.SSS'Z]'".
#include "format/envelopes/parts.h"

namespace regtriage {

Peel peel_bracket_time(std::string_view line, PeelContext&, Envelope& out) {
  const std::size_t close = line.substr(0, 48).find("] ");
  if (close == std::string_view::npos || close < 21 || line[11] != 'T') return Peel::no;
  const auto time = try_rfc3339(line.substr(1, close - 1));
  if (!time || line.substr(close + 2).starts_with('"')) return Peel::no;  // Envoy's own line
  out.time = *time;
  out.payload = line.substr(close + 2);
  return Peel::yes;
}

}  // namespace regtriage
