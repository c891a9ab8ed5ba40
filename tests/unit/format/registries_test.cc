#include <catch2/catch.hpp>

#include "reading.h"

namespace regtriage::testing {
namespace {

Record parsed(RecordParser& parser, std::string_view payload) {
  Record record;
  INFO(payload);
  REQUIRE(parser.parse(payload, record) == Parsed::record);
  return record;
}

TEST_CASE("Quay's line has a level, a logger and a message") {
  RecordParser parser;
  const Record r = parsed(parser,
                          "2023-04-24 11:12:37,996 [235] [ERROR] [endpoints.v2.manifest] failed to "
                          "parse manifest when writing by tagname");
  CHECK(r.format == Format::quay);
  CHECK(r.level == Level::error);
  CHECK(rfc3339_of(r.time) == "2023-04-24T11:12:37.996000000Z");
  CHECK(r.message == "failed to parse manifest when writing by tagname");
}

TEST_CASE("gunicorn's access line inside of Quay's is an access line") {
  RecordParser parser;
  const Record r =
      parsed(parser, R"(2023-04-24 11:12:37,996 [235] [INFO] [gunicorn.access] 10.0.0.1 - - )"
                     R"([24/Apr/2023:11:12:37 +0000] "GET /v2/team/app/manifests/v1 HTTP/1.1" )"
                     R"(404 100 "-" "docker/24.0.7")");
  CHECK(r.format == Format::access);
  CHECK(r.status == 404);
  CHECK(r.uri == "/v2/team/app/manifests/v1");
}

TEST_CASE("the user of Quay's nginx stands behind two addresses") {
  RecordParser parser;
  const Record r =
      parsed(parser, R"(10.0.0.1 (10.0.0.9) - alice [24/Apr/2023:11:12:37 +0000] )"
                     R"("HEAD /v2/team/app/manifests/v1 HTTP/1.1" 404 0 "-" "docker/24" (0.011))");
  CHECK(r.remote == "10.0.0.1");
  CHECK(r.user == "alice");
  CHECK(r.agent == "docker/24");
}

TEST_CASE("Nexus' request line gives its counts before the agent") {
  RecordParser parser;
  const Record r =
      parsed(parser, R"(10.0.0.25 - - [16/Apr/2026:16:02:34 +0000] "HEAD /repository/h/v2/cache/)"
                     R"(manifests/latest HTTP/1.1" 404 - 0 11 "buildkit/v0.29" [qtp1-85])");
  CHECK(r.agent == "buildkit/v0.29");
  CHECK(r.duration_ns == 11'000'000);
  CHECK(r.written == -1);
}

TEST_CASE("Nexus' log names the path that a proxy could not fetch") {
  RecordParser parser;
  const Record r =
      parsed(parser,
             "2022-07-18 05:43:59,237+0000 WARN  [qtp1-507] alice org.sonatype.nexus.X "
             "- proxy repo p failed to fetch v2/library/app/manifests/3.16, content "
             "not in cache.");
  CHECK(r.format == Format::nexus);
  CHECK(r.level == Level::warning);
  CHECK(r.user == "alice");
  CHECK(r.uri == "/v2/library/app/manifests/3.16");
}

TEST_CASE("Artifactory's request lines of both forms are requests") {
  RecordParser parser;
  for (const std::string_view line :
       {"2024-05-01T09:00:00.120Z|3bf7e8b5a1c2d3e4|10.0.0.7|alice|GET|/api/docker/d/v2/a/manifests/"
        "v1|404|-1|157|12|docker/24",
        "20240501090000|152|REQUEST|10.0.0.7|alice|GET|/api/docker/d/v2/a/manifests/v1|HTTP/"
        "1.1|404|"
        "157"}) {
    const Record r = parsed(parser, line);
    CHECK(r.format == Format::artifactory);
    CHECK(r.status == 404);
    CHECK(r.written == 157);
    CHECK(r.remote == "10.0.0.7");
    CHECK(r.uri == "/api/docker/d/v2/a/manifests/v1");
    CHECK(rfc3339_of(r.time).starts_with("2024-05-01T09:00:00"));
  }
}

TEST_CASE("Artifactory's server line is read behind the transport's time") {
  RecordParser parser;
  const Record r = parsed(parser,
                          "[jfrt ] [ERROR] [3bf7e8b5] [o.a.d.DockerHandler:12  ] [http-nio-1] - no "
                          "manifest /v2/team/app/manifests/v1");
  CHECK(r.level == Level::error);
  CHECK(r.request_id == "3bf7e8b5");
  CHECK(r.uri == "/v2/team/app/manifests/v1");
}

TEST_CASE("Gitea's router lines of both forms are requests") {
  RecordParser parser;
  for (const std::string_view line :
       {"2022/05/14 13:25:02 Completed POST /v2/users/a/blobs/uploads/ 404 Not Found in 303.199µs",
        "2024/05/14 13:25:02 ...eb/routing/logger.go:102:func1() [I] router: completed POST "
        "/v2/users/a/blobs/uploads/ for 10.0.0.2:0, 404 Not Found in 1.2ms @ x.go:100(f)"}) {
    const Record r = parsed(parser, line);
    CHECK(r.format == Format::gitea);
    CHECK(r.method == "POST");
    CHECK(r.status == 404);
    CHECK(r.uri == "/v2/users/a/blobs/uploads/");
    CHECK(r.duration_ns > 0);
  }
}

TEST_CASE("zot's names of a request land in the slots") {
  RecordParser parser;
  const Record r = parsed(
      parser,
      R"({"level":"info","clientIP":"10.0.0.5:40111","method":"GET","path":"/v2/a/manifests/v1",)"
      R"("statusCode":404,"latency":"0s","bodySize":205,"headers":{"User-Agent":["docker/24"]},)"
      R"("goroutine":44,"time":"2024-05-01T09:00:00.120Z","message":"HTTP API"})");
  CHECK(r.status == 404);
  CHECK(r.uri == "/v2/a/manifests/v1");
  CHECK(r.remote == "10.0.0.5:40111");
  CHECK(r.agent == "docker/24");
  CHECK(r.written == 205);
}

TEST_CASE("a refusal's body names its code and what it is about") {
  RecordParser parser;
  const Record harbor =
      parsed(parser, R"({"errors":[{"code":"NOT_FOUND","message":"artifact a/b:v1 not found"}]})");
  CHECK(harbor.code == "NOT_FOUND");
  CHECK(harbor.name == "a/b");
  CHECK(harbor.reference == "v1");
  const Record own = parsed(
      parser, R"(unknown: http status code: 404, body: {"errors":[{"code":"MANIFEST_UNKNOWN",)"
              R"("message":"manifest unknown","detail":{"Tag":"v1"}}]})");
  CHECK(own.format == Format::text);
  CHECK(own.code == "MANIFEST_UNKNOWN");
  CHECK(own.reference == "v1");
}

TEST_CASE("a body over several lines waits for its end") {
  RecordParser parser;
  Record r;
  CHECK(parser.parse("{", r) == Parsed::open);
  CHECK(parser.parse("{\n \"errors\": [{\"code\":\"BLOB_UNKNOWN\"", r) == Parsed::open);
  CHECK(parser.parse("{\n \"errors\": [{\"code\":\"BLOB_UNKNOWN\"}]\n}", r) == Parsed::record);
  CHECK(r.code == "BLOB_UNKNOWN");
}

TEST_CASE("lines that only look like another product's are not taken") {
  RecordParser parser;
  Record r;
  for (const std::string_view line :
       {"2023-04-24 11:12:37,996 text without brackets", "2023-04-24 11:12:37,996 [235] text",
        "2024-05-01T09:00:00.120Z|a|b", "20240501090000|152|REQUEST", "[jfrt ] [",
        "{\"errors\":[]}", "{\"errors\":[{\"message\":\"m\"}]}"}) {
    INFO(line);
    CHECK(parser.parse(line, r) == Parsed::not_mine);
    CHECK(r.format == Format::text);
  }
}

}  // namespace
}  // namespace regtriage::testing
