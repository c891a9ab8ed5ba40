// Times are nanoseconds since 1970-01-01T00:00:00Z. Parsers are fixed-shape and allocate nothing;
// a wrong shape is std::nullopt, never an exception. No function here asks the clock or the locale.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace regtriage {

using TimeNs = std::int64_t;
inline constexpr TimeNs kNoTime = std::numeric_limits<TimeNs>::min();
inline constexpr TimeNs kSecond = 1'000'000'000;
inline constexpr TimeNs kMinute = 60 * kSecond;
inline constexpr TimeNs kHour = 60 * kMinute;
// Where what has no time stands in an order: before every time that a log can print (1970 to 2200),
// and near enough to it that two places may be subtracted.
inline constexpr TimeNs kBeforeAll = -(TimeNs{1} << 60);

// Days since 1970-01-01 of a civil date (proleptic Gregorian; month 1..12).
std::int64_t days_of(int year, unsigned month, unsigned day);

// RFC 3339 with 0..9 decimals and 'Z' or ±hh:mm or ±hhmm; 'T' or one blank between date and time.
// Without a zone `assumed_offset_s` is taken. The whole of `text` must match.
std::optional<TimeNs> try_rfc3339(std::string_view text, int assumed_offset_s = 0);

// As try_rfc3339, but at the head of `text`; sets `used` to the bytes taken.
std::optional<TimeNs> try_rfc3339_prefix(std::string_view text, std::size_t& used,
                                         int assumed_offset_s = 0);

// "24/Nov/2026:23:12:28 +0000" (Apache's access log).
std::optional<TimeNs> try_access_time(std::string_view text);

// "Nov 24 23:12:28" or "Nov  4 …" (RFC 3164): no year, no zone. `year` 0 gives nullopt.
std::optional<TimeNs> try_syslog_time(std::string_view text, int year, int offset_s);

// "2026/11/24 23:24:15" (Go's own logger): no zone.
std::optional<TimeNs> try_go_log_time(std::string_view text, int offset_s = 0);

// Go's duration text ("1.2ms", "850.1µs", "2m3.4s", "1h2m3s", "12ns") in nanoseconds.
std::optional<std::int64_t> try_go_duration(std::string_view text);

// "2026-11-24T23:12:28.048912104Z": always nine decimals; empty for kNoTime.
std::string rfc3339_of(TimeNs time);
// "23:12:28" and "2026-11-24 23:12:28" in UTC, for people.
std::string clock_of(TimeNs time);
std::string short_time_of(TimeNs time);

}  // namespace regtriage
