#include "infer/context.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "base/text.h"
#include "base/time.h"

namespace regtriage {
namespace {

constexpr TimeNs kForever = std::numeric_limits<TimeNs>::max();
constexpr TimeNs kMoment = kMinute;  // replicas alternate within this; a mended volume takes longer

constexpr int kMostLooked = 256;  // sightings of one digest

bool moves_content(const Sight& s) {
  if (s.route() == Route::upload) return s.method() == Method::PUT && s.status() == 201;
  return s.route() == Route::blob && s.method() == Method::GET && s.written() > 0;
}

bool is_miss(const Event& e) {
  return e.kind == EventKind::request && e.status == 404 && is_read(e.method) &&
         (e.route == Route::manifest || e.route == Route::blob);
}

}  // namespace

Sight latest(std::initializer_list<Sight> sights) {
  Sight best;
  for (const Sight& s : sights)
    if (s && (!best || best.order() < s.order())) best = s;
  return best;
}

Context::Context(const History& h)
    : history(h),
      settings(h.facts),
      inventory(h.facts, settings),
      upload_stories(h),
      lacks_earlier_log("the log before " +
                        (h.begin == kNoTime ? "its first line" : short_time_of(h.begin) + " UTC") +
                        ": a reference that was removed before looks the same") {
  find_tags();
  find_unshared();
  find_alternating();
  find_lost_restarts();
  find_stale_blobs();
  find_redirected();
  find_stale_manifests();
  join_stale_groups();
  for (const StaleBlob& s : stale_blobs) stale_repositories_.insert(key_of(s.repository));
  for (const StaleManifest& s : stale_manifests) stale_repositories_.insert(key_of(s.repository));
}

void Context::find_tags() {
  for (const Event& e : history.facts.events) {
    if (e.kind != EventKind::request || e.route != Route::manifest || e.tag == NameId::none ||
        e.digest == NameId::none)
      continue;
    if (e.code == Code::MANIFEST_BLOB_UNKNOWN) continue;  // that digest is a child
    auto& tags = tags_of[key_of(e.repository, e.digest)];
    if (tags.size() < 16 && std::find(tags.begin(), tags.end(), e.tag) == tags.end())
      tags.push_back(e.tag);
  }
}

// A miss after a sign of presence, with a start in between and no deletion, counts for that start;
// a subject that is still answered after the start speaks against it.
void Context::find_lost_restarts() {
  struct Tally {
    std::set<std::pair<NameId, NameId>> lost;
    std::set<NameId> repositories;
    bool kept = false;  // one that is still there refutes it
    bool tags = false;
  };
  const SightIndex& starts = history.starts;
  const bool hidden =
      starts.all().empty();  // at level error no start is printed: the first loss stands for it
  TimeNs onset = kForever;
  const auto was_there = [&](const SightIndex::Row& row) {
    const Sight was = latest({history.stores.last_before(row.key, row.order()),
                              history.reads.last_before(row.key, row.order())});
    if (!was || flapping.count(row.key)) return Sight{};
    const Sight gone = history.deletes.last_before(row.key, row.order());
    return gone && gone.order() > was.order() ? Sight{} : was;
  };
  if (hidden)
    for (const auto& row : history.misses.all())
      if (row.order() < onset && was_there(row)) onset = row.order();
  // The start before a moment; kNoTime if there is none.
  const auto start_before = [&](TimeNs at) {
    if (hidden) return onset <= at ? onset - 1 : kNoTime;
    return order_or(starts.last_before(0, at), kNoTime);
  };
  std::map<TimeNs, Tally> tallies;
  for (const auto& row : history.misses.all()) {
    const Sight was = was_there(row);
    const TimeNs start = start_before(row.order());
    if (!was || start == kNoTime || start < was.order()) continue;
    const Event& e = row.event();
    Tally& tally = tallies[start];
    tally.lost.emplace(e.repository, asked_for(e));
    tally.repositories.insert(e.repository);
    tally.tags |= contains(history.text(e.detail), "unknown tag");
  }
  if (tallies.empty()) return;
  // Still there: read after the start, stored before it and not again since. A HEAD of a blob is
  // answered out of Redis, which outlives the registry.
  const auto is_from_cache = [this](const Event& e) {
    return history.redis_cache && e.route == Route::blob && e.method == Method::HEAD;
  };
  const auto keep = [&](std::uint64_t key, TimeNs at) {
    const auto tally = tallies.find(start_before(at));
    if (tally == tallies.end() || tally->second.kept) return;
    const Sight stored = history.stores.last_before(key, at);
    tally->second.kept = stored && stored.order() < tally->first;
  };
  for (const Touch& t : history.facts.touches)
    for (const Touch::Sighting* s : {&t.first, &t.last})
      if (t.origin != Origin::front)
        keep(key_of(t.repository,
                    t.route == Route::manifest && t.tag != NameId::none ? t.tag : t.digest),
             s->order());
  for (const Event& e : history.facts.events)
    if (history.is_good_read(e) && !is_from_cache(e) && e.origin != Origin::front)
      keep(key_of(e.repository, asked_for(e)), e.order());
  for (const auto& [at, tally] : tallies) {
    if (tally.kept || tally.lost.size() < (hidden ? 3 : 2)) continue;
    if (tally.repositories.size() < 2 && (hidden || !tally.tags)) continue;
    const Sight next = starts.first_after(0, at);
    const Sight start = hidden ? Sight{} : starts.first_from(0, at);
    lost_restarts.push_back({start, at, tally.lost.size(), tally.repositories.size(),
                             order_or(next, kForever),
                             "restart " + (start ? hex_of(start.id()) : rfc3339_of(at))});
  }
}

const LostRestart* Context::lost_restart_of(TimeNs before, TimeNs miss) const {
  for (const LostRestart& r : lost_restarts)
    if (before <= r.at && r.at < miss && miss < r.until) return &r;
  return nullptr;
}

void Context::find_alternating() {
  const auto& rows = history.misses.all();
  for (std::size_t i = 0; i < rows.size();) {
    const std::uint64_t key = rows[i].key;
    std::size_t runs = 0;
    bool quick = false, lag = false;
    TimeNs run_end = kNoTime;
    for (; i < rows.size() && rows[i].key == key; ++i) {
      const TimeNs at = rows[i].order();
      if (at < run_end) continue;  // same run of misses
      const Sight was =
          latest({history.stores.last_before(key, at), history.reads.last_before(key, at)});
      const Sight next = history.reads.first_after(key, at);
      // A manifest PUT by tag may store this manifest: it does not say which.
      const Event& missed = rows[i].event();
      const Sight put = missed.route == Route::manifest
                            ? history.manifest_puts.first_after(key_of(missed.repository), at)
                            : Sight{};
      Sight stored = history.stores.first_after(key, at);
      if (!stored || (put && put.order() < stored.order())) stored = put;
      run_end = std::min(order_or(next, kForever), order_or(stored, kForever));
      if (!was || !next) continue;
      const Sight gone = history.deletes.first_after(key, was.order());
      if ((stored && stored.order() < next.order()) || (gone && gone.order() < next.order()))
        continue;
      ++runs;
      const bool read_before = was.touch || was.event->status != 201;
      quick |= read_before && next.order() - was.order() < kMoment;
      lag |= !read_before && next.order() - was.order() < 10 * kMinute;
    }
    if (runs > 1 || quick)
      flapping.insert(key);
    else if (runs == 1 && lag)
      lagging.insert(key);
  }
}

// An upload that nobody cancelled, purged or finished is unknown moments after its POST was
// answered.
void Context::find_unshared() {
  for (const Event& e : history.facts.events) {
    if (e.kind != EventKind::request || e.code != Code::BLOB_UPLOAD_UNKNOWN ||
        e.upload == NameId::none)
      continue;
    if (history.purged.any(key_of(e.upload))) continue;
    bool touched = false;
    std::size_t looked = 0;
    for (const auto& row : history.uploads.rows(key_of(e.upload))) {
      const Event& other = row.event();
      if (++looked > 256 || row.order() >= e.order()) break;
      touched |= other.kind == EventKind::request && other.status > 0 && other.status < 400;
      touched |= other.kind == EventKind::upload_offset_mismatch ||
                 other.kind == EventKind::client_disconnected || other.code == Code::DIGEST_INVALID;
    }
    if (touched) continue;  // it was here before: cancelled, finished or broken
    const Sight post = last_start(history, e);
    if (post && post.status() == 202 && e.order() - post.order() < kMinute &&
        !(history.starts.last_before(0, e.order()) &&
          history.starts.last_before(0, e.order()).order() > post.order()))
      unshared.insert(key_of(e.repository));
  }
}

bool Context::storage_denied_near(TimeNs at) const {
  const auto denied = [&](const Sight& s) { return s && std::abs(s.order() - at) < 5 * kMinute; };
  return denied(history.storage_failures.last_before(0, at)) ||
         denied(history.storage_failures.first_from(0, at));
}

// A blob's data is one for all repositories: where any of them sent or took it, it was there. (A
// mount moves no data.)
TimeNs Context::last_content_before(NameId digest, TimeNs at) const {
  Sight s = history.anywhere.last_before(key_of(digest), at);
  for (int looked = 0; s && looked < kMostLooked; ++looked) {
    if (moves_content(s)) return s.order();
    s = history.anywhere.last_before(key_of(digest), s.order());
  }
  return kNoTime;
}

TimeNs Context::first_content_after(NameId digest, TimeNs at) const {
  Sight s = history.anywhere.first_after(key_of(digest), at);
  for (int looked = 0; s && looked < kMostLooked; ++looked) {
    if (moves_content(s)) return s.order();
    s = history.anywhere.first_after(key_of(digest), s.order());
  }
  return kForever;
}

void Context::find_stale_blobs() {
  const auto& rows = history.empty_reads.all();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& row = rows[i];
    const Event& e = row.event();
    if (!stale_blobs.empty() && stale_blobs.back().repository == e.repository &&
        stale_blobs.back().digest == e.digest && row.order() < stale_blobs.back().to)
      continue;
    if (storage_denied_near(row.order())) continue;
    const Sight good = latest({history.reads.last_before(row.key, row.order()),
                               history.stores.last_before(row.key, row.order())});
    // A HEAD 200 is no good sign: it came out of the same cache.
    TimeNs from = kNoTime;
    for (Sight s = good; s; s = latest({history.reads.last_before(row.key, s.order()),
                                        history.stores.last_before(row.key, s.order())})) {
      const bool weak = s.event && s.method() == Method::HEAD;
      if (!weak) {
        from = s.order();
        break;
      }
    }
    const Sight repaired = history.stores.first_after(row.key, row.order());
    const Sight read = [&] {
      for (Sight s = history.reads.first_after(row.key, row.order()); s;
           s = history.reads.first_after(row.key, s.order()))
        if (s.method() == Method::GET && s.written() > 0) return s;
      return Sight{};
    }();
    const TimeNs to = std::min({order_or(repaired, kForever), order_or(read, kForever),
                                first_content_after(e.digest, row.order())});
    from = std::max(from, last_content_before(e.digest, row.order()));
    // A read with content between two empty ones, and no store: a client that hung up at once, not
    // a lost blob.
    if (read && !repaired && from != kNoTime && read.order() - row.order() < kMoment) continue;
    stale_blobs.push_back({e.repository, e.digest, from, to, row.sight(), false});
  }
}

