// `kubectl logs --prefix`: [pod/POD/CONTAINER] payload. The pod is the instance.
// Source: kubernetes/kubectl pkg/cmd/logs/logs.go addPrefixIfNeeded.
#include "format/envelopes/parts.h"

namespace regtriage {

Peel peel_kubectl_prefix(std::string_view line, PeelContext&, Envelope& out) {
  constexpr std::string_view kHead = "[pod/";
  constexpr std::size_t kLongest = 600;
  if (!line.starts_with(kHead)) return Peel::no;
  const std::size_t close = line.substr(0, kLongest).find(']');
  if (close == std::string_view::npos) return Peel::no;
  const std::string_view names = line.substr(kHead.size(), close - kHead.size());
  const std::string_view pod = names.substr(0, names.find('/'));
  if (pod.size() == names.size() || !is_kubernetes_name(pod)) return Peel::no;
  out.instance = pod;
  out.payload = line.substr(close + 1);
  if (out.payload.starts_with(' ')) out.payload.remove_prefix(1);
  return Peel::yes;
}

}  // namespace regtriage
