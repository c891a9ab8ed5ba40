// What a parser reuses from line to line, so that the hot path allocates nothing.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "format/json_reader.h"
#include "model/record.h"

namespace regtriage {

// One key=value pair of a text record as it stands in the line.
struct Pair {
  std::string_view key;
  std::string_view value;  // without its quotes, not unescaped
  bool quoted = false;
  bool escaped = false;       // holds a backslash; only set where the grammar escapes
  std::uint32_t ordinal = 0;  // which pair of the line; a gap means that pairs between were dropped
};

// Room for decoded text. Decoding never makes text longer, so one line's worth (and kSlack for one
// value that is decoded twice) is enough and nothing moves while a line's views live.
class TextRoom {
 public:
  static constexpr std::size_t kSlack = 256;

  void begin(std::size_t line_bytes) {
    used_ = 0;
    if (line_bytes + kSlack > size_) grow(line_bytes + kSlack);
  }
  char* end() { return bytes_.get() + used_; }
  // Keeps what was written at end().
  std::string_view keep(std::size_t bytes) {
    const std::string_view kept(bytes_.get() + used_, bytes);
    used_ += bytes;
    return kept;
  }

 private:
  void grow(std::size_t bytes) {
    size_ = bytes + bytes / 2;
    bytes_ = std::make_unique<char[]>(size_);
  }
  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0, used_ = 0;
};

struct Scratch {
  std::vector<Pair> pairs;
  std::vector<Field> fields;
  TextRoom room;
  JsonReader json;                 // the line
  JsonReader body, error, detail;  // an OCI body in it, the body's first error, that one's detail
};

}  // namespace regtriage
