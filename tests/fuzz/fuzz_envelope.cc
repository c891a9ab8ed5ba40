// Envelopes: each line alone. All views can be read to their end, a used peeler says what a fresh
// one says, and peeling never makes a payload out of more bytes than the line has (U+FFFD for a bad
// byte takes three).
#include "format/format.h"
#include "fuzz.h"

namespace {

using namespace regtriage;

// Touches each byte, so that the sanitizer sees a view that points elsewhere.
unsigned touched(std::string_view text) {
  unsigned sum = 0;
  for (const char c : text) sum = sum * 31 + static_cast<unsigned char>(c);
  return sum;
}

bool same(const Envelope& a, const Envelope& b) {
  return a.payload == b.payload && a.instance == b.instance && a.stream == b.stream &&
         a.time == b.time && a.part == b.part;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static EnvelopePeeler used;
  used.set_options({2026, 3600});
  EnvelopePeeler fresh;
  fresh.set_options({2026, 3600});
  for_each_line(text_of(data, size), [&fresh](std::string_view line) {
    Envelope a, b;
    const bool good = used.peel(line, a);
    FUZZ_REQUIRE(fresh.peel(line, b) == good);
    if (!good) return;
    FUZZ_REQUIRE(same(a, b));
    FUZZ_REQUIRE(a.payload.size() <= 3 * line.size());
    FUZZ_REQUIRE(touched(a.payload) + touched(a.instance) + touched(a.stream) ==
                 touched(b.payload) + touched(b.instance) + touched(b.stream));
  });
  return 0;
}
