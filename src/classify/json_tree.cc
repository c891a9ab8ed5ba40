#include "classify/json_tree.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>

namespace regtriage {
namespace {

namespace od = simdjson::ondemand;

constexpr std::size_t kMaxBytes = 4 << 20;
constexpr int kMaxDepth = 16;
constexpr std::size_t kMaxValues = 200'000;

// Walks simdjson's cursor once and copies what it meets. `fault_` keeps the first error.
class Builder {
 public:
  Builder(std::string_view text, const char* begin) : text_(text), begin_(begin) {}

  bool build(od::value value, JsonNode& out, int depth) {
    if (depth > kMaxDepth) return stop(out.offset, "nested more than 16 levels deep");
    if (++values_ > kMaxValues) return stop(out.offset, "more than 200000 values");
    out.offset = offset_of(value.raw_json_token());
    od::json_type type{};
    if (value.type().get(type)) return stop(out.offset, "not JSON");
    switch (type) {
      case od::json_type::object:
        return build_object(value, out, depth);
      case od::json_type::array:
        return build_array(value, out, depth);
      case od::json_type::string:
        return build_text(value, out);
      default:
        return build_scalar(value, type, out);
    }
  }

  bool stop(std::size_t offset, std::string why) {
    if (why_.empty()) {
      why_ = std::move(why);
      at_ = offset;
    }
    return false;
  }
  std::size_t at() const { return at_; }
  const std::string& why() const { return why_; }

 private:
  std::size_t offset_of(std::string_view token) const {
    const auto distance = token.data() - begin_;
    if (distance < 0) return 0;
    return std::min(static_cast<std::size_t>(distance), text_.size());
  }

  bool build_object(od::value value, JsonNode& out, int depth) {
    out.type = JsonNode::Type::object;
    od::object object;
    if (value.get_object().get(object)) return stop(out.offset, "not a JSON object");
    for (auto member : object) {
      od::field field;
      if (std::move(member).get(field)) return stop(last_, "not JSON after this");
      std::string_view key;
      if (field.unescaped_key().get(key)) return stop(last_, "a key that is no text");
      od::value child = field.value();
      JsonNode node;
      node.offset = last_ = offset_of(child.raw_json_token());
      std::string name(key);
      if (out.find(name) != nullptr) return stop(node.offset, fmt::format("key '{}' twice", name));
      if (!build(child, node, depth + 1)) return false;
      out.members.push_back({std::move(name), std::move(node)});
    }
    return true;
  }

  bool build_array(od::value value, JsonNode& out, int depth) {
    out.type = JsonNode::Type::array;
    od::array array;
    if (value.get_array().get(array)) return stop(out.offset, "not a JSON array");
    for (auto item : array) {
      od::value child;
      // get() is there for rvalues only.  NOLINTNEXTLINE(performance-move-const-arg)
      if (std::move(item).get(child)) return stop(last_, "not JSON after this");
      JsonNode node;
      node.offset = last_ = offset_of(child.raw_json_token());
      if (!build(child, node, depth + 1)) return false;
      out.items.push_back(std::move(node));
    }
    return true;
  }

  bool build_text(od::value value, JsonNode& out) {
    out.type = JsonNode::Type::text;
    std::string_view text;
    if (value.get_string().get(text)) return stop(out.offset, "a text with a wrong escape");
    out.text = text;
    return true;
  }

  bool build_scalar(od::value value, od::json_type type, JsonNode& out) {
    std::string_view token = value.raw_json_token();
    while (!token.empty() &&
           std::string_view(" \t\r\n").find(token.back()) != std::string_view::npos)
      token.remove_suffix(1);
    out.text = token;
    bool flag = false;
    double number = 0;
    if (type == od::json_type::boolean) {
      out.type = JsonNode::Type::boolean;
      if (value.get_bool().get(flag)) return stop(out.offset, "neither true nor false");
    } else if (type == od::json_type::number) {
      out.type = JsonNode::Type::number;
      if (value.get_double().get(number)) return stop(out.offset, "not a number");
    } else {
      bool is_null = false;
      if (value.is_null().get(is_null) || !is_null) return stop(out.offset, "not JSON");
    }
    return true;
  }

  std::string_view text_;
  const char* begin_;
  std::size_t last_ = 0;
  std::size_t values_ = 0;
  std::size_t at_ = 0;
  std::string why_;
};

tl::unexpected<Error> fault(std::string_view text, std::string_view name, std::size_t at,
                            std::string_view why) {
  return fail(ErrorCode::usage, fmt::format("{}: {}", place_of(text, at, name), why),
              "a pattern file is one JSON object; see schemas/patterns-1.schema.json");
}

}  // namespace

const JsonNode* JsonNode::find(std::string_view key) const {
  for (const auto& [name, node] : members)
    if (name == key) return &node;
  return nullptr;
}

std::string place_of(std::string_view text, std::size_t offset, std::string_view name) {
  const std::string_view before = text.substr(0, offset);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t line_start = before.rfind('\n');
  const std::size_t column =
      line_start == std::string_view::npos ? before.size() : before.size() - line_start - 1;
  return fmt::format("{}:{}:{}", name, lines + 1, column + 1);
}

Result<JsonNode> parse_json(std::string_view text, std::string_view name) {
  if (text.size() > kMaxBytes)
    return fail(ErrorCode::usage, fmt::format("{}: larger than 4 MiB", name));
  const simdjson::padded_string padded(text);
  od::parser parser;
  od::document document;
  if (const auto error = parser.iterate(padded).get(document))
    return fault(text, name, 0, simdjson::error_message(error));
  Builder builder(text, padded.data());
  JsonNode root;
  od::value value;
  // A document that is one bare scalar is no value to simdjson; it is no pattern file to us.
  if (document.get_value().get(value)) return fault(text, name, 0, "not a JSON object");
  if (!builder.build(value, root, 0)) return fault(text, name, builder.at(), builder.why());
  const char* rest = nullptr;
  if (!document.current_location().get(rest) && rest < padded.data() + padded.size())
    return fault(text, name, static_cast<std::size_t>(rest - padded.data()),
                 "text after the JSON object");
  return root;
}

}  // namespace regtriage
