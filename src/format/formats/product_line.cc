#include "format/formats/product_line.h"

#include "base/text.h"
#include "base/time.h"
#include "format/field_slots.h"
#include "format/formats/error_words.h"

namespace regtriage {
namespace {

constexpr std::size_t kTimeBytes = 23;  // "2023-04-24 11:12:37,996"

bool digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::size_t comma_time_bytes(std::string_view text) {
  if (text.size() <= kTimeBytes || !digit(text[0]) || text[4] != '-' || text[7] != '-' ||
      text[10] != ' ' || text[13] != ':' || text[16] != ':' || text[19] != ',' ||
      !digit(text[kTimeBytes - 1]))
    return 0;
  const std::string_view rest = text.substr(kTimeBytes);
  const bool zone = rest.size() > 5 && (rest[0] == '+' || rest[0] == '-') && digit(rest[1]) &&
                    digit(rest[4]) && rest[5] == ' ';
  return zone ? kTimeBytes + 5 : rest[0] == ' ' ? kTimeBytes : 0;
}

void put_comma_time(std::string_view text, Scratch& scratch, Record& out) {
  const std::size_t bytes = comma_time_bytes(text);
  char* const begin = scratch.room.end();
  text.copy(begin, bytes);
  begin[19] = '.';
  std::size_t size = bytes;
  if (bytes == kTimeBytes) begin[size++] = 'Z';
  out.time = try_rfc3339({begin, size}).value_or(kNoTime);
  out.time_text = text.substr(0, bytes);
}

bool take_bracket(std::string_view& rest, std::string_view& word) {
  constexpr std::size_t kLongest = 256;
  if (!rest.starts_with('[')) return false;
  const std::size_t close = rest.substr(0, kLongest).find(']');
  if (close == std::string_view::npos) return false;
  word = trimmed(rest.substr(1, close - 1));
  rest.remove_prefix(close + 1);
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  return true;
}

void take_subject(std::string_view message, Scratch& scratch, Record& out) {
  const std::size_t at = message.find("v2/");
  if (out.uri.empty() && at != std::string_view::npos) {
    std::string_view path = message.substr(at);
    path = path.substr(0, path.find_first_of(" \"'`<>,;)"));
    if (path.ends_with('.') || path.ends_with(':')) path.remove_suffix(1);
    if (at > 0 && message[at - 1] == '/') {
      out.uri = {path.data() - 1, path.size() + 1};
    } else if (at == 0 || message[at - 1] == ' ' || message[at - 1] == '\'') {
      char* const begin = scratch.room.end();
      begin[0] = '/';
      path.copy(begin + 1, path.size());
      out.uri = scratch.room.keep(path.size() + 1);
    }
  }
  take_error_sentence(message, out);
}

}  // namespace regtriage
