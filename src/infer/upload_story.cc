#include "infer/upload_story.h"

#include <algorithm>
#include <span>

#include "base/text.h"

namespace regtriage {
namespace {

UploadStory story_from(const History& history, std::span<const SightIndex::Row> rows) {
  UploadStory story;
  for (const auto& row : rows.first(std::min(rows.size(), UploadStory::kMostRows))) {
    const Event& e = row.event();
    const bool request = e.kind == EventKind::request;
    const bool gone =
        e.kind == EventKind::client_disconnected ||
        (request && e.status >= 499 && contains(history.text(e.detail), "client disconnected"));
    if (gone && !story.disconnect) story.disconnect = row.sight();
    if (request && e.method == Method::DELETE && e.status == 204) story.cancel = row.sight();
    if (e.kind == EventKind::upload_offset_mismatch && !story.offset) story.offset = row.sight();
    if (e.code == Code::DIGEST_INVALID) story.mismatch = row.sight();
    if (request && e.method == Method::PUT && e.status == 201)
      story.completed = std::min(story.completed, row.order());
  }
  return story;
}

constexpr std::size_t kFewRows = 4;  // are looked through as often as they are asked for

}  // namespace

UploadStories::UploadStories(const History& history) : history_(history) {
  const auto all = history.uploads.all();
  for (std::size_t i = 0; i < all.size();) {
    std::size_t end = i + 1;
    while (end < all.size() && all[end].key == all[i].key) ++end;
    if (end - i > kFewRows)
      stories_.try_emplace(all[i].key, story_from(history, all.subspan(i, end - i)));
    i = end;
  }
}

UploadStory UploadStories::of(NameId upload) const {
  const auto at = stories_.find(key_of(upload));
  if (at != stories_.end()) return at->second;
  return story_from(history_, history_.uploads.rows(key_of(upload)));
}

}  // namespace regtriage
