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
#include "input/raw_stream.h"

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

// Takes compressions off (logrotate's may be compressed again by a backup) and looks whether what
// comes out is text.
void look_inside(OpenSource& source, std::unique_ptr<ByteStream> raw) {
  auto bytes = std::make_unique<PeekStream>(std::move(raw));
  for (int layer = 0; layer < kMaxLayers; ++layer) {
    const std::string_view compression = compression_of(bytes->peek(kMagicBytes));
    if (compression.empty()) break;
    if (layer == 0) source.compression = compression;
    bytes = std::make_unique<PeekStream>(decompressed(std::move(bytes), compression, source.name));
  }
  const std::string_view head = bytes->peek(kContentBytes);
  source.refusal = refusal_of(head);
  if (source.refusal == Refusal::none) {
    source.stream = std::move(bytes);
    return;
  }
  source.head = head;
  source.error = advice_of(source.refusal, head, source.name);
}

}  // namespace

OpenSource open_source(const InputName& input, const std::atomic<bool>* stop) {
  OpenSource source;
  source.name = input.path;
  if (input.in_memory) {
    source.raw_size = input.text.size();
    look_inside(source, stream_of(std::string_view(input.text)));
    return source;
  }
  struct stat about {};
  Result<Descriptor> file = open_file(input.path, about);
  if (!file) {
    source.error = file.error();
    return source;
  }
  const bool regular = S_ISREG(about.st_mode);
  if (regular) source.raw_size = static_cast<std::uint64_t>(about.st_size);
  look_inside(source, stream_of(std::move(*file), source.name, regular, stop));
  return source;
}

std::optional<std::uint64_t> try_raw_size(const InputName& input) {
  if (input.in_memory) return input.text.size();
  struct stat about {};
  const bool known = input.path == "-" ? ::fstat(STDIN_FILENO, &about) == 0
                                       : ::stat(input.path.c_str(), &about) == 0;
  if (!known || !S_ISREG(about.st_mode)) return std::nullopt;
  return static_cast<std::uint64_t>(about.st_size);
}

}  // namespace regtriage