// HEAD was redirected to the store, and the same client then uploads that digest: the redirect led
// nowhere.
void Context::find_redirected() {
  for (const Event& e : history.facts.events) {
    if (e.kind != EventKind::request || e.route != Route::blob || e.method != Method::HEAD ||
        e.status != 307)
      continue;
    const TimeNs at = e.order();
    const Sight upload = history.client_stores.first_after(store_of(e, e.digest), at);
    if (!upload || upload.order() - at > 15 * kMinute || upload.route() != Route::upload) continue;
    const Sight stored = history.stores.last_before(key_of(e.repository, e.digest), at);
    stale_blobs.push_back(
        {e.repository, e.digest, order_or(stored, kNoTime), upload.order(), upload, true});
  }
  std::sort(stale_blobs.begin(), stale_blobs.end(), [](const StaleBlob& a, const StaleBlob& b) {
    return std::tuple(a.repository, a.digest, a.from) < std::tuple(b.repository, b.digest, b.from);
  });
}

// Did the push that ends in this manifest PUT send no layer, all HEADs being answered "here"?
bool Context::skipped_uploads(const Event& put) const {
  const auto key = who_of(put);
  std::size_t heads = 0, looked = 0;
  for (Sight s = history.client_requests.last_before(key, put.order()); s && ++looked <= 256;
       s = history.client_requests.last_before(key, s.order())) {
    if (put.order() - s.order() > 15 * kMinute) break;
    const Event& e = *s.event;
    if (e.route == Route::manifest && e.method == Method::PUT) break;
    if ((e.route == Route::upload || e.route == Route::uploads) && e.status < 400) return false;
    heads += e.route == Route::blob && e.method == Method::HEAD && e.status == 200;
  }
  return heads > 0;
}

