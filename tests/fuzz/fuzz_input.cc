// input: what is compressed or an archive, or only looks so. Reading ends, in bounds, with bytes or
// with an error.
#include <array>
#include <string>

#include "fuzz.h"
#include "input/input.h"

namespace {

using namespace regtriage;

void read_all(const InputName& input) {
  OpenSource source = open_source(input);
  FUZZ_REQUIRE((source.stream == nullptr) == !source.error.what.empty());
  if (source.stream == nullptr) return;
  std::array<char, 4096> buffer{};
  std::size_t total = 0;
  while (total < (64U << 20)) {
    const Result<std::size_t> got = source.stream->read(buffer.data(), buffer.size());
    if (!got || *got == 0) break;
    FUZZ_REQUIRE(*got <= buffer.size());
    total += *got;
  }
  if (input.archive == nullptr) FUZZ_REQUIRE(source.stream->raw_bytes_read() <= input.text.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const InputName input{"input", std::string(text_of(data, size)), true};
  read_all(input);
  std::vector<OpenSource> problems;
  for (const InputName& part : expand_folders({input}, problems))
    if (part.archive != nullptr) read_all(part);
  return 0;
}
