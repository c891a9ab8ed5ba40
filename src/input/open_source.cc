#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "input/archive_stream.h"
#include "input/content.h"
#include "input/gzip_stream.h"
#include "input/input.h"
#include "input/layers.h"
#include "input/raw_stream.h"
#include "input/tar_archive.h"

namespace regtriage {
namespace {

constexpr std::size_t kMagicBytes = 8;
constexpr int kMaxLayers = 3;  // of compression

std::string hint_of(int error) {
  if (error == EACCES || error == EPERM) return "the user who runs this needs the right to read it";
  if (error == ENOENT) return "check the name; '-' is standard input";
  return "";
}

// Opens without waiting for the writer of a FIFO: the stream waits for its bytes.
Result<Descriptor> open_file(const std::string& path, struct stat& about) {
  const auto trouble = [&path](int error) {
    return fail(ErrorCode::unreadable,
                fmt::format("'{}' cannot be opened: {}", path, std::strerror(error)),
                hint_of(error));
  };
  int fd = STDIN_FILENO;
  if (path != "-") {
    do {
      fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    } while (fd < 0 && errno == EINTR);
  }
  Descriptor file(fd);
  if (fd < 0 || ::fstat(fd, &about) != 0) return trouble(errno);
  if (S_ISDIR(about.st_mode)) return trouble(EISDIR);
  return file;
}

std::unique_ptr<ByteStream> decompressed(std::unique_ptr<ByteStream> below,
                                         std::string_view compression, const std::string& name) {
  return compression == "gzip" ? gunzipped(std::move(below), name)
                               : decompressed(std::move(below), name);
}

}  // namespace

std::unique_ptr<PeekStream> without_compression(std::unique_ptr<ByteStream> raw,
                                                const std::string& name, std::string& compression) {
  auto bytes = std::make_unique<PeekStream>(std::move(raw));
  for (int layer = 0; layer < kMaxLayers; ++layer) {
    const std::string_view found = compression_of(bytes->peek(kMagicBytes));
    if (found.empty()) break;
    if (layer == 0) compression = found;
    bytes = std::make_unique<PeekStream>(decompressed(std::move(bytes), found, name));
  }
  return bytes;
}

OpenBytes open_bytes(const InputName& input, const std::atomic<bool>* stop) {
  OpenBytes out;
  std::unique_ptr<ByteStream> raw;
  if (input.in_memory) {
    out.raw_size = input.text.size();
    raw = stream_of(std::string_view(input.text));
  } else {
    struct stat about {};
    Result<Descriptor> file = open_file(input.path, about);
    if (!file) {
      out.error = file.error();
      return out;
    }
    const bool regular = S_ISREG(about.st_mode);
    if (regular) out.raw_size = static_cast<std::uint64_t>(about.st_size);
    raw = stream_of(std::move(*file), input.path, regular, stop);
  }
  out.stream = without_compression(std::move(raw), input.path, out.compression);
  return out;
}

const std::string& file_of(const InputName& input) {
  return input.archive == nullptr ? input.path : input.archive->path();
}

OpenSource open_source(const InputName& input, const std::atomic<bool>* stop) {
  OpenSource source;
  source.name = input.path;
  OpenBytes bytes;
  if (input.archive == nullptr) {
    bytes = open_bytes(input, stop);
  } else {
    bytes.raw_size = input.archive->members()[input.member].size;
    bytes.stream =
        without_compression(input.archive->open(input.member), source.name, bytes.compression);
  }
  source.raw_size = bytes.raw_size;
  source.compression = std::move(bytes.compression);
  source.error = std::move(bytes.error);
  if (bytes.stream == nullptr) return source;
  const std::string_view head = bytes.stream->peek(kContentBytes);
  source.refusal = refusal_of(head);
  if (source.refusal == Refusal::none) {
    source.stream = std::move(bytes.stream);
    return source;
  }
  source.head = head;
  source.error = advice_of(source.refusal, head, source.name);
  return source;
}

std::optional<std::uint64_t> try_raw_size(const InputName& input) {
  if (input.archive != nullptr) return input.archive->members()[input.member].size;
  if (input.in_memory) return input.text.size();
  struct stat about {};
  const bool known = input.path == "-" ? ::fstat(STDIN_FILENO, &about) == 0
                                       : ::stat(input.path.c_str(), &about) == 0;
  if (!known || !S_ISREG(about.st_mode)) return std::nullopt;
  return static_cast<std::uint64_t>(about.st_size);
}

}  // namespace regtriage