// The tag that this client put last, if it asks for a digest next: buildah and podman pull what
// they pushed by the digest that they noted then.
Sight Context::put_just_before(const Event& e) const {
  Sight before = history.client_requests.last_before(who_of(e), e.order());
  for (int looked = 0; before && looked < 64 && e.order() - before.order() < 10 * kMinute;
       ++looked) {
    if (before.route() == Route::manifest)
      return before.method() == Method::PUT && before.status() == 201 &&
                     before.tag() != NameId::none && before.repository() == e.repository
                 ? before
                 : Sight{};
    before = history.client_requests.last_before(who_of(e), before.order());
  }
  return {};
}

// `unknown manifest … revision=D` after a PUT that was acknowledged, though the image was there
// before (or was deleted) and the push itself was the repair: the PUT stored nothing, for a
// descriptor said that the data is there.
void Context::find_stale_manifests() {
  KeySet seen;
  for (const Event& e : history.facts.events) {
    if (!is_miss(e) || e.route != Route::manifest || e.code != Code::MANIFEST_UNKNOWN ||
        e.digest == NameId::none)
      continue;
    if (contains(history.text(e.detail), "unknown tag")) continue;
    std::vector<NameId> asked;
    if (e.tag != NameId::none) asked.push_back(e.tag);
    asked.push_back(e.digest);
    if (const auto tags = tags_of.find(key_of(e.repository, e.digest)); tags != tags_of.end())
      asked.insert(asked.end(), tags->second.begin(), tags->second.end());
    // Harbor's core reads back what it has just put by tag.
    const Sight just_put = history.manifest_puts.last_before(key_of(e.repository), e.order());
    if (e.tag == NameId::none && just_put && just_put.tag() != NameId::none &&
        e.order() - just_put.order() < kSecond &&
        history.text(e.agent).starts_with("harbor-registry-client"))
      asked.push_back(just_put.tag());
    const Sight own_put = e.tag == NameId::none ? put_just_before(e) : Sight{};
    const bool known = asked.size() > 1;
    if (!known && own_put) asked.push_back(own_put.tag());
    for (const NameId what : asked) {
      const auto key = key_of(e.repository, what);
      const Sight put = history.stores.last_before(key, e.order());
      if (!put || put.route() != Route::manifest) continue;
      if (const Sight read = history.reads.last_before(key, e.order());
          read && read.order() > put.order())
        continue;
      const auto by_digest = key_of(e.repository, e.digest);
      if (const Sight read = history.reads.last_before(by_digest, e.order());
          read && read.order() > put.order())
        continue;
      if (const Sight gone = history.deletes.last_before(by_digest, e.order());
          gone && gone.order() > put.order())
        continue;
      if (flapping.count(key) || flapping.count(by_digest) ||
          lost_restart_of(put.order(), e.order()))
        continue;
      if (!seen.insert(put.id().lo).second) break;
      StaleManifest stale;
      stale.repository = e.repository;
      stale.tag = put.tag();
      stale.digest = e.digest;
      stale.put = put;
      stale.skipped_uploads = skipped_uploads(*put.event);
      stale.guessed = !known && own_put && what == own_put.tag();
      const Sight gone = history.deletes.last_before(by_digest, put.order());
      // Of the same digest: read, stored or missed before that PUT. A tag alone may have meant
      // something else.
      const Sight same = latest({history.reads.last_before(by_digest, put.order()),
                                 history.stores.last_before(by_digest, put.order()),
                                 history.misses.last_before(by_digest, put.order())});
      const Sight tagged = latest({history.stores.last_before(key, put.order()),
                                   history.reads.last_before(key, put.order())});
      const Sight collected = history.collected.first(key_of(e.digest));
      stale.deleted_before = gone || collected;
      stale.same_digest_before = static_cast<bool>(same);
      stale.before = gone ? gone : collected ? collected : same ? same : tagged;
      // A push that sent its layers and of whose content nothing was known before: something else
      // lost it.
      if (!stale.skipped_uploads && !stale.deleted_before && !same) break;
      if (stale.guessed && (!stale.skipped_uploads || !stale.deleted_before)) break;
      const Sight start = history.starts.last_before(0, e.order());
      if (!stale.skipped_uploads && start && start.order() > put.order() && !stale.deleted_before)
        break;
      const Sight again = history.stores.first_after(key, e.order());
      const Sight read = history.reads.first_after(by_digest, e.order());
      stale.to = std::min(order_or(again, kForever), order_or(read, kForever));
      const auto row = static_cast<std::uint32_t>(stale_manifests.size());
      for (const NameId subject : {stale.digest, stale.tag}) {
        auto& rows = stale_by_subject_[key_of(stale.repository, subject)];
        if (subject != NameId::none && rows.size() < 64) rows.push_back(row);
      }
      stale_manifests.push_back(stale);
      break;
    }
  }
}

