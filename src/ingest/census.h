// Which rules explained how many lines, and what the lines that no rule explained have in common:
// for whoever writes rules. Only counted when asked for.
//
// Messages are grouped by their masked text (base/mask.h). What is kept is bounded by making the
// texts shorter, not by dropping some: at most 2,048 groups, else only the first 16, 8, 4, 2, 1 and
// at last no words of each message count. How short depends on all lines alone, so it is the same
// in whatever blocks and order they are judged.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/position.h"
#include "model/record.h"

namespace regtriage {

// Lines whose messages look alike.
struct UnmatchedLines {
  Format format = Format::none;  // none: no format claims them, and the message is the whole line
  Level level = Level::none;
  std::string message;  // masked
  std::uint64_t count = 0;
  Position at;          // of the first of them
  std::string example;  // that line without envelope: redacted, at most 320 bytes
};

// One thread. Joins are commutative and associative. At most about 1.5 MiB.
class Census {
 public:
  void matched(std::string_view rule);
  // Understood without any rule: access lines, listings, settings.
  void understood() { ++by_format_; }
  void unmatched(Format format, Level level, std::string_view message, std::string_view line,
                 const Position& at);
  void join(Census&& other);

  std::uint64_t matches_of(std::string_view rule) const;
  std::uint64_t by_rules() const;
  std::uint64_t by_format() const { return by_format_; }
  std::uint64_t by_none() const;
  bool shortened() const { return shortened_ != 0; }
  std::vector<UnmatchedLines> groups() const;  // most frequent first

 private:
  using Groups = std::map<std::string, UnmatchedLines, std::less<>>;
  static void put(Groups& groups, std::string key, UnmatchedLines&& lines);
  void shorten_to(unsigned step);
  void bound();

  std::map<std::string, std::uint64_t, std::less<>> rules_;
  std::uint64_t by_format_ = 0;
  Groups groups_;
  unsigned shortened_ = 0;  // 0 = whole messages
};

}  // namespace regtriage
