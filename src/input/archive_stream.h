// zst, xz, bz2 and lz4 to plain bytes, through libarchive. Beside this only tar_archive.cc knows
// it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "input/input.h"

namespace regtriage {

// The compression that these first bytes announce: "gzip", "zstd", "xz", "bzip2", "lz4"; else
// empty.
std::string_view compression_of(std::string_view head);

// Reads every member of a concatenated file; zeros behind the last one are silent. A file that ends
// early, or is damaged, gives the bytes before the place and then an error `cut_short` that names
// the file. Memory: the decompressor's window.
std::unique_ptr<ByteStream> decompressed(std::unique_ptr<ByteStream> below, std::string name);

}  // namespace regtriage
