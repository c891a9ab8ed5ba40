// `journalctl -o short-iso` and rsyslog's RFC 3339 file format:
//
//   2026-11-24T23:12:28+0000 node-3 registry[1234]: payload
//
// Source: systemd src/shared/logs-show.c output_short; rsyslog RSYSLOG_FileFormat.
#include "format/envelopes/parts.h"

namespace regtriage {

Peel peel_journal_iso(std::string_view line, PeelContext& context, Envelope& out) {
  std::string_view rest = line, text, tag;
  TimeNs time = kNoTime;
  if (!take_iso_time(rest, time, text)) return Peel::no;
  const std::string_view host = take_word(rest);
  if (host.empty() || host.front() == '[' || !take_tag(rest, tag, false)) return Peel::no;
  out.time = time;
  out.instance = tag;
  out.payload = octal_decoded(rest, context);
  return Peel::yes;
}

}  // namespace regtriage
