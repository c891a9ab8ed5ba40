// Terminal text, Go's own lines, garbage-collect output.
#include <catch2/catch.hpp>

#include "reading.h"

namespace regtriage::testing {
namespace {

Record parse(std::string_view payload, Format format) {
  static RecordParser parser;
  Record record;
  INFO(payload);
  REQUIRE(parser.parse(payload, record) == Parsed::record);
  REQUIRE(record.format == format);
  return record;
}

TEST_CASE("terminal text has relative seconds, with colours or without") {
  for (const std::string_view line :
       {"\x1b[31mERRO\x1b[0m[0003] response completed with error                 "
        "\x1b[31merr.code\x1b[0m=\"blob unknown\" \x1b[31mhttp.request.useragent\x1b[0m=\"a "
        "\\\"b\\\"\" \x1b[31mvars.name\x1b[0m=a/b",
        "ERRO[0003] response completed with error                 err.code=\"blob unknown\" "
        "http.request.useragent=\"a \\\"b\\\"\" vars.name=a/b"}) {
    const Record r = parse(line, Format::tty);
    CHECK(r.level == Level::error);
    CHECK(r.relative_s == 3);
    CHECK(r.time == kNoTime);
    CHECK(r.message == "response completed with error");
    CHECK(r.code == "blob unknown");
    CHECK(r.agent == "a \"b\"");
    CHECK(r.name == "a/b");
    CHECK(starts_record(line));
  }
}

TEST_CASE("upstream's terminal text is not escaped: a value goes on to the next key") {
  const Record r = parse(
      "\x1b[36mINFO\x1b[0m[0001] response completed                            "
      "\x1b[36mhttp.request.useragent\x1b[0m=\"x \"y\" \\(z\\)\" \x1b[36mvars.name\x1b[0m=\"a/b\"",
      Format::tty);
  CHECK(r.agent == "x \"y\" \\(z\\)");
  CHECK(r.name == "a/b");
}

TEST_CASE("a message on a terminal may hold key=value itself") {
  const Record r = parse(
      "INFO[0000] PurgeUploads starting: olderThan=2026-11-17, actuallyDelete=true  "
      "service=registry",
      Format::tty);
  CHECK(r.message == "PurgeUploads starting: olderThan=2026-11-17, actuallyDelete=true");
  CHECK(r.service == "registry");
}

TEST_CASE("Go's logger and nginx's error log have a time and a message") {
  const Record go = parse("2026/11/24 23:45:50 http: superfluous response.WriteHeader call from x",
                          Format::go_log);
  CHECK(rfc3339_of(go.time) == "2026-11-24T23:45:50.000000000Z");
  CHECK(go.message == "http: superfluous response.WriteHeader call from x");
  CHECK(go.level == Level::none);
  const Record nginx =
      parse("2026/11/24 23:45:50 [error] 12#12: *3 upstream prematurely closed connection",
            Format::go_log);
  CHECK(nginx.level == Level::error);
  CHECK(record_of("2026/13/24 23:45:50 x") == "");
}

TEST_CASE("what garbage-collect prints is known by its shape") {
  const std::string digest = "sha256:" + std::string(64, 'a');
  CHECK(parse("library/tools", Format::plain).name == "library/tools");
  const std::string step = "library/tools: marking manifest " + digest + " ";
  const Record mark = parse(step, Format::plain);
  CHECK(mark.name == "library/tools");
  CHECK(mark.digest == digest);
  const std::string blob = "blob eligible for deletion: " + digest;
  CHECK(parse(blob, Format::plain).digest == digest);
  const std::string manifest = "manifest eligible for deletion: {a/b " + digest + " [v1]}";
  CHECK(parse(manifest, Format::plain).digest == digest);
  CHECK(parse("4 blobs marked, 4 blobs and 0 manifests eligible for deletion", Format::plain)
            .name.empty());
  CHECK(parse("failed to garbage collect: failed to mark: x", Format::plain).message ==
        "failed to garbage collect: failed to mark: x");
}

TEST_CASE("junk is not claimed") {
  for (const std::string_view line :
       {"Hello world", "Library", "a//b", "-a", "goroutine 1 [running]:", "\x01\x02",
        "x: marking y", "library/tools: remarking"}) {
    INFO(line);
    CHECK(record_of(line) == "");
    CHECK_FALSE(starts_record(line));
  }
}

TEST_CASE("each format has a word of its own") {
  CHECK(word_of(Format::logfmt) == "logfmt");
  CHECK(word_of(Format::webhook) == "webhook");
}

}  // namespace
}  // namespace regtriage::testing
