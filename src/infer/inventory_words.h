// What an entry of an inventory is of, and how it is found. The words are those of the parsers
// (format/formats/listing.cc, format/headings/) and of ingest/line_judge.cc.
#pragma once

#include <string>
#include <string_view>

#include "base/hash.h"
#include "infer/sight.h"

namespace regtriage::entry {

inline constexpr std::string_view
    kData = "blob data",
    kLayer = "layer link", kRevision = "revision link", kTag = "tag link", kTagEntry = "tag entry",
    kKey = "cache key", kNoKey = "no cache key", kArtifact = "artifact row", kTagRow = "tag row",
    kBlobRow = "blob row", kMarkedRow = "blob row, marked", kTrash = "trash row",
    kPair = "artifact blob row", kProjectBlob = "project blob row", kDeletion = "deletion row",
    // of a dry run
    kUnused = "blob data, unused", kUnusedManifest = "manifest, unused",
    kManifestInUse = "manifest in use", kBlobInUse = "blob in use", kFailed = "collection failed",
    // of other lines
    kDeleted = "collected", kMarked = "in use",
    // joined: a tag's row and its artifact's; a project's row and its blob's
    kTagged = "artifact by tag", kOwned = "blob of a project", kBlobId = "blob by number",
    kOfUnknown = "tag of an artifact that is not listed";

inline std::uint64_t key_in(std::string_view what, NameId a, NameId b = NameId::none) {
  const Hash128 kind = hash_of(what);
  return key_of(a, b, static_cast<NameId>(static_cast<std::uint32_t>(kind.lo)));
}

// "sha256:1a2b…" → "data sha256/1a"
inline std::string shard_of(std::string_view digest) {
  const std::size_t colon = digest.find(':');
  if (colon == std::string_view::npos) return {};
  return "data " + std::string(digest.substr(0, colon)) + '/' +
         std::string(digest.substr(colon + 1, 2));
}

inline std::string area_of(std::string_view kind, std::string_view repository) {
  return std::string(kind) + ' ' + std::string(repository);
}

inline std::string_view project_of(std::string_view repository) {
  return repository.substr(0, repository.find('/'));
}

// Paths in the order of a bucket's keys; a digest's colon stands for the slashes.
inline std::string data_path(std::string_view digest) { return "blobs/" + std::string(digest); }
inline std::string link_path(std::string_view repository, std::string_view folder,
                             std::string_view what) {
  return "repositories/" + std::string(repository) + '/' + std::string(folder) + '/' +
         std::string(what);
}

}  // namespace regtriage::entry
