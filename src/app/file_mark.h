// A file as it is now, to tell whether it is still the one that was read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace regtriage {

struct FileMark {
  std::uint64_t size = 0;
  std::string fingerprint;  // hash of its first and last bytes and of `how`
};

// `how`: the rules and options that it is read with; other ones read it again. Only plain files
// have a mark. Cost: two small reads.
std::optional<FileMark> try_file_mark(const std::string& path, std::string_view how);

}  // namespace regtriage
