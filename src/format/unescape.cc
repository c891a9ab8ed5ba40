#include "format/unescape.h"

#include <cstring>

#include "base/scan.h"

namespace regtriage {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// `count` hex digits at `at`; -1 if one is missing.
std::int64_t hex_at(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return -1;
  std::int64_t value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    const int digit = hex_digit(text[i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

std::size_t put_utf8(char* out, std::int64_t rune) {
  if (rune > 0x10FFFF || (rune >= 0xD800 && rune < 0xE000)) rune = 0xFFFD;
  if (rune < 0x80) {
    out[0] = static_cast<char>(rune);
    return 1;
  }
  const std::size_t length = rune < 0x800 ? 2 : rune < 0x10000 ? 3 : 4;
  for (std::size_t i = length - 1; i > 0; --i, rune >>= 6)
    out[i] = static_cast<char>(0x80 | (rune & 0x3F));
  constexpr int kLead[] = {0, 0, 0xC0, 0xE0, 0xF0};
  out[0] = static_cast<char>(kLead[length] | rune);
  return length;
}

int letter_of(char escape) {
  constexpr std::string_view kEscapes = "abfnrtv\\\"'";
  constexpr std::string_view kLetters = "\a\b\f\n\r\t\v\\\"'";
  const std::size_t at = kEscapes.find(escape);
  return at == std::string_view::npos ? -1 : kLetters[at];
}

struct Escape {
  std::size_t read = 0;  // bytes of the escape, with its backslash; 0 = none of ours
  std::size_t written = 0;
};

Escape decode(std::string_view text, char* out) {
  if (text.size() < 2) return {};
  if (const int letter = letter_of(text[1]); letter >= 0) {
    out[0] = static_cast<char>(letter);
    return {2, 1};
  }
  const std::size_t digits = text[1] == 'x' ? 2 : text[1] == 'u' ? 4 : text[1] == 'U' ? 8 : 0;
  const std::int64_t value = digits == 0 ? -1 : hex_at(text, 2, digits);
  if (value < 0) return {};
  if (digits > 2) return {digits + 2, put_utf8(out, value)};
  out[0] = static_cast<char>(value);
  return {4, 1};
}

}  // namespace

std::string_view unescaped(std::string_view text, TextRoom& room, bool& strict) {
  char* const begin = room.end();
  char* out = begin;
  while (!text.empty()) {
    const void* const slash = std::memchr(text.data(), '\\', text.size());
    const std::size_t plain =
        slash ? static_cast<std::size_t>(static_cast<const char*>(slash) - text.data())
              : text.size();
    std::memcpy(out, text.data(), plain);
    out += plain;
    text.remove_prefix(plain);
    if (text.empty()) break;
    const Escape escape = decode(text, out);
    if (escape.read == 0) {
      strict = false;
      *out++ = '\\';
    }
    out += escape.written;
    text.remove_prefix(escape.read == 0 ? 1 : escape.read);
  }
  return room.keep(static_cast<std::size_t>(out - begin));
}

std::size_t end_of_quoted(std::string_view text, std::size_t begin, bool& escaped) {
  escaped = false;
  const char* const end = text.data() + text.size();
  for (const char* at = text.data() + begin;;) {
    at = find_either(at, end, '"', '\\');
    if (at == end) return std::string_view::npos;
    if (*at == '"') return static_cast<std::size_t>(at - text.data());
    escaped = true;
    if (end - at < 2) return std::string_view::npos;
    at += 2;  // whatever it is, the backslash escapes it
  }
}

}  // namespace regtriage
