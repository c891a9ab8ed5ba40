// Every line once, and every byte accounted for.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <random>

#include "facts_text.h"

using namespace regtriage;
using namespace regtriage::test;

namespace {

bool adds_up(const SourceReport& s) {
  return s.bytes == s.accepted + s.ignored + s.rejected + s.pending;
}

std::uint64_t rejects(const SourceReport& s, Reject reason) {
  return s.rejects[static_cast<std::size_t>(reason)];
}

std::string some_log(int requests) {
  std::string log;
  for (int i = 0; i < requests; ++i) {
    log += app_line(i);
    log += access_line(i);
    if (i % 7 == 3) log += multi_line_error(i);
    if (i % 11 == 5) log += "what is this?\n";
    if (i % 13 == 6) log += "\n";
  }
  return log;
}

}  // namespace

TEST_CASE("each line gives one event, whatever the blocks and threads") {
  std::string log;
  for (int i = 0; i < 40; ++i) log += app_line(i);
  for (const std::size_t block : {64UL, 100UL, 777UL, 4096UL, 1UL << 20}) {
    for (const unsigned threads : {1U, 2U, 7U}) {
      const Facts facts = facts_of({log}, options_of(block, threads));
      REQUIRE(facts.events.size() == 40);
      for (std::size_t i = 0; i < 40; ++i) REQUIRE(facts.events[i].at.line == i + 1);
      REQUIRE(facts.sources[0].lines == 40);
      REQUIRE(facts.sources[0].accepted == log.size());
    }
  }
}

TEST_CASE("any cut into blocks gives the same facts and the same report of the source") {
  const std::string log = some_log(30);
  const std::string whole = whole_text_of(log);
  REQUIRE(whole.find("403, request id") != std::string::npos);
  for (std::size_t block = 64; block <= 4096; block += block < 512 ? 7 : 301)
    for (const unsigned threads : {1U, 2U, 7U})
      REQUIRE(text_in_blocks(log, options_of(block, threads)) == whole);
}

TEST_CASE("real captures give the same facts for any blocks") {
  for (const char* name :
       {"s3-errors-v271", "link-missing-docker", "blob-missing-cri", "three-v283"}) {
    const std::string log = file_text(fmt::format("data/laws/{}/registry.log", name));
    const std::string whole = whole_text_of(log);
    for (const std::size_t block : {64UL, 1000UL, 5003UL, 20011UL})
      REQUIRE(text_in_blocks(log, options_of(block, 2)) == whole);
  }
}

TEST_CASE("several sources have the facts of each, in the order of the call") {
  const std::string one = some_log(20), other = app_line(99);
  const Facts together = facts_of({one, other, ""}, options_of(256, 3));
  REQUIRE(together.sources.size() == 3);
  REQUIRE(text_of(together.sources[0]) == text_of(facts_of({one}, options_of(256, 1)).sources[0]));
  REQUIRE(together.sources[1].lines == 1);
  REQUIRE(together.sources[2].bytes == 0);
  REQUIRE(together.sources[2].status == SourceReport::Status::read);
  REQUIRE(together.events.size() == facts_of({one}, options_of(256, 1)).events.size() + 1);
}

TEST_CASE("the last line counts without a line end, and CR belongs to the line end") {
  std::string log = app_line(1) + app_line(2);
  const Facts plain = facts_of({log}, options_of(64, 1));
  log.pop_back();
  log.insert(log.find('\n'), "\r");
  const Facts odd = facts_of({log}, options_of(64, 1));
  REQUIRE(odd.events.size() == 2);
  REQUIRE(odd.events[0].id == plain.events[0].id);
  REQUIRE(odd.sources[0].lines == 2);
  REQUIRE(odd.sources[0].accepted == log.size());
}

TEST_CASE("a byte order mark at the head is no part of the first line") {
  const Facts facts = facts_of({"\xef\xbb\xbf" + app_line(1)}, options_of(64, 1));
  REQUIRE(facts.events.size() == 1);
  REQUIRE(facts.sources[0].rejected == 0);
}

