#include "base/nearly_sorted.h"

#include <catch2/catch.hpp>
#include <numeric>
#include <random>
#include <vector>

using regtriage::sort_nearly_sorted;

TEST_CASE("what comes nearly in order, in order or in none is sorted") {
  std::mt19937 random(7);
  for (const std::size_t count : {0, 1, 2, 9, 100, 1000})
    for (const std::size_t swaps : {0, 1, 3, 20, 2000}) {
      CAPTURE(count, swaps);
      std::vector<int> rows(count);
      std::iota(rows.begin(), rows.end(), 0);
      const std::vector<int> want = rows;
      for (std::size_t i = 0; i < swaps && count != 0; ++i)
        std::swap(rows[random() % count], rows[random() % count]);
      std::vector<int> backwards = want;
      std::reverse(backwards.begin(), backwards.end());
      for (std::vector<int>* const all : {&rows, &backwards}) {
        sort_nearly_sorted(all->begin(), all->end());
        CHECK(*all == want);
      }
    }
}

TEST_CASE("equal rows and an order of one's own are no trouble") {
  std::vector<int> rows = {5, 5, 4, 9, 9, 1, 8, 3, 3, 2};
  sort_nearly_sorted(rows.begin(), rows.end(), std::greater<>());
  CHECK(rows == std::vector<int>{9, 9, 8, 5, 5, 4, 3, 3, 2, 1});
}
