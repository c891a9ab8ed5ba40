// gzip through zlib, not libarchive: that one hands text out in pieces of 64 KiB and drops the
// last, unfinished piece of a file that is cut. A cut log is what people have after a crash, and
// its end is what they want to read.
#pragma once

#include <memory>
#include <string>

#include "input/input.h"

namespace regtriage {

// Reads every member of a concatenated file; zeros behind a member are silent. A file that ends
// early or is damaged gives every byte before the place, then an error `cut_short` that names the
// file.
std::unique_ptr<ByteStream> gunzipped(std::unique_ptr<ByteStream> below, std::string name);

}  // namespace regtriage
