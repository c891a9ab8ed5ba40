#include "report/layout.h"

#include <catch2/catch.hpp>

namespace regtriage {
namespace {

TEST_CASE("words are wrapped under the indent and never cut") {
  REQUIRE(wrapped("one two three", 2, 9) == "one two\n  three");
  REQUIRE(wrapped("averylongword b", 0, 5) == "averylongword\nb");
  REQUIRE(wrapped("one two three", 2, 0) == "one two three");
  REQUIRE(wrapped("", 2, 10).empty());
}

TEST_CASE("wide characters take two columns and combining ones none") {
  REQUIRE(display_width("日本") == 4);
  REQUIRE(display_width("e\xcc\x81") == 1);
}

TEST_CASE("numbers carry their units") {
  REQUIRE(count_of(1, "line") == "1 line");
  REQUIRE(count_of(1234567, "line") == "1,234,567 lines");
  REQUIRE(number_text(999) == "999");
  REQUIRE(bytes_text(1023) == "1,023 bytes");
  REQUIRE(bytes_text(1536) == "1.5 KiB");
}

TEST_CASE("a span of time names the zone and one day once") {
  const TimeNs noon = 1'764'072'000LL * kSecond;
  REQUIRE(span_text(noon, noon) == "2025-11-25 12:00:00 UTC");
  REQUIRE(span_text(noon, noon + kMinute) == "2025-11-25 12:00:00 to 12:01:00 UTC");
  REQUIRE(span_text(noon, noon + 24 * kHour) == "2025-11-25 12:00:00 to 2025-11-26 12:00:00 UTC");
  REQUIRE(span_text(kNoTime, kNoTime).empty());
}

TEST_CASE("a duration has two units at most") {
  REQUIRE(duration_text(8 * kHour) == "8 h");
  REQUIRE(duration_text(-8 * kHour) == "8 h");
  REQUIRE(duration_text(3 * kHour + 12 * kMinute + 59 * kSecond) == "3 h 12 min");
  REQUIRE(duration_text(53 * kHour) == "2 d 5 h");
  REQUIRE(duration_text(42 * kSecond) == "42 s");
  REQUIRE(duration_text(350 * (kSecond / 1000)) == "0.3 s");
}

TEST_CASE("only whole digests are shortened") {
  const std::string digest = "sha256:" + std::string(64, 'a');
  REQUIRE(with_short_digests("x " + digest + "/data") == "x sha256:aaaaaaaaaaaa…/data");
  REQUIRE(with_short_digests("sha256:abc") == "sha256:abc");
  REQUIRE(with_short_digests("sha512:" + std::string(128, 'b')) == "sha512:bbbbbbbbbbbb…");
}

TEST_CASE("advice is a sentence or a command with a remark") {
  REQUIRE(is_command("redis-cli -n 1 KEYS x"));
  REQUIRE_FALSE(is_command("Push again."));
  REQUIRE(command_and_remark("ls -l   # prints nothing").first == "ls -l");
  REQUIRE(command_and_remark("ls -l   # prints nothing").second == "prints nothing");
  REQUIRE(command_and_remark("ls '#x'").second.empty());
}

}  // namespace
}  // namespace regtriage
