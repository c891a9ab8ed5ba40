#include "base/mask.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace regtriage {
namespace {

constexpr std::size_t kLooked = 1024, kMost = 200;
constexpr std::string_view kBreaks = " \t\r\n\v\f\"'`()[]{}<>,;=|\\";
constexpr std::string_view kStops = ".:!?";  // at the end of a word they are not of it

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_blank(char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; }

std::size_t count_if(std::string_view word, bool (*is)(char)) {
  return static_cast<std::size_t>(std::count_if(word.begin(), word.end(), is));
}

bool is_uuid(std::string_view word) {
  if (word.size() != 36) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? word[i] != '-' : !is_hex(word[i])) return false;
  }
  return true;
}

// "12", "-1", "1.5", "99%", "12ms", "10MiB", "1m2.5s".
bool is_number(std::string_view word) {
  std::size_t letters = 0;
  for (const char c : word) {
    if (is_letter(c) || static_cast<unsigned char>(c) >= 0x80)
      ++letters;
    else if (!is_digit(c) && c != '.' && c != '-' && c != '+' && c != '%')
      return false;
  }
  const bool begins =
      is_digit(word.front()) || word.front() == '-' || word.front() == '+' || word.front() == '.';
  return begins && letters <= 4 && word.find('-', 1) == std::string_view::npos &&
         std::count(word.begin(), word.end(), '.') <= 1;
}

bool is_time(std::string_view word) {
  const auto of = [word](char c) { return std::count(word.begin(), word.end(), c); };
  const bool shape = std::all_of(word.begin(), word.end(), [](char c) {
    return is_digit(c) || std::string_view(":-/.+TZ").find(c) != std::string_view::npos;
  });
  return shape && is_digit(word.front()) && (of(':') >= 2 || of('-') == 2 || of('/') == 2);
}

// "10.0.0.7", "10.0.0.7:5000".
bool is_address(std::string_view word) {
  const std::string_view host = word.substr(0, word.find(':'));
  return std::count(host.begin(), host.end(), '.') == 3 &&
         std::all_of(host.begin(), host.end(), [](char c) { return is_digit(c) || c == '.'; });
}

// "x509", "s3aws", "http2": words of a language, with some digits.
bool is_plain_word(std::string_view word, std::size_t digits) {
  return digits <= 3 && word.size() <= 8 && !is_digit(word.front()) &&
         count_if(word, is_letter) + digits == word.size();
}

std::string_view mask_of_digits(std::string_view word) {
  const std::size_t digits = count_if(word, is_digit);
  if (is_uuid(word)) return "<uuid>";
  if (is_address(word)) return "<address>";
  if (is_time(word)) return "<time>";
  if (is_number(word)) return "<number>";
  if (word.size() >= 8 && count_if(word, is_hex) == word.size()) return "<hex>";
  if (word.find('/') != std::string_view::npos) return "<name>";
  return is_plain_word(word, digits) ? std::string_view() : "<id>";
}

// Empty: the word stays.
std::string_view mask_of(std::string_view word) {
  if (contains(word, "sha256:") || contains(word, "sha512:")) return "<digest>";
  if (contains(word, "://")) return "<url>";
  if (word.size() > 1 && word.front() == '/') return "<path>";
  if (count_if(word, is_digit) != 0) return mask_of_digits(word);
  if (word.find('/') != std::string_view::npos || word.find('@') != std::string_view::npos)
    return "<name>";
  const bool dots = std::count(word.begin(), word.end(), '.') >= 2 && word.front() != '.';
  return dots && !contains(word, "..") ? "<host>" : std::string_view();
}

bool stays_as_value(std::string_view word) {
  static constexpr std::array<std::string_view, 16> kWords = {
      "trace", "debug", "info", "warn", "warning", "error", "fatal", "panic",
      "true",  "false", "nil",  "null", "GET",     "HEAD",  "PUT",   "POST"};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

// The text while it is made.
class Mask {
 public:
  std::string take(std::string_view text) {
    for (std::size_t at = 0; at < text.size() && out_.size() <= kMost;) {
      if (is_blank(text[at])) {
        blank_ = !out_.empty();
        before_ = ' ';
        ++at;
      } else if (kBreaks.find(text[at]) != std::string_view::npos) {
        put(text.substr(at, 1));
        before_ = text[at++];
      } else {
        at = word(text, at);
      }
    }
    if (out_.size() > kMost) cut();
    return std::move(out_);
  }

 private:
  std::size_t word(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && !is_blank(text[end]) &&
           kBreaks.find(text[end]) == std::string_view::npos)
      ++end;
    if (contains(text.substr(at, end - at), "://"))  // with its query
      end = std::min(text.find_first_of(" \t\r\n\"'`<>", at), text.size());
    std::size_t stop = end;
    while (stop > at + 1 && kStops.find(text[stop - 1]) != std::string_view::npos) --stop;
    const std::string_view word = text.substr(at, stop - at);
    const char next = end < text.size() ? text[end] : '\0',
               behind = end + 1 < text.size() ? text[end + 1] : '\0';
    const bool is_word = count_if(word, is_letter) + count_if(word, is_digit) != 0;
    std::string_view mask = is_word ? mask_of(word) : std::string_view();
    // A word in quotes is a value, unless it is the key of an object.
    const bool quoted = (before_ == '"' || before_ == '\'' || before_ == '`') && next == before_;
    if (is_word && mask.empty() && quoted && behind != ':') mask = "<text>";
    if (is_word && mask.empty() && before_ == '=' && !stays_as_value(word)) mask = "<value>";
    put_masked(mask.empty() ? word : mask, !mask.empty());
    put(text.substr(stop, end - stop));
    if (stop != end) last_mask_ = {};
    before_ = 'a';
    return end;
  }

  // Two equal masks with a blank between them are one.
  void put_masked(std::string_view word, bool is_mask) {
    if (is_mask && blank_ && last_mask_ == word) {
      blank_ = false;
      return;
    }
    put(word);
    last_mask_ = is_mask ? word : std::string_view();
  }
  void put(std::string_view text) {
    if (text.empty()) return;
    if (blank_) out_ += ' ';
    blank_ = false;
    last_mask_ = {};
    out_ += text;
  }
  void cut() {
    std::size_t end = out_.rfind(' ', kMost);
    if (end == std::string::npos || end == 0) end = kMost;
    while (end != 0 && (out_[end] & 0xc0) == 0x80) --end;  // between two characters
    out_.resize(end);
    out_ += " …";
  }

  std::string out_;
  bool blank_ = false;
  char before_ = ' ';
  std::string_view last_mask_;
};

}  // namespace

std::string masked(std::string_view text) { return Mask().take(text.substr(0, kLooked)); }

std::string first_words(std::string_view text, std::size_t words) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < words; ++i) {
    const std::size_t end = text.find(' ', at);
    if (end == std::string_view::npos) return std::string(text);
    at = end + 1;
  }
  if (words == 0) return text.empty() ? "" : "…";
  return std::string(text.substr(0, at)) + "…";
}

}  // namespace regtriage
