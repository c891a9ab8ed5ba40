// The words of the closed vocabularies, all of each: a database holds words, never enumerators,
// for these have other numbers in another version of the program.
#pragma once

#include <cstddef>
#include <string_view>

#include "model/words.h"

namespace regtriage {

// The last enumerator of each.
template <class Word>
inline constexpr Word kLastWord{};
template <>
inline constexpr Origin kLastWord<Origin> = Origin::inventory;
template <>
inline constexpr Level kLastWord<Level> = Level::panic;
template <>
inline constexpr Method kLastWord<Method> = Method::other;
template <>
inline constexpr Route kLastWord<Route> = Route::other;
template <>
inline constexpr Code kLastWord<Code> = Code::MANIFEST_REFERENCED;
template <>
inline constexpr EventKind kLastWord<EventKind> =
    static_cast<EventKind>(static_cast<int>(EventKind::count_) - 1);
template <>
inline constexpr Verdict kLastWord<Verdict> = Verdict::undetermined;
template <>
inline constexpr CauseId kLastWord<CauseId> = CauseId::undetermined;

// Calls use(value, word) for each word of a vocabulary.
template <class Word, class Use>
void each_word(const Use& use) {
  for (std::size_t i = 0; i <= static_cast<std::size_t>(kLastWord<Word>); ++i)
    use(static_cast<Word>(i), word_of(static_cast<Word>(i)));
}

// The first of the vocabulary where the word is not known.
template <class Word>
Word named(std::string_view word) {
  Word found{};
  each_word<Word>([&](Word value, std::string_view text) {
    if (text == word) found = value;
  });
  return found;
}

}  // namespace regtriage
