// Cuts a stream of bytes into blocks of whole lines.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "input/input.h"

namespace regtriage {

// Some lines of one source, in memory. Owned; its buffer is used again for the next block.
// Only a line over the limit is not here as a whole: it is the last one, cut to its head.
struct Block {
  static constexpr std::size_t kPadding = 128;  // readable bytes behind `size` (simdjson)

  std::uint64_t number = 0;   // of the source, from 0
  std::uint64_t offset = 0;   // of its first byte in the source
  std::uint64_t nuls = 0;     // NULs at `offset` that were left out: a hole before the first line
  std::uint64_t skipped = 0;  // bytes behind the text that belong to its last line, left out
  std::uint32_t line = 1;     // number of its first line
  std::uint32_t lines = 0;
  bool cut = false;  // the source broke off inside the last line

  std::string_view text() const { return {data_.get(), size}; }
  std::uint64_t bytes() const { return nuls + size + skipped; }

  char* reserve(std::size_t capacity);  // keeps the first `size` bytes
  std::size_t size = 0;

 private:
  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0;
};

// Memory: one block and one line's head. O(bytes). One thread at a time.
class BlockReader {
 public:
  struct Limits {
    std::size_t block_bytes;
    std::size_t max_line_bytes;
  };
  BlockReader(std::unique_ptr<ByteStream> stream, const Limits& limits);

  // The first bytes of the source, up to `size`; they are still to come. Valid until next().
  std::string_view head(std::size_t size);
  // False at the end, or at an error behind the last block.
  bool next(Block& block);
  // Takes what was read but never handed out, and says how much that is.
  std::uint64_t abandon();
  // error().what is empty unless reading broke off.
  const Error& error() const { return error_; }
  std::uint64_t raw_bytes_read() const { return stream_->raw_bytes_read(); }

 private:
  void fill(Block& block, std::size_t wanted);
  void put_back(std::string_view text);
  bool drop_leading_nuls(Block& block);
  void skip_rest_of_line(Block& block);
  void read_more();
  void finish(Block& block);

  std::unique_ptr<ByteStream> stream_;
  Limits limits_;
  std::string ahead_;         // read, not yet handed out
  std::size_t used_ = 0;      // of `ahead_`
  std::uint64_t offset_ = 0;  // of the next block
  std::uint64_t number_ = 0;
  std::uint32_t line_ = 1;
  bool ended_ = false;
  Error error_;
};

}  // namespace regtriage
