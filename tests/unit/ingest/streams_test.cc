// Parts of split lines and records over several lines.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "facts_text.h"

using namespace regtriage;
using namespace regtriage::test;

namespace {

std::string without_end(std::string line) {
  if (line.ends_with('\n')) line.pop_back();
  return line;
}

std::string cri(int at, const char* stream, char flag, std::string_view payload) {
  return fmt::format("2026-11-24T23:13:00.{:09}Z {} {} {}\n", at, stream, flag, payload);
}

std::string docker(int at, const char* stream, std::string_view payload, bool last) {
  std::string escaped;
  for (const char c : payload) {
    if (c == '"' || c == '\\') escaped += '\\';
    escaped += c == '\t' ? ' ' : c;
  }
  return fmt::format(
      "{{\"log\":\"{}{}\",\"stream\":\"{}\",\"time\":\"2026-11-24T23:13:00.{:09}Z\"}}\n", escaped,
      last ? "\\n" : "", stream, at);
}

// Two streams, each line in pieces of `size`, taken in turns.
std::string interleaved(bool as_docker, std::size_t size, int lines) {
  std::string log;
  int at = 0;
  for (int i = 0; i < lines; ++i) {
    std::string texts[2] = {without_end(app_line(i)), without_end(access_line(i))};
    const char* const names[2] = {"stderr", "stdout"};
    while (!texts[0].empty() || !texts[1].empty()) {
      for (int s = 0; s < 2; ++s) {
        if (texts[s].empty()) continue;
        const std::string piece = texts[s].substr(0, size);
        texts[s].erase(0, size);
        log += as_docker ? docker(++at, names[s], piece, texts[s].empty())
                         : cri(++at, names[s], texts[s].empty() ? 'F' : 'P', piece);
      }
    }
  }
  return log;
}

}  // namespace

TEST_CASE("parts of two streams in turns are joined, wherever the blocks are cut") {
  std::string plain;
  for (int i = 0; i < 6; ++i) plain += app_line(i) + access_line(i);
  const Facts expected = facts_of({plain}, options_of(1 << 20, 1));
  for (const bool as_docker : {false, true}) {
    const std::string log = interleaved(as_docker, 150, 6);
    const std::string whole = whole_text_of(log);
    const Facts facts = facts_of({log}, options_of(1 << 20, 1));
    REQUIRE(facts.events.size() == expected.events.size());
    REQUIRE(ids_of(facts) == ids_of(expected));
    REQUIRE(facts.sources[0].accepted == log.size());
    for (std::size_t block = 64; block < 2000; block += 13)
      REQUIRE(text_in_blocks(log, options_of(block, 1 + static_cast<unsigned>(block % 3))) ==
              whole);
  }
}

TEST_CASE("an S3 error over two lines is one record, wherever the blocks are cut") {
  std::string log;
  for (int i = 0; i < 8; ++i) log += multi_line_error(i) + access_line(i);
  const Facts facts = facts_of({log}, options_of(1 << 20, 1));
  int errors = 0;
  for (const Event& e : facts.events) {
    if (e.status != 500) continue;
    ++errors;
    REQUIRE(facts.text(e.detail).find("status code: 403") != std::string_view::npos);
    REQUIRE(facts.text(e.repository) == "team/app");
  }
  REQUIRE(errors == 8);
  REQUIRE(facts.sources[0].accepted == log.size());
  const std::string whole = whole_text_of(log);
  for (std::size_t block = 64; block < 1500; block += 3)
    REQUIRE(text_in_blocks(log, options_of(block, 1 + static_cast<unsigned>(block % 2))) == whole);
}

TEST_CASE("a record that is never closed means what stands there") {
  const std::string open = multi_line_error(1);
  const std::string head = open.substr(0, open.find('\n') + 1);
  const Facts between = facts_of({head + app_line(2)}, options_of(64, 1));
  const Facts at_end = facts_of({app_line(2) + head}, options_of(64, 1));
  for (const Facts* facts : {&between, &at_end}) {
    REQUIRE(facts->events.size() == 2);
    REQUIRE(facts->sources[0].accepted == facts->sources[0].bytes);
  }
}

