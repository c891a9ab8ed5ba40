#include "base/mask.h"

#include <catch2/catch.hpp>

using namespace regtriage;

TEST_CASE("what differs from line to line is masked by its kind") {
  const std::string digest = "sha256:" + std::string(64, 'a');
  REQUIRE(masked("pulled team/app:v1 (" + digest + ") in 12ms") ==
          "pulled <name> (<digest>) in <number>");
  REQUIRE(masked("GET https://alice@example.com/x?y=1 from 10.0.0.7:5000: 404") ==
          "GET <url> from <address>: <number>");
  REQUIRE(masked("upload 8b0ad1d4-35c5-4a2b-9d3c-0f6a2f9a1f20 at /var/lib/registry/x") ==
          "upload <uuid> at <path>");
  REQUIRE(masked("2026-11-24T23:12:28.5Z 2026/11/24 23:12:28 worker-7 deadbeef01") ==
          "<time> <id> <hex>");
  REQUIRE(masked("host registry.team.example.com.") == "host <host>.");
  REQUIRE(masked("1 22 333.5 -4 50% of 10MiB") == "<number> of <number>");
}

TEST_CASE("words of the language stay") {
  REQUIRE(masked("x509: certificate has expired") == "x509: certificate has expired");
  REQUIRE(masked("s3aws: Access Denied!") == "s3aws: Access Denied!");
  REQUIRE(masked("a  b\tc\n") == "a b c");
  REQUIRE(masked("") == "");
}

TEST_CASE("a quoted word and a value are masked, a key and a level are not") {
  REQUIRE(masked("repository \"app\" of 'team' is \"not found\"") ==
          "repository \"<text>\" of '<text>' is \"not found\"");
  REQUIRE(masked("{\"event\":\"evicted\"}") == "{\"event\":\"<text>\"}");
  REQUIRE(masked("level=error user=alice ok=true") == "level=error user=<value> ok=true");
}

TEST_CASE("a mask has a bound, whatever the text") {
  REQUIRE(masked(std::string(5000, 'x')).size() <= 210);
  std::string words;
  for (int i = 0; i < 500; ++i) words += "word ";
  REQUIRE(masked(words).size() <= 210);
  REQUIRE(masked(std::string(4000, '=')).size() <= 210);
}

TEST_CASE("first words say that more follow") {
  REQUIRE(first_words("a b c", 2) == "a b …");
  REQUIRE(first_words("a b", 2) == "a b");
  REQUIRE(first_words(first_words("a b c d e", 4), 2) == first_words("a b c d e", 2));
  REQUIRE(first_words("a b", 0) == "…");
}
