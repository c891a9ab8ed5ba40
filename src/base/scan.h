// Searches over a few dozen bytes, inside the parsers' loops, where a call of memchr costs more
// than what it finds. Sixteen bytes a step with SSE2, which every x86-64 has; byte by byte
// elsewhere. Nothing is read at or behind `end`.
#pragma once

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace regtriage {

// The first `a` or `b`; `end` if there is none. O(distance).
inline const char* find_either(const char* at, const char* end, char a, char b) {
#if defined(__SSE2__)
  const __m128i all_a = _mm_set1_epi8(a), all_b = _mm_set1_epi8(b);
  for (; end - at >= 16; at += 16) {
    const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i hit = _mm_or_si128(_mm_cmpeq_epi8(text, all_a), _mm_cmpeq_epi8(text, all_b));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(hit));
    if (mask != 0) return at + std::countr_zero(mask);
  }
#endif
  while (at != end && *at != a && *at != b) ++at;
  return at;
}

// The first double quote that no backslash escapes; `end` if there is none. A backslash escapes
// whatever byte comes next; one with nothing behind it leads to `end`. Sets `escaped` if it met
// one. O(distance).
inline const char* find_closing_quote(const char* at, const char* end, bool& escaped) {
#if defined(__SSE2__)
  const __m128i quotes = _mm_set1_epi8('"'), backslashes = _mm_set1_epi8('\\');
  while (end - at >= 16) {
    const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const auto quote = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(text, quotes)));
    const auto slash = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(text, backslashes)));
    unsigned next = 0;  // bytes before it are read
    for (unsigned left = quote | slash; left != 0; left = (quote | slash) >> next << next) {
      const auto bit = static_cast<unsigned>(std::countr_zero(left));
      if ((quote >> bit & 1) != 0) return at + bit;
      escaped = true;
      next = bit + 2;
    }
    at += std::min<std::ptrdiff_t>(end - at, next > 16 ? next : 16);
  }
#endif
  for (; at < end; ++at) {
    if (*at == '"') return at;
    if (*at != '\\') continue;
    escaped = true;
    ++at;
  }
  return end;
}

// Copies up to the first `stop`, or `end`; returns where it stands. `out` has as much room as there
// is text, and is moved to the end of what was copied.
inline const char* copy_until(const char* at, const char* end, char stop, char*& out) {
#if defined(__SSE2__)
  const __m128i stops = _mm_set1_epi8(stop);
  for (; end - at >= 16; at += 16, out += 16) {
    const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(out), text);
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(text, stops)));
    if (mask == 0) continue;
    out += std::countr_zero(mask);
    return at + std::countr_zero(mask);
  }
#endif
  while (at != end && *at != stop) *out++ = *at++;
  return at;
}

inline const char* find_byte(const char* at, const char* end, char c) {
  return find_either(at, end, c, c);
}

// The first place where `a` stands and `b` right behind it; `end` if there is none. O(distance).
inline const char* find_pair(const char* at, const char* end, char a, char b) {
#if defined(__SSE2__)
  const __m128i all_a = _mm_set1_epi8(a), all_b = _mm_set1_epi8(b);
  for (; end - at > 16; at += 16) {
    const __m128i first = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i second = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + 1));
    const __m128i hit = _mm_and_si128(_mm_cmpeq_epi8(first, all_a), _mm_cmpeq_epi8(second, all_b));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(hit));
    if (mask != 0) return at + std::countr_zero(mask);
  }
#endif
  while (end - at >= 2 && (at[0] != a || at[1] != b)) ++at;
  return end - at >= 2 ? at : end;
}

// The first byte that does not simply stand for itself in a JSON text: a quote, a backslash, a
// control or a part of a longer UTF-8 sequence; `end` if there is none. O(distance).
inline const char* find_unplain(const char* at, const char* end) {
#if defined(__SSE2__)
  const __m128i quotes = _mm_set1_epi8('"'), backslashes = _mm_set1_epi8('\\');
  const __m128i blanks = _mm_set1_epi8(' ');
  for (; end - at >= 16; at += 16) {
    const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    // As signed numbers the bytes from 0x80 on are below the blank, too.
    const __m128i hit =
        _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(text, quotes), _mm_cmpeq_epi8(text, backslashes)),
                     _mm_cmplt_epi8(text, blanks));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(hit));
    if (mask != 0) return at + std::countr_zero(mask);
  }
#endif
  while (at != end && *at != '"' && *at != '\\' && static_cast<signed char>(*at) >= ' ') ++at;
  return at;
}

namespace scan {

#if defined(__SSE2__)
inline __m128i between(__m128i text, char low, char high) {
  return _mm_and_si128(_mm_cmpeq_epi8(_mm_max_epu8(text, _mm_set1_epi8(low)), text),
                       _mm_cmpeq_epi8(_mm_min_epu8(text, _mm_set1_epi8(high)), text));
}
inline __m128i is(__m128i text, char c) { return _mm_cmpeq_epi8(text, _mm_set1_epi8(c)); }
#endif

// Letters, digits and . _ - @
struct KeyBytes {
  static bool holds(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '-' && c <= '9' && c != '/') ||
           c == '_' || c == '@';
  }
#if defined(__SSE2__)
  static __m128i in(__m128i text) {
    const __m128i letters = between(_mm_or_si128(text, _mm_set1_epi8(0x20)), 'a', 'z');
    const __m128i signs = _mm_or_si128(is(text, '_'), is(text, '@'));
    const __m128i rest = _mm_andnot_si128(is(text, '/'), between(text, '-', '9'));
    return _mm_or_si128(letters, _mm_or_si128(signs, rest));
  }
#endif
};

struct LowerHex {
  static bool holds(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }
#if defined(__SSE2__)
  static __m128i in(__m128i text) {
    return _mm_or_si128(between(text, '0', '9'), between(text, 'a', 'f'));
  }
#endif
};

template <class Bytes>
const char* end_of(const char* at, const char* end) {
#if defined(__SSE2__)
  for (; end - at >= 16; at += 16) {
    const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(Bytes::in(text)));
    if (mask != 0xffff) return at + std::countr_one(mask);
  }
#endif
  while (at != end && Bytes::holds(*at)) ++at;
  return at;
}

template <class Bytes>
bool all(std::string_view text) {
  const char* const end = text.data() + text.size();
  return end_of<Bytes>(text.data(), end) == end;
}

}  // namespace scan

// memcmp for short texts of one known length.
inline bool same_bytes(const char* a, const char* b, std::size_t size) {
  const auto word = [](const char* at) {
    std::uint64_t value;
    std::memcpy(&value, at, sizeof value);
    return value;
  };
  if (size < 8) {
    for (std::size_t i = 0; i < size; ++i)
      if (a[i] != b[i]) return false;
    return true;
  }
  for (std::size_t i = 0; i + 8 < size; i += 8)
    if (word(a + i) != word(b + i)) return false;
  return word(a + size - 8) == word(b + size - 8);
}

}  // namespace regtriage
