#include "format/envelopes/parts.h"

#include <algorithm>

namespace regtriage {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }
bool octal(char c) { return c >= '0' && c <= '7'; }

bool tag_byte(char c) {
  return c > ' ' && c != ':' && c != '[' && c != ']' && c != '"' && c != '=';
}

constexpr std::size_t kLongestTag = 255;

// "#011" at the head of `text`: the byte, or -1. Only control bytes are ever escaped.
int octal_escape(std::string_view text) {
  if (text.size() < 4 || text[0] != '#' || !octal(text[1]) || !octal(text[2]) || !octal(text[3]))
    return -1;
  const int value = (text[1] - '0') * 64 + (text[2] - '0') * 8 + (text[3] - '0');
  return value < 32 || value == 127 ? value : -1;
}

}  // namespace

bool take_iso_time(std::string_view& rest, TimeNs& time, std::string_view& text) {
  if (rest.size() < 20 || rest[10] != 'T') return false;
  std::size_t used = 0;
  const auto found = try_rfc3339_prefix(rest, used);
  if (!found || used >= rest.size() || rest[used] != ' ') return false;
  time = *found;
  text = rest.substr(0, used);
  rest.remove_prefix(used + 1);
  return true;
}

bool take_tag(std::string_view& rest, std::string_view& tag, bool pid_optional) {
  std::size_t at = 0;
  while (at < rest.size() && at < kLongestTag && tag_byte(rest[at])) ++at;
  if (at == 0 || at == rest.size()) return false;
  const std::size_t name = at;
  if (rest[at] == '[') {
    const std::size_t close = rest.substr(at, 32).find(']');
    if (close == std::string_view::npos) return false;
    for (std::size_t i = at + 1; i < at + close; ++i)
      if (!digit(rest[i])) return false;
    at += close + 1;
  } else if (!pid_optional) {
    return false;
  }
  if (at >= rest.size() || rest[at] != ':') return false;
  if (at + 1 < rest.size() && rest[at + 1] != ' ' && name == at) return false;
  tag = rest.substr(0, name);
  rest.remove_prefix(at + 1);
  if (rest.starts_with(' ')) rest.remove_prefix(1);
  return true;
}

std::string_view take_word(std::string_view& rest) {
  const std::size_t end = rest.find(' ');
  if (end == std::string_view::npos) return {};
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return word;
}

bool is_kubernetes_name(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  for (const char c : text)
    if (!((c >= 'a' && c <= 'z') || digit(c) || c == '-' || c == '.')) return false;
  return text.front() != '-' && text.back() != '-' && text.front() != '.' && text.back() != '.';
}

std::string_view text_field(const JsonReader& json, std::string_view key) {
  const JsonField* const field = json.find(key);
  return field && field->kind == JsonKind::text ? field->value : std::string_view();
}

std::string_view nested_text(const JsonReader& json, std::string_view outer, std::string_view inner,
                             PeelContext& context) {
  const JsonField* const field = json.find(outer);
  if (!field || field->kind != JsonKind::object || !context.nested.read(field->value)) return {};
  return text_field(context.nested, inner);
}

std::string_view octal_decoded(std::string_view text, PeelContext& context) {
  if (text.find('#') == std::string_view::npos) return text;
  char* const begin = context.room.end();
  char* out = begin;
  while (!text.empty()) {
    const std::size_t plain = std::min(text.find('#'), text.size());
    out = std::copy_n(text.data(), plain, out);
    text.remove_prefix(plain);
    if (text.empty()) break;
    const int byte = octal_escape(text);
    *out++ = byte < 0 ? '#' : static_cast<char>(byte);
    text.remove_prefix(byte < 0 ? 1 : 4);
  }
  return context.room.keep(static_cast<std::size_t>(out - begin));
}

}  // namespace regtriage
