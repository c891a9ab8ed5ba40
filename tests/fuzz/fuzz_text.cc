// base: times, redaction, encoders and small parsers on any bytes.
#include "base/hash.h"
#include "base/json_writer.h"
#include "base/mask.h"
#include "base/redact.h"
#include "base/text.h"
#include "base/time.h"
#include "base/utf8.h"
#include "fuzz.h"

namespace {

using namespace regtriage;

void check_times(std::string_view text) {
  if (const auto time = try_rfc3339(text)) FUZZ_REQUIRE(try_rfc3339(rfc3339_of(*time)) == time);
  try_access_time(text);
  try_syslog_time(text, 2026, 0);
  try_go_log_time(text);
  try_go_duration(text);
  uuid_bits(text);
}

void check_encoders(std::string_view text) {
  std::string json;
  FUZZ_REQUIRE(append_json_string(json, text) == is_utf8(text));
  FUZZ_REQUIRE(is_utf8(json));
  const std::string shown = terminal_text(text);
  FUZZ_REQUIRE(is_utf8(shown));
  for (const char c : shown) FUZZ_REQUIRE(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
}

void check_redaction(std::string_view text) {
  const std::string once = redacted(text);
  FUZZ_REQUIRE(redacted(once) == once);
  if (!may_hold_secret(text)) FUZZ_REQUIRE(once == text);
  try_upload_state(text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = text_of(data, size);
  check_encoders(text);
  check_redaction(text);
  percent_decoded(text);
  base64_decoded(text);
  FUZZ_REQUIRE(masked(text).size() <= 210);
  for_each_line(text, check_times);
  return 0;
}