NameId Context::stale_group(NameId repository) const {
  const auto at = stale_group_.find(key_of(repository));
  return at == stale_group_.end() ? repository : at->second;
}

void Context::join_stale_groups() {
  // Towards a root, with every step shortened on the way: chains stay short whatever the names are.
  const auto root_of = [this](NameId repository) {
    for (auto at = stale_group_.find(key_of(repository)); at != stale_group_.end();
         at = stale_group_.find(key_of(repository))) {
      const auto next = stale_group_.find(key_of(at->second));
      if (next != stale_group_.end()) at.value() = next->second;
      repository = at->second;
    }
    return repository;
  };
  KeyMap<NameId> first_of;
  for (const StaleBlob& s : stale_blobs) {
    const auto [at, fresh] = first_of.try_emplace(key_of(s.digest), s.repository);
    if (fresh) continue;
    NameId one = root_of(at->second), other = root_of(s.repository);
    if (one == other) continue;
    if (history.text(other) < history.text(one)) std::swap(one, other);
    stale_group_[key_of(other)] = one;
  }
  for (auto at = stale_group_.begin(); at != stale_group_.end(); ++at)
    at.value() = root_of(at->second);
}

const StaleBlob* Context::stale_blob(NameId repository, NameId digest, TimeNs at) const {
  auto row = std::lower_bound(stale_blobs.begin(), stale_blobs.end(), std::pair(repository, digest),
                              [](const StaleBlob& s, const std::pair<NameId, NameId>& k) {
                                return std::pair(s.repository, s.digest) < k;
                              });
  for (; row != stale_blobs.end() && row->repository == repository && row->digest == digest; ++row)
    if (row->from < at && at < row->to) return &*row;
  return nullptr;
}

const StaleManifest* Context::stale_manifest(NameId repository, NameId tag, NameId digest,
                                             TimeNs at) const {
  for (const NameId what : {digest, tag}) {
    if (what == NameId::none) continue;
    const auto rows = stale_by_subject_.find(key_of(repository, what));
    if (rows == stale_by_subject_.end()) continue;
    // The latest PUT before this line: the rows are in the order of the misses that showed them.
    for (auto row = rows->second.rbegin(); row != rows->second.rend(); ++row)
      if (const StaleManifest& s = stale_manifests[*row]; s.put.order() < at && at <= s.to)
        return &s;
  }
  return nullptr;
}

}  // namespace regtriage
