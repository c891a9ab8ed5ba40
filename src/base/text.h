// Small helpers on borrowed text. Nothing here depends on the locale.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace regtriage {

// Decimal digits only, whole text, no sign for the unsigned form; overflow and anything else:
// nullopt.
std::optional<std::uint64_t> try_u64(std::string_view text);
std::optional<std::int64_t> try_i64(std::string_view text);

std::string_view trimmed(std::string_view text);              // blanks, tabs, CR, LF at both ends
bool contains(std::string_view text, std::string_view part);  // memmem
bool is_hex(std::string_view text);                           // lower-case hex digits only
// "sha256:" + 64 or "sha512:" + 128 lower-case hex digits.
bool is_digest(std::string_view text);
// Decodes %XX; a malformed escape stays as it is. Linear.
std::string percent_decoded(std::string_view text);
// The first value of `name` in a URL query ("a=1&b=2", no '?'), still encoded; nullopt if absent.
std::optional<std::string_view> try_query_value(std::string_view query, std::string_view name);
// base64url or base64, padding optional; bytes after the first wrong character are dropped.
std::string base64_decoded(std::string_view text);

}  // namespace regtriage
