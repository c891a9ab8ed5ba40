// One JSON object of one line, its top level as a list. What registries print (one level, no
// \u escapes) is read in one pass by a scanner of our own; simdjson (On-Demand, one parser reused)
// reads all else, and is the scanner's slow twin.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace regtriage {

enum class JsonKind : std::uint8_t { text, number, flag, null, object, array };

// Borrowed: valid until the next read() of the same reader, and as long as what it read.
struct JsonField {
  std::string_view key;
  std::string_view value;  // text: decoded; else as it stands in the line
  JsonKind kind = JsonKind::null;
};

// O(bytes); copies the line once where simdjson reads it (it wants padding). Nested values are not
// looked into, so depth costs nothing; of more than kMaxFields fields the rest is left out. Bytes
// that are no UTF-8 are read as U+FFFD. One thread per reader.
class JsonReader {
 public:
  static constexpr std::size_t kMaxFields = 256;

  JsonReader();
  ~JsonReader();
  JsonReader(JsonReader&&) noexcept;
  JsonReader& operator=(JsonReader&&) noexcept;

  // False unless `text` is one whole object.
  bool read(std::string_view text);
  // Its two ways. The first is false also for what only the second can read; where it is true both
  // give the same fields.
  bool read_flat(std::string_view text);
  bool read_any(std::string_view text);
  std::span<const JsonField> fields() const;
  // The first field of that name, or null.
  const JsonField* find(std::string_view key) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;  // made by the first read
};

// The numbers of a JSON array of bytes ("[116,105]") as text, appended at `out`, which has room for
// array.size() bytes. Returns the count; stops at the first thing that is no byte.
std::size_t bytes_of_json_array(std::string_view array, char* out);

}  // namespace regtriage
