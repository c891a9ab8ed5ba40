// Which keys that tell one kind of JSON line from another stand in a line: one look at each `":`,
// for most lines have none of them. In a value the same bytes would stand with a backslash before
// the quote, so a line without the key has none of it at any depth.
#pragma once

#include <cstdint>
#include <string_view>

namespace regtriage {

enum class JsonKey : std::uint8_t {
  log,
  MESSAGE,
  line,
  message,
  agent,
  input,
  metadata,  // "@metadata"
  logtag,
  p,          // "_p"
  timestamp,  // "@timestamp"
  version,    // "@version"
  count_
};

class JsonKeys {
 public:
  // O(bytes).
  static JsonKeys of(std::string_view line);
  bool has(JsonKey key) const { return (bits_ >> static_cast<unsigned>(key) & 1U) != 0; }
  template <class... Keys>
  bool has_any(Keys... keys) const {
    return (has(keys) || ...);
  }

 private:
  std::uint32_t bits_ = 0;
};

}  // namespace regtriage
