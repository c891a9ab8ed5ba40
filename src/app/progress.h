// Progress on a terminal's last line: bytes, share, rate, time left.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace regtriage {

// Prints nothing unless `enabled`; at most ten times a second. The clock decides only when to
// print, never a result. Erases its line when it goes. One thread.
class ProgressLine {
 public:
  ProgressLine(bool enabled, int descriptor);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(std::uint64_t done, std::uint64_t total);  // bytes; total 0 = unknown
  void erase();

 private:
  using Clock = std::chrono::steady_clock;
  bool enabled_, shown_ = false;
  int descriptor_;
  Clock::time_point start_, last_;
};

// "12.3 MiB of 200.0 MiB, 6 %, 150.0 MiB/s, 3 s left"
std::string progress_text(std::uint64_t done, std::uint64_t total, double seconds);
// "12.3 MiB"; below 1 KiB "12 bytes".
std::string size_text(std::uint64_t bytes);

}  // namespace regtriage
