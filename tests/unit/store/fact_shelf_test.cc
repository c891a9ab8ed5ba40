#include "store/fact_shelf.h"

#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <csignal>

#include "support.h"

using namespace regtriage;
using namespace regtriage::test;

namespace {

Facts errors(unsigned begin, unsigned end) {
  Facts facts;
  for (unsigned n = begin; n < end; ++n) facts.events.push_back(error_event(facts, n));
  return facts;
}

std::string text_of_events(const Facts& facts) {
  std::string out;
  for (const Event& e : facts.events)
    out += fmt::format("{} {} {} {} {}:{}:{}\n", hex_of(e.id), e.time, facts.text(e.digest),
                       facts.text(e.client), e.at.source, e.at.line, e.at.offset);
  return out;
}

}  // namespace

TEST_CASE("what is put on the shelf comes back, part by part, in its order and as often as asked") {
  const TempFolder folder;
  FactShelf shelf(folder.file(""));
  REQUIRE(shelf.put(3, errors(0, 2000)));
  REQUIRE(shelf.put(5, errors(5000, 5001)));
  REQUIRE(shelf.put(3, errors(2000, 2002)));
  REQUIRE(shelf.put(4, Facts()));
  CHECK(shelf.events() == 2003);
  for (int again = 0; again < 2; ++again) {
    CHECK(text_of_events(shelf.part(3).value()) == text_of_events(errors(0, 2002)));
    CHECK(text_of_events(shelf.part(5).value()) == text_of_events(errors(5000, 5001)));
    CHECK(shelf.part(4).value().events.empty());
  }
}

TEST_CASE("sources keep their numbers, also those that are met late, and lines without one") {
  const TempFolder folder;
  FactShelf shelf(folder.file(""));
  Facts facts = errors(0, 3);
  facts.events[0].at.source = 7;
  facts.events[1].at = Position();
  REQUIRE(shelf.put(0, errors(10, 12)));
  REQUIRE(shelf.put(0, facts));
  const Facts back = shelf.part(0).value();
  CHECK(back.events[2].at.source == 7);
  CHECK(back.events[3].at.source == kNoSource);
  CHECK(back.events[4].at.source == 0);
}

TEST_CASE("nothing is made before it is needed, and nothing is seen of it in the folder") {
  const TempFolder folder;
  FactShelf shelf(folder.file(""));
  REQUIRE(shelf.put(0, errors(0, 100)));
  CHECK(std::filesystem::is_empty(folder.file("")));
  FactShelf never(folder.file("is not there"));
  CHECK(never.part(0).value().events.empty());
  CHECK(never.put_trouble() == nullptr);
}

TEST_CASE("a disk that is full keeps what was put before, and takes nothing by halves") {
  const TempFolder folder;
  FactShelf shelf(folder.file(""));
  REQUIRE(shelf.put(0, errors(0, 100)));
  rlimit usual{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &usual) == 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit full = usual;
  full.rlim_cur = 20'000;
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &full) == 0);
  const Result<void> put = shelf.put(0, errors(100, 5000));
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &usual) == 0);
  std::signal(SIGXFSZ, handler);
  CHECK_FALSE(put);
  CHECK(shelf.events() == 100);
  CHECK(text_of_events(shelf.part(0).value()) == text_of_events(errors(0, 100)));
  REQUIRE(shelf.put(0, errors(100, 101)));
  CHECK(text_of_events(shelf.part(0).value()) == text_of_events(errors(0, 101)));
}

TEST_CASE("a folder that cannot be written to is an error that names it, and the facts stay") {
  FactShelf shelf("/is/not/there");
  const Result<void> done = shelf.put(0, errors(0, 1));
  REQUIRE_FALSE(done);
  CHECK(done.error().what.find("/is/not/there") != std::string::npos);
  CHECK(done.error().hint.find("--tmp") != std::string::npos);
  REQUIRE(shelf.put_trouble() != nullptr);
  CHECK(shelf.put_trouble()->what == done.error().what);
  CHECK(shelf.events() == 0);
  CHECK(shelf.part(0).value().events.empty());
}
