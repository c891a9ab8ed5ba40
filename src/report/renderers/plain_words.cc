#include "report/renderers/plain_words.h"

#include <algorithm>

namespace regtriage {
namespace {

constexpr std::string_view kBefore = " (", kAfter = ".,;:?)";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Runs of `is_part` with one of `joints` between two of them.
bool is_joined(std::string_view word, bool (*is_part)(char), std::string_view joints) {
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (is_part(word[i])) continue;
    const bool between =
        i > 0 && i + 1 < word.size() && is_part(word[i - 1]) && is_part(word[i + 1]);
    if (!between || joints.find(word[i]) == std::string_view::npos) return false;
  }
  return true;
}

bool is_plain(std::string_view word) {
  return is_joined(word, is_letter, "-'") || is_joined(word, is_digit, ",.:-");
}

// "`redis.db`" at the head of `text` with its backticks, or empty.
std::string_view quoted_head(std::string_view text) {
  if (text.empty() || text[0] != '`') return {};
  const std::size_t end = text.find('`', 1);
  return end == std::string_view::npos || end == 1 ? std::string_view() : text.substr(0, end + 1);
}

// A code span that touches another one would make one of both, with other borders.
void append_apart(std::string& out, const std::string& piece) {
  if (!out.empty() && kBefore.find(out.back()) == std::string_view::npos) out += ' ';
  out += piece;
}

std::string encoded_word(std::string_view word, std::string (*encode)(std::string_view)) {
  const std::size_t end = word.find_last_not_of(kAfter) + 1;  // npos + 1 = 0
  const std::string_view middle = word.substr(0, end);
  std::string out = is_plain(middle) ? std::string(middle) : encode(middle);
  out += word.substr(end);
  return out;
}

}  // namespace

std::string with_plain_words(std::string_view text, std::string (*encode)(std::string_view)) {
  std::string out;
  while (!text.empty()) {
    if (kBefore.find(text[0]) != std::string_view::npos) {
      out += text[0];
      text.remove_prefix(1);
      continue;
    }
    if (const std::string_view quoted = quoted_head(text); !quoted.empty()) {
      append_apart(out, encode(quoted.substr(1, quoted.size() - 2)));
      text.remove_prefix(quoted.size());
      while (!text.empty() && kAfter.find(text[0]) != std::string_view::npos) {
        out += text[0];
        text.remove_prefix(1);
      }
      continue;
    }
    const std::string_view word = text.substr(0, text.find(' '));
    append_apart(out, encoded_word(word, encode));
    text.remove_prefix(word.size());
  }
  return out;
}

}  // namespace regtriage
