// From what the user named to its bytes, compressions taken off: what open_source and the archives
// have in common.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "input/input.h"
#include "input/raw_stream.h"

namespace regtriage {

// Takes compressions off (logrotate's may be compressed again by a backup), three at most.
// `compression` becomes the outermost one; empty if there is none.
std::unique_ptr<PeekStream> without_compression(std::unique_ptr<ByteStream> raw,
                                                const std::string& name, std::string& compression);

struct OpenBytes {
  std::unique_ptr<PeekStream> stream;  // null if `error`
  std::string compression;
  std::uint64_t raw_size = 0;  // bytes on disk; 0 unknown (pipe)
  Error error;
};
// Of a file, standard input or text in memory, which must outlive the stream; not of an archive's
// member.
OpenBytes open_bytes(const InputName& input, const std::atomic<bool>* stop);

}  // namespace regtriage
