// store: packed facts of unknown origin. Any bytes, sealed as a chunk of each kind, are facts or
// refused; what is read can be joined, written and read again, and is the same.
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "fuzz.h"
#include "store/pack.h"
#include "store/unite.h"

namespace {

using namespace regtriage;

const SourceRows& one_source() {
  static const SourceRows rows{{1}, {{1, 0}}};
  return rows;
}

std::string sealed(std::string_view payload) {
  std::string data(8, '\0');
  data += payload;
  std::uint64_t check = hash_of(payload).lo;
  for (std::size_t i = 0; i < 8; ++i, check >>= 8) data[i] = static_cast<char>(check);
  return data;
}

// Two bytes say how long the first part is.
std::string_view next_part(std::string_view& input) {
  if (input.size() < 2) return std::exchange(input, {});
  const auto byte = [input](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(input[i]));
  };
  const std::string_view part = input.substr(2, byte(0) << 8 | byte(1));
  input.remove_prefix(2 + part.size());
  return part;
}

bool same(const Facts& a, const Facts& b) {
  if (a.events.size() != b.events.size() || a.touches.size() != b.touches.size()) return false;
  for (std::size_t i = 0; i < a.events.size(); ++i) {
    const Event &x = a.events[i], &y = b.events[i];
    if (x.id != y.id || x.time != y.time || x.kind != y.kind || x.at != y.at ||
        x.written != y.written || x.request != y.request || a.text(x.digest) != b.text(y.digest))
      return false;
  }
  for (std::size_t i = 0; i < a.touches.size(); ++i) {
    const Touch &x = a.touches[i], &y = b.touches[i];
    if (x.first.id != y.first.id || x.last.time != y.last.time || x.hour != y.hour ||
        a.text(x.repository) != b.text(y.repository))
      return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view input = text_of(data, size);
  Facts facts;
  Unpacker unpacker(facts, one_source());
  unpacker.begin_run();
  for (const PackKind kind : {PackKind::names, PackKind::events, PackKind::touches})
    if (!unpacker.take(kind, sealed(next_part(input)))) return 0;
  unite(facts);

  Facts again;
  Unpacker second(again, one_source());
  second.begin_run();
  const Result<void> packed =
      pack(facts, one_source(), [&second](PackKind kind, std::uint64_t, std::string_view chunk) {
        FUZZ_REQUIRE(second.take(kind, chunk));
        return Result<void>{};
      });
  FUZZ_REQUIRE(packed.has_value());
  FUZZ_REQUIRE(same(facts, again));
  return 0;
}
