// What the parsers of inventories share.
#pragma once

#include "format/scratch.h"
#include "format/storage_path.h"
#include "model/record.h"

namespace regtriage {

// Fills `out` with what a listing says of the object at this path: `message` is what was listed, or
// empty where no answer needs it. Views hold until the scratch's next line.
void put_stored_path(const StoredPath& path, Scratch& scratch, Record& out);

// One key of the registry's descriptor cache: "blobs::D", "repository::R::blobs::D",
// "repository::R::blobs" (distribution registry/storage/cache/redis/redis.go v2.8.3). False: none.
bool put_cache_key(std::string_view key, Record& out);

}  // namespace regtriage
