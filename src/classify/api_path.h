// The paths of the distribution API, split by hand.
// Source of the routes: OCI distribution-spec 1.1.1 "Endpoints"; distribution
// registry/api/v2/descriptors.go v2.8.3 (the router's patterns); the shape of a name:
// reference/regexp.go v2.8.3.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/words.h"

namespace regtriage {

// Borrowed: views into the text that was split, or into `Scratch` where escapes were decoded.
struct ApiPath {
  Route route = Route::none;  // `other`: a path, but none that a registry's router knows
  std::string_view repository;
  std::string_view reference;  // manifest: tag or digest; blob, referrers: digest
  std::string_view upload;     // upload: the id in the path (a UUID, or another product's own form)
  std::string_view path;       // decoded, without query
  std::string_view query;      // without '?', still encoded
  bool sub_path = false;       // something stands before /v2 (a deployment under a path)
  bool artifact = false;       // `other`: an artifact or a tag of one in Harbor's own API, or a
                               // blob in that of its registryctl (no repository)
};

// Splits the target of a request: "/v2/…?…", or an absolute URL. Names are split from the right,
// because a component of a name may be called "blobs", "manifests", "uploads" or "tags". `decoded`
// is written only where the path holds an escape. Pure, total, O(bytes); never fails: what is no
// path of the API is Route::other, an empty text Route::none.
ApiPath split_api_path(std::string_view target, std::string& decoded);

// A repository's name as the router accepts it: lower-case components joined by '/', the first one
// may look like a host. At most 255 bytes.
bool is_repository_name(std::string_view name);
// [A-Za-z0-9_][A-Za-z0-9._-]{0,127}
bool is_tag(std::string_view text);
// "algorithm:hex", any algorithm; what a router lets through as a digest (it may still be invalid).
bool looks_like_digest(std::string_view text);

}  // namespace regtriage
