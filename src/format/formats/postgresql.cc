// PostgreSQL's server log with the default prefix: "2026-11-25 00:46:03.622 UTC [16363] LOG: text",
// behind the process also a user and a database. Source: PostgreSQL 15 documentation, "Error
// Reporting and Logging", log_line_prefix '%m [%p] '; elog.c for the words.
#include <array>

#include "base/text.h"
#include "format/field_slots.h"
#include "format/formats/formats.h"

namespace regtriage {
namespace {

constexpr std::size_t kLongestPrefix = 200;

struct Word {
  std::string_view printed, level;
};
constexpr std::array<Word, 12> kWords = {{{"DEBUG", "debug"},
                                          {"LOG", "info"},
                                          {"INFO", "info"},
                                          {"NOTICE", "info"},
                                          {"WARNING", "warning"},
                                          {"ERROR", "error"},
                                          {"FATAL", "fatal"},
                                          {"PANIC", "panic"},
                                          {"STATEMENT", "info"},
                                          {"DETAIL", "info"},
                                          {"HINT", "info"},
                                          {"CONTEXT", "info"}}};

bool digit(char c) { return c >= '0' && c <= '9'; }

// The word before ":  " and where its text begins.
const Word* word_in(std::string_view payload, std::size_t& behind) {
  const std::size_t colon = payload.substr(0, kLongestPrefix).find(":  ");
  if (colon == std::string_view::npos) return nullptr;
  behind = colon + 3;
  const std::size_t blank = payload.substr(0, colon).rfind(' ');
  const std::string_view printed = payload.substr(blank + 1, colon - blank - 1);
  for (const Word& word : kWords)
    if (printed == word.printed) return &word;
  return nullptr;
}

}  // namespace

bool postgresql_begins(std::string_view payload) {
  std::size_t behind = 0;
  return payload.size() > 28 && digit(payload[0]) && payload[4] == '-' && payload[10] == ' ' &&
         payload[19] == '.' && word_in(payload, behind) != nullptr;
}

Parsed parse_postgresql(std::string_view payload, Scratch&, Record& out) {
  out = Record{};
  std::size_t behind = 0;
  const Word* const word = word_in(payload, behind);
  out.time_text = payload.substr(0, payload.find(' ', 11));
  const auto time = try_rfc3339(out.time_text);
  if (word == nullptr || !time) return Parsed::not_mine;
  out.format = Format::postgresql;
  out.time = *time;
  put_level(out, word->level);
  out.message = trimmed(payload.substr(behind));
  return Parsed::record;
}

}  // namespace regtriage
