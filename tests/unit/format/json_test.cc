#include <catch2/catch.hpp>

#include "reading.h"

namespace regtriage::testing {
namespace {

Record parse(std::string_view payload, Format format) {
  static RecordParser parser;
  Record record;
  REQUIRE(parser.parse(payload, record) == Parsed::record);
  REQUIRE(record.format == format);
  return record;
}

TEST_CASE("logrus JSON is read, numbers and nested values too") {
  const Record r = parse(
      R"({"err.code":"name unknown","err.detail":{"name":"a/b"},"http.response.status":404,"http.response.duration":"1.5ms","level":"error","msg":"a \u003cb\u003e","time":"2026-11-24T23:46:10.5Z","x":[1, 2],"n":null})",
      Format::json);
  CHECK(r.code == "name unknown");
  CHECK(r.error_detail == R"({"name":"a/b"})");
  CHECK(r.status == 404);
  CHECK(r.duration_ns == 1'500'000);
  CHECK(r.message == "a <b>");
  REQUIRE(r.fields.size() == 1);
  CHECK(r.fields[0].value == "[1, 2]");
}

TEST_CASE("logstash's names stand in the same slots") {
  const Record r = parse(
      R"({"@timestamp":"2026-11-24T23:46:10Z","@version":"1","level":"warning","message":"m","vars.name":"a"})",
      Format::logstash);
  CHECK(r.message == "m");
  CHECK(r.level == Level::warning);
  CHECK(r.name == "a");
  CHECK(r.time != kNoTime);
}

TEST_CASE("of a key that comes twice the first one counts") {
  const Record r =
      parse(R"({"level":"info","msg":"real","msg":"forged","level":"error"})", Format::json);
  CHECK(r.message == "real");
  CHECK(r.level == Level::info);
}

TEST_CASE("bytes that are no UTF-8 do not cost the line") {
  const Record r = parse(
      "{\"level\":\"info\",\"msg\":\"a\xff"
      "b\"}",
      Format::json);
  CHECK(r.message ==
        "a\xEF\xBF\xBD"
        "b");
}

TEST_CASE("text that cannot be decoded stays as it is written") {
  const Record r = parse(R"({"level":"info","msg":"half \ud800 pair"})", Format::json);
  CHECK(r.message == R"(half \ud800 pair)");
}

TEST_CASE("a webhook's body is recognised") {
  const Record r = parse(R"({"events":[{"id":"1","action":"push"}]})", Format::webhook);
  REQUIRE(r.fields.size() == 1);
  CHECK(r.fields[0].value == R"([{"id":"1","action":"push"}])");
}

TEST_CASE("broken, cut, deep or foreign JSON is not claimed") {
  CHECK(record_of(R"({"level":"info","msg":"cut)") == "");
  CHECK(record_of(R"({"level":"info"} more)") == "");
  CHECK(record_of(R"({"a":1})") == "");
  CHECK(record_of(R"({"events":3})") == "");
  const std::string deep = R"({"msg":)" + std::string(100000, '[') + std::string(100000, ']') + "}";
  CHECK(record_of(deep).size() < 2 * deep.size() + 100);
}

}  // namespace
}  // namespace regtriage::testing
