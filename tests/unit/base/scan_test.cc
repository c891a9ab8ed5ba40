// The searches of sixteen bytes a step against their obvious twins.
#include "base/scan.h"

#include <catch2/catch.hpp>
#include <random>
#include <string>

using namespace regtriage;

namespace {

// Exactly as long as its text, so that a sanitizer sees a read behind the end.
std::string random_text(std::mt19937& random, std::string_view alphabet) {
  std::string text(random() % 70, ' ');
  for (char& c : text) c = alphabet[random() % alphabet.size()];
  text.shrink_to_fit();
  return text;
}

std::size_t slow_end(std::string_view text, std::string_view set) {
  std::size_t at = 0;
  while (at < text.size() && set.find(text[at]) != std::string_view::npos) ++at;
  return at;
}

}  // namespace

TEST_CASE("either of two bytes is found where it first stands") {
  std::mt19937 random(7);
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = random_text(random, i % 2 == 0 ? "aaaaaaaaaaaaaaaaaaaa\"\\" : "ab");
    const char* const end = text.data() + text.size();
    for (const char b : {'"', '\\'}) {
      const std::size_t expected = std::min(text.find_first_of(std::string("b") + b), text.size());
      REQUIRE(static_cast<std::size_t>(find_either(text.data(), end, 'b', b) - text.data()) ==
              expected);
    }
  }
}

TEST_CASE("a quoted text ends at the first quote that no backslash escapes") {
  const auto slow_closing_quote = [](std::string_view text, bool& escaped) {
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (text[at] == '"') return at;
      if (text[at] != '\\') continue;
      escaped = true;
      ++at;
    }
    return text.size();
  };
  std::mt19937 random(9);
  for (int i = 0; i < 50'000; ++i) {
    const std::string text = random_text(random, i % 3 == 0   ? "aaaaaaaaaaaaaaa\\\\"
                                                 : i % 3 == 1 ? "a\\\\\\\""
                                                              : "aaaaaaaaaaaaa\\\"");
    bool escaped = false, slow_escaped = false;
    const char* const end = text.data() + text.size();
    const std::size_t expected = slow_closing_quote(text, slow_escaped);
    CAPTURE(text);
    REQUIRE(static_cast<std::size_t>(find_closing_quote(text.data(), end, escaped) - text.data()) ==
            expected);
    REQUIRE(escaped == slow_escaped);
  }
}

TEST_CASE("what stands before a byte is copied, and nothing is written behind the room for it") {
  std::mt19937 random(10);
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = random_text(random, i % 2 == 0 ? "aaaaaaaaaaaaaaaaaaaaaaaab" : "ab");
    std::string room(text.size(), '-');
    room.shrink_to_fit();
    char* out = room.data();
    const char* const stop = copy_until(text.data(), text.data() + text.size(), 'b', out);
    const std::size_t expected = std::min(text.find('b'), text.size());
    REQUIRE(static_cast<std::size_t>(stop - text.data()) == expected);
    REQUIRE(room.substr(0, static_cast<std::size_t>(out - room.data())) ==
            text.substr(0, expected));
  }
}

TEST_CASE("every byte value is judged alike in a step of sixteen and alone") {
  const std::string keys = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-@";
  const std::string hex = "0123456789abcdef";
  for (int c = 0; c < 256; ++c) {
    const char byte = static_cast<char>(c);
    for (const std::size_t before : {0U, 5U, 15U, 16U, 40U}) {
      const std::string text = std::string(before, 'a') + byte + std::string(20, 'b');
      const char* const end = text.data() + text.size();
      CAPTURE(c, before);
      REQUIRE(static_cast<std::size_t>(scan::end_of<scan::KeyBytes>(text.data(), end) -
                                       text.data()) == slow_end(text, keys));
      REQUIRE(static_cast<std::size_t>(scan::end_of<scan::LowerHex>(text.data(), end) -
                                       text.data()) == slow_end(text, hex));
    }
  }
}

TEST_CASE("texts of one length are compared to their last byte") {
  std::mt19937 random(8);
  for (std::size_t size = 0; size < 40; ++size) {
    const std::string one(size, 'x');
    REQUIRE(same_bytes(one.data(), std::string(one).data(), size));
    for (std::size_t i = 0; i < size; ++i) {
      std::string other = one;
      other[i] = 'y';
      REQUIRE_FALSE(same_bytes(one.data(), other.data(), size));
    }
  }
}
