// What the makers of logs share: choices out of one seed, ids that look like real ones, and times.
// The same seed gives the same text on every machine.
#pragma once

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

namespace made {

constexpr std::uint64_t kStart = 1772446504123456789ULL;  // 2026-03-02T10:15:04Z, in nanoseconds
constexpr std::uint64_t kSecond = 1000000000;

inline std::uint64_t mix(std::uint64_t z) {
  z += 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

// xoshiro256**, public domain: https://prng.di.unimi.it/xoshiro256starstar.c
class Random {
 public:
  explicit Random(std::uint64_t seed) {
    for (std::size_t i = 0; i < state_.size(); ++i) state_[i] = mix(seed + i);
  }

  std::uint64_t next() {
    const std::uint64_t result = rotated(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = rotated(state_[3], 45);
    return result;
  }

  std::uint64_t below(std::uint64_t end) { return next() % end; }
  double share() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }  // in [0, 1)

  std::string_view one_of(auto& words) { return words[below(std::size(words))]; }

 private:
  static std::uint64_t rotated(std::uint64_t x, int by) { return (x << by) | (x >> (64 - by)); }

  std::array<std::uint64_t, 4> state_{};
};

inline std::string hex_of(std::uint64_t seed, std::size_t digits) {
  std::string text;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (i % 16 == 0) value = mix(seed * 7919 + i);
    text += "0123456789abcdef"[value & 15];
    value >>= 4;
  }
  return text;
}

inline std::string digest_of(std::uint64_t blob) { return "sha256:" + hex_of(blob + 1, 64); }

inline std::string uuid_of(std::uint64_t seed) {
  const std::string digits = hex_of(seed, 32);
  const std::string_view d = digits;
  return fmt::format("{}-{}-4{}-a{}-{}", d.substr(0, 8), d.substr(8, 4), d.substr(13, 3),
                     d.substr(17, 3), d.substr(20));
}

inline std::string time_text(std::uint64_t now, const char* form) {
  const std::time_t seconds = static_cast<std::time_t>(now / kSecond);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 64> text{};
  return {text.data(), std::strftime(text.data(), text.size(), form, &parts)};
}

inline std::string rfc3339(std::uint64_t now) {
  return time_text(now, "%Y-%m-%dT%H:%M:%S") + fmt::format(".{:09}Z", now % kSecond);
}

}  // namespace made
