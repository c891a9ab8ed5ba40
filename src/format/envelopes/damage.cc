// Lines that a word processor, a web page or a search tool has changed on their way. Each repair is
// made only where the changed bytes prove it: they stand where a program prints plain ones.
#include <algorithm>

#include "base/text.h"
#include "format/envelopes/parts.h"

namespace regtriage {
namespace {

struct Swap {
  std::string_view from;
  std::string_view to;
};

// Every `from` becomes its `to`, which is never longer.
template <std::size_t N>
std::string_view swapped(std::string_view text, const Swap (&swaps)[N], TextRoom& room) {
  char* const begin = room.end();
  char* to = begin;
  for (std::size_t at = 0; at < text.size();) {
    const auto* const hit = std::find_if(std::begin(swaps), std::end(swaps), [&](const Swap& swap) {
      return text.substr(at).starts_with(swap.from);
    });
    if (hit == std::end(swaps)) {
      *to++ = text[at++];
      continue;
    }
    to = std::copy(hit->to.begin(), hit->to.end(), to);
    at += hit->from.size();
  }
  return room.keep(static_cast<std::size_t>(to - begin));
}

constexpr std::string_view kOpen = "\xe2\x80\x9c", kClose = "\xe2\x80\x9d";  // “ ”

// The escape sequence at the head of `text`: ESC [ … letter; 0 if there is none.
std::size_t sequence_bytes(std::string_view text) {
  if (!text.starts_with("\x1b[")) return 0;
  const std::size_t end = text.find_first_not_of("0123456789;?", 2);
  if (end == std::string_view::npos || end > 32) return 0;
  return (text[end] >= 'A' && text[end] <= 'Z') || (text[end] >= 'a' && text[end] <= 'z') ? end + 1
                                                                                          : 0;
}

// beego, Harbor's web framework: 2026/11/24 23:45:50.123 ESC[1;35m[C]ESC[0m text.
bool is_beego_line(std::string_view line) {
  constexpr std::size_t kTime = 23;
  if (line.size() < kTime + 2 || line[4] != '/' || line[7] != '/' || line[19] != '.') return false;
  const std::string_view rest = line.substr(kTime + 1);
  const std::size_t colour = sequence_bytes(rest);
  return colour != 0 && rest.substr(colour).starts_with('[');
}

// logrus on a terminal: ESC[31mERRO ESC[0m[0012]. Its own parser reads the colours, as beego's
// does.
bool is_terminal_line(std::string_view line) {
  if (is_beego_line(line)) return true;
  const std::size_t colour = sequence_bytes(line);
  if (colour == 0 || line.size() < colour + 9) return false;
  const std::string_view rest = line.substr(colour);
  return std::all_of(rest.begin(), rest.begin() + 4, [](char c) { return c >= 'A' && c <= 'Z'; }) &&
         rest.substr(4).starts_with("\x1b[0m[");
}

}  // namespace

// grep --color, and programs that paint their levels; what a terminal would not print goes.
Peel peel_colours(std::string_view line, PeelContext& context, Envelope& out) {
  if (line.find('\x1b') == std::string_view::npos || is_terminal_line(line)) return Peel::no;
  char* const begin = context.room.end();
  char* to = begin;
  for (std::size_t at = 0; at < line.size();) {
    if (const std::size_t bytes = sequence_bytes(line.substr(at)); bytes != 0)
      at += bytes;
    else
      *to++ = line[at++];
  }
  const auto size = static_cast<std::size_t>(to - begin);
  if (size == line.size()) return Peel::no;
  out.payload = context.room.keep(size);
  return Peel::yes;
}

// Typographic quotes where key=value text or an object has plain ones; HTML's own in a copied page;
// " ;" for each blank, as a spreadsheet's text-to-columns leaves it.
Peel peel_typography(std::string_view line, PeelContext& context, Envelope& out) {
  static constexpr Swap kQuotes[] = {{kOpen, "\""}, {kClose, "\""}};
  static constexpr Swap kEntities[] = {{"&quot;", "\""}, {"&#34;", "\""}, {"&#x27;", "'"},
                                       {"&#39;", "'"},   {"&lt;", "<"},   {"&gt;", ">"},
                                       {"&amp;", "&"}};
  static constexpr Swap kBlanks[] = {{" ;", " "}};
  constexpr std::size_t kHead = 512;
  const std::string_view head = line.substr(0, kHead);
  const auto has_quote_behind = [&](std::string_view sign) {
    const std::size_t at = head.find(sign);
    return at != std::string_view::npos && (head.substr(at + sign.size()).starts_with(kOpen) ||
                                            head.substr(at + sign.size()).starts_with(kClose));
  };
  if (has_quote_behind("time=") || has_quote_behind("msg=") || has_quote_behind("{"))
    out.payload = swapped(line, kQuotes, context.room);
  else if (contains(head, "time=&quot;") || contains(head, "time=&#34;") ||
           contains(head, "{&quot;") || contains(head, "{&#34;"))
    out.payload = swapped(line, kEntities, context.room);
  else if (head.starts_with("time=\"") && contains(head.substr(0, 80), "\" ;level="))
    out.payload = swapped(line, kBlanks, context.room);
  else
    return Peel::no;
  return Peel::yes;
}

// Something unknown before upstream's text, such as a pane's own clock ("1.5.2019 00:39:58time=…"):
// bytes without quotes and pairs, so that no value can look like a line.
Peel peel_unknown_head(std::string_view line, PeelContext&, Envelope& out) {
  constexpr std::size_t kLongestHead = 160;
  const std::size_t at = line.substr(0, kLongestHead).find("time=\"");
  if (at == std::string_view::npos || at == 0) return Peel::no;
  if (line.substr(0, at).find_first_of("=\"{\\") != std::string_view::npos) return Peel::no;
  if (!contains(line.substr(at, 64), " level=")) return Peel::no;
  out.payload = line.substr(at);
  return Peel::yes;
}

}  // namespace regtriage
