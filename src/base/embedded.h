// Files of the repository that live inside the program (made by embed.cmake at build time).
#pragma once

#include <span>
#include <string_view>

namespace regtriage {

struct EmbeddedFile {
  std::string_view name;  // "patterns/distribution.json"
  std::string_view text;
};
std::span<const EmbeddedFile> embedded_files();  // sorted by name within a folder

}  // namespace regtriage
