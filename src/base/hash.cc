#include "base/hash.h"

#include <array>

#define XXH_INLINE_ALL
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#include <xxhash.h>
#pragma GCC diagnostic pop

namespace regtriage {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";

// Value of a lower-case hex digit, or -1.
constexpr std::array<std::int8_t, 256> kNibbles = [] {
  std::array<std::int8_t, 256> table{};
  table.fill(-1);
  for (std::size_t i = 0; i < kHex.size(); ++i)
    table[static_cast<unsigned char>(kHex[i])] = static_cast<std::int8_t>(i);
  return table;
}();

int nibble(char c) { return kNibbles[static_cast<unsigned char>(c)]; }

}  // namespace

Hash128 hash_of(std::string_view bytes) {
  const XXH128_hash_t h = XXH3_128bits(bytes.data(), bytes.size());
  return {h.high64, h.low64};
}

Hash128 hash_of(std::string_view first, std::string_view second) {
  const XXH128_hash_t a = XXH3_128bits(first.data(), first.size());
  const XXH128_hash_t b = XXH3_128bits_withSeed(second.data(), second.size(), a.low64);
  return {a.high64 ^ b.high64, b.low64};
}

std::string hex_of(const Hash128& hash) {
  std::string out(32, '0');
  for (unsigned i = 0; i < 16; ++i) {
    out[i] = kHex[(hash.hi >> (60 - 4 * i)) & 15];
    out[16 + i] = kHex[(hash.lo >> (60 - 4 * i)) & 15];
  }
  return out;
}

Hash128 hash_from_hex(std::string_view hex) {
  if (hex.size() != 32) return {};
  Hash128 hash;
  for (unsigned i = 0; i < 32; ++i) {
    const int n = nibble(hex[i]);
    if (n < 0) return {};
    std::uint64_t& half = i < 16 ? hash.hi : hash.lo;
    half = half << 4 | static_cast<std::uint64_t>(n);
  }
  return hash;
}

Hash128 uuid_bits(std::string_view text) {
  if (text.size() != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-')
    return {};
  int bad = 0;  // negative once a byte was no digit
  const auto digits = [&](std::size_t from, std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = from; i < from + count; ++i) {
      const int n = nibble(text[i]);
      bad |= n;
      value = value << 4 | static_cast<std::uint64_t>(n & 15);
    }
    return value;
  };
  const std::uint64_t hi = digits(0, 8) << 32 | digits(9, 4) << 16 | digits(14, 4);
  const std::uint64_t lo = digits(19, 4) << 48 | digits(24, 12);
  return bad < 0 ? Hash128{} : Hash128{hi, lo};
}

std::string uuid_text(const Hash128& bits) {
  std::string hex = hex_of(bits);
  for (const std::size_t at : {8U, 13U, 18U, 23U}) hex.insert(at, 1, '-');
  return hex;
}

}  // namespace regtriage
