#include <catch2/catch.hpp>

#include "reading.h"

namespace regtriage::testing {
namespace {

Record parse(std::string_view payload) {
  static RecordParser parser;
  Record record;
  REQUIRE(parser.parse(payload, record) == Parsed::record);
  REQUIRE(record.format == Format::access);
  return record;
}

TEST_CASE("gorilla's combined line is read with its escapes") {
  const Record r = parse(
      R"(127.0.0.1 - - [24/Nov/2026:23:46:10 +0000] "GET /v2/a/b/blobs/uploads/?_state=x HTTP/1.1" 404 157 "" "ci\" err.code=\"x\" \\(linux\\) \xff\t")");
  CHECK(r.remote == "127.0.0.1");
  CHECK(r.user.empty());
  CHECK(r.time_text == "24/Nov/2026:23:46:10 +0000");
  CHECK(rfc3339_of(r.time) == "2026-11-24T23:46:10.000000000Z");
  CHECK(r.method == "GET");
  CHECK(r.uri == "/v2/a/b/blobs/uploads/?_state=x");
  CHECK(r.status == 404);
  CHECK(r.written == 157);
  CHECK(r.referer.empty());
  CHECK(r.agent == "ci\" err.code=\"x\" \\(linux\\) \xff\t");
}

TEST_CASE("nginx's escapes, zone, user and times behind the agent are read") {
  const Record r = parse(
      R"(2001:db8::17 - alice [24/Nov/2026:23:46:10 +0200] "PUT /v2/ HTTP/2.0" 201 0 "-" "docker \x5C(linux\x5C) \x22q\x22" 0.013 0.012 .)");
  CHECK(r.remote == "2001:db8::17");
  CHECK(r.user == "alice");
  CHECK(rfc3339_of(r.time) == "2026-11-24T21:46:10.000000000Z");
  CHECK(r.agent == R"(docker \(linux\) "q")");
  REQUIRE(r.fields.size() == 2);
  CHECK(r.fields[1].key == "rest");
  CHECK(r.fields[1].value == "0.013 0.012 .");
}

TEST_CASE("a common line has neither referer nor agent") {
  const Record r = parse(
      R"(10.0.0.1 - - [24/Nov/2026:23:46:10 +0000] "DELETE /api/registry/blob/sha256:0 HTTP/1.1" 200 -)");
  CHECK(r.method == "DELETE");
  CHECK(r.status == 200);
  CHECK(r.written == -1);
  CHECK(r.agent.empty());
}

TEST_CASE("a size below zero is no size") {
  CHECK(parse(R"(10.0.0.1 - - [24/Nov/2026:23:46:10 +0000] "GET /v2/ HTTP/1.1" 200 -87)").written ==
        -1);
}

TEST_CASE("odd requests are kept whole") {
  CHECK(parse(R"(10.0.0.1 - - [24/Nov/2026:23:46:10 +0000] "\x16\x03\x01" 400 150 "-" "-")").uri ==
        "\x16\x03\x01");
  CHECK(parse(R"(10.0.0.1 - - [24/Nov/2026:23:46:10 +0000] "" 408 0 "-" "-")").method.empty());
  const Record r = parse(
      R"(10.0.0.1 - - [24/Nov/2026:23:46:10 +0000] "GET http://registry.example.com/v2/a b HTTP/1.1" 200 2 "" "")");
  CHECK(r.uri == "http://registry.example.com/v2/a b");
  CHECK(r.method == "GET");
}

TEST_CASE("a user may hold blanks and brackets") {
  const Record r =
      parse(R"(10.0.0.1 - a [b] c [24/Nov/2026:23:46:10 +0000] "GET /v2/ HTTP/1.1" 200 2)");
  CHECK(r.user == "a [b] c");
}

TEST_CASE("what is cut or wrong is no access line") {
  for (const std::string_view line : {
           R"(10.0.0.1 - - [24/Nov/2026:23:46:10 +0000] "GET /v2/ HT)",
           R"(10.0.0.1 - - [24/Nov/2026:23:46:10 +0000] "GET /v2/ HTTP/1.1" abc 2)",
           R"(10.0.0.1 - - [24/Foo/2026:23:46:10 +0000] "GET /v2/ HTTP/1.1" 200 2)",
           R"(10.0.0.1 - - [24/Nov/2026:23:46:10 +0000])",
           R"(10.0.0.1 - [)",
       }) {
    INFO(line);
    CHECK(record_of(line) == "");
  }
}

}  // namespace
TEST_CASE("a line that was cut off before its request is an access line") {
  for (const std::string_view quote : {"\"", ""}) {
    const Record r = parse(std::string(quote) +
                           R"(GET /v2/team/app/manifests/v1 HTTP/1.1" 404 96 "" "docker/24.0.7")");
    CHECK(r.time == kNoTime);
    CHECK(r.method == "GET");
    CHECK(r.uri == "/v2/team/app/manifests/v1");
    CHECK(r.status == 404);
    CHECK(r.written == 96);
    CHECK(r.agent == "docker/24.0.7");
  }
  RecordParser parser;
  Record record;
  CHECK(parser.parse("GET /v2/team/app/manifests/v1 and so on", record) == Parsed::not_mine);
  CHECK(parser.parse("PUT / HTTP/1.1\"", record) == Parsed::not_mine);
}

}  // namespace regtriage::testing
