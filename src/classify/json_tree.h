// A small JSON document with positions, for files that people write: an error must name the line
// and the column. Owned; simdjson is the parser and does not show.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace regtriage {

struct JsonMember;

struct JsonNode {
  enum class Type { null, boolean, number, text, array, object } type = Type::null;
  std::string text;                 // a string's value, decoded; a number, true or false as written
  std::vector<JsonNode> items;      // array
  std::vector<JsonMember> members;  // object, in order, keys unique
  std::size_t offset = 0;           // of the value's first byte

  const JsonNode* find(std::string_view key) const;
};

struct JsonMember {
  std::string key;
  JsonNode value;
};

// Bounds: 4 MiB of text, 16 levels, 200,000 values. Errors name `name`, line and column. O(bytes).
Result<JsonNode> parse_json(std::string_view text, std::string_view name);

// "name:line:column", both from 1; columns count bytes.
std::string place_of(std::string_view text, std::size_t offset, std::string_view name);

}  // namespace regtriage
