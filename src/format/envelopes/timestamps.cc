// What `kubectl logs --timestamps` and `docker logs --timestamps` put before a line:
//
//   2026-11-24T23:12:28.048912104Z payload
//
// The time always has a fraction (Go's RFC3339Nano of a clock that has one), unlike the lines of
// Harbor's own programs, which begin with a time, too. Source: kubernetes
// pkg/kubelet/kuberuntime/logs; moby daemon/logs.go.
#include "format/envelopes/parts.h"
#include "format/formats/formats.h"

namespace regtriage {

Peel peel_timestamps(std::string_view line, PeelContext&, Envelope& out) {
  if (elb_begins(line)) return Peel::no;  // the time is its own
  std::string_view rest = line, text;
  TimeNs time = kNoTime;
  if (!take_iso_time(rest, time, text) || text[19] != '.') return Peel::no;
  out.time = time;
  out.payload = rest;
  return Peel::yes;
}

}  // namespace regtriage
