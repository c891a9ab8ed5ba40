// Vectors that may grow to a large part of the memory. From 2 MiB on their memory comes straight
// from the system in huge pages, where it has them: a first touch costs a fault per 2 MiB, not per
// 4 KiB, and what is given back is gone from the process at once. Below, and under the sanitizers
// (which have to see every allocation), they are ordinary vectors.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <new>
#include <vector>

namespace regtriage {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kOwnPages = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool kOwnPages = false;
#else
inline constexpr bool kOwnPages = true;
#endif
#else
inline constexpr bool kOwnPages = true;
#endif

template <class T>
struct BigAllocator {
  using value_type = T;  // NOLINT(readability-identifier-naming): the standard names it
  static constexpr std::size_t kHuge = std::size_t{2} << 20;

  BigAllocator() = default;
  template <class U>
  BigAllocator(const BigAllocator<U>&) {}

  // Throws std::bad_alloc as any allocator does.
  T* allocate(std::size_t count) {
    if (count > static_cast<std::size_t>(-1) / 2 / sizeof(T)) throw std::bad_alloc();
    const std::size_t bytes = count * sizeof(T);
    if (!kOwnPages || bytes < kHuge) return static_cast<T*>(::operator new(bytes));
    // Room for a border of 2 MiB inside, and the rest given back.
    const std::size_t wanted = rounded(bytes);
    void* const got =
        ::mmap(nullptr, wanted + kHuge, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (got == MAP_FAILED) throw std::bad_alloc();
    char* const begin = static_cast<char*>(got);
    const std::size_t head = (kHuge - reinterpret_cast<std::size_t>(begin) % kHuge) % kHuge;
    if (head != 0) ::munmap(begin, head);
    ::munmap(begin + head + wanted, kHuge - head);
    ::madvise(begin + head, wanted, MADV_HUGEPAGE);  // a hint; without it the pages are small
    return reinterpret_cast<T*>(begin + head);
  }
  void deallocate(T* at, std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    if (!kOwnPages || bytes < kHuge)
      ::operator delete(at);
    else
      ::munmap(static_cast<void*>(at), rounded(bytes));
  }
  bool operator==(const BigAllocator&) const { return true; }

 private:
  static std::size_t rounded(std::size_t bytes) { return (bytes + kHuge - 1) / kHuge * kHuge; }
};

template <class T>
using BigVector = std::vector<T, BigAllocator<T>>;

// push_back for what may become very long: large vectors grow fourfold, for pages that nothing was
// written to cost nothing, and what is moved to new ones costs twice.
template <class T>
void push_roomy(BigVector<T>& rows, const T& row) {
  if (rows.size() == rows.capacity() && rows.size() * sizeof(T) >= BigAllocator<T>::kHuge)
    rows.reserve(rows.size() * 4);
  rows.push_back(row);
}

}  // namespace regtriage