TEST_CASE(
    "of a line over the limit the head is judged, the rest counted, and the next line is right") {
  const std::size_t limit = 4096;
  const std::string head = app_line(1).substr(0, app_line(1).size() - 1);
  for (const std::size_t length : {4094UL, 4096UL, 4097UL, 4098UL, 9000UL, 300'000UL}) {
    const std::string log =
        app_line(0) + head + std::string(length - head.size(), 'x') + "\n" + app_line(2);
    const std::string whole = whole_text_of(log, limit);
    for (const std::size_t block : {64UL, 1000UL, 4097UL, 4098UL, 1UL << 20})
      REQUIRE(text_in_blocks(log, options_of(block, 2, limit)) == whole);
    const Facts facts = facts_of({log}, options_of(500, 2, limit));
    REQUIRE(facts.events.size() == 3);
    REQUIRE(facts.events[2].at.line == 3);
    REQUIRE(rejects(facts.sources[0], Reject::too_long) == (length > limit ? 1 : 0));
    REQUIRE(facts.sources[0].rejected == (length > limit ? length - limit + 1 : 0));
    REQUIRE(adds_up(facts.sources[0]));
  }
}

TEST_CASE("a hole of NULs before a line does not hide the line") {
  for (const std::size_t hole : {1UL, 64UL, 5000UL, 100'000UL}) {
    const std::string log = app_line(0) + std::string(hole, '\0') + app_line(1) + app_line(2);
    const std::string whole = whole_text_of(log, 2048);
    for (const std::size_t block : {64UL, 2050UL, 8192UL})
      REQUIRE(text_in_blocks(log, options_of(block, 2, 2048)) == whole);
    const Facts facts = facts_of({log}, options_of(1 << 20, 1, 2048));
    REQUIRE(facts.events.size() == 3);
    REQUIRE(facts.sources[0].lines == 3);
    REQUIRE(facts.sources[0].rejected == hole);
    REQUIRE(rejects(facts.sources[0], Reject::binary) == 1);
  }
}

TEST_CASE("samples of what was not understood are the first by position, without secrets") {
  std::string log;
  for (int i = 0; i < 30; ++i)
    log +=
        fmt::format("?? number {} password https://alice:hunter2@example.com/\n", i) + app_line(i);
  const SourceReport source = facts_of({log}, options_of(300, 7)).sources[0];
  REQUIRE(rejects(source, Reject::not_understood) == 30);
  REQUIRE(source.reject_samples.size() == 5);
  for (std::size_t i = 0; i < 5; ++i) REQUIRE(source.reject_samples[i].at.line == 2 * i + 1);
  REQUIRE(source.reject_samples[0].head.find("hunter2") == std::string::npos);
  REQUIRE(source.reject_samples[0].head.find("number 0") != std::string::npos);
}

TEST_CASE("a source without any line that is understood says so") {
  const Facts facts =
      facts_of({"Hello, World!\nThis is no log.\n", app_line(1)}, options_of(64, 1));
  REQUIRE(facts.sources[0].status == SourceReport::Status::not_understood);
  REQUIRE(facts.sources[1].status == SourceReport::Status::read);
}

TEST_CASE("bytes add up under random bytes, for any blocks") {
  std::mt19937 random(20261124);
  const std::string pieces[] = {
      app_line(1),
      access_line(2),
      multi_line_error(3),
      tty_line(4),
      "2026-11-24T23:12:28.1Z stdout P time=\"2026-\n",
      "2026-11-24T23:12:28.1Z stderr F 11-24\"\n",
      R"({"log":"time=\"2026","stream":"stderr","time":"2026-11-24T23:12:28.1Z"})"
      "\n",
      "\n",
      "\r\n",
      std::string(300, '\0'),
      "\"\n",
      "{\n",
      "Nov 24 23:12:28 10.0.0.1 registry[7]: time=\"x\n"};
  for (int round = 0; round < 150; ++round) {
    std::string log = app_line(0);
    for (int i = 0; i < 12; ++i) {
      log += pieces[random() % std::size(pieces)];
      if (random() % 3 == 0) log[random() % log.size()] = static_cast<char>(random());
    }
    const std::size_t limit = random() % 2 == 0 ? 300 : 1 << 20;
    const std::string whole = whole_text_of(log, limit);
    const std::size_t block = 64 + random() % 1000;
    REQUIRE(text_in_blocks(
                log, options_of(block, 1 + static_cast<unsigned>(random() % 3), limit)) == whole);
    const SourceReport source = facts_of({log}, options_of(block, 1, limit)).sources[0];
    REQUIRE(adds_up(source));
    if (source.status != SourceReport::Status::not_understood) REQUIRE(source.pending == 0);
  }
}

TEST_CASE("the access line of a long request prints its start or its end") {
  const auto app = [] {
    std::string line = app_line(150);  // ends at 23:12:30
    return line.replace(line.find("duration=1.5ms"), 14, "duration=7.25s");
  }();
  const auto access = [](int second) {
    return fmt::format(
        "10.0.0.7 - - [24/Nov/2026:23:12:{:02} +0000] \"HEAD /v2/team/app/blobs/{} HTTP/1.1\" 404 "
        "157 \"\" \"skopeo/1.9.3\"\n",
        second, digest_of(150));
  };
  std::string between;  // so many that the lines are no neighbours
  for (int i = 200; i < 300; ++i) between += app_line(i);
  for (const int second : {22, 26, 30, 31}) {
    CAPTURE(second);
    CHECK(facts_of({app + access(second)}, options_of(1 << 20, 1)).events.size() == 1);
    CHECK(facts_of({app + between + access(second)}, options_of(256, 1)).events.size() == 101);
  }
  for (const int second : {20, 32}) {
    CAPTURE(second);
    CHECK(facts_of({app + access(second)}, options_of(1 << 20, 1)).events.size() == 2);
    CHECK(facts_of({app + between + access(second)}, options_of(256, 1)).events.size() == 102);
  }
}

TEST_CASE(
    "a front prints a refused upload when the client has sent it all, long after the answer") {
  const std::string path = "/v2/team/app/blobs/uploads/0000000a-0000-4000-8000-000000000000";
  const auto log = [&](std::string_view method, std::string_view uri, std::string_view time) {
    const std::string registry = fmt::format(
        "time=\"2026-11-24T23:12:00.5Z\" level=error msg=\"response completed with error\" "
        "err.code=\"blob upload invalid\" err.message=\"blob upload invalid\" "
        "http.request.id=0000000b-0000-4000-8000-000000000000 http.request.method={} "
        "http.request.uri=\"{}?_state=x\" http.response.duration=1ms http.response.status=404\n",
        method, uri);
    return registry + fmt::format(
                          "10.0.0.7 - - [24/Nov/2026:23:{} +0000] \"{} {}?_state=x HTTP/1.1\" 404 "
                          "88 \"-\" \"docker/20.10.24\"\n",
                          time, method, uri);
  };
  const auto events = [](const std::string& text) {
    return facts_of({text}, options_of(1 << 20, 1)).events.size();
  };
  CHECK(events(log("PATCH", path, "12:05")) == 1);
  CHECK(events(log("PATCH", path, "52:00")) == 1);
  CHECK(events(log("PATCH", path, "11:50")) == 2);  // before the answer
  CHECK(events(log("HEAD", "/v2/team/app/blobs/" + digest_of(1), "12:05")) ==
        2);  // may be asked again
}
