// Sorting what comes nearly in order, as lines of a log do.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <utility>

namespace regtriage {

// As std::sort. O(n) where few rows stand behind a greater one: these are moved to the end, sorted
// and merged in; else O(n log n).
template <class Iterator, class Less = std::less<>>
void sort_nearly_sorted(Iterator begin, Iterator end, const Less& less = {}) {
  Iterator sorted = std::is_sorted_until(begin, end, less);  // and behind it what is late
  const auto most_late = (end - begin) / 8;
  for (Iterator row = sorted; row != end; ++row) {
    if (!less(*row, sorted[-1]))
      std::swap(*sorted++, *row);
    else if (row - sorted > most_late)
      return std::sort(begin, end, less);
  }
  std::sort(sorted, end, less);
  std::inplace_merge(begin, sorted, end, less);
}

}  // namespace regtriage
