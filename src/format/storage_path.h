// What a path of the registry's storage holds. The layout is the same on every driver.
//
//   [ROOT/]docker/registry/v2/blobs/ALG/HH/HEX/data
//   …/repositories/NAME/_layers/ALG/HEX/link            …/_manifests/revisions/ALG/HEX/link
//   …/repositories/NAME/_manifests/tags/TAG/current/link    …/TAG/index/ALG/HEX/link
//
// A listing of a folder inside prints the rest only ("sha256/HH/HEX/data", "NAME/_layers/…").
// Source: distribution registry/storage/paths.go v2.8.3 and v3.1.1.
#pragma once

#include <string_view>

namespace regtriage {

// Borrowed from the path.
struct StoredPath {
  std::string_view what;  // "blob data", "layer link", "revision link", "tag link", "tag entry";
                          // empty: a path of the layout that no answer needs
  std::string_view
      root;             // what stands before docker/registry/v2, as printed; empty if nothing does
  bool rooted = false;  // docker/registry/v2 is in the path, so `root` is known
  std::string_view repository, tag;
  std::string_view algorithm, hex;
};

// False: no path of the layout. O(bytes).
bool read_stored_path(std::string_view path, StoredPath& out);

}  // namespace regtriage
