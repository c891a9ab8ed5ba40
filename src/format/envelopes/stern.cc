// stern's default output: POD CONTAINER payload, or with --all-namespaces NAMESPACE POD CONTAINER
// payload.
//
// Nothing but blanks marks it, so a line is stern's only if what remains begins a record, or if the
// first word has the form that Kubernetes gives to a pod (a name with a hash or an ordinal behind
// it), which continuation lines need. Source: stern/stern cmd/cmd.go default templates v1.28.
#include "format/envelopes/parts.h"

namespace regtriage {
namespace {

// "-7c9d5f6b84-x2k4q" (ReplicaSet), "-x2k4q" with a hash of five (DaemonSet, Job) or "-0"
// (StatefulSet) at the end.
bool has_pod_suffix(std::string_view name) {
  const std::size_t dash = name.rfind('-');
  if (dash == std::string_view::npos || dash == 0) return false;
  const std::string_view last = name.substr(dash + 1);
  bool digits = !last.empty() && last.size() <= 4;
  bool hash = last.size() == 5;
  for (const char c : last) {
    digits = digits && c >= '0' && c <= '9';
    // The letters that Kubernetes uses for random names: no vowels, nothing that looks alike.
    hash =
        hash && std::string_view("bcdfghjklmnpqrstvwxz2456789").find(c) != std::string_view::npos;
  }
  return digits || hash;
}

}  // namespace

Peel peel_stern(std::string_view line, PeelContext&, Envelope& out) {
  std::string_view rest = line;
  const std::string_view first = take_word(rest);
  if (!is_kubernetes_name(first)) return Peel::no;
  const std::string_view second = take_word(rest);
  if (!is_kubernetes_name(second)) return Peel::no;
  if (starts_record(rest) || (has_pod_suffix(first) && first.size() > second.size())) {
    out.instance = first;
    out.payload = rest;
    return Peel::yes;
  }
  const std::string_view third = take_word(rest);
  if (!is_kubernetes_name(third) || !starts_record(rest)) return Peel::no;
  out.instance = second;
  out.payload = rest;
  return Peel::yes;
}

}  // namespace regtriage