TEST_CASE("an open record takes no more than 64 lines") {
  const std::string open = multi_line_error(1);
  std::string log = open.substr(0, open.find('\n') + 1);
  for (int i = 0; i < 100; ++i) log += fmt::format("\tline {}\n", i);
  log += app_line(2);
  const Facts facts = facts_of({log}, options_of(1 << 20, 1));
  REQUIRE(facts.events.size() == 2);
  REQUIRE(facts.sources[0].rejects[static_cast<std::size_t>(Reject::not_understood)] == 37);
  REQUIRE(text_in_blocks(log, options_of(64, 2)) == whole_text_of(log));
}

TEST_CASE("parts whose end is missing are judged by their head and do not spoil other lines") {
  const std::string line = without_end(app_line(1));
  std::string log = cri(1, "stderr", 'P', line.substr(0, 900)) +
                    cri(2, "stdout", 'F', without_end(access_line(3)));
  for (int i = 10; i < 400; ++i) log += cri(i, "stdout", 'F', without_end(access_line(i)));
  log += cri(500, "stderr", 'F', without_end(app_line(7)));
  const Facts facts = facts_of({log}, options_of(1 << 20, 1));
  REQUIRE(text_in_blocks(log, options_of(512, 3)) == whole_text_of(log));
  REQUIRE(facts.sources[0].pending == 0);
  REQUIRE(std::count_if(facts.events.begin(), facts.events.end(), [&](const Event& e) {
            return facts.text(e.digest) == digest_of(7) && e.origin == Origin::app;
          }) == 1);
}

TEST_CASE("newest first: a part is not joined with the line before it in time") {
  const std::string line = without_end(app_line(1));
  const std::string log = cri(9, "stderr", 'F', line.substr(600)) +
                          cri(8, "stderr", 'P', line.substr(0, 600)) +
                          cri(5, "stderr", 'F', without_end(app_line(2)));
  const Facts facts = facts_of({log}, options_of(64, 1));
  REQUIRE(std::count_if(facts.events.begin(), facts.events.end(),
                        [&](const Event& e) { return facts.text(e.digest) == digest_of(2); }) == 1);
  REQUIRE(text_in_blocks(log, options_of(64, 1)) == whole_text_of(log));
}

TEST_CASE("endless parts stay within bounds") {
  std::string log;
  for (int i = 0; i < 3000; ++i) log += cri(i, "stderr", 'P', std::string(200, 'x'));
  for (int i = 0; i < 300; ++i)
    log += fmt::format("[pod/p{}/c] ", i) + cri(i, "stderr", 'P', std::string(100, 'y'));
  log += cri(9000, "stdout", 'F', without_end(app_line(1)));
  const Facts facts = facts_of({log}, options_of(4096, 2, 8192));
  REQUIRE(facts.events.size() == 1);
  REQUIRE(facts.sources[0].pending == 0);
  REQUIRE(facts.sources[0].bytes == log.size());
  REQUIRE(text_in_blocks(log, options_of(4096, 2, 8192)) == whole_text_of(log, 8192));
}

TEST_CASE("newest first: an S3 error over two lines is the same record") {
  std::string forward, backward;
  for (int i = 0; i < 6; ++i) {
    const std::string error = multi_line_error(i);
    const std::size_t cut = error.find('\n');
    const std::string lines[] = {cri(10 * i, "stderr", 'F', error.substr(0, cut)),
                                 cri(10 * i + 1, "stderr", 'F', without_end(error.substr(cut + 1))),
                                 cri(10 * i + 2, "stdout", 'F', without_end(access_line(i + 20)))};
    for (const std::string& line : lines) {
      forward += line;
      backward = line + backward;
    }
  }
  const Facts expected = facts_of({forward}, options_of(1 << 20, 1));
  const Facts facts = facts_of({backward}, options_of(1 << 20, 1));
  REQUIRE(ids_of(facts) == ids_of(expected));
  REQUIRE(facts.sources[0].rejected == 0);
  for (std::size_t block = 64; block < 2000; block += 31)
    REQUIRE(text_in_blocks(backward, options_of(block, 2)) == whole_text_of(backward));
}
