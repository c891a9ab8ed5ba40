// XXH3-128: the same value on every machine, so that an id made here names the same line
// everywhere. Hash *tables* over foreign keys must be keyed (see string_table.h); this hash is not.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace regtriage {

struct Hash128 {
  std::uint64_t hi = 0;
  std::uint64_t lo = 0;
  auto operator<=>(const Hash128&) const = default;
  explicit operator bool() const { return (hi | lo) != 0; }
};

// For tables whose keys are such hashes: mixed once more, for who writes the hashed text may choose
// some of their bits.
struct MixedHash {
  std::size_t operator()(const Hash128& hash) const {
    std::uint64_t bits = (hash.hi ^ (hash.lo >> 29)) * 0x9e3779b97f4a7c15ULL;
    bits ^= bits >> 32;
    return static_cast<std::size_t>(bits);
  }
};

// The same for keys that are numbers.
struct MixedNumber {
  std::size_t operator()(std::uint64_t value) const {
    value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ value >> 27) * 0x94d049bb133111ebULL;
    return static_cast<std::size_t>(value ^ value >> 31);
  }
};

Hash128 hash_of(std::string_view bytes);
// Hash of two parts with an unmistakable border between them.
Hash128 hash_of(std::string_view first, std::string_view second);

// 32 lower-case hex digits, and back; an unknown shape gives the zero hash.
std::string hex_of(const Hash128& hash);
Hash128 hash_from_hex(std::string_view hex);

// A UUID "8-4-4-4-12" as 128 bits, and back; the zero hash for any other text.
Hash128 uuid_bits(std::string_view text);
std::string uuid_text(const Hash128& bits);

}  // namespace regtriage
