#include "ingest/time_slots.h"

#include <catch2/catch.hpp>
#include <random>

#include "facts_text.h"

using namespace regtriage;
using namespace regtriage::test;

namespace {

constexpr TimeNs kStart = 1'764'072'000LL * kSecond;

std::vector<Gap> gaps_of(const std::vector<TimeNs>& times) {
  TimeSlots slots;
  for (const TimeNs time : times) slots.add(time);
  return slots.gaps();
}

// A line every `step` from `from` to `to`.
void put_lines(std::vector<TimeNs>& times, TimeNs from, TimeNs to, TimeNs step) {
  for (TimeNs time = from; time <= to; time += step) times.push_back(time);
}

}  // namespace

TEST_CASE("a silence far longer than the rhythm is a gap, from line to line") {
  std::vector<TimeNs> times;
  put_lines(times, kStart, kStart + kHour, 7 * kSecond);
  const TimeNs last = times.back(), again = kStart + 4 * kHour;
  put_lines(times, again, again + kHour, 7 * kSecond);
  REQUIRE(gaps_of(times) == std::vector<Gap>{{last, again}});
}

TEST_CASE("pushes once an hour have no gaps, a day without any is one") {
  std::vector<TimeNs> times;
  for (int hour = 0; hour < 30; ++hour)
    put_lines(times, kStart + hour * kHour, kStart + hour * kHour + kMinute, kSecond / 2);
  REQUIRE(gaps_of(times).empty());
  put_lines(times, kStart + 54 * kHour, kStart + 56 * kHour, kMinute);
  REQUIRE(gaps_of(times).size() == 1);
}

TEST_CASE("of a few lines the rhythm is not known, so there are no gaps") {
  REQUIRE(gaps_of({}).empty());
  REQUIRE(gaps_of({kStart}).empty());
  REQUIRE(gaps_of({kStart, kStart + 300 * kHour}).empty());
  REQUIRE(gaps_of({kStart, kStart + kHour, kStart + 2 * kHour, kStart + 20 * kHour}).empty());
}

TEST_CASE("ten minutes are no gap in any rhythm") {
  std::vector<TimeNs> times;
  put_lines(times, kStart, kStart + kHour, kSecond);
  put_lines(times, kStart + 70 * kMinute, kStart + 2 * kHour, kSecond);
  REQUIRE(gaps_of(times).empty());
}

TEST_CASE("a year of lines keeps its longest silences") {
  std::vector<TimeNs> times;
  put_lines(times, kStart, kStart + 200 * 24 * kHour, 20 * kMinute);
  const TimeNs last = times.back(), again = kStart + 210 * 24 * kHour;
  put_lines(times, again, again + 150 * 24 * kHour, 20 * kMinute);
  REQUIRE(gaps_of(times) == std::vector<Gap>{{last, again}});
}

TEST_CASE("gaps depend neither on the order of the lines nor on how they are cut") {
  std::mt19937_64 random(7);
  std::vector<TimeNs> times;
  for (int burst = 0; burst < 400; ++burst) {
    const TimeNs from = kStart + static_cast<TimeNs>(random() % (40 * 24)) * kHour;
    put_lines(times, from, from + 20 * kMinute, kMinute);
  }
  times.push_back(0);                        // 1970
  times.push_back(7'200'000'000 * kSecond);  // 2198
  const std::vector<Gap> whole = gaps_of(times);
  for (int round = 0; round < 20; ++round) {
    std::shuffle(times.begin(), times.end(), random);
    std::array<TimeSlots, 5> parts;
    for (const TimeNs time : times) parts[random() % parts.size()].add(time);
    TimeSlots all;
    for (const TimeSlots& part : parts) all.join(part);
    REQUIRE(all.gaps() == whole);
  }
}

TEST_CASE("a source's report has its gaps, however it is cut") {
  std::string log;
  for (int minute = 0; minute < 120; ++minute) {
    if (minute >= 40 && minute < 80) continue;
    log += fmt::format("time=\"2026-11-24T{:02}:{:02}:00Z\" level=info msg=\"listening\"\n",
                       20 + minute / 60, minute % 60);
  }
  for (const std::size_t block : {64U, 1000U, 1U << 20}) {
    const Facts facts = facts_of({log}, options_of(block, 2));
    REQUIRE(facts.sources[0].gaps.size() == 1);
    REQUIRE(rfc3339_of(facts.sources[0].gaps[0].first) == "2026-11-24T20:39:00.000000000Z");
    REQUIRE(rfc3339_of(facts.sources[0].gaps[0].last) == "2026-11-24T21:20:00.000000000Z");
  }
}
