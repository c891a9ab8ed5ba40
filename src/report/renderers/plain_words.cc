#include "report/renderers/plain_words.h"

#include <algorithm>

namespace regtriage {
namespace {

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
  return is_joined(word, is_letter, "-'") || is_joined(word, is_digit, ",.");
}

}  // namespace

std::string with_plain_words(std::string_view text, std::string (*encode)(std::string_view)) {
  constexpr std::string_view kBefore = "(", kAfter = ".,;:?)";
  std::string out;
  while (!text.empty()) {
    if (text[0] == ' ') {
      out += ' ';
      text.remove_prefix(1);
      continue;
    }
    std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    const std::size_t begin = std::min(word.find_first_not_of(kBefore), word.size());
    out += word.substr(0, begin);
    word.remove_prefix(begin);
    const std::size_t end = word.find_last_not_of(kAfter) + 1;  // npos + 1 = 0
    const std::string_view middle = word.substr(0, end);
    // A number before a point could begin a list, but only at the head of a line.
    out += is_plain(middle) ? std::string(middle) : encode(middle);
    out += word.substr(end);
  }
  return out;
}

}  // namespace regtriage
