#include <catch2/catch.hpp>

#include "reading.h"

namespace regtriage::testing {
namespace {

Record parse(std::string_view payload, Parsed expected = Parsed::record) {
  static RecordParser parser;
  Record record;
  REQUIRE(parser.parse(payload, record) == expected);
  return record;
}

TEST_CASE("a line of newer logrus has Go's escapes decoded") {
  const Record r = parse(
      R"(time="2026-11-24T23:46:10.679799988Z" level=info msg="a \"b\" \\c" http.request.uri=/v2/ http.request.useragent="tab\there \xff\u00e9")");
  CHECK(r.message == R"(a "b" \c)");
  CHECK(r.uri == "/v2/");
  CHECK(r.agent == "tab\there \xff\xc3\xa9");
  CHECK_FALSE(r.suspicious);
}

TEST_CASE("a line of upstream 2.8 ends with a blank and escapes nothing") {
  const Record r = parse(
      R"x(time="2026-11-24T23:46:10.679799988Z" level=error msg="error authenticating user "bob": authentication failure" go.version=go1.19.8 http.request.useragent="Docker-Client/24.0.7 \(linux\)" )x");
  CHECK(r.message == R"(error authenticating user "bob": authentication failure)");
  CHECK(r.agent == R"x(Docker-Client/24.0.7 \(linux\))x");
  CHECK_FALSE(r.suspicious);
}

TEST_CASE("typed values of upstream 2.8 are bare and may hold blanks") {
  const Record r = parse(
      R"(time="2026-11-24T23:46:10Z" level=error msg="response completed with error" auth.user.name= err.code="name unknown" err.detail=[{{repository  a/b} pull} {x y}] err.message="repository name not known to registry" http.response.status=404 )");
  CHECK(r.error_detail == "[{{repository  a/b} pull} {x y}]");
  CHECK(r.user.empty());
  CHECK(r.code == "name unknown");
  CHECK(r.status == 404);
}

TEST_CASE("an upstream value over several lines leaves the record open until it ends") {
  const std::string first =
      R"(time="2026-11-25T00:05:44.09Z" level=error msg="response completed with error" err.code=unknown err.detail="s3aws: AccessDenied: Access Denied)";
  CHECK(parse(first, Parsed::open).error_detail == "s3aws: AccessDenied: Access Denied");
  const std::string whole =
      first + "\n\tstatus code: 403, request id: 8DEC, host id: \" err.message=\"unknown error\" ";
  const Record r = parse(whole);
  CHECK(r.error_detail ==
        "s3aws: AccessDenied: Access Denied\n\tstatus code: 403, request id: 8DEC, host id: ");
  CHECK(r.error_message == "unknown error");
  CHECK_FALSE(starts_record("\tstatus code: 403, request id: 8DEC, host id: \" "));
  CHECK_FALSE(starts_record("caused by: Get \"http://192.0.2.1/registry\": EOF\" "));
}

TEST_CASE("an upstream line that lost its trailing blank is still upstream's") {
  const Record r = parse(
      R"x(time="2026-11-24T23:46:10Z" level=info msg="response completed" http.request.useragent="x \(linux\)" http.response.status=200)x");
  CHECK(r.agent == R"x(x \(linux\))x");
  CHECK(r.status == 200);
}

TEST_CASE("numbers and durations stand in their slots, absent ones are -1") {
  const Record r = parse(
      R"(time="2026-11-24T23:46:10Z" level=info msg=x http.response.duration="850.5µs" http.response.status=206 http.response.written=0)");
  CHECK(r.duration_ns == 850500);
  CHECK(r.status == 206);
  CHECK(r.written == 0);
  CHECK(parse("time=x level=info msg=y http.response.status=-7").status == -1);
  CHECK(parse("time=x level=info msg=y").written == -1);
}

TEST_CASE("GitLab's keys stand in the same slots") {
  const Record r = parse(
      R"(time="2026-11-24T23:46:10.123Z" level=error msg="manifest unknown" code=MANIFEST_UNKNOWN correlation_id=01H detail="unknown tag=v1" error="manifest unknown: manifest unknown" method=GET remote_addr="192.0.2.1:80" uri=/v2/a/b/manifests/v1 user_agent=x vars_name=a/b vars_reference=v1)");
  CHECK(r.code == "MANIFEST_UNKNOWN");
  CHECK(r.request_id == "01H");
  CHECK(r.error_detail == "unknown tag=v1");
  CHECK(r.name == "a/b");
  CHECK(r.reference == "v1");
  CHECK(r.remote == "192.0.2.1:80");
}

TEST_CASE("what has no slot is kept in order among the fields") {
  const Record r = parse("time=x level=info msg=y a.b=1 c=\"2 3\"");
  REQUIRE(r.fields.size() == 2);
  CHECK(r.fields[0].key == "a.b");
  CHECK(r.fields[1].value == "2 3");
}

constexpr std::string_view kBefore =
    R"(time="2026-11-24T23:46:10Z" level=info msg="response completed" go.version=go1.19.8 http.request.host=registry.example.com http.request.id=5a1c9d2e-0000-4000-8000-000000000001 http.request.method=GET http.request.remoteaddr=10.20.0.7 http.request.uri="/v2/" http.request.useragent=")";
