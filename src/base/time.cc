#include "base/time.h"

#include <fmt/format.h>

#include <array>

namespace regtriage {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

// `count` decimal digits at `at`; -1 if one is missing.
int number_at(std::string_view text, std::size_t at, std::size_t count) {
  if (at + count > text.size()) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (!digit(text[i])) return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

unsigned month_at(std::string_view text, std::size_t at) {
  if (at + 3 > text.size()) return 0;
  for (unsigned i = 0; i < kMonths.size(); ++i)
    if (text.substr(at, 3) == kMonths[i]) return i + 1;
  return 0;
}

bool leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int days_in(int year, int month) {
  static constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && leap(year) ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

// Checked seconds since 1970; a leap second counts as the next second's start.
std::optional<TimeNs> civil(int year, int month, int day, int hour, int minute, int second) {
  if (year < 1970 || year > 2200 || month < 1 || month > 12 || day < 1 ||
      day > days_in(year, month) || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
      second < 0 || second > 60)
    return std::nullopt;
  const std::int64_t days = days_of(year, static_cast<unsigned>(month), static_cast<unsigned>(day));
  return ((days * 24 + hour) * 60 + minute) * 60 + second;
}

// "2026-11-25T14:04:40", whatever stands between the numbers; `text` holds that many bytes. Every
// line has a time, so the digits are checked all at once.
std::optional<std::int64_t> seconds_at(std::string_view text) {
  bool bad = false;
  const auto two = [&text, &bad](std::size_t at) {
    const unsigned tens = static_cast<unsigned char>(text[at]) - unsigned{'0'};
    const unsigned ones = static_cast<unsigned char>(text[at + 1]) - unsigned{'0'};
    bad |= (tens > 9) | (ones > 9);
    return static_cast<int>(tens * 10 + ones);
  };
  const int year = two(0) * 100 + two(2), month = two(5), day = two(8);
  const int hour = two(11), minute = two(14), second = two(17);
  return bad ? std::nullopt : civil(year, month, day, hour, minute, second);
}

// Zone at `at`: Z, ±hh:mm or ±hhmm. Sets `used`; seconds east of UTC.
std::optional<int> zone_at(std::string_view text, std::size_t at, std::size_t& used) {
  if (at < text.size() && (text[at] == 'Z' || text[at] == 'z')) {
    used = 1;
    return 0;
  }
  if (at >= text.size() || (text[at] != '+' && text[at] != '-')) return std::nullopt;
  const int hours = number_at(text, at + 1, 2);
  const bool colon = at + 3 < text.size() && text[at + 3] == ':';
  const int minutes = number_at(text, at + (colon ? 4 : 3), 2);
  if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59) return std::nullopt;
  used = colon ? 6 : 5;
  return (text[at] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
}

struct Civil {
  int year;
  unsigned month, day;
};

// Inverse of days_of (Howard Hinnant's civil calendar algorithm, written anew).
Civil civil_of(std::int64_t days) {
  days += 719468;
  const std::int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const auto day_of_era = static_cast<unsigned>(days - era * 146097);
  const unsigned year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const unsigned day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned shifted = (5 * day_of_year + 2) / 153;
  const unsigned month = shifted < 10 ? shifted + 3 : shifted - 9;
  const int year =
      static_cast<int>(static_cast<std::int64_t>(year_of_era) + era * 400) + (month <= 2 ? 1 : 0);
  return {year, month, day_of_year - (153 * shifted + 2) / 5 + 1};
}

struct Parts {
  Civil date;
  unsigned hour, minute, second, nanos;
};

Parts parts_of(TimeNs time) {
  std::int64_t seconds = time / kSecond;
  std::int64_t nanos = time % kSecond;
  if (nanos < 0) {
    nanos += kSecond;
    --seconds;
  }
  std::int64_t days = seconds / 86400;
  std::int64_t rest = seconds % 86400;
  if (rest < 0) {
    rest += 86400;
    --days;
  }
  return {civil_of(days), static_cast<unsigned>(rest / 3600), static_cast<unsigned>(rest / 60 % 60),
          static_cast<unsigned>(rest % 60), static_cast<unsigned>(nanos)};
}

}  // namespace

std::int64_t days_of(int year, unsigned month, unsigned day) {
  const int y = year - (month <= 2 ? 1 : 0);
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const auto year_of_era = static_cast<unsigned>(y - era * 400);
  const unsigned day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + static_cast<std::int64_t>(day_of_era) - 719468;
}

std::optional<TimeNs> try_rfc3339_prefix(std::string_view text, std::size_t& used,
                                         int assumed_offset_s) {
  if (text.size() < 19 || text[4] != '-' || text[7] != '-' ||
      (text[10] != 'T' && text[10] != ' ') || text[13] != ':' || text[16] != ':')
    return std::nullopt;
  const auto seconds = seconds_at(text.substr(0, 19));
  if (!seconds) return std::nullopt;
  std::size_t at = 19;
  std::int64_t nanos = 0;
  if (at + 1 < text.size() && (text[at] == '.' || text[at] == ',') && digit(text[at + 1])) {
    std::int64_t unit = 100'000'000;
    for (++at; at < text.size() && digit(text[at]); ++at, unit /= 10)
      nanos += (text[at] - '0') * unit;
  }
  std::size_t zone_bytes = 0;
  const auto zone = zone_at(text, at, zone_bytes);
  used = at + zone_bytes;
  return (*seconds - zone.value_or(assumed_offset_s)) * kSecond + nanos;
}

std::optional<TimeNs> try_rfc3339(std::string_view text, int assumed_offset_s) {
  std::size_t used = 0;
  const auto time = try_rfc3339_prefix(text, used, assumed_offset_s);
  return time && used == text.size() ? time : std::nullopt;
}

std::optional<TimeNs> try_access_time(std::string_view text) {
  if (text.size() < 26 || text[2] != '/' || text[6] != '/' || text[11] != ':' || text[14] != ':' ||
      text[17] != ':' || text[20] != ' ')
    return std::nullopt;
  const auto seconds =
      civil(number_at(text, 7, 4), static_cast<int>(month_at(text, 3)), number_at(text, 0, 2),
            number_at(text, 12, 2), number_at(text, 15, 2), number_at(text, 18, 2));
  std::size_t used = 0;
  const auto zone = zone_at(text, 21, used);
  if (!seconds || !zone || 21 + used != text.size()) return std::nullopt;
  return (*seconds - *zone) * kSecond;
}

std::optional<TimeNs> try_syslog_time(std::string_view text, int year, int offset_s) {
  if (year == 0 || text.size() != 15 || text[3] != ' ' || text[6] != ' ' || text[9] != ':' ||
      text[12] != ':')
    return std::nullopt;
  const int day = text[4] == ' ' ? number_at(text, 5, 1) : number_at(text, 4, 2);
  const auto seconds = civil(year, static_cast<int>(month_at(text, 0)), day, number_at(text, 7, 2),
                             number_at(text, 10, 2), number_at(text, 13, 2));
  if (!seconds) return std::nullopt;
  return (*seconds - offset_s) * kSecond;
}

std::optional<TimeNs> try_go_log_time(std::string_view text, int offset_s) {
  if (text.size() != 19 || text[4] != '/' || text[7] != '/' || text[10] != ' ' || text[13] != ':' ||
      text[16] != ':')
    return std::nullopt;
  const auto seconds = seconds_at(text.substr(0, 19));
  if (!seconds) return std::nullopt;
  return (*seconds - offset_s) * kSecond;
}

std::optional<std::int64_t> try_go_duration(std::string_view text) {
  double total = 0;
  if (text.empty() || text.size() > 32) return std::nullopt;
  if (text == "0") return 0;
  std::size_t at = 0;
  while (at < text.size()) {
    double value = 0, scale = 1;
    bool any = false, fraction = false;
    for (; at < text.size() && (digit(text[at]) || (text[at] == '.' && !fraction)); ++at) {
      if (text[at] == '.') {
        fraction = true;
        continue;
      }
      any = true;
      if (fraction) scale /= 10;
      value = fraction ? value + (text[at] - '0') * scale : value * 10 + (text[at] - '0');
    }
    if (!any) return std::nullopt;
    const std::string_view rest = text.substr(at);
    struct Unit {
      std::string_view word;
      double nanos;
    };
    static constexpr std::array<Unit, 8> kUnits = {{{"ns", 1},
                                                    {"us", 1e3},
                                                    {"µs", 1e3},
                                                    {"μs", 1e3},
                                                    {"ms", 1e6},
                                                    {"s", 1e9},
                                                    {"m", 6e10},
                                                    {"h", 3.6e12}}};
    const Unit* unit = nullptr;
    for (const Unit& u : kUnits)
      if (!unit && rest.starts_with(u.word)) unit = &u;
    if (!unit) return std::nullopt;
    total += value * unit->nanos;
    at += unit->word.size();
  }
  if (total > 9e18) return std::nullopt;
  return static_cast<std::int64_t>(total);
}

std::string rfc3339_of(TimeNs time) {
  if (time == kNoTime) return "";
  const Parts p = parts_of(time);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", p.date.year, p.date.month,
                     p.date.day, p.hour, p.minute, p.second, p.nanos);
}

std::string clock_of(TimeNs time) {
  if (time == kNoTime) return "--:--:--";
  const Parts p = parts_of(time);
  return fmt::format("{:02}:{:02}:{:02}", p.hour, p.minute, p.second);
}

std::string short_time_of(TimeNs time) {
  if (time == kNoTime) return "unknown time";
  const Parts p = parts_of(time);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", p.date.year, p.date.month, p.date.day,
                     p.hour, p.minute, p.second);
}

}  // namespace regtriage
