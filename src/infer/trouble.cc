#include "infer/trouble.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/text.h"

namespace regtriage {
namespace {

bool any_of(std::string_view text, std::span<const std::string_view> parts) {
  return std::any_of(parts.begin(), parts.end(),
                     [&](std::string_view part) { return contains(text, part); });
}

}  // namespace

Trouble trouble_of(std::string_view detail, bool proxy) {
  static constexpr std::array<std::string_view, 6> kDenied = {
      "AccessDenied",          "status code: 403",  "InvalidAccessKeyId",
      "SignatureDoesNotMatch", "permission denied", "AuthorizationPermissionMismatch"};
  static constexpr std::array<std::string_view, 7> kFull = {
      "StorageFull",         "status code: 507", "no space left on device", "disk quota exceeded",
      "InsufficientStorage", "QuotaExceeded",    "EntityTooLarge: quota"};
  static constexpr std::array<std::string_view, 10> kUnreachable = {"connection refused",
                                                                    "no such host",
                                                                    "i/o timeout",
                                                                    "no route to host",
                                                                    "connection reset",
                                                                    "TLS handshake",
                                                                    "context deadline exceeded",
                                                                    "EOF",
                                                                    "x509:",
                                                                    "dial tcp"};
  static constexpr std::array<std::string_view, 8> kDrivers = {
      "s3aws:", "filesystem:", "gcs:", "azure:", "swift:", "oss:", "inmemory:", "s3:"};
  if (contains(detail, "client disconnected") || contains(detail, "context canceled"))
    return Trouble::client_gone;
  if (detail == "unknown blob") return Trouble::stale_stat;
  if (contains(detail, " URL on layer")) return Trouble::manifest;
  if (contains(detail, "invalid checksum digest format")) return Trouble::broken_file;
  static constexpr std::array<std::string_view, 4> kLimited = {
      "toomanyrequests", "status code: 429", "429 Too Many Requests", "Rate limit exceeded"};
  if (any_of(detail, kLimited)) return Trouble::upstream_limited;
  const bool driver = any_of(detail, kDrivers);
  if (contains(detail, "/_uploads/") && contains(detail, "Path not found"))
    return Trouble::upload_path;
  if (any_of(detail, kFull)) return Trouble::full;
  if (driver && contains(detail, "401 Unauthorized")) return Trouble::access_denied;
  if (any_of(detail, kDenied)) return Trouble::access_denied;
  const bool request_out = detail.starts_with("Get \"") || detail.starts_with("Head \"") ||
                           detail.starts_with("Get http") || detail.starts_with("Head http");
  if (!driver && (proxy || request_out) && any_of(detail, kUnreachable))
    return Trouble::upstream_unreachable;
  if (!driver && proxy &&
      (contains(detail, "unauthorized") || contains(detail, "manifest unknown") ||
       contains(detail, "denied")))
    return Trouble::upstream_other;
  return Trouble::storage;
}

}  // namespace regtriage
