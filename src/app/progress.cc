#include "app/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>

namespace regtriage {
namespace {

void put(int descriptor, const std::string& text) {
  // Progress may be lost, so what write says does not matter.
  [[maybe_unused]] const ssize_t written = ::write(descriptor, text.data(), text.size());
}

}  // namespace

std::string size_text(std::uint64_t bytes) {
  constexpr std::array<const char*, 4> kUnits = {"KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1024) return fmt::format("{} bytes", bytes);
  double size = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  for (; size >= 1024 && unit + 1 < kUnits.size(); ++unit) size /= 1024;
  return fmt::format("{:.1f} {}", size, kUnits[unit]);
}

std::string progress_text(std::uint64_t done, std::uint64_t total, double seconds) {
  std::string text = size_text(done);
  if (total > 0) {
    const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
    text += fmt::format(" of {}, {:.0f} %", size_text(total), 100 * share);
  }
  if (seconds < 0.5 || done == 0) return text;
  const double rate = static_cast<double>(done) / seconds;
  text += fmt::format(", {}/s", size_text(static_cast<std::uint64_t>(rate)));
  if (total > done)
    text += fmt::format(", {:.0f} s left", static_cast<double>(total - done) / rate);
  return text;
}

ProgressLine::ProgressLine(bool enabled, int descriptor)
    : enabled_(enabled), descriptor_(descriptor), start_(Clock::now()), last_(start_) {}

ProgressLine::~ProgressLine() { erase(); }

void ProgressLine::show(std::uint64_t done, std::uint64_t total) {
  if (!enabled_) return;
  const Clock::time_point now = Clock::now();
  if (now - last_ < std::chrono::milliseconds(100)) return;
  last_ = now;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  put(descriptor_, fmt::format("\r{}\x1b[K", progress_text(done, total, seconds)));
  shown_ = true;
}

void ProgressLine::erase() {
  if (shown_) put(descriptor_, "\r\x1b[K");
  shown_ = false;
}

}  // namespace regtriage
