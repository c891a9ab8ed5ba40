#include "app/file_mark.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "base/hash.h"

namespace regtriage {
namespace {

constexpr std::uint64_t kEndBytes = 4096;

std::string bytes_at(int file, std::uint64_t offset, std::uint64_t count) {
  std::string bytes(static_cast<std::size_t>(count), '\0');
  const ssize_t got = ::pread(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return bytes;
}

}  // namespace

std::optional<FileMark> try_file_mark(const std::string& path, std::string_view how) {
  struct stat about {};
  if (::stat(path.c_str(), &about) != 0 || !S_ISREG(about.st_mode)) return std::nullopt;
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return std::nullopt;
  FileMark mark;
  mark.size = static_cast<std::uint64_t>(about.st_size);
  const std::uint64_t end = std::min(mark.size, kEndBytes);
  const std::string head = bytes_at(file, 0, end), tail = bytes_at(file, mark.size - end, end);
  ::close(file);
  mark.fingerprint = hex_of(hash_of(how, head + tail));
  return mark;
}

}  // namespace regtriage
