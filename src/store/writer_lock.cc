#include "store/writer_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace regtriage {
namespace {

constexpr int kTries = 100;  // the file may vanish between open and lock each time a writer ends

std::string reason_of(int number) { return std::generic_category().message(number); }

// Digits only: the file's content goes into a message.
std::string pid_in(int file) {
  std::array<char, 16> text{};
  const ssize_t size = ::pread(file, text.data(), text.size(), 0);
  std::string digits;
  for (ssize_t i = 0; i < size && text[static_cast<std::size_t>(i)] >= '0' &&
                      text[static_cast<std::size_t>(i)] <= '9';
       ++i)
    digits += text[static_cast<std::size_t>(i)];
  return digits.empty() ? "unknown" : digits;
}

// Is the open file still the one of that name? (Its owner removes it when done.)
bool is_named(int file, const std::string& path) {
  struct stat open_one {
  }, named{};
  return ::fstat(file, &open_one) == 0 && ::lstat(path.c_str(), &named) == 0 &&
         open_one.st_dev == named.st_dev && open_one.st_ino == named.st_ino;
}

}  // namespace

Result<WriterLock> WriterLock::take(const std::string& database_path) {
  const std::string path = database_path + ".lock";
  for (int i = 0; i < kTries; ++i) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
      return fail(ErrorCode::database,
                  fmt::format("database '{}': cannot make its lock file '{}': {}", database_path,
                              path, reason_of(errno)),
                  "the folder must exist and be writable");
    WriterLock lock(path, file);
    if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
      const int why = errno;
      const std::string pid = pid_in(file);
      lock.file_ = -1;
      ::close(file);
      if (why != EWOULDBLOCK)
        return fail(ErrorCode::database, fmt::format("database '{}': cannot lock '{}': {}",
                                                     database_path, path, reason_of(why)));
      return fail(ErrorCode::database,
                  fmt::format("database '{}': process {} is writing to it", database_path, pid),
                  "one writer at a time; wait for it, or use another database and 'merge' later");
    }
    if (!is_named(file, path)) {
      lock.file_ = -1;
      ::close(file);
      continue;
    }
    const std::string pid = fmt::format("{}\n", ::getpid());
    if (::ftruncate(file, 0) != 0 || ::pwrite(file, pid.data(), pid.size(), 0) < 0)
      return fail(ErrorCode::database,
                  fmt::format("database '{}': cannot write its lock file '{}': {}", database_path,
                              path, reason_of(errno)));
    return lock;
  }
  return fail(ErrorCode::database,
              fmt::format("database '{}': its lock file keeps changing", database_path),
              "another program starts and ends writers all the time; try again");
}

WriterLock::WriterLock(WriterLock&& other) noexcept
    : path_(std::move(other.path_)), file_(std::exchange(other.file_, -1)) {}

WriterLock& WriterLock::operator=(WriterLock&& other) noexcept {
  if (this == &other) return *this;
  release();
  path_ = std::move(other.path_);
  file_ = std::exchange(other.file_, -1);
  return *this;
}

WriterLock::~WriterLock() { release(); }

void WriterLock::release() {
  if (file_ < 0) return;
  ::unlink(path_.c_str());  // before the lock goes, so that nobody locks a file that vanishes
  ::close(file_);
  file_ = -1;
}

}  // namespace regtriage
