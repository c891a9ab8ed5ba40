// What grep puts before a line: the file's name, and with -n its number in the file.
//
//   registry.log:payload      /var/log/harbor/registry.log:123:payload registry.log-122-payload
//   123:payload
//
// A name counts only if it has a folder or the ending of a log in it, a number alone only before
// what surely begins a record. Lines of context (-C) have '-' instead of ':'. The name is no
// instance: it says where the line was found. Source: GNU grep 3.8 src/grep.c print_line_head.
#include "base/scan.h"
#include "base/text.h"
#include "format/envelopes/parts.h"

namespace regtriage {
namespace {

constexpr std::size_t kLongestName = 255;
constexpr std::size_t kLongestNumber = 9;

bool digit(char c) { return c >= '0' && c <= '9'; }

bool name_byte(char c) { return scan::KeyBytes::holds(c) || c == '/' || c == '+' || c == '~'; }

bool is_file_name(std::string_view name) {
  if (name.empty() || name.back() == '/') return false;
  if (name.starts_with('/') || name.starts_with("./") || name.starts_with("../")) return true;
  for (const std::string_view ending : {".log", ".txt", ".out", ".err", ".json", ".jsonl"})
    if (contains(name, ending)) return true;
  return false;
}

// Takes "123:" off the head.
bool take_number(std::string_view& rest, char sign) {
  std::size_t at = 0;
  while (at < rest.size() && at < kLongestNumber && digit(rest[at])) ++at;
  if (at == 0 || at >= rest.size() || rest[at] != sign) return false;
  rest.remove_prefix(at + 1);
  return true;
}

bool surely_begins(std::string_view text) {
  return text.starts_with("time=") || text.starts_with("{\"") || text.starts_with("level=");
}

// "name-123-" of a line of context: the name may hold '-' itself, so its ending is looked for.
bool take_context_head(std::string_view& rest) {
  for (std::size_t at = rest.substr(0, kLongestName).find(".log-"); at < kLongestName;) {
    std::string_view behind = rest.substr(at + 5);
    if (take_number(behind, '-') && !behind.empty()) {
      rest = behind;
      return true;
    }
    return false;
  }
  return false;
}

}  // namespace

Peel peel_grep_prefix(std::string_view line, PeelContext&, Envelope& out) {
  std::string_view rest = line;
  std::size_t name = 0;
  while (name < line.size() && name < kLongestName && name_byte(line[name])) ++name;
  if (name == 0 || name + 1 >= line.size()) return Peel::no;
  if (line[name] == ':' && is_file_name(line.substr(0, name))) {
    rest.remove_prefix(name + 1);
    take_number(rest, ':');
  } else if (digit(line[0])) {
    if (!take_number(rest, ':') || !surely_begins(rest)) return Peel::no;
  } else if (!take_context_head(rest)) {
    return Peel::no;
  }
  if (rest.empty()) return Peel::no;
  out.payload = rest;
  return Peel::yes;
}

}  // namespace regtriage
