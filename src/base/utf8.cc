#include "base/utf8.h"

#include <fmt/format.h>

#include <cstdint>

namespace regtriage {
namespace {

unsigned byte_at(std::string_view text, std::size_t i) {
  return static_cast<unsigned char>(text[i]);
}

bool follows(std::string_view text, std::size_t i) {
  return i < text.size() && (byte_at(text, i) & 0xc0) == 0x80;
}

}  // namespace

std::uint32_t code_point_of(std::string_view text, std::size_t length) {
  if (length == 1) return byte_at(text, 0);
  std::uint32_t value = byte_at(text, 0) & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) value = value << 6 | (byte_at(text, i) & 0x3f);
  return value;
}

bool is_hidden(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || c == 0x61c || c == 0x180e ||
         (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
         (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
         (c >= 0xe0000 && c <= 0xe007f) || (c >= 0xfe00 && c <= 0xfe0f);
}

std::size_t utf8_length(std::string_view text) {
  if (text.empty()) return 0;
  const unsigned c = byte_at(text, 0);
  if (c < 0x80) return 1;
  if (c < 0xc2) return 0;
  if (c < 0xe0) return follows(text, 1) ? 2 : 0;
  if (c < 0xf0) {
    if (!follows(text, 1) || !follows(text, 2)) return 0;
    const unsigned second = byte_at(text, 1);
    if ((c == 0xe0 && second < 0xa0) || (c == 0xed && second > 0x9f)) return 0;
    return 3;
  }
  if (c > 0xf4 || !follows(text, 1) || !follows(text, 2) || !follows(text, 3)) return 0;
  const unsigned second = byte_at(text, 1);
  return (c == 0xf0 && second < 0x90) || (c == 0xf4 && second > 0x8f) ? 0 : 4;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string terminal_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0) {
      out += fmt::format("\\x{:02x}", byte_at(text, 0));
      text.remove_prefix(1);
      continue;
    }
    const std::uint32_t c = code_point_of(text, length);
    if (!is_hidden(c))
      out += text.substr(0, length);
    else
      out += c < 0x100 ? fmt::format("\\x{:02x}", c) : fmt::format("\\u{{{:x}}}", c);
    text.remove_prefix(length);
  }
  return out;
}

}  // namespace regtriage
