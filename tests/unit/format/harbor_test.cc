// Harbor's own lines, its nginx's, beego's and PostgreSQL's.
#include <catch2/catch.hpp>

#include "format/format.h"

using namespace regtriage;

TEST_CASE("a line of core has its level, its request and its message") {
  RecordParser parser;
  Record record;
  REQUIRE(
      parser.parse(
          R"x(2026-11-25T00:44:27Z [ERROR] [/server/middleware/security/basic_auth.go:72][client IP="10.0.0.7" requestID="3c4bc80a-1a05-46b7-9b37-250b796bb825" user agent="docker/24.0.7 (\"x\" y=\"z\")"]: failed to authenticate user:alice, error:x )x",
          record) == Parsed::record);
  CHECK(record.format == Format::harbor);
  CHECK(record.level == Level::error);
  CHECK(record.remote == "10.0.0.7");
  CHECK(record.request_id == "3c4bc80a-1a05-46b7-9b37-250b796bb825");
  CHECK(record.agent.substr(0, 13) == "docker/24.0.7");
  CHECK(record.message == "failed to authenticate user:alice, error:x");
}

TEST_CASE("a line of core without a file or fields is a record, a broken one does no harm") {
  RecordParser parser;
  Record record;
  REQUIRE(parser.parse("2026-11-25T00:44:27Z [INFO] started", record) == Parsed::record);
  CHECK(record.message == "started");
  for (const std::string line :
       {"2026-11-25T00:44:27Z [ERROR] [/a.go:1][x=\"", "2026-11-25T00:44:27Z [ERROR] [/a.go:1",
        "2026-11-25T00:44:27Z [ERROR] [/a.go:1][=\"\"]: m", "2026-11-25T00:44:27Z [ERROR] "})
    parser.parse(line, record);
  CHECK(parser.parse("2026-13-25T00:44:27Z [INFO] started", record) == Parsed::not_mine);
}

TEST_CASE("a line of core whose time was cut off is known by its file") {
  RecordParser parser;
  Record record;
  REQUIRE(parser.parse("[ERROR] [/server/middleware/repoproxy/proxy.go:142]: failed to proxy "
                       "manifest, fallback to local, request uri: /v2/hub/app/manifests/v1, error: "
                       "http status code: 503",
                       record) == Parsed::record);
  CHECK(record.format == Format::harbor);
  CHECK(record.time == kNoTime);
  CHECK(record.level == Level::error);
  CHECK(record.message.starts_with("failed to proxy manifest"));
  CHECK_FALSE(parser.parse("[ERROR] something", record) == Parsed::record);
}

TEST_CASE("Harbor's nginx prints no time, its Helm chart the time in front") {
  RecordParser parser;
  Record record;
  const std::string line =
      R"x(10.0.0.7 - "HEAD /v2/team/app/manifests/v1 HTTP/1.1" 404 0 "-" "docker/24.0.7 \x5C(linux\x5C)" 0.012 0.011 .)x";
  REQUIRE(parser.parse(line, record) == Parsed::record);
  CHECK(record.format == Format::access);
  CHECK(record.time == kNoTime);
  CHECK(record.remote == "10.0.0.7");
  CHECK(record.status == 404);
  CHECK(record.agent == "docker/24.0.7 \\(linux\\)");
  CHECK(record.duration_ns == 12'000'000);
  REQUIRE(parser.parse("[25/Nov/2026:00:46:03 +0000]: " + line, record) == Parsed::record);
  CHECK(rfc3339_of(record.time).substr(0, 19) == "2026-11-25T00:46:03");
  CHECK(record.status == 404);
  CHECK(parser.parse("10.0.0.7 - \"HEAD /v2/ HTTP/1.1\" x", record) == Parsed::not_mine);
}

TEST_CASE("beego's colours are taken off, as printed and as rsyslog keeps them") {
  RecordParser parser;
  Record record;
  for (const std::string escape : {"\x1b", "#033"}) {
    REQUIRE(
        parser.parse("2026/11/25 00:45:04.625 " + escape + "[1;35m[C]" + escape +
                         "[0m [config.go:501]  Handler crashed with error net/http: abort Handler",
                     record) == Parsed::record);
    CHECK(record.level == Level::fatal);
    CHECK(record.message == "Handler crashed with error net/http: abort Handler");
  }
}

TEST_CASE("PostgreSQL's words are levels") {
  RecordParser parser;
  Record record;
  REQUIRE(parser.parse("2026-11-25 00:46:44.636 UTC [16363] ERROR:  permission denied for table x",
                       record) == Parsed::record);
  CHECK(record.format == Format::postgresql);
  CHECK(record.level == Level::error);
  CHECK(record.message == "permission denied for table x");
}
