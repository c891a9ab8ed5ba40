#include "ingest/census.h"

#include <catch2/catch.hpp>
#include <random>

#include "base/text.h"
#include "facts_text.h"

using namespace regtriage;
using namespace regtriage::test;

namespace {

Census census_of(const std::string& log, std::size_t block_bytes, unsigned threads) {
  Census census;
  IngestOptions options = options_of(block_bytes, threads);
  options.census = &census;
  const std::atomic<bool> stop{false};
  ingest({{"text", log, true}}, classifier(), options, stop, {});
  return census;
}

std::string text_of(const Census& census) {
  std::string out = fmt::format("{} {} {} {}\n", census.by_rules(), census.by_format(),
                                census.by_none(), census.shortened());
  for (const UnmatchedLines& lines : census.groups())
    out += fmt::format("{} {} {} '{}' {}:{} {}\n", lines.count, word_of(lines.format),
                       word_of(lines.level), lines.message, lines.at.line, lines.at.offset,
                       lines.example);
  return out;
}

}  // namespace

TEST_CASE("lines are told by rule, by format, or by what they have in common") {
  std::string log = app_line(1) + access_line(2);
  for (int i = 0; i < 3; ++i)
    log += fmt::format(
        "time=\"2026-11-24T23:12:0{}Z\" level=info msg=\"evicted team/app{} after {}s\"\n", i, i,
        i);
  log += "MAGIC 7 happened\n";
  const Census census = census_of(log, 1 << 20, 1);
  REQUIRE(census.matches_of("distribution.completed-with-error") == 1);
  REQUIRE(census.by_format() == 1);
  const std::vector<UnmatchedLines> groups = census.groups();
  REQUIRE(groups.size() == 2);
  REQUIRE(groups[0].message == "evicted <name> after <number>");
  REQUIRE(groups[0].count == 3);
  REQUIRE(groups[0].format == Format::logfmt);
  REQUIRE(groups[0].at.line == 3);
  REQUIRE(contains(groups[0].example, "evicted team/app0 after 0s"));
  REQUIRE(groups[1].message == "MAGIC <number> happened");
  REQUIRE(groups[1].format == Format::none);
}

TEST_CASE("neither example nor message has a secret") {
  const Census census = census_of("ZAP Authorization: Bearer abcdefghijklmnop zip\n", 1 << 20, 1);
  REQUIRE(census.groups().size() == 1);
  REQUIRE(!contains(census.groups()[0].example, "abcdefghijklmnop"));
  REQUIRE(!contains(census.groups()[0].message, "abcdefghijklmnop"));
}

TEST_CASE("a census does not depend on blocks and threads, nor do its bounds") {
  std::mt19937 random(3);
  std::string few, many;
  const auto word = [&random] {
    std::string out;
    for (int i = 0; i < 9; ++i) out += static_cast<char>('a' + random() % 26);
    return out;
  };
  for (int i = 0; i < 400; ++i) few += app_line(i) + "KIND " + word().substr(0, 1) + " of line\n";
  for (int i = 0; i < 6000; ++i)
    many += "ODD line " + word() + " " + word() + (i % 2 == 0 ? " x\n" : " y\n");
  for (const std::string* log : {&few, &many}) {
    const std::string whole = text_of(census_of(*log, log->size() + 64, 1));
    for (const std::size_t block : {64U, 999U, 40'000U})
      REQUIRE(text_of(census_of(*log, block, 3)) == whole);
  }
  const Census bounded = census_of(many, 1 << 20, 2);
  REQUIRE(bounded.shortened());
  REQUIRE(bounded.by_none() == 6000);
  REQUIRE(bounded.groups().size() <= 2048);
}
