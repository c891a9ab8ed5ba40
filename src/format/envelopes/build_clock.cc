// A clock of a build server before a line of a job's console: it has no date, or no zone, so it
// lends no time.
//
//   13:07:22 payload                       Jenkins' Timestamper in its default form
//   09-Apr-2018 09:40:02<TAB>payload       Bamboo, perhaps with "build<TAB>" before it
//
// Sources: jenkinsci/timestamper-plugin, system format "'<b>'HH:mm:ss'</b> '"; Atlassian Bamboo's
// build logs, columns type, time, text.
#include "format/envelopes/parts.h"

namespace regtriage {
namespace {

bool has_shape(std::string_view text, std::string_view shape) {
  if (text.size() <= shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    const bool letter = (text[i] | 0x20) >= 'a' && (text[i] | 0x20) <= 'z';
    if (shape[i] == 'd' ? !digit : shape[i] == 'a' ? !letter : text[i] != shape[i]) return false;
  }
  return true;
}

}  // namespace

Peel peel_build_clock(std::string_view line, PeelContext&, Envelope& out) {
  for (const std::string_view head : {"build\t", "simple\t", "error\t", "command\t"})
    if (line.starts_with(head)) line.remove_prefix(head.size());
  for (const std::string_view shape : {"dd-aaa-dddd dd:dd:dd\t", "dd:dd:dd.ddd ", "dd:dd:dd "}) {
    if (!has_shape(line, shape)) continue;
    line.remove_prefix(shape.size());
    while (line.starts_with(' ')) line.remove_prefix(1);
    if (line.empty()) return Peel::no;
    out.payload = line;
    return Peel::yes;
  }
  return Peel::no;
}

}  // namespace regtriage
