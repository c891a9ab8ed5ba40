// Lines of Kubernetes' own logger.
#include <catch2/catch.hpp>

#include "format/format.h"

namespace regtriage {
namespace {

constexpr std::string_view kHead = "E1125 00:19:03.974651     204 remote_image.go:171] ";

TEST_CASE("a klog line's quoted message and its error are unquoted, its other pairs are fields") {
  RecordParser parser;
  Record record;
  const std::string line =
      std::string(kHead) +
      R"("PullImage failed" err="resolve \"a/b:v1\": not found" image="a/b:v1")";
  REQUIRE(parser.parse(line, record) == Parsed::record);
  CHECK(record.format == Format::klog);
  CHECK(record.level == Level::error);
  CHECK(record.message == "PullImage failed");
  CHECK(record.error == "resolve \"a/b:v1\": not found");
  REQUIRE(record.fields.size() == 1);
  CHECK(record.fields[0].key == "image");
  CHECK(record.fields[0].value == "a/b:v1");
}

TEST_CASE("a klog line has no year, so no time, but its text of it tells lines apart") {
  RecordParser parser;
  Record record;
  const std::string line = std::string(kHead) + "free text";
  REQUIRE(parser.parse(line, record) == Parsed::record);
  CHECK(record.time == kNoTime);
  CHECK(record.time_text == "1125 00:19:03.974651");
  CHECK(record.message == "free text");
}

TEST_CASE("a klog line that breaks its grammar keeps what stands before the break") {
  RecordParser parser;
  Record record;
  for (const std::string_view tail :
       {"\"never closed", "\"m\" err=\"never closed", "\"m\" =", "\"m\"x", "\"m\" err="}) {
    const std::string line = std::string(kHead) + std::string(tail);
    REQUIRE(parser.parse(line, record) == Parsed::record);
    CHECK(record.error.empty());
  }
}

TEST_CASE("what only looks like a klog line is none") {
  RecordParser parser;
  Record record;
  for (const std::string_view line :
       {"E1125 00:19:03.974651     204 no bracket", "X1125 00:19:03.974651 1 a.go:1] x",
        "E11a5 00:19:03.974651 1 a.go:1] x", "E1125 00:19:03.97"}) {
    parser.parse(line, record);
    CHECK(record.format != Format::klog);
  }
}

}  // namespace
}  // namespace regtriage
