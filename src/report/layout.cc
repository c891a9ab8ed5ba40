#include "report/layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>

#include "base/utf8.h"

namespace regtriage {
namespace {

// East Asian wide and emoji (UAX #11, the ranges that matter); combining marks take no column.
std::size_t columns_of(std::uint32_t c) {
  if ((c >= 0x300 && c <= 0x36f) || (c >= 0x20d0 && c <= 0x20ff)) return 0;
  const bool wide = (c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) ||
                    (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) ||
                    (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) ||
                    (c >= 0xffe0 && c <= 0xffe6) || (c >= 0x1f300 && c <= 0x1faff) ||
                    (c >= 0x20000 && c <= 0x3fffd);
  return wide ? 2 : 1;
}

// The digest at the head of `text`, or 0: "sha256:" or "sha512:" and its hex digits.
std::size_t digest_length(std::string_view text) {
  if (!text.starts_with("sha256:") && !text.starts_with("sha512:")) return 0;
  const std::size_t digits = text[3] == '2' ? 64 : 128;
  const std::string_view hex = text.substr(7, digits);
  const bool whole = hex.size() == digits && std::ranges::all_of(hex, [](char c) {
                       return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
                     });
  return whole ? 7 + digits : 0;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const std::size_t length = std::max<std::size_t>(1, utf8_length(text));
    width += columns_of(code_point_of(text, length));
    text.remove_prefix(length);
  }
  return width;
}

std::string wrapped(std::string_view text, int indent, int columns) {
  if (columns <= 0) return std::string(text);
  const auto start = static_cast<std::size_t>(indent), most = static_cast<std::size_t>(columns);
  std::string out;
  std::size_t column = start;
  while (!text.empty()) {
    const std::size_t blanks = std::min(text.find_first_not_of(' '), text.size());
    const std::size_t end = std::min(text.find(' ', blanks), text.size());
    const std::string_view word = text.substr(blanks, end - blanks);
    const std::size_t width = display_width(word);
    if (column > start && column + blanks + width > most) {
      out += '\n';
      out.append(start, ' ');
      column = start;
    } else {
      out.append(blanks, ' ');
      column += blanks;
    }
    out += word;
    column += width;
    text.remove_prefix(end);
  }
  return out;
}

std::string number_text(std::uint64_t number) {
  const std::string digits = fmt::format("{}", number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string count_of(std::uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number_text(number), noun, number == 1 ? "" : "s");
}

std::string bytes_text(std::uint64_t bytes) {
  constexpr std::array<const char*, 4> kUnits = {"KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1024) return count_of(bytes, "byte");
  double size = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  for (; size >= 1024 && unit + 1 < kUnits.size(); ++unit) size /= 1024;
  return fmt::format("{:.1f} {}", size, kUnits[unit]);
}

std::string span_text(TimeNs first, TimeNs last) {
  if (first == kNoTime) first = last;
  if (last == kNoTime) last = first;
  if (first == kNoTime) return {};
  const std::string from = short_time_of(first), to = short_time_of(last);
  if (from == to) return from + " UTC";
  const bool same_day = from.substr(0, 10) == to.substr(0, 10);
  return fmt::format("{} to {} UTC", from, same_day ? clock_of(last) : to);
}

std::string duration_text(TimeNs duration) {
  struct Unit {
    TimeNs size;
    std::string_view name;
  };
  constexpr std::array<Unit, 4> kUnits = {
      {{24 * kHour, "d"}, {kHour, "h"}, {kMinute, "min"}, {kSecond, "s"}}};
  const TimeNs length = std::abs(std::max(duration, -std::numeric_limits<TimeNs>::max()));
  if (length < kSecond) return fmt::format("0.{} s", length / (kSecond / 10));
  std::size_t unit = 0;
  while (length < kUnits[unit].size) ++unit;
  std::string text = fmt::format("{} {}", length / kUnits[unit].size, kUnits[unit].name);
  if (unit + 1 == kUnits.size()) return text;
  const TimeNs rest = length % kUnits[unit].size / kUnits[unit + 1].size;
  return rest == 0 ? text : fmt::format("{} {} {}", text, rest, kUnits[unit + 1].name);
}

std::string with_short_digests(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = digest_length(text);
    if (length == 0) {
      out += text[0];
      text.remove_prefix(1);
      continue;
    }
    out += text.substr(0, 7 + 12);
    out += "…";
    text.remove_prefix(length);
  }
  return out;
}

std::string list_text(const std::vector<std::string>& items, std::size_t most) {
  std::string text;
  const std::size_t shown = std::min(items.size(), most);
  for (std::size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : ", ") + items[i];
  if (shown < items.size()) text += fmt::format(" and {} more", number_text(items.size() - shown));
  return text;
}

bool is_command(std::string_view advice) {
  return !advice.empty() && !(advice[0] >= 'A' && advice[0] <= 'Z') && !advice.ends_with('.');
}

std::pair<std::string_view, std::string_view> command_and_remark(std::string_view command) {
  constexpr std::string_view kMark = "  # ";
  const std::size_t at = command.find(kMark);
  if (at == std::string_view::npos) return {command, {}};
  const std::string_view bare = command.substr(0, at);
  return {bare.substr(0, bare.find_last_not_of(' ') + 1), command.substr(at + kMark.size())};
}

std::string_view sentence_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::noise:
      return "the client expects this answer; nothing is wrong";
    case Verdict::client:
      return "the request is wrong; nothing in the registry needs repair";
    case Verdict::fault:
      return "the operation fails though stored content is intact";
    case Verdict::loss:
      return "content that was stored, or acknowledged as stored, is missing or unreadable";
    case Verdict::none:
    case Verdict::undetermined:
      return "the lines do not decide whose fault it is";
  }
  return {};
}

std::string_view sentence_of(Confidence confidence) {
  switch (confidence) {
    case Confidence::certain:
      return "certain: the lines prove it";
    case Confidence::probable:
      return "probable: the lines point to it, but do not prove it";
    case Confidence::possible:
      return "possible: it fits the lines, and so may something else";
  }
  return {};
}

std::string_view sentence_of(State state) {
  switch (state) {
    case State::ongoing:
      return "it goes on";
    case State::healed:
      return "it has healed";
    case State::unknown:
      return "the lines do not tell whether it goes on";
  }
  return {};
}

std::string spaced(std::string_view word) {
  std::string text(word);
  std::ranges::replace(text, '_', ' ');
  return text;
}

}  // namespace regtriage
