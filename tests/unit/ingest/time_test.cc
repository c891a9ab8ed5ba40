// Times, order hints and identities.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "facts_text.h"
#include "ingest/lend.h"
#include "ingest/order.h"

using namespace regtriage;
using namespace regtriage::test;

TEST_CASE("lines of one millisecond keep their order, and so do access lines among them") {
  OrderState order;
  REQUIRE(order.fine_time(5 * kSecond + 1'000'000) == 0);
  REQUIRE(order.fine_time(5 * kSecond + 1'000'000) == 1);
  REQUIRE(order.whole_second(5 * kSecond) == 1'000'000 + 2);
  REQUIRE(order.fine_time(5 * kSecond + 1'000'000) == 3);
  REQUIRE(order.fine_time(5 * kSecond + 2'000'000) == 0);
}

TEST_CASE("an access line is sorted right behind the finer time before it") {
  OrderState order;
  order.fine_time(28 * kSecond + 500);
  REQUIRE(order.whole_second(28 * kSecond) == 501);
  REQUIRE(order.whole_second(28 * kSecond) == 502);
  REQUIRE(order.whole_second(27 * kSecond) == kSecond + 500 + 1 + 2);
  REQUIRE(order.whole_second(20 * kSecond) == 0);
}

TEST_CASE("whole-second lines without a finer time near keep their order in the second") {
  OrderState order;
  REQUIRE(order.whole_second(5 * kSecond) == 0);
  REQUIRE(order.whole_second(5 * kSecond) == 1);
  REQUIRE(order.whole_second(6 * kSecond) == 0);
  order.untimed();
  REQUIRE(order.whole_second(7 * kSecond) == 1);
}

TEST_CASE("a finer time is forgotten after some lines, so that the state depends on few lines") {
  OrderState known, unknown;
  known.fine_time(5 * kSecond + 1);
  for (int i = 0; i < 300; ++i) {
    known.whole_second((100 + i / 10) * kSecond);
    unknown.whole_second((100 + i / 10) * kSecond);
  }
  REQUIRE(known == unknown);
}

TEST_CASE("order hints do not depend on the blocks") {
  std::string log;
  for (int i = 0; i < 2000; ++i) log += access_line(i / 40);
  log += app_line(3);
  for (int i = 0; i < 100; ++i) log += access_line(i / 20);
  const std::string whole = whole_text_of(log);
  for (const std::size_t block : {64UL, 3000UL, 20'000UL, 200'000UL})
    REQUIRE(text_in_blocks(log, options_of(block, 2)) == whole);
}

TEST_CASE("TTY lines take the time of the access line that follows them") {
  const std::string log =
      tty_line(1) + access_line(11) + tty_line(2) + access_line(12) + tty_line(3);
  const Facts facts = facts_of({log}, options_of(64, 1));
  int tty = 0;
  for (const Event& e : facts.events) {
    if (!e.untimed) continue;
    ++tty;
    REQUIRE(rfc3339_of(e.time) == "2026-11-24T23:12:02.000000000Z");
  }
  REQUIRE(tty == 3);
  for (std::size_t block = 64; block < 700; block += 17)
    REQUIRE(text_in_blocks(log, options_of(block, 2)) == whole_text_of(log));
}

TEST_CASE("untimed output fed twice counts once") {
  std::string run;
  for (int i = 0; i < 5; ++i) run += tty_line(i);
  const Facts once = facts_of({run}, options_of(64, 1));
  REQUIRE(once.events.size() == 5);
  REQUIRE(ids_of(facts_of({run, run}, options_of(64, 2))) == ids_of(once));
  REQUIRE(ids_of(facts_of({run + run}, options_of(64, 2))) == ids_of(once));
}

TEST_CASE("an untimed line that comes again counts once, at the first time that it was lent") {
  const std::string log = access_line(11) + tty_line(1) + access_line(12) + app_line(30) +
                          tty_line(1) + access_line(40) + tty_line(1);
  const Facts facts = facts_of({log}, options_of(64, 1));
  std::vector<std::string> tty;
  for (const Event& e : facts.events)
    if (e.untimed) tty.push_back(fmt::format("{} {}", rfc3339_of(e.time), e.at.line));
  REQUIRE(tty == std::vector<std::string>{"2026-11-24T23:12:02.000000000Z 2"});
  for (std::size_t block = 64; block < 700; block += 17)
    REQUIRE(text_in_blocks(log, options_of(block, 2)) == whole_text_of(log));
}

TEST_CASE("garbage-collect output keeps one identity for each line, for any blocks") {
  std::string log = "team/app\nteam/app: marking manifest " + digest_of(1) + " \n";
  for (int i = 0; i < 300; ++i) log += "blob eligible for deletion: " + digest_of(i) + "\n";
  const Facts facts = facts_of({log}, options_of(1 << 20, 1));
  REQUIRE(facts.events.size() >= 300);
  for (const std::size_t block : {64UL, 1000UL, 9000UL})
    REQUIRE(text_in_blocks(log, options_of(block, 3)) == whole_text_of(log));
}

TEST_CASE("the transport's time counts, and tells equal payloads apart, if the payload has none") {
  const auto line = [](int second) {
    return fmt::format("2026-11-24T23:13:{:02}.5Z stdout F blob eligible for deletion: {}\n",
                       second, digest_of(1));
  };
  const Facts facts = facts_of({line(1) + line(2) + line(1)}, options_of(64, 1));
  REQUIRE(facts.events.size() == 2);
  REQUIRE(rfc3339_of(facts.events[0].time) == "2026-11-24T23:13:01.500000000Z");
  REQUIRE_FALSE(facts.events[0].untimed);
}

