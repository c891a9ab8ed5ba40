// What happened to each upload, told once: a client that tries again and again makes a line each
// time, and each asks for the whole story.
#pragma once

#include <cstddef>
#include <limits>

#include "infer/history.h"

namespace regtriage {

// How an upload went, as far as its lines tell: the first kMostRows of them.
struct UploadStory {
  static constexpr std::size_t kMostRows = 512;
  Sight disconnect;        // the first: the client hung up
  Sight offset;            // the first: it went on from another place than where the upload stood
  Sight cancel, mismatch;  // the last: ended by the client; not what its digest says
  TimeNs completed = std::numeric_limits<TimeNs>::max();  // the first PUT 201
};

// Immutable once made. Borrows the history.
class UploadStories {
 public:
  explicit UploadStories(const History& history);  // O(rows of uploads)
  UploadStory of(NameId upload) const;             // O(1), or O(log n)

 private:
  const History& history_;
  KeyMap<UploadStory> stories_;  // by upload, of those that many lines are about
};

}  // namespace regtriage
