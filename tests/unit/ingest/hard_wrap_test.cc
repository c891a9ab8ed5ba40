#include "ingest/hard_wrap.h"

#include <catch2/catch.hpp>

#include "facts_text.h"

using namespace regtriage;
using namespace regtriage::test;

namespace {

// As a terminal of this width shows it, and a copy of its screen has it.
std::string wrapped_at(const std::string& text, std::size_t width, const std::string& end = "\n") {
  std::string out;
  std::size_t column = 0;
  for (const char c : text) {
    if (c == '\n') {
      out += end;
      column = 0;
      continue;
    }
    if (column == width) {
      out += end;
      column = 0;
    }
    out += c;
    ++column;
  }
  return out;
}

std::string mixed_log() {
  std::string log;
  for (int i = 0; i < 40; ++i) log += app_line(i) + access_line(i);
  return log;
}

std::size_t width_of(const std::string& head) {
  EnvelopePeeler peeler;
  return wrap_width_of(head, peeler);
}

}  // namespace

TEST_CASE("a log that a terminal cut is told by its head, one that nothing cut is not") {
  const std::string log = mixed_log();
  REQUIRE(width_of(log) == 0);
  REQUIRE(width_of("") == 0);
  for (const std::size_t width : {80U, 120U, 200U, 237U})
    REQUIRE(width_of(wrapped_at(log, width)) == width);
  std::string equal;  // all lines of one width
  for (int i = 0; i < 50; ++i) equal += access_line(i % 10);
  REQUIRE(width_of(equal) == 0);
  const std::string stack = file_text("data/captures/03-redis-stale-blob/v283-1/registry.log");
  REQUIRE(width_of(stack) == 0);
}

TEST_CASE("a log that a terminal cut gives the events of the whole one, wherever blocks are cut") {
  const std::string log = mixed_log();
  const std::vector<EventId> wanted = ids_of(facts_of({log}, options_of(1 << 20, 1)));
  for (const std::size_t width : {80U, 120U, 200U})
    for (const char* end : {"\n", "\r\n"}) {
      const std::string cut = wrapped_at(log, width, end);
      const std::string whole = whole_text_of(cut);
      for (const std::size_t block : {64U, 500U, 4096U})
        REQUIRE(text_in_blocks(cut, options_of(block, 2)) == whole);
      const Facts facts = facts_of({cut}, options_of(1 << 20, 1));
      REQUIRE(ids_of(facts) == wanted);
      const SourceReport& source = facts.sources[0];
      REQUIRE(source.rejected == 0);
      REQUIRE(source.accepted + source.ignored + source.pending == cut.size());
    }
}

TEST_CASE("a full line that nothing belongs to stays a line") {
  const std::string cut = wrapped_at(mixed_log(), 80);
  std::string text = cut + access_line(50).substr(0, 80) + "\n" + app_line(51);
  const Facts facts = facts_of({text}, options_of(1 << 20, 1));
  const std::vector<EventId> ids = ids_of(facts),
                             last = ids_of(facts_of({app_line(51)}, options_of(1 << 20, 1)));
  REQUIRE(std::find(ids.begin(), ids.end(), last.at(0)) != ids.end());
}
