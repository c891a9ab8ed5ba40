// Secrets go before anything is kept (DESIGN L7, §8).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace regtriage {

// The readable part of an upload's `_state` (distribution registry/handlers/hmac.go v2.8.3: 32
// bytes of HMAC-SHA256, then JSON, base64url). The token itself is a signed capability and is never
// kept. Not verified: the values are the client's word.
struct UploadState {
  std::string repository;
  std::string upload;        // UUID
  std::int64_t offset = 0;   // bytes the registry expects to have
  TimeNs started = kNoTime;  // the POST's time
};
// `token` as in the query, still percent-encoded or not. At most 4 KiB is looked at.
std::optional<UploadState> try_upload_state(std::string_view token);

// Text with secrets replaced by "[redacted]": Authorization values, bearer and basic tokens, JWTs
// anywhere, user:password@ in URLs, `_state=`, cookies, presigned parameters of S3, GCS, Azure, OSS
// and CloudFront. Linear; text without secrets is returned as it is. Idempotent.
std::string redacted(std::string_view text);
// False means surely nothing to redact (fast check).
bool may_hold_secret(std::string_view text);

}  // namespace regtriage
