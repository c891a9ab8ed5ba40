// The slow, obvious twin of the fast logfmt splitters: one byte at a time, straight from the
// grammar.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace regtriage::slow {

struct Pair {
  std::string key, value;
  bool quoted = false;
  bool operator==(const Pair&) const = default;
};

inline bool key_first(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '@';
}
inline bool key_byte(char c) {
  return key_first(c) || (c >= '0' && c <= '9') || c == '.' || c == '-';
}

// Does "key=" stand at `at`?
inline bool key_stands_at(std::string_view line, std::size_t at) {
  if (at >= line.size() || !key_first(line[at])) return false;
  while (at < line.size() && key_byte(line[at])) ++at;
  return at < line.size() && line[at] == '=';
}

// Newer logrus. False if the line breaks the grammar.
inline bool split_quoted(std::string_view line, std::vector<Pair>& pairs) {
  std::size_t at = 0;
  while (at < line.size()) {
    if (!key_stands_at(line, at)) return false;
    Pair pair;
    while (line[at] != '=') pair.key += line[at++];
    ++at;
    pair.quoted = at < line.size() && line[at] == '"';
    if (pair.quoted) {
      for (++at; at < line.size() && line[at] != '"'; ++at) {
        if (line[at] == '\\' && at + 1 < line.size()) pair.value += line[at++];
        pair.value += line[at];
      }
      if (at >= line.size()) return false;
      ++at;
      if (at < line.size() && line[at] != ' ') return false;
    } else {
      while (at < line.size() && line[at] != ' ') pair.value += line[at++];
    }
    pairs.push_back(pair);
    ++at;
  }
  return !pairs.empty();
}

// Upstream 2.7 and 2.8. `open`: the last quote is not closed.
inline bool split_raw(std::string_view line, std::vector<Pair>& pairs, bool& open) {
  open = false;
  const auto ends_pair = [line](std::size_t blank) {
    return blank == line.size() ||
           (line[blank] == ' ' && (blank + 1 == line.size() || key_stands_at(line, blank + 1)));
  };
  if (!key_stands_at(line, 0)) return false;
  for (std::size_t at = 0; at < line.size();) {
    Pair pair;
    while (line[at] != '=') pair.key += line[at++];
    ++at;
    pair.quoted = at < line.size() && line[at] == '"';
    if (pair.quoted) {
      ++at;
      while (at < line.size() && !(line[at] == '"' && ends_pair(at + 1))) pair.value += line[at++];
      open = at >= line.size();
      ++at;
    } else {
      while (!ends_pair(at)) pair.value += line[at++];
    }
    pairs.push_back(pair);
    ++at;
  }
  return true;
}

}  // namespace regtriage::slow
