#include <catch2/catch.hpp>

#include "base/hash.h"
#include "base/json_writer.h"
#include "base/redact.h"
#include "base/string_table.h"
#include "base/text.h"
#include "base/time.h"
#include "base/utf8.h"

using namespace regtriage;

TEST_CASE("RFC 3339 is read with any number of decimals and any zone") {
  CHECK(try_rfc3339("1970-01-01T00:00:01Z") == kSecond);
  CHECK(try_rfc3339("2026-11-24T23:12:28.048912104Z") ==
        try_rfc3339("2026-11-25T01:12:28.048912104+02:00"));
  CHECK(*try_rfc3339("2026-11-24T23:12:28.5Z") % kSecond == kSecond / 2);
  CHECK(try_rfc3339("2026-11-24T23:12:28+0530") == try_rfc3339("2026-11-24T17:42:28Z"));
  CHECK(rfc3339_of(*try_rfc3339("2024-02-29T12:00:00.000000001Z")) ==
        "2024-02-29T12:00:00.000000001Z");
}

TEST_CASE("times of a wrong shape are refused") {
  for (const char* text :
       {"", "2026", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-01-01T24:00:00Z",
        "2026-01-01T00:00:00Zx", "2026/01/01T00:00:00Z", "9999-01-01T00:00:00Z"})
    CHECK_FALSE(try_rfc3339(text));
  CHECK_FALSE(try_access_time("24/Nov/2026:23:12:28"));
  CHECK_FALSE(try_syslog_time("Nov 24 23:12:28", 0, 0));
}

TEST_CASE("access, syslog and Go times agree with RFC 3339") {
  const auto want = try_rfc3339("2026-11-04T23:12:28Z");
  CHECK(try_access_time("04/Nov/2026:23:12:28 +0000") == want);
  CHECK(try_access_time("05/Nov/2026:00:12:28 +0100") == want);
  CHECK(try_syslog_time("Nov  4 23:12:28", 2026, 0) == want);
  CHECK(try_go_log_time("2026/11/04 23:12:28") == want);
}

TEST_CASE("Go durations are read in all their units") {
  CHECK(try_go_duration("1.5ms") == 1'500'000);
  CHECK(try_go_duration("850.1µs") == 850'100);
  CHECK(try_go_duration("2m3.5s") == 123'500'000'000);
  CHECK_FALSE(try_go_duration("5 apples"));
}

TEST_CASE("days_of and the printed date are inverse over four centuries") {
  for (std::int64_t day = 0; day < 80000; day += 7) {
    const std::string text = rfc3339_of(day * 86400 * kSecond);
    CHECK(try_rfc3339(text) == day * 86400 * kSecond);
  }
}

TEST_CASE("a UUID survives the way through its bits") {
  const std::string uuid = "0b0c2e17-1111-4222-a333-0123456789ab";
  CHECK(uuid_text(uuid_bits(uuid)) == uuid);
  CHECK_FALSE(uuid_bits("0b0c2e17-1111-4222-a333-0123456789aX"));
}

TEST_CASE("interning gives one id per text and keeps it while the table grows") {
  StringTable table;
  std::vector<NameId> ids;
  for (int i = 0; i < 5000; ++i) ids.push_back(table.intern("name-" + std::to_string(i)));
  for (int i = 0; i < 5000; ++i) {
    CHECK(table.find("name-" + std::to_string(i)) == ids[static_cast<std::size_t>(i)]);
    CHECK(table.text(ids[static_cast<std::size_t>(i)]) == "name-" + std::to_string(i));
  }
  CHECK(table.find("other") == NameId::none);
}

TEST_CASE("a table that rested finds and interns as before; a cleared one begins anew") {
  StringTable table;
  for (int i = 0; i < 1000; ++i) table.intern("name-" + std::to_string(i));
  table.rest();
  CHECK(table.text(table.find("name-7")) == "name-7");
  CHECK(table.find("other") == NameId::none);
  const NameId known = table.find("name-999");
  CHECK(table.intern("name-999") == known);
  CHECK(table.text(table.intern("other")) == "other");
  CHECK(table.size() == 1002);
  table.clear();
  CHECK(table.size() == 1);
  CHECK(table.find("name-7") == NameId::none);
  CHECK(table.text(table.intern("again")) == "again");
  table.rest();
  table.clear();
  CHECK(table.text(table.intern("and again")) == "and again");
}

TEST_CASE("secrets are gone and the rest stays") {
  CHECK(redacted("/v2/a/blobs/uploads/x?_state=abcDEF_-%3D&digest=sha256%3Aaa") ==
        "/v2/a/blobs/uploads/x?_state=[redacted]&digest=sha256%3Aaa");
  CHECK(redacted("Authorization: Bearer abcdefghijklmnop") == "Authorization: [redacted]");
  CHECK(redacted("https://alice:wonder@registry.example.com/v2/") ==
        "https://[redacted]@registry.example.com/v2/");
  CHECK(redacted("X-Amz-Signature=0123abc&x=1") == "X-Amz-Signature=[redacted]&x=1");
  const std::string jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSIsImV4cCI6MX0.c2lnbmF0dXJl";
  CHECK(redacted("token " + jwt + " refused") == "token [redacted] refused");
  CHECK(redacted("unknown tag=v1") == "unknown tag=v1");
  const std::string once = redacted("a?sig=zzz&token=yyy Basic YWxpY2U6d29uZGVy");
  CHECK(redacted(once) == once);
}

TEST_CASE("an upload state gives name, upload, offset and start, and nothing for a forged shape") {
  // 32 bytes of HMAC, then the JSON object, base64url.
  const auto state = try_upload_state(
      "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB7Ik5hbWUiOiJ0ZWFtL2FwcCIsIlVVSUQiOiIwYjBjMmUxNy0x"
      "MTExLTQyMjItYTMzMy0w"
      "MTIzNDU2Nzg5YWIiLCJPZmZzZXQiOjE1MDAwLCJTdGFydGVkQXQiOiIyMDI2LTExLTI0VDIzOjEyOjI4WiJ9");
  REQUIRE(state);
  CHECK(state->repository == "team/app");
  CHECK(state->upload == "0b0c2e17-1111-4222-a333-0123456789ab");
  CHECK(state->offset == 15000);
  CHECK(state->started == try_rfc3339("2026-11-24T23:12:28Z"));
  CHECK_FALSE(try_upload_state("AAAA"));
  CHECK_FALSE(try_upload_state(std::string(5000, 'A')));
}

TEST_CASE("a terminal never sees a control, a bidi mark or a broken byte") {
  CHECK(terminal_text("a\x1b[31mb\tc\xc2\x9b"
                      "d\xe2\x80\xae"
                      "e\xff") == "a\\x1b[31mb\\x09c\\x9bd\\u{202e}e\\xff");
  CHECK(terminal_text("naïve 日本") == "naïve 日本");
}

TEST_CASE("JSON strings are always valid and say what was replaced") {
  std::string out;
  JsonWriter json(out);
  json.begin_object().field("a", std::string_view("x\xff\"\n")).field("n", 3).end_object();
  CHECK(out == "{\"a\":\"x\xef\xbf\xbd\\\"\\n\",\"a_hex\":\"78ff220a\",\"n\":3}");
}
