// What a registry's own words for a failure mean: its store, its upstream, or a client that left.
// Source: the drivers' and upstream errors that distribution v2.8.3 passes on (registry/storage,
// registry/proxy).
#pragma once

#include <string_view>

namespace regtriage {

// An upstream or storage text in the detail of a 5xx.
enum class Trouble {
  none,
  access_denied,
  full,
  upstream_unreachable,
  upstream_limited,
  upstream_other,
  upload_path,
  stale_stat,
  manifest,     // the manifest itself is refused
  broken_file,  // a file of the storage is there and cannot be used
  client_gone,
  storage
};
// `proxy`: the registry is a pull-through cache, so unknown hosts are its upstream. Pure, O(bytes).
Trouble trouble_of(std::string_view detail, bool proxy);

}  // namespace regtriage
