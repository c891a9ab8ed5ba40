// One pass over the text for each kind of secret, each linear: find a marker, replace what follows
// up to the end of its alphabet. The markers are few and rare, so ordinary text costs a handful of
// memmem scans.
#include "base/redact.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/hash.h"
#include "base/text.h"

namespace regtriage {
namespace {

constexpr std::string_view kGone = "[redacted]";
constexpr std::size_t kMaxToken = 4096;

bool alnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool token_char(char c) { return alnum(c) || std::strchr("-._~+/=%", c) != nullptr; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// Query parameters and fields whose value is a secret: distribution's _state; S3's, GCS's, Azure's,
// OSS's and CloudFront's presigned parameters; tokens and passwords by their usual names. Lower
// case.
constexpr std::array<std::string_view, 26> kParameters = {
    "_state",           "x-amz-signature",
    "x-amz-credential", "x-amz-security-token",
    "x-goog-signature", "x-goog-credential",
    "signature",        "sig",
    "awsaccesskeyid",   "googleaccessid",
    "ossaccesskeyid",   "key-pair-id",
    "security-token",   "policy",
    "access_token",     "refresh_token",
    "id_token",         "token",
    "password",         "passwd",
    "secret",           "client_secret",
    "x-registry-auth",  "api_key",
    "apikey",           "secret_key"};

bool names_secret(std::string_view name) {
  std::string low(name);
  for (char& c : low) c = lower(c);
  for (const std::string_view parameter : kParameters)
    if (low == parameter) return true;
  return false;
}

bool name_char(char c) { return alnum(c) || c == '-' || c == '_'; }

// NAME=VALUE, "NAME":"VALUE": the name ends right before `equals`.
void hide_parameters(std::string& text) {
  std::string out;
  std::size_t done = 0;
  for (std::size_t at = text.find('='); at != std::string::npos; at = text.find('=', at + 1)) {
    if (at < done) continue;
    std::size_t begin = at;
    while (begin > done && at - begin < 24 && name_char(text[begin - 1])) --begin;
    if (begin == at || !names_secret(std::string_view(text).substr(begin, at - begin))) continue;
    std::size_t value = at + 1;
    while (value < text.size() && (text[value] == '"' || text[value] == '\\')) ++value;
    std::size_t end = value;
    while (end < text.size() && token_char(text[end])) ++end;
    if (end == value || std::string_view(text).substr(value).starts_with(kGone)) continue;
    out.append(text, done, value - done);
    out += kGone;
    done = end;
  }
  if (done == 0) return;
  out.append(text, done, std::string::npos);
  text = std::move(out);
}

// "password: VALUE" of a configuration file, to the end of the line.
void hide_settings(std::string& text) {
  static constexpr std::array<std::string_view, 6> kEnds = {
      "password", "secret", "secretkey", "secret_key", "accesskey", "accountkey"};
  std::string out;
  std::size_t done = 0;
  for (std::size_t at = text.find(": "); at != std::string::npos; at = text.find(": ", at + 2)) {
    std::size_t begin = at;
    while (begin > done && at - begin < 32 && name_char(text[begin - 1])) --begin;
    std::string name = text.substr(begin, at - begin);
    for (char& c : name) c = lower(c);
    const bool secret = std::any_of(kEnds.begin(), kEnds.end(), [&](std::string_view end) {
      return std::string_view(name).ends_with(end);
    });
    const std::string_view value = std::string_view(text).substr(at + 2);
    if (!secret || value.empty() || value.starts_with(kGone)) continue;
    const std::size_t end = std::min(text.find_first_of("\r\n", at), text.size());
    out.append(text, done, at + 2 - done);
    out += kGone;
    done = end;
    at = end - 2;
  }
  if (done == 0) return;
  out.append(text, done, std::string::npos);
  text = std::move(out);
}

// Replaces what follows each `marker` (any case) over token characters.
void hide_after(std::string& text, std::string_view marker, std::size_t at_least) {
  std::string out;
  std::size_t done = 0;
  for (std::size_t at = 0; at + marker.size() < text.size(); ++at) {
    if (lower(text[at]) != lower(marker[0])) continue;
    bool same = true;
    for (std::size_t i = 0; i < marker.size() && same; ++i)
      same = lower(text[at + i]) == lower(marker[i]);
    if (!same) continue;
    const std::size_t value = at + marker.size();
    std::size_t end = value;
    while (end < text.size() && token_char(text[end])) ++end;
    if (end - value < at_least) continue;
    out.append(text, done, value - done);
    out += kGone;
    done = end;
    at = end > 0 ? end - 1 : 0;
  }
  if (done == 0) return;
  out.append(text, done, std::string::npos);
  text = std::move(out);
}

// Header values to the end of the header: "Authorization: …", "Cookie: …".
void hide_header(std::string& text, std::string_view header) {
  std::string low = text;
  for (char& c : low) c = lower(c);
  std::string out;
  std::size_t done = 0;
  for (std::size_t at = low.find(header); at != std::string::npos; at = low.find(header, at + 1)) {
    if (at < done) continue;
    std::size_t value = at + header.size();
    while (value < text.size() && std::strchr("\": =\\[", text[value]) != nullptr) ++value;
    if (value == at + header.size() || std::string_view(text).substr(value).starts_with("redacted"))
      continue;
    std::size_t end = value;
    while (end < text.size() && std::strchr("\"\r\n]", text[end]) == nullptr) ++end;
    if (end == value) continue;
    out.append(text, done, value - done);
    out += kGone;
    done = end;
  }
  if (done == 0) return;
  out.append(text, done, std::string::npos);
  text = std::move(out);
}

// scheme://user:password@host: the part between "://" and '@'.
void hide_userinfo(std::string& text) {
  std::string out;
  std::size_t done = 0;
  for (std::size_t at = text.find("://"); at != std::string::npos; at = text.find("://", at + 3)) {
    const std::size_t begin = at + 3;
    std::size_t end = begin;
    while (end < text.size() && end - begin < 1024 &&
           (alnum(text[end]) || std::strchr("-._~%!$&'()*+,;=:", text[end])))
      ++end;
    if (end >= text.size() || text[end] != '@' || end == begin || begin < done) continue;
    out.append(text, done, begin - done);
    out += kGone;
    done = end;
  }
  if (done == 0) return;
  out.append(text, done, std::string::npos);
  text = std::move(out);
}

// JSON Web Tokens anywhere: "eyJ" + base64url, dots.
void hide_jwt(std::string& text) {
  std::string out;
  std::size_t done = 0;
  for (std::size_t at = text.find("eyJ"); at != std::string::npos; at = text.find("eyJ", at + 3)) {
    if (at < done) continue;
    std::size_t end = at, dots = 0;
    while (end < text.size() && (alnum(text[end]) || std::strchr("-_.=", text[end])))
      dots += text[end++] == '.';
    if (end - at < 40 || (dots == 0 && end - at < 100)) continue;
    out.append(text, done, at - done);
    out += kGone;
    done = end;
  }
  if (done == 0) return;
  out.append(text, done, std::string::npos);
  text = std::move(out);
}

bool uuid_like(std::string_view text) { return static_cast<bool>(uuid_bits(text)); }

std::optional<std::string> json_text(std::string_view json, std::string_view key) {
  const std::size_t at = json.find(key);
  if (at == std::string_view::npos) return std::nullopt;
  const std::size_t begin = at + key.size();
  const std::size_t end = json.find('"', begin);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view value = json.substr(begin, end - begin);
  if (value.size() > 512 || value.find('\\') != std::string_view::npos) return std::nullopt;
  return std::string(value);
}

}  // namespace

std::optional<UploadState> try_upload_state(std::string_view token) {
  if (token.size() > kMaxToken) return std::nullopt;
  const std::string bytes = base64_decoded(percent_decoded(token));
  if (bytes.size() < 34 || bytes[32] != '{') return std::nullopt;
  const std::string_view json = std::string_view(bytes).substr(32);
  UploadState state;
  const auto name = json_text(json, "\"Name\":\"");
  const auto upload = json_text(json, "\"UUID\":\"");
  if (!name || !upload || !uuid_like(*upload)) return std::nullopt;
  state.repository = *name;
  state.upload = *upload;
  if (const std::size_t at = json.find("\"Offset\":"); at != std::string_view::npos) {
    std::string_view digits = json.substr(at + 9);
    digits = digits.substr(0, digits.find_first_not_of("0123456789"));
    state.offset = try_i64(digits).value_or(0);
  }
  if (const auto started = json_text(json, "\"StartedAt\":\""))
    state.started = try_rfc3339(*started).value_or(kNoTime);
  return state;
}

namespace {

// What stands before or in a secret, each with its last byte first looked at.
constexpr std::array<std::string_view, 13> kSigns = {
    "=",         "://",     "eyJ",   "uthorization", "AUTHORIZATION", "earer", "BEARER",
    "assword: ", "ecret: ", "key: ", "asic ",        "ookie",         "COOKIE"};
// By byte: the signs that end with it.
constexpr auto kSignsByLast = [] {
  std::array<std::uint16_t, 256> sets{};
  for (std::size_t i = 0; i < kSigns.size(); ++i)
    sets[static_cast<unsigned char>(kSigns[i].back())] |= static_cast<std::uint16_t>(1U << i);
  return sets;
}();

}  // namespace

bool may_hold_secret(std::string_view text) {
  for (std::size_t end = 1; end <= text.size(); ++end) {
    const std::uint32_t signs = kSignsByLast[static_cast<unsigned char>(text[end - 1])];
    if (signs == 0) continue;
    const std::string_view before = text.substr(0, end);
    for (std::size_t i = 0; i < kSigns.size(); ++i)
      if ((signs >> i & 1U) != 0 && before.ends_with(kSigns[i])) return true;
  }
  return false;
}

std::string redacted(std::string_view text) {
  std::string out(text);
  if (!may_hold_secret(text)) return out;
  hide_userinfo(out);
  hide_header(out, "authorization");
  hide_header(out, "cookie");
  hide_after(out, "Bearer ", 12);
  hide_after(out, "Basic ", 12);
  hide_parameters(out);
  hide_settings(out);
  hide_jwt(out);
  return out;
}

}  // namespace regtriage
