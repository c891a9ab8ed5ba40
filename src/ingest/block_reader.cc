#include "ingest/block_reader.h"

#include <algorithm>
#include <cstring>

namespace regtriage {
namespace {

constexpr std::size_t kSkipBytes = 1 << 16;

// memchr by line is several times faster than counting byte by byte: lines are long.
std::uint32_t line_ends_in(std::string_view text) {
  std::uint32_t count = 0;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    const void* const lf = std::memchr(at, '\n', static_cast<std::size_t>(end - at));
    if (lf == nullptr) break;
    ++count;
    at = static_cast<const char*>(lf) + 1;
  }
  return count;
}

std::size_t last_line_end(std::string_view text) {
  const void* const lf = text.empty() ? nullptr : ::memrchr(text.data(), '\n', text.size());
  return lf == nullptr ? std::string_view::npos
                       : static_cast<std::size_t>(static_cast<const char*>(lf) - text.data());
}

}  // namespace

char* Block::reserve(std::size_t capacity) {
  if (capacity <= capacity_) return data_.get();
  auto grown = std::make_unique_for_overwrite<char[]>(capacity + kPadding);
  if (size != 0) std::memcpy(grown.get(), data_.get(), size);
  std::memset(grown.get() + capacity, 0, kPadding);
  data_ = std::move(grown);
  capacity_ = capacity;
  return data_.get();
}

BlockReader::BlockReader(std::unique_ptr<ByteStream> stream, const Limits& limits)
    : stream_(std::move(stream)), limits_(limits) {}

std::string_view BlockReader::head(std::size_t size) {
  while (ahead_.size() < size && !ended_) {
    const std::size_t filled = ahead_.size();
    ahead_.resize(size);
    const Result<std::size_t> got = stream_->read(ahead_.data() + filled, size - filled);
    ahead_.resize(filled + got.value_or(0));
    if (!got) error_ = got.error();
    ended_ = !got || *got == 0;
  }
  return ahead_;
}

// Appends until the block holds `wanted` bytes or the source ends.
void BlockReader::fill(Block& block, std::size_t wanted) {
  char* const data = block.reserve(wanted);
  const std::size_t left = std::min(ahead_.size() - used_, wanted - std::min(wanted, block.size));
  if (left != 0) std::memcpy(data + block.size, ahead_.data() + used_, left);
  used_ += left;
  block.size += left;
  while (block.size < wanted && !ended_) {
    const Result<std::size_t> got = stream_->read(data + block.size, wanted - block.size);
    block.size += got.value_or(0);
    if (!got) error_ = got.error();
    ended_ = !got || *got == 0;
  }
}

// A line is too long for sure with limit + 2 bytes and no LF: one of them may be its CR.
bool BlockReader::next(Block& block) {
  block.size = 0;
  block.nuls = block.skipped = 0;
  block.cut = false;
  const std::size_t too_long = limits_.max_line_bytes + 2;
  std::size_t searched = 0, wanted = limits_.block_bytes;
  while (true) {
    fill(block, wanted);
    const std::string_view fresh = block.text().substr(searched);
    const std::size_t end = last_line_end(fresh);
    if (end != std::string_view::npos) {
      const std::size_t whole = searched + end + 1;
      put_back(block.text().substr(whole));
      block.size = whole;
      break;
    }
    searched = block.size;
    if (block.size < wanted) break;  // the end
    if (block.size < too_long) {
      wanted = std::min(too_long, std::max<std::size_t>(wanted * 2, 64));
    } else if (drop_leading_nuls(block)) {
      searched = 0;
    } else {
      skip_rest_of_line(block);
      break;
    }
  }
  finish(block);
  return block.bytes() != 0;
}

void BlockReader::put_back(std::string_view text) {
  if (text.size() <= used_) {
    used_ -= text.size();
    if (!text.empty()) std::memcpy(ahead_.data() + used_, text.data(), text.size());
  } else {
    ahead_.replace(0, used_, text);
    used_ = 0;
  }
}

// A hole at the start of a line; without it the line may be short enough.
bool BlockReader::drop_leading_nuls(Block& block) {
  const std::size_t nuls = std::min(block.text().find_first_not_of('\0'), block.size);
  if (nuls == 0) return false;
  char* const data = block.reserve(0);
  std::memmove(data, data + nuls, block.size - nuls);
  block.size -= nuls;
  block.nuls += nuls;
  return true;
}

void BlockReader::skip_rest_of_line(Block& block) {
  block.skipped = block.size - limits_.max_line_bytes;
  block.size = limits_.max_line_bytes;
  while (true) {
    if (used_ == ahead_.size()) read_more();
    if (used_ == ahead_.size()) return;  // the source ends inside the line
    const std::size_t end = ahead_.find('\n', used_);
    const std::size_t behind = end == std::string::npos ? ahead_.size() : end + 1;
    block.skipped += behind - used_;
    used_ = behind;
    if (end != std::string::npos) return;
  }
}

void BlockReader::read_more() {
  ahead_.clear();
  used_ = 0;
  if (ended_) return;
  ahead_.resize(kSkipBytes);
  const Result<std::size_t> got = stream_->read(ahead_.data(), ahead_.size());
  ahead_.resize(got.value_or(0));
  if (!got) error_ = got.error();
  ended_ = !got || *got == 0;
}

void BlockReader::finish(Block& block) {
  const bool open_end = block.size == 0 ? block.nuls != 0 : block.text().back() != '\n';
  block.number = number_++;
  block.offset = offset_;
  block.line = line_;
  block.lines = line_ends_in(block.text()) + (open_end ? 1 : 0);
  block.cut = open_end && ended_ && used_ == ahead_.size() && !error_.what.empty();
  offset_ += block.bytes();
  line_ += block.lines;
}

std::uint64_t BlockReader::abandon() {
  const std::uint64_t left = ahead_.size() - used_;
  used_ = ahead_.size();
  ended_ = true;
  return left;
}

}  // namespace regtriage
