#include "format/unescape.h"

#include <array>

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

// What a letter behind a backslash stands for; 0: none of ours.
constexpr auto kLetters = [] {
  constexpr std::string_view kEscapes = "abfnrtv\\\"'";
  constexpr std::string_view kMeant = "\a\b\f\n\r\t\v\\\"'";
  std::array<char, 256> letters{};
  for (std::size_t i = 0; i < kEscapes.size(); ++i)
    letters[static_cast<unsigned char>(kEscapes[i])] = kMeant[i];
  return letters;
}();

struct Escape {
  std::size_t read = 0;  // bytes of the escape, with its backslash; 0 = none of ours
  std::size_t written = 0;
};

Escape decode(std::string_view text, char* out) {
  if (text.size() < 2) return {};
  if (const char letter = kLetters[static_cast<unsigned char>(text[1])]; letter != 0) {
    out[0] = letter;
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
    const char* const slash = copy_until(text.data(), text.data() + text.size(), '\\', out);
    text.remove_prefix(static_cast<std::size_t>(slash - text.data()));
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
  const char* const quote = find_closing_quote(text.data() + begin, end, escaped);
  return quote == end ? std::string_view::npos : static_cast<std::size_t>(quote - text.data());
}

}  // namespace regtriage