TEST_CASE("the zone of a transport's clock comes from the lines that print their own time") {
  const std::string east = "Nov 25 07:12:02 10.0.0.1 registry[7]: ";
  const std::string collected = east + "blob eligible for deletion: " + digest_of(1) + "\n";
  const auto time_of_collected = [](const std::string& log, IngestOptions options) {
    const Facts facts = facts_of({log}, options);
    for (const Event& e : facts.events)
      if (e.kind == EventKind::gc_eligible_blob) return rfc3339_of(e.time);
    return std::string("none");
  };
  const std::string told = east + app_line(3) + collected;
  REQUIRE(time_of_collected(told, options_of(64, 1)) == "2026-11-24T23:12:02.000000000Z");
  REQUIRE_FALSE(facts_of({told}, options_of(64, 1)).sources[0].zone_assumed);
  // Most lines decide; what stands beside the clock by an odd time says nothing.
  const std::string late = "Nov 24 23:20:02 10.0.0.1 registry[7]: " + app_line(3);
  REQUIRE(time_of_collected(late + told, options_of(64, 1)) == "2026-11-24T23:12:02.000000000Z");

  // A rotated part says nothing; the sources around it do, if they agree.
  const auto time_of_part = [&](const std::string& other) {
    const Facts facts = facts_of({collected, other}, options_of(64, 1));
    for (const Event& e : facts.events)
      if (e.kind == EventKind::gc_eligible_blob) return rfc3339_of(e.time);
    return std::string("none");
  };
  REQUIRE(time_of_part(east + app_line(3)) == "2026-11-24T23:12:02.000000000Z");
  const std::string west = "Nov 24 18:12:02 10.0.0.1 registry[7]: ";
  const Facts apart =
      facts_of({collected, east + app_line(3), west + app_line(4)}, options_of(64, 1));
  REQUIRE(apart.sources[0].zone_assumed);

  IngestOptions options = options_of(64, 1);
  options.year = 2026;
  const Facts untold = facts_of({collected}, options);
  REQUIRE(untold.sources[0].zone_assumed);
  REQUIRE(rfc3339_of(untold.events[0].time) == "2026-11-25T07:12:02.000000000Z");
}

TEST_CASE("a zone that no line of use lacks is not spoken of") {
  const std::string head = "Nov 24 23:12:28 10.0.0.1 registry[7]: ";
  const Facts facts = facts_of({head + app_line(3) + head + "garbage\n"}, options_of(64, 1));
  REQUIRE_FALSE(facts.sources[0].zone_assumed);
  REQUIRE(facts.sources[0].year == 0);
}

TEST_CASE("a year comes from the option, else from the other lines of the source") {
  const std::string head = "Nov 24 23:12:28 10.0.0.1 registry[7]: ";
  const std::string yearless = head + "blob eligible for deletion: " + digest_of(1) + "\n";
  IngestOptions options = options_of(64, 1);

  const Facts unknown = facts_of({yearless}, options);
  REQUIRE(unknown.events.size() == 1);
  REQUIRE(unknown.events[0].time == kNoTime);
  REQUIRE(unknown.sources[0].status == SourceReport::Status::read);
  REQUIRE(unknown.sources[0].error.find("--year") != std::string::npos);

  const Facts found = facts_of({yearless + head + app_line(3)}, options);
  REQUIRE(found.events.size() == 2);
  REQUIRE(found.sources[0].year == 2026);
  REQUIRE(rfc3339_of(found.events[1].time) == "2026-11-24T23:12:28.000000000Z");

  options.year = 2025;
  const Facts told = facts_of({yearless}, options);
  REQUIRE(told.events.size() == 1);
  REQUIRE(rfc3339_of(told.events[0].time).substr(0, 4) == "2025");
}

TEST_CASE("a log that runs over New Year goes on in the next year") {
  const auto line = [](const char* time, int number) {
    return fmt::format("{} 10.0.0.1 registry[7]: blob eligible for deletion: {}\n", time,
                       digest_of(number));
  };
  const std::string dated =
      "Dec 31 23:59:50 10.0.0.1 registry[7]: time=\"2026-12-31T23:59:50.5Z\" level=info "
      "msg=\"listening "
      "on [::]:5000\" go.version=go1.20.8 \n";
  const Facts facts = facts_of({line("Dec 31 23:59:49", 1) + dated + line("Jan  1 00:00:02", 2)},
                               options_of(64, 1));
  std::vector<std::string> times;
  for (const Event& e : facts.events)
    if (e.kind == EventKind::gc_eligible_blob) times.push_back(rfc3339_of(e.time).substr(0, 19));
  REQUIRE(times == std::vector<std::string>{"2026-12-31T23:59:49", "2027-01-01T00:00:02"});
}

TEST_CASE("a draft that outlives its line keeps its texts") {
  std::string repository = "team/app", tag = "v1";
  EventDraft draft;
  draft.repository = repository;
  draft.tag = tag;
  draft.rule = "some.rule";
  KeptDraft kept(draft, Position{1, 2, 3});
  repository = "xxxxxxxx";
  tag = "yy";
  const KeptDraft moved = std::move(kept);
  REQUIRE(const_cast<KeptDraft&>(moved).draft().repository == "team/app");
  REQUIRE(const_cast<KeptDraft&>(moved).draft().tag == "v1");
  REQUIRE(const_cast<KeptDraft&>(moved).draft().rule == "some.rule");
}
