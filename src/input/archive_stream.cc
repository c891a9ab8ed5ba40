#include "input/archive_stream.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace regtriage {
namespace {

using namespace std::string_view_literals;

struct Magic {
  std::string_view bytes;
  std::string_view compression;
};

// RFC 1952 §2.3.1; RFC 8878 §3.1.1 and §3.1.2 (a skippable frame); the .xz file format 1.1.0
// §2.1.1.1; bzip2's "BZh" and level; LZ4 frame format 1.6.2.
constexpr std::array kMagics = {
    Magic{"\x1f\x8b"sv, "gzip"},        Magic{"\x28\xb5\x2f\xfd"sv, "zstd"},
    Magic{"\xfd\x37zXZ\0"sv, "xz"},     Magic{"BZh"sv, "bzip2"},
    Magic{"\x04\x22\x4d\x18"sv, "lz4"},
};

struct CloseArchive {
  void operator()(archive* a) const { archive_read_free(a); }
};

class ArchiveStream : public ByteStream {
 public:
  ArchiveStream(std::unique_ptr<ByteStream> below, std::string name)
      : below_(std::move(below)), name_(std::move(name)), archive_(archive_read_new()) {}

  Result<std::size_t> read(char* buffer, std::size_t size) override {
    if (!opened_) open();
    if (left_.empty() && error_.what.empty() && !ended_) next_piece();
    if (left_.empty() && !error_.what.empty()) return tl::unexpected(error_);
    const std::size_t got = std::min(size, left_.size());
    if (got != 0) std::memcpy(buffer, left_.data(), got);
    left_.remove_prefix(got);
    given_ += got;
    return got;
  }
  std::uint64_t raw_bytes_read() const override { return below_->raw_bytes_read(); }

 private:
  void open() {
    opened_ = true;
    archive* const a = archive_.get();
    if (a == nullptr) return give_up("out of memory");
    archive_read_support_filter_zstd(a);
    archive_read_support_filter_xz(a);
    archive_read_support_filter_bzip2(a);
    archive_read_support_filter_lz4(a);
    archive_read_support_format_raw(a);
    archive_read_support_format_empty(a);
    archive_entry* entry = nullptr;
    if (archive_read_open(a, this, nullptr, &ArchiveStream::feed, nullptr) != ARCHIVE_OK)
      return give_up_with_reason();
    const int found = archive_read_next_header(a, &entry);
    if (found == ARCHIVE_EOF) {
      ended_ = true;
    } else if (found != ARCHIVE_OK && found != ARCHIVE_WARN) {
      give_up_with_reason();
    }
    // The caller saw a magic number, so no filter at all means that the head itself is cut.
    if (error_.what.empty() && archive_filter_code(a, 0) == ARCHIVE_FILTER_NONE)
      give_up("its head is damaged or cut");
  }

  // archive_read_data() would drop what it copied before an error; the pieces of
  // archive_read_data_block() come one by one.
  void next_piece() {
    const void* piece = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    const int got = archive_read_data_block(archive_.get(), &piece, &size, &offset);
    if (got == ARCHIVE_OK || got == ARCHIVE_WARN) {
      left_ = std::string_view(static_cast<const char*>(piece), size);
      if (size == 0) ended_ = true;
    } else if (got == ARCHIVE_EOF) {
      ended_ = true;
    } else {
      give_up_with_reason();
    }
  }

  void give_up_with_reason() {
    const char* why = archive_error_string(archive_.get());
    give_up(why != nullptr ? why : "damaged");
  }

  void give_up(std::string_view why) {
    if (!error_below_.what.empty()) {
      error_ = error_below_;
      return;
    }
    error_.code = ErrorCode::cut_short;
    if (raw_ended_) why = "the end is missing";
    error_.what = fmt::format("'{}' is cut short: {}, after {} bytes of text", name_, why, given_);
    error_.hint = "copy the file again; the lines before this place were read";
  }

  static la_ssize_t feed(archive*, void* self, const void** piece) {
    auto* const stream = static_cast<ArchiveStream*>(self);
    const Result<std::size_t> got = stream->below_->read(stream->raw_.data(), stream->raw_.size());
    *piece = stream->raw_.data();
    if (got) {
      stream->raw_ended_ = *got == 0;
      return static_cast<la_ssize_t>(*got);
    }
    stream->error_below_ = got.error();
    return ARCHIVE_FATAL;
  }

  std::unique_ptr<ByteStream> below_;
  std::string name_;
  std::unique_ptr<archive, CloseArchive> archive_;
  std::array<char, 1 << 16> raw_;
  std::string_view left_;  // of the piece that libarchive holds
  std::uint64_t given_ = 0;
  bool opened_ = false, ended_ = false, raw_ended_ = false;
  Error error_, error_below_;
};

}  // namespace

std::string_view compression_of(std::string_view head) {
  for (const Magic& magic : kMagics) {
    if (head.substr(0, magic.bytes.size()) != magic.bytes) continue;
    if (magic.compression == "bzip2" && (head.size() < 4 || head[3] < '1' || head[3] > '9'))
      continue;
    return magic.compression;
  }
  const bool skippable =
      head.size() >= 4 && (head[0] & 0xf0) == 0x50 && head.substr(1, 3) == "\x2a\x4d\x18";
  return skippable ? "zstd" : "";
}

std::unique_ptr<ByteStream> decompressed(std::unique_ptr<ByteStream> below, std::string name) {
  return std::make_unique<ArchiveStream>(std::move(below), std::move(name));
}

}  // namespace regtriage
