// Bytes of whatever the user named: files, folders, "-", plain or compressed. Found out by content,
// never by name.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace regtriage {

class TarArchive;  // input/tar_archive.h

// A path as typed, or "-" for standard input; or text held in memory (tests, fuzzers); or a member
// of an archive, whose path is the archive's with the member's name behind it.
struct InputName {
  std::string path;
  std::string text;  // used if `in_memory`
  bool in_memory = false;
  std::shared_ptr<TarArchive> archive = nullptr;  // null: a file
  std::size_t member = 0;                         // of `archive`
};
// Of a member the path of its archive, else the path.
const std::string& file_of(const InputName& input);

// One stream of decompressed bytes. One thread per stream.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  // Up to `size` bytes into `buffer`; 0 = end. After an error the bytes read before it stand. EINTR
  // is not seen. A stream that waits (pipe, terminal) ends within a tenth of a second once the
  // `stop` given to open_source is set.
  virtual Result<std::size_t> read(char* buffer, std::size_t size) = 0;
  // Bytes taken from the disk so far (compressed ones), for progress. Any thread.
  virtual std::uint64_t raw_bytes_read() const = 0;
};

// Why a source that can be read is not: its content is no text.
enum class Refusal : std::uint8_t { none, utf16, binary };

struct OpenSource {
  std::string name;                    // for messages and reports
  std::uint64_t raw_size = 0;          // bytes on disk; 0 unknown (pipe)
  std::string compression;             // "", "gzip", "zstd", …
  std::unique_ptr<ByteStream> stream;  // null if `error`
  Error error;                         // error.what not empty: could not be opened
  Refusal refusal = Refusal::none;     // with `error`: what kind of content it is
  std::string head;                    // with `refusal`: its first bytes
};

// Folders are walked in name order (hidden entries and loops left out); each file is one source.
// Of a tar archive, plain or compressed, each member is one, in the order of the archive; archives
// in archives are not opened. A folder or archive that cannot be read to its end, or holds no file,
// is a problem. Cost: the first bytes of each file, and each archive read once; `stop` ends that.
std::vector<InputName> expand_folders(const std::vector<InputName>& inputs,
                                      std::vector<OpenSource>& problems,
                                      const std::atomic<bool>* stop = nullptr);
// Opens and looks at the first bytes: gz, zst, xz, bz2, lz4 by magic; UTF-16 and binary files are
// refused with advice. Waits for a pipe's first bytes, unless `stop` is set meanwhile.
OpenSource open_source(const InputName& input, const std::atomic<bool>* stop = nullptr);
// Bytes on disk; nothing for a pipe, or if nothing is there.
std::optional<std::uint64_t> try_raw_size(const InputName& input);

}  // namespace regtriage
