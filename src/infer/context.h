// What only many lines together can show: a restart that lost everything, replicas that answer in
// turn, stale descriptors. Made once from the history; the rules look things up in it.
#pragma once

#include <tsl/robin_map.h>
#include <tsl/robin_set.h>

#include <string>
#include <vector>

#include "infer/history.h"
#include "infer/inventory.h"
#include "infer/settings.h"
#include "infer/upload_story.h"

namespace regtriage {

// A start after which nothing that was known is known any more.
struct LostRestart {
  Sight start;  // empty: no line tells of a start (level error hides them), and everything is lost
                // from one moment on
  TimeNs at = 0;         // of the start, or just before the first miss
  std::size_t lost = 0;  // subjects that were there before and are unknown after
  std::size_t repositories = 0;
  TimeNs until = kNoTime;  // the next start, or the end
  std::string group;       // of the lines that it explains
};

// One manifest or blob whose descriptor says "here" while its data is gone.
struct StaleBlob {
  NameId repository{}, digest{};
  TimeNs from = 0, to = 0;  // after the last good sign before, up to the next one that repaired it
  Sight proof;  // a GET that sent nothing, or the upload after a HEAD that was redirected
  bool redirected = false;
};
struct StaleManifest {
  NameId repository{}, tag{}, digest{};
  Sight put;     // acknowledged, nothing stored
  Sight before;  // the sign that it was there earlier, or its deletion
  bool deleted_before = false;
  bool same_digest_before = false;  // `before` is about the very digest, not only the tag
  bool skipped_uploads = false;     // the push sent no layer: every HEAD said "here"
  bool guessed = false;  // that `put` put this digest, only the client's next question says
  TimeNs to = 0;
};

class Context {
 public:
  explicit Context(const History& history);

  const History& history;
  const Settings settings;    // what configurations say
  const Inventory inventory;  // what listings say is there
  const UploadStories upload_stories;
  std::vector<LostRestart> lost_restarts;  // by time
  std::vector<StaleBlob> stale_blobs;      // by (repository, digest, from)
  std::vector<StaleManifest> stale_manifests;
  KeySet flapping;  // (repository, subject): answered yes and no in turn
  KeySet lagging;   // unknown right after it was stored, then there without another store
  KeySet unshared;  // repositories where an upload was unknown right after it was begun
  KeyMap<std::vector<NameId>> tags_of;  // (repository, digest) → tags known to mean it
  const std::string lacks_earlier_log;  // what would tell that something never was

  const LostRestart* lost_restart_of(TimeNs before, TimeNs miss) const;
  const StaleBlob* stale_blob(NameId repository, NameId digest, TimeNs at) const;
  const StaleManifest* stale_manifest(NameId repository, NameId tag, NameId digest,
                                      TimeNs at) const;
  // Repositories that lost a blob in common lost it at once: the first of them by name stands for
  // all. Any other repository stands for itself. O(1).
  NameId stale_group(NameId repository) const;
  bool is_stale_repository(NameId repository) const {
    return stale_repositories_.count(key_of(repository)) != 0;
  }

 private:
  void find_tags();
  void find_lost_restarts();
  void find_alternating();
  void find_unshared();
  void find_stale_blobs();
  TimeNs last_content_before(NameId digest, TimeNs at) const;
  TimeNs first_content_after(NameId digest, TimeNs at) const;
  void find_redirected();
  void find_stale_manifests();
  Sight put_just_before(const Event& e) const;
  bool storage_denied_near(TimeNs at) const;
  bool skipped_uploads(const Event& put) const;

  void join_stale_groups();

  KeySet stale_repositories_;
  KeyMap<NameId> stale_group_;  // towards the one that stands for all
  // (repository, digest or tag) → rows of stale_manifests, at most 64
  KeyMap<std::vector<std::uint32_t>> stale_by_subject_;
};

// Latest of the given sights (empty ones are passed over).
Sight latest(std::initializer_list<Sight> sights);
inline TimeNs order_or(const Sight& s, TimeNs otherwise) { return s ? s.order() : otherwise; }

}  // namespace regtriage
