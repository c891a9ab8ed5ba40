// What can go wrong with a source, and what stops reading.
#include <catch2/catch.hpp>

#include "facts_text.h"

using namespace regtriage;
using namespace regtriage::test;

TEST_CASE("a missing file is unreadable, and the others are read") {
  const std::atomic<bool> stop{false};
  const Facts facts =
      ingest({{"/nonexistent/registry.log", "", false}, {"text", app_line(1), true}}, classifier(),
             options_of(64, 2), stop, {});
  REQUIRE(facts.sources[0].status == SourceReport::Status::unreadable);
  REQUIRE(facts.sources[0].error.find("/nonexistent/registry.log") != std::string::npos);
  REQUIRE(facts.events.size() == 1);
}

TEST_CASE("UTF-16 and binary content are refused with advice and counted as rejected") {
  std::string wide = "\xff\xfe";
  for (const char c : app_line(1)) wide += {c, '\0'};
  const std::string database = std::string("SQLite format 3\0", 16) + std::string(4080, '\0');
  const Facts facts = facts_of({wide, database}, options_of(64, 1));
  REQUIRE(facts.sources[0].status == SourceReport::Status::not_understood);
  REQUIRE(facts.sources[0].error.find("iconv") != std::string::npos);
  REQUIRE(facts.sources[0].rejected == wide.size());
  REQUIRE(facts.sources[0].rejects[static_cast<std::size_t>(Reject::bad_utf16)] == 1);
  REQUIRE(facts.sources[1].error.find("SQLite") != std::string::npos);
  REQUIRE(facts.sources[1].rejects[static_cast<std::size_t>(Reject::binary)] == 1);
  REQUIRE(facts.sources[1].bytes == database.size());
}

TEST_CASE("nothing is read after a stop, and the result says what was read") {
  const std::atomic<bool> stop{true};
  const Facts facts =
      ingest({{"text", app_line(1), true}}, classifier(), options_of(64, 2), stop, {});
  REQUIRE(facts.sources.size() == 1);
  REQUIRE(facts.sources[0].name == "text");
  REQUIRE(facts.events.empty());
}

TEST_CASE("a stop between blocks leaves every byte read accounted for") {
  std::string log;
  for (int i = 0; i < 5000; ++i) log += app_line(i);
  std::atomic<bool> stop{false};
  std::uint64_t done = 0;
  const Progress progress = [&](std::uint64_t bytes, std::uint64_t all) {
    done = bytes;
    REQUIRE(all == 2 * log.size());
    stop = true;
  };
  const Facts facts = ingest({{"a", log, true}, {"b", log, true}}, classifier(),
                             options_of(4096, 1), stop, progress);
  REQUIRE(done > 0);
  for (const SourceReport& s : facts.sources)
    REQUIRE(s.bytes == s.accepted + s.ignored + s.rejected + s.pending);
}

TEST_CASE("no inputs give no facts") {
  const std::atomic<bool> stop{false};
  const Facts facts = ingest({}, classifier(), options_of(64, 2), stop, {});
  REQUIRE(facts.events.empty());
  REQUIRE(facts.sources.empty());
}

TEST_CASE("an exception in a thread comes out of the call") {
  std::string log;
  for (int i = 0; i < 3000; ++i) log += app_line(i);
  const std::atomic<bool> stop{false};
  const Progress broken = [](std::uint64_t, std::uint64_t) { throw std::runtime_error("broken"); };
  REQUIRE_THROWS_AS(ingest({{"text", log, true}}, classifier(), options_of(4096, 3), stop, broken),
                    std::runtime_error);
}
