// Writes JSON into a string: commas, escapes and valid UTF-8 are its business, the shape is the
// caller's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace regtriage {

// Bytes that are no UTF-8 come out as U+FFFD; a caller that must not lose them writes NAME_hex
// beside (field() does so by itself). `indent` 0 writes one line. Appends to `out`, which must
// outlive the writer.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out, int indent = 0) : out_(out), indent_(indent) {}

  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);
  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(std::int64_t number);
  JsonWriter& value(std::uint64_t number);
  JsonWriter& value(int number) { return value(static_cast<std::int64_t>(number)); }
  JsonWriter& value(double number);
  JsonWriter& value(bool flag);
  JsonWriter& null();
  // key + value; for text that is not UTF-8 also NAME_hex with all its bytes.
  JsonWriter& field(std::string_view name, std::string_view text);
  template <class T>
  JsonWriter& field(std::string_view name, T v) {
    return key(name).value(v);
  }
  JsonWriter& null_field(std::string_view name) { return key(name).null(); }

 private:
  void before_value();
  void line_break();

  std::string& out_;
  int indent_;
  std::vector<bool> has_items_;  // one per open container
  bool after_key_ = false;
};

// Appends `text` as a JSON string with quotes. Returns false if bytes had to be replaced.
bool append_json_string(std::string& out, std::string_view text);

}  // namespace regtriage
