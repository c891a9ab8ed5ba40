#include "input/raw_stream.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace regtriage {
namespace {

constexpr int kPipeBytes = 1 << 20;
constexpr int kWaitMs = 100;  // between two looks at `stop`

class FileStream : public ByteStream {
 public:
  FileStream(Descriptor file, std::string name, bool regular, const std::atomic<bool>* stop)
      : file_(std::move(file)), name_(std::move(name)), regular_(regular), stop_(stop) {}

  Result<std::size_t> read(char* buffer, std::size_t size) override {
    while (true) {
      if (!regular_ && !wait_for_bytes()) return std::size_t{0};
      const ssize_t got = ::read(file_.get(), buffer, size);
      if (got >= 0) {
        taken_ += static_cast<std::uint64_t>(got);
        return static_cast<std::size_t>(got);
      }
      if (errno == EINTR || errno == EAGAIN) continue;
      return fail(ErrorCode::unreadable,
                  fmt::format("'{}': reading failed: {}", name_, std::strerror(errno)));
    }
  }
  std::uint64_t raw_bytes_read() const override { return taken_; }

 private:
  // False: stopped.
  bool wait_for_bytes() const {
    while (true) {
      if (stop_ != nullptr && stop_->load()) return false;
      pollfd wanted{file_.get(), POLLIN, 0};
      if (::poll(&wanted, 1, kWaitMs) != 0 && wanted.revents != 0) return true;
    }
  }

  Descriptor file_;
  std::string name_;
  bool regular_;
  const std::atomic<bool>* stop_;
  std::atomic<std::uint64_t> taken_{0};
};

class MemoryStream : public ByteStream {
 public:
  explicit MemoryStream(std::string_view text) : text_(text) {}
  Result<std::size_t> read(char* buffer, std::size_t size) override {
    const std::size_t at = taken_.load();
    const std::size_t got = std::min(size, text_.size() - at);
    if (got != 0) std::memcpy(buffer, text_.data() + at, got);
    taken_ = at + got;
    return got;
  }
  std::uint64_t raw_bytes_read() const override { return taken_; }

 private:
  std::string_view text_;
  std::atomic<std::size_t> taken_{0};
};

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

Descriptor::~Descriptor() {
  if (fd_ > STDIN_FILENO) ::close(fd_);
}

std::unique_ptr<ByteStream> stream_of(Descriptor file, std::string name, bool regular,
                                      const std::atomic<bool>* stop) {
  // What writes into a pipe need not wait for us at each 64 KiB. Only a wish: others are no pipes,
  // or may not grow (/proc/sys/fs/pipe-max-size).
  if (!regular) (void)::fcntl(file.get(), F_SETPIPE_SZ, kPipeBytes);
  return std::make_unique<FileStream>(std::move(file), std::move(name), regular, stop);
}

std::unique_ptr<ByteStream> stream_of(std::string_view text) {
  return std::make_unique<MemoryStream>(text);
}

std::string_view PeekStream::peek(std::size_t size) {
  while (ahead_.size() - used_ < size && !ended_) {
    const std::size_t filled = ahead_.size();
    ahead_.resize(used_ + size);
    const Result<std::size_t> got = below_->read(ahead_.data() + filled, ahead_.size() - filled);
    ahead_.resize(filled + got.value_or(0));
    if (!got) error_ = got.error();
    ended_ = !got || *got == 0;
  }
  return std::string_view(ahead_).substr(used_);
}

Result<std::size_t> PeekStream::read(char* buffer, std::size_t size) {
  if (used_ < ahead_.size()) {
    const std::size_t got = std::min(size, ahead_.size() - used_);
    std::memcpy(buffer, ahead_.data() + used_, got);
    used_ += got;
    if (used_ == ahead_.size()) {
      ahead_.clear();
      used_ = 0;
    }
    return got;
  }
  if (!error_.what.empty()) return tl::unexpected(error_);
  if (ended_) return std::size_t{0};
  return below_->read(buffer, size);
}

}  // namespace regtriage