constexpr std::string_view kAfter =
    R"(" http.response.contenttype="application/json" http.response.duration=1.7ms http.response.status=200 http.response.written=2 )";

TEST_CASE("pairs forged by a user agent have no effect in upstream's grammar") {
  for (
      const std::string_view agent : {
          R"(ci" level=error msg="response completed with error" err.code="manifest unknown" err.detail="unknown tag=v9" vars.name=other/repo)",
          R"(ci" http.response.status=500 http.response.written=9 vars.name="evil/repo)",
          R"(ci" aaa=1 zzz="2)",
          R"(ci" http.request.host=h http.request.id=i http.request.method=DELETE http.request.remoteaddr=6.6.6.6 http.request.uri="/v2/evil" http.request.useragent="x)",
          R"(" a=" b=" http.response.status=" time="1)",
      }) {
    const std::string line = std::string(kBefore).append(agent).append(kAfter);
    const Record r = parse(line);
    CHECK(r.agent == agent);
    CHECK(r.level == Level::info);
    CHECK(r.code.empty());
    CHECK(r.name.empty());
    CHECK(r.method == "GET");
    CHECK(r.uri == "/v2/");
    CHECK(r.remote == "10.20.0.7");
    CHECK(r.status == 200);
    CHECK(r.written == 2);
    CHECK(r.suspicious);
  }
}

TEST_CASE("forging a thousand pairs costs little and still has no effect") {
  std::string agent = "ci";
  for (int i = 0; i < 1000; ++i) agent += R"(" http.request.useragent="x)";
  const std::string line = std::string(kBefore).append(agent).append(kAfter);
  const Record r = parse(line);
  CHECK(r.status == 200);
  CHECK(r.method == "GET");
  CHECK(r.suspicious);
}

TEST_CASE("a user name that forges pairs in the message has no effect") {
  const Record r = parse(
      R"(time="2026-11-24T23:46:10Z" level=error msg="error authenticating user "bob" http.request.uri="/evil" vars.name=x": authentication failure" go.version=go1.19.8 http.request.host=registry.example.com http.request.id=1 http.request.method=GET http.request.remoteaddr=10.0.0.1 http.request.uri="/v2/" http.request.useragent=x )");
  CHECK(
      r.message ==
      R"(error authenticating user "bob" http.request.uri="/evil" vars.name=x": authentication failure)");
  CHECK(r.uri == "/v2/");
  CHECK(r.name.empty());
  CHECK(r.suspicious);
}

TEST_CASE("text that only looks like logfmt is not claimed") {
  CHECK(record_of("Level=") == "");
  CHECK(record_of("some words a=b") == "");
  CHECK(record_of("") == "");
}

TEST_CASE("the head of a record is read without the rest, or not at all") {
  const std::string head =
      R"(time="2026-11-24T23:46:10.5Z" level=info msg="authorized request" go.version=go1.19.8)";
  const auto shown = [](const std::string& line) {
    const auto found = try_head(line);
    if (!found) return std::string("no");
    const Record r = parse(line);  // what the parser says, it says
    CHECK(r.time == found->time);
    CHECK(r.level == found->level);
    CHECK(r.message == found->message);
    return std::string(found->message);
  };
  CHECK(shown(head + R"( vars.name="team/app")") == "authorized request");
  CHECK(shown(head + R"( vars.name="team/app" )") == "authorized request");
  CHECK(shown(head + R"( vars.name="team/app" vars.reference=v1 )") == "authorized request");
  // Forged pairs stand behind the head.
  CHECK(shown(head + R"( ua="x" level=error msg="y" vars.name="z" )") == "authorized request");
  // Open, or perhaps open.
  CHECK(shown(head + R"( ua="x)") == "no");
  CHECK(shown(head + R"( ua="x y=z )") == "no");
  CHECK(shown(head + R"( ua=")") == "no");
  CHECK(shown(head) == "no");
  CHECK(
      shown(R"(time="2026-11-24T23:46:10.5Z" level=info msg="authorized request" msg="a" b="c")") ==
      "no");
  CHECK(shown(head + R"( zz="x" aa="y" )") == "authorized request");
  // Another order, another time, another message.
  CHECK(shown(R"(level=info time="2026-11-24T23:46:10.5Z" msg="a" b="c")") == "no");
  CHECK(shown(R"(time="yesterday" level=info msg="a" b="c")") == "no");
  CHECK(shown(R"(time="2026-11-24T23:46:10.5Z" level=odd msg="a" b="c")") == "no");
  CHECK(shown(R"(time="2026-11-24T23:46:10.5Z" level=info msg="a \"b\"" b="c")") == "no");
  CHECK(shown(R"(time="2026-11-24T23:46:10.5Z" level=info msg="user "bob"" b="c" )") == "no");
}

}  // namespace
}  // namespace regtriage::testing
