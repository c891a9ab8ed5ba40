// Bytes as they lie on the disk, come through a pipe or stand in memory: the bottom of every
// source.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

#include "input/input.h"

namespace regtriage {

// A file descriptor, closed at the end unless it is standard input.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();
  int get() const { return fd_; }

 private:
  int fd_;
};

// read(2), not mmap(2): a file that logrotate truncates under a mapping kills the process. `name`
// is for messages. What is no regular file is waited for with poll(2), so that `stop` is seen.
std::unique_ptr<ByteStream> stream_of(Descriptor file, std::string name, bool regular,
                                      const std::atomic<bool>* stop);

// `text` must outlive the stream.
std::unique_ptr<ByteStream> stream_of(std::string_view text);

// A stream whose first bytes may be looked at before they are read.
class PeekStream : public ByteStream {
 public:
  explicit PeekStream(std::unique_ptr<ByteStream> below) : below_(std::move(below)) {}
  // At least `size` bytes, or all there are; valid until the next call. An error met on the way
  // comes out of read() behind these bytes.
  std::string_view peek(std::size_t size);
  Result<std::size_t> read(char* buffer, std::size_t size) override;
  std::uint64_t raw_bytes_read() const override { return below_->raw_bytes_read(); }

 private:
  std::unique_ptr<ByteStream> below_;
  std::string ahead_;
  std::size_t used_ = 0;  // of `ahead_`
  bool ended_ = false;
  Error error_;
};

}  // namespace regtriage
