// Lines that mean something only below a heading, wherever a block ends; and secrets that are in
// configurations.
#include <catch2/catch.hpp>

#include "facts_text.h"
#include "format/format.h"

using namespace regtriage;
using namespace regtriage::test;

namespace {

std::size_t count(const Facts& facts, EventKind kind) {
  return static_cast<std::size_t>(std::count_if(facts.events.begin(), facts.events.end(),
                                                [&](const Event& e) { return e.kind == kind; }));
}

const std::string kConfiguration =
    "version: 0.1\n"
    "log:\n  level: info\n"
    "storage:\n  s3:\n    bucket: images\n    accesskey: AKIATOPSECRET\n    secretkey: "
    "hunter2hunter2\n  cache:\n    blobdescriptor: redis\n"
    "http:\n  secret: verysecretindeed\n  relativeurls: true\n"
    "redis:\n  password: anothersecret\n"
    "proxy:\n  remoteurl: https://alice:wonderland@registry.example.com\n";

const char* const kSecrets[] = {"AKIATOPSECRET", "hunter2", "verysecret", "anothersecret",
                                "wonderland"};

}  // namespace

TEST_CASE("headings and what stands below them are the same for any block size") {
  const std::string text = file_text("fuzz/corpus/ingest/inventory_all.log") + app_line(1) +
                           file_text("fuzz/corpus/ingest/configuration.log");
  const std::string whole = whole_text_of(text);
  for (const std::size_t block : {64, 100, 333, 1000, 4096})
    CHECK(text_in_blocks(text, options_of(block, 2, 1 << 20)) == whole);
}

TEST_CASE("so are listings as JSON, rows of many lines, and files inside of files") {
  const std::string text = file_text("fuzz/corpus/ingest/inventory_forms.log") + app_line(1);
  const std::string whole = whole_text_of(text);
  for (const std::size_t block : {64, 100, 333, 1000, 4096})
    CHECK(text_in_blocks(text, options_of(block, 2, 1 << 20)) == whole);
  const Facts facts = facts_of({text}, {});
  const auto listed = [&](std::string_view what) {
    return std::count_if(facts.events.begin(), facts.events.end(), [&](const Event& e) {
      return e.kind == EventKind::listed && facts.text(e.detail) == what;
    });
  };
  // By aws, by the tools that print an object a line, by gsutil; what two tools list is one.
  CHECK(listed("blob data") == 3);
  CHECK(listed("layer link") == 2);
  CHECK(listed("artifact row") == 2);
  CHECK(listed("blob row, marked") == 1);
  CHECK(listed("deletion row") == 1);
  CHECK(listed("project blob row") == 1);
  CHECK(listed("manifest in use") == 1);
  CHECK(listed("blob data, unused") == 1);
  CHECK(count(facts, EventKind::configured) == 3);
  CHECK(count(facts, EventKind::gc_eligible_blob) == 0);
  const SourceReport& source = facts.sources.at(0);
  CHECK(source.bytes == source.accepted + source.ignored + source.rejected + source.pending);
  CHECK(source.rejected == 0);
}

TEST_CASE("a JSON log behind a listing as JSON is a log") {
  const std::string page = "{\"Contents\":[{\"Key\":\"docker/registry/v2/blobs/sha256/aa/" +
                           std::string(64, 'a') + "/data\",\"Size\":1},{\"Key\":\"x\"}]}\n";
  const std::string line =
      "{\"level\":\"error\",\"time\":\"2026-09-21T14:13:20Z\",\"msg\":\"response completed with "
      "error\",\"err.code\":\"blob "
      "unknown\",\"http.request.method\":\"GET\",\"http.request.uri\":\"/v2/"
      "team/app/blobs/sha256:" +
      std::string(64, 'a') + "\",\"http.response.status\":404}\n";
  const Facts facts = facts_of({page + line}, {});
  CHECK(count(facts, EventKind::listed) == 1);
  CHECK(count(facts, EventKind::request) == 1);
}

TEST_CASE("a listing has no error lines, lends no times, and its bytes add up") {
  const Facts facts = facts_of({file_text("fuzz/corpus/ingest/inventory_all.log")}, {});
  for (const Event& e : facts.events) {
    CHECK(e.kind == EventKind::listed);
    CHECK(e.code == Code::none);
    CHECK_FALSE(e.untimed);
  }
  CHECK(count(facts, EventKind::listed) > 10);
  const SourceReport& source = facts.sources.at(0);
  CHECK(source.bytes == source.accepted + source.ignored + source.rejected + source.pending);
  CHECK(source.rejected == 0);
  CHECK(source.lines_by_format[static_cast<std::size_t>(Format::inventory)] + 4 >= source.lines);
}

TEST_CASE("the same listing twice is one, and a log line ends what a heading began") {
  const std::string listing = file_text("fuzz/corpus/ingest/inventory_all.log");
  CHECK(facts_of({listing, listing}, {}).events.size() == facts_of({listing}, {}).events.size());
  const Facts facts =
      facts_of({"version: 0.1\n" + app_line(1) + "storage.x: y\n  bucket: z\n"}, {});
  CHECK(count(facts, EventKind::configured) == 0);
}

TEST_CASE("of a configuration no secret is kept, read or not") {
  for (const std::string& text : {kConfiguration, "garbage\n" + kConfiguration.substr(13)}) {
    const Facts facts = facts_of({text}, {});
    std::string all = text_of(facts) + text_of(facts.sources.at(0));
    for (const char* const secret : kSecrets) CHECK(all.find(secret) == std::string::npos);
  }
  CHECK(count(facts_of({kConfiguration}, {}), EventKind::configured) == 5);
}

TEST_CASE("two secrets can be told apart and neither is told") {
  const auto mark = [](const std::string& secret) {
    const Facts facts = facts_of({"version: 0.1\nhttp:\n  secret: " + secret + "\n"}, {});
    REQUIRE(facts.events.size() == 1);
    return std::string(facts.text(facts.events[0].detail));
  };
  CHECK(mark("one") == mark("one"));
  CHECK(mark("one") != mark("two"));
  CHECK(mark("one").size() == 8);
}

TEST_CASE("a storage's path inside a record that goes on over several lines begins no listing") {
  CHECK_FALSE(starts_record(
      "caused by: Get \"http://store.example.com/docker/registry/v2/repositories/team/app/_uploads/"
      "1/data\": EOF"));
  CHECK_FALSE(starts_record("caused by: Put \"http://store/docker/registry/v2/blobs/x/data\""));
}
