// logfmt: the fast splitters agree with their slow twin, and mended pairs are in order and inside
// of the line.
#include "format/formats/logfmt.h"
#include "format/formats/pair_order.h"
#include "fuzz.h"
#include "slow_logfmt.h"

namespace {

using namespace regtriage;

std::vector<slow::Pair> owned(const std::vector<Pair>& pairs) {
  std::vector<slow::Pair> copy;
  for (const Pair& pair : pairs)
    copy.push_back({std::string(pair.key), std::string(pair.value), pair.quoted});
  return copy;
}

bool inside(std::string_view part, std::string_view line) {
  return part.data() >= line.data() && part.data() + part.size() <= line.data() + line.size();
}

void check_quoted(std::string_view line) {
  std::vector<Pair> pairs;
  std::vector<slow::Pair> expected;
  const bool good = slow::split_quoted(line, expected);
  FUZZ_REQUIRE(split_quoted_pairs(line, pairs) == good);
  if (good) FUZZ_REQUIRE(owned(pairs) == expected);
}

void check_raw(std::string_view line) {
  std::vector<Pair> pairs;
  std::vector<slow::Pair> expected;
  bool open = false;
  const bool good = slow::split_raw(line, expected, open);
  const Split split = split_raw_pairs(line, pairs);
  FUZZ_REQUIRE((split != Split::no) == good);
  if (!good) return;
  FUZZ_REQUIRE((split == Split::open) == open);
  FUZZ_REQUIRE(owned(pairs) == expected);
  if (!in_key_order(pairs)) mend_key_order(line, pairs);
  FUZZ_REQUIRE(in_key_order(pairs));
  FUZZ_REQUIRE(!pairs.empty() && pairs.front().key == expected.front().key);
  for (const Pair& pair : pairs) FUZZ_REQUIRE(inside(pair.key, line) && inside(pair.value, line));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view line = text_of(data, size);
  check_quoted(line);
  check_raw(line);
  return 0;
}
