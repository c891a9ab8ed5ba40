// docker compose, with and without colour, and `docker service logs`; with --timestamps the payload
// has another envelope.
//
//   registry-1  | payload        ESC[36mregistry-1  | ESC[0mpayload        registry_1  | payload
//   (version 1)
//
// The names are padded to one width and at least two blanks stand before the bar. Instance: the
// name with its number. Source: docker/compose v2 cmd/formatter/logs.go; compose v1
// cli/log_printer.py.
#include "format/envelopes/parts.h"

namespace regtriage {
namespace {

constexpr std::size_t kLongestName = 128;

bool name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.' || c == '@';
}

// Takes "ESC[…m" off the head.
bool take_colour(std::string_view& rest) {
  if (!rest.starts_with("\x1b[")) return false;
  const std::size_t end = rest.find_first_not_of("0123456789;", 2);
  if (end > 16 || rest[end] != 'm') return false;
  rest.remove_prefix(end + 1);
  return true;
}

}  // namespace

Peel peel_compose(std::string_view line, PeelContext&, Envelope& out) {
  std::string_view rest = line;
  const bool coloured = take_colour(rest);
  std::size_t name = 0;
  while (name < rest.size() && name < kLongestName && name_byte(rest[name])) ++name;
  std::size_t bar = name;
  while (bar < rest.size() && bar < 2 * kLongestName && rest[bar] == ' ') ++bar;
  if (name == 0 || bar < name + 2 || bar >= rest.size() || rest[bar] != '|') return Peel::no;
  out.instance = rest.substr(0, name);
  rest.remove_prefix(bar + 1);
  const bool reset_first = coloured && take_colour(rest);  // version 1 resets before the blank
  if (rest.starts_with(' ')) rest.remove_prefix(1);
  if (coloured && !reset_first) take_colour(rest);
  out.payload = rest;
  return Peel::yes;
}

}  // namespace regtriage
