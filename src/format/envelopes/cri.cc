// The container runtime interface's log line, as containerd and CRI-O write it under /var/log/pods:
//
//   2026-11-24T23:12:28.048912104Z stdout F payload       (P: the line goes on in the next of this
//   stream)
//
// Which pod it was stands in the file's path only. Source: kubernetes
// pkg/kubelet/kuberuntime/logs/logs.go parseCRILog.
#include "format/envelopes/parts.h"

namespace regtriage {

Peel peel_cri(std::string_view line, PeelContext&, Envelope& out) {
  std::string_view rest = line, text;
  TimeNs time = kNoTime;
  if (!take_iso_time(rest, time, text)) return Peel::no;
  const std::string_view stream = take_word(rest);
  if (stream != "stdout" && stream != "stderr") return Peel::no;
  // Tags are separated by colons and the first one is P or F; a line without content may end behind
  // them.
  const std::size_t end = std::min(rest.find(' '), rest.size());
  const std::string_view tags = rest.substr(0, end);
  const std::string_view first = tags.substr(0, tags.find(':'));
  if (first != "P" && first != "F") return Peel::no;
  out.stream = stream;
  out.time = time;
  out.part = first == "P" ? Envelope::Part::partial : Envelope::Part::whole;
  out.payload = rest.substr(std::min(end + 1, rest.size()));
  return Peel::yes;
}

}  // namespace regtriage
