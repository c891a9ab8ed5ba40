// The same work for many rows, on several threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <future>
#include <vector>

namespace regtriage {

// Calls `work(i)` once for each i below `count`, on at most `threads` threads, in any order; below
// `least` rows a thread is not worth its start. `work` writes only what belongs to row i. What it
// throws is thrown here, after all threads have ended.
template <class Work>
void for_each_row(std::size_t count, unsigned threads, std::size_t least, const Work& work) {
  // Rows at a time: neighbours share what is in the cache, and a few rows are shared one by one.
  const std::size_t chunk = std::clamp<std::size_t>(count / 64, 1, 64);
  std::atomic<std::size_t> next{0};
  const auto run = [&] {
    for (;;) {
      const std::size_t begin = next.fetch_add(chunk);
      if (begin >= count) return;
      for (std::size_t i = begin; i < std::min(begin + chunk, count); ++i) work(i);
    }
  };
  std::vector<std::future<void>> others;
  const std::size_t useful =
      std::min<std::size_t>(threads, count / std::max<std::size_t>(least, 1));
  for (std::size_t t = 1; t < useful; ++t) others.push_back(std::async(std::launch::async, run));
  run();
  for (std::future<void>& other : others) other.get();
}

// Calls both, the first on another thread if there may be two. Neither may look at what the other
// writes.
template <class First, class Second>
void side_by_side(unsigned threads, const First& first, const Second& second) {
  std::future<void> other =
      std::async(threads > 1 ? std::launch::async : std::launch::deferred, first);
  second();
  other.get();
}

}  // namespace regtriage
