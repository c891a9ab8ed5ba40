#include "format/json_reader.h"

#include <catch2/catch.hpp>
#include <random>
#include <string>

namespace regtriage {
namespace {

void require_same(const std::string& line) {
  CAPTURE(line);
  JsonReader flat, any;
  if (!flat.read_flat(line)) return;
  REQUIRE(any.read_any(line));
  REQUIRE(flat.fields().size() == any.fields().size());
  for (std::size_t i = 0; i < flat.fields().size(); ++i) {
    CHECK(flat.fields()[i].key == any.fields()[i].key);
    CHECK(flat.fields()[i].value == any.fields()[i].value);
    CHECK(flat.fields()[i].kind == any.fields()[i].kind);
  }
}

const std::string kLine =
    "{\"err.code\":\"blob unknown\",\"http.response.duration\":\"741.2\xc2\xb5s\","
    "\"http.request.useragent\":\"docker/24 UpstreamClient(Docker-Client/24 \\\\(linux\\\\))\","
    "\"http.response.status\":404, \"x\" : -1.5e3 ,\"y\":true,\"n\":null,\"level\":\"error\"}";

TEST_CASE("the fast way reads what registries print") {
  JsonReader reader;
  for (const std::string& line :
       {kLine, std::string("{\"a\":\"\"}"), std::string("{ \"a\": 0 }"),
        std::string("{\"\":\"\xe2\x82\xac\"}"), std::string("{\"a\":1,\"a\":2}"),
        std::string(R"({"a\"b":"\\\/\b\f\n\r\t"})")}) {
    CHECK(reader.read_flat(line));
    require_same(line);
  }
}

TEST_CASE("the fast way leaves all else to the other") {
  JsonReader reader;
  for (const std::string_view line : {"",
                                      "{",
                                      "{}",
                                      "{\"a\"}",
                                      "{\"a\":}",
                                      "{\"a\":1",
                                      "{\"a\":1} ",
                                      "{\"a\":1}x",
                                      "[1]",
                                      "{\"a\":\"\\u003c\"}",
                                      "{\"a\":\"\\x\"}",
                                      "{\"a\":\"\\",
                                      "{\"a\\u0062\":1}",
                                      "{\"a\":{\"b\":1}}",
                                      "{\"a\":[1]}",
                                      "{\"a\":tru}",
                                      "{\"a\":1 2}",
                                      "{\"a\":+1}",
                                      "{\"a\":1,}",
                                      "{\"a\":\"b\tc\"}",
                                      "{\"a\":\"\xff\"}",
                                      "{\"a\":\"\xc2\"}",
                                      "{\"a\":\"b\"\"c\":1}",
                                      "{'a':1}"})
    CHECK_FALSE(reader.read_flat(line));
}

TEST_CASE("both ways agree on damaged lines") {
  std::mt19937 random(3);
  constexpr std::string_view kBytes = "\"\\u/{}[],: 0-e\x01\x80\xc2nt";
  for (int i = 0; i < 20'000; ++i) {
    std::string line = kLine;
    for (auto n = random() % 3 + 1; n > 0; --n) {
      const std::size_t at = random() % line.size();
      switch (random() % 3) {
        case 0:
          line[at] = kBytes[random() % kBytes.size()];
          break;
        case 1:
          line.erase(at, random() % 8 + 1);
          break;
        default:
          line.insert(at, 1, kBytes[random() % kBytes.size()]);
      }
      if (line.empty()) break;
    }
    require_same(line);
  }
}

}  // namespace
}  // namespace regtriage
