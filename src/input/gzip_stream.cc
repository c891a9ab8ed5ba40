#include "input/gzip_stream.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

namespace regtriage {
namespace {

constexpr int kGzipWindow =
    15 + 16;  // zlib.h, inflateInit2: the largest window, gzip's head and trailer

class GzipStream : public ByteStream {
 public:
  GzipStream(std::unique_ptr<ByteStream> below, std::string name)
      : below_(std::move(below)), name_(std::move(name)) {
    ready_ = inflateInit2(&zlib_, kGzipWindow) == Z_OK;
  }
  ~GzipStream() override { inflateEnd(&zlib_); }
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;

  Result<std::size_t> read(char* buffer, std::size_t size) override {
    if (!ready_) give_up("out of memory");
    zlib_.next_out = reinterpret_cast<Bytef*>(buffer);
    const auto room =
        static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
    zlib_.avail_out = room;
    while (zlib_.avail_out == room && !ended_ && error_.what.empty()) step();
    const std::size_t got = room - zlib_.avail_out;
    if (got == 0 && !error_.what.empty()) return tl::unexpected(error_);
    return got;
  }
  std::uint64_t raw_bytes_read() const override { return below_->raw_bytes_read(); }

 private:
  void step() {
    if (zlib_.avail_in == 0 && !feed()) {
      ended_ = true;
      if (in_member_) give_up("the end is missing");
      return;
    }
    if (!in_member_ && !begin_member()) return;
    const int result = inflate(&zlib_, Z_NO_FLUSH);
    if (result == Z_STREAM_END) {
      in_member_ = false;
      ++members_;
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      const bool at_head = zlib_.total_out == 0 && members_ > 0;
      give_up(at_head ? "what follows is no gzip" : zlib_.msg != nullptr ? zlib_.msg : "damaged");
    }
  }

  bool feed() {
    const Result<std::size_t> got = below_->read(raw_.data(), raw_.size());
    if (!got) error_ = got.error();
    if (!got || *got == 0) return false;
    zlib_.next_in = reinterpret_cast<Bytef*>(raw_.data());
    zlib_.avail_in = static_cast<uInt>(*got);
    return true;
  }

  // False: there are only zeros, so far (tapes and block devices pad with them).
  bool begin_member() {
    while (zlib_.avail_in != 0 && *zlib_.next_in == 0) {
      ++zlib_.next_in;
      --zlib_.avail_in;
    }
    if (zlib_.avail_in == 0) return false;
    in_member_ = inflateReset(&zlib_) == Z_OK;
    return in_member_;
  }

  void give_up(std::string_view why) {
    if (!error_.what.empty()) return;
    error_ = {ErrorCode::cut_short, fmt::format("'{}' is cut short or damaged: {}", name_, why),
              "copy the file again; the lines before this place were read"};
  }

  std::unique_ptr<ByteStream> below_;
  std::string name_;
  z_stream zlib_{};
  std::array<char, 1 << 16> raw_;
  bool ready_ = false, in_member_ = false, ended_ = false;
  std::uint64_t members_ = 0;
  Error error_;
};

}  // namespace

std::unique_ptr<ByteStream> gunzipped(std::unique_ptr<ByteStream> below, std::string name) {
  return std::make_unique<GzipStream>(std::move(below), std::move(name));
}

}  // namespace regtriage
