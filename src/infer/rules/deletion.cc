// Somebody removed it: a DELETE that was answered 202, or a garbage collection that names the
// digest.
#include <algorithm>

#include "base/text.h"
#include "infer/rules/rules.h"

namespace regtriage {
namespace {

// A client that fetched an index moments ago asks for a child by digest.
Sight parent_of(const Situation& s) {
  if (s.e.tag != NameId::none || s.e.route != Route::manifest) return {};
  const Sight parent = last_index(s.h, s.e);
  if (!parent || s.at - parent.order() > 10 * kSecond) return {};
  return parent.digest() == s.e.digest ? Sight{} : parent;
}

// It was put by digest, and the next manifest that the same client put there has a tag: so are the
// children of an index pushed. The PUT of that tag; empty if it was not so.
Sight put_of_index(const Situation& s, const Sight& stored) {
  const Event* const child = stored.event;
  if (child == nullptr || child->route != Route::manifest || child->tag != NameId::none) return {};
  const auto who = who_of(*child);
  Sight next = s.h.client_requests.first_after(who, stored.order());
  for (int looked = 0; next && looked < 64 && next.order() - stored.order() < kMinute; ++looked) {
    const bool put = next.route() == Route::manifest && next.method() == Method::PUT;
    if (put && next.tag() != NameId::none) return next.status() == 201 ? next : Sight{};
    next = s.h.client_requests.first_after(who, next.order());
  }
  return {};
}

// Two files whose times are whole seconds, or lent: which of two lines of one moment came first,
// nobody knows.
bool order_is_known(const Sight& a, const Sight& b) {
  const auto is_coarse = [](const Sight& s) {
    return s.event ? s.event->untimed || s.event->whole_second : s.touch->whole_second;
  };
  return a.at().source == b.at().source || std::abs(a.time() - b.time()) >= 2 * kSecond ||
         (!is_coarse(a) && !is_coarse(b));
}

// Was it stored about the moment of its deletion, perhaps behind it? (When the lines before
// Harbor's registry were written, the joins tell: front_times.h.)
bool may_be_stored_behind(const Situation& s, const Sight& gone) {
  if (s.h.is_harbor) return false;
  for (const NameId what : {s.e.digest, s.e.tag}) {
    if (what == NameId::none) continue;
    const Sight stored =
        s.h.stores.first_from(key_of(s.e.repository, what), gone.order() - 2 * kSecond);
    if (stored && stored.order() < s.at && !order_is_known(stored, gone)) return true;
  }
  return false;
}

void by_request(const Situation& s, Candidates& out) {
  const NameId digest = s.e.digest;
  const auto key = key_of(s.e.repository, digest);
  Sight gone = digest == NameId::none ? Sight{} : s.h.deletes.last_before(key, s.at);
  // Harbor's core names the tags with the digest, and never asks the registry for what it deleted.
  if (!gone && s.e.code == Code::NOT_FOUND && s.e.tag != NameId::none)
    gone = s.h.deletes.last_before(key_of(s.e.repository, s.e.tag), s.at);
  if (gone) {
    const Sight stored =
        s.h.stores.last_before(s.e.code == Code::NOT_FOUND ? subject_key(s) : key, s.at);
    if (stored && stored.order() > gone.order()) return;
    // Put again since, and acknowledged: what is unknown now is not the deletion's doing.
    if (s.context.stale_manifest(s.e.repository, s.e.tag, digest, s.at)) return;
    if (const Sight parent = parent_of(s)) {
      Candidate& c =
          out.emplace_back(CauseId::index_child_deleted, group_of(s, s.e.repository, digest));
      c.because(50,
                "the client had just fetched an index in this repository and asks for one of its "
                "children by digest",
                {parent});
      c.because(50, "that child manifest was deleted through the API before", {gone});
      if (parent.tag() != NameId::none) c.tags.push_back(parent.tag());
      return;
    }
    const Sight child = s.h.stores.last_before(key, gone.order());
    if (const Sight index = child && s.e.tag == NameId::none ? put_of_index(s, child) : Sight{}) {
      Candidate& c =
          out.emplace_back(CauseId::index_child_deleted, group_of(s, s.e.repository, digest));
      c.because(50, "that child manifest was deleted through the API before", {gone});
      c.because(30,
                "it was pushed by digest, and a tag right behind it: so are the children of an "
                "index pushed",
                {child, index});
      c.tags.push_back(index.tag());
      c.lacks("the client's read of the index: HEAD and GET of the tag before this request");
      return;
    }
    Candidate& c = out.emplace_back(CauseId::deleted_by_client, group_of(s, s.e.repository));
    if (!may_be_stored_behind(s, gone)) {
      c.because(90, "it was deleted through the API before this request", {gone});
      return;
    }
    c.because(60, "it was deleted through the API about the time of this request", {gone});
    c.lacks(
        "the order of the deletion and of a push of the same second: the logs print no finer "
        "times");
    return;
  }
  if (!is_unknown_tag(s)) return;
  // Deleting a manifest removes every tag that means it. Which one a tag meant, a PUT does not log.
  const auto tag_key = key_of(s.e.repository, s.e.tag);
  const Sight was = last_presence(s, tag_key);
  if (!was) return;
  const Sight removal = s.h.manifest_deletes.last_before(key_of(s.e.repository), s.at);
  if (!removal || removal.order() < was.order()) return;
  const auto tags = s.context.tags_of.find(key_of(s.e.repository, removal.digest()));
  bool same = false;
  if (tags != s.context.tags_of.end())
    for (const NameId tag : tags->second) same |= tag == s.e.tag;
  Candidate& c = out.emplace_back(CauseId::deleted_by_client, group_of(s, s.e.repository));
  c.because(60,
            "the tag was there before, and a manifest of this repository was deleted through the "
            "API in between",
            {was, removal});
  if (same) c.because(30, "the deleted digest is the one that the tag stood for", {removal});
  c.digests.push_back(removal.digest());
}

void by_policy(const Situation& s, Candidates& out) {
  const Sight row = removed_by_rule(s);
  if (!row) return;
  const bool exact = row.digest() == s.e.digest;
  Candidate& c = out.emplace_back(CauseId::deleted_by_policy, group_of(s, s.e.repository));
  c.because(exact ? 75 : 60,
            exact ? "a retention rule deleted that digest before this request"
                  : "a retention rule deleted a tag of that name before this request, and core has "
                    "it no more",
            {row});
  c.digests.push_back(row.digest());
  c.lacks(
      "the repository of that rule's table: it stands in the lines before it, in the job's log");
}

// The last collection of it before the request. One run may be told of twice, by the job's own file
// and by a log: the line that has a time of its own counts. At most 64 rows back.
Sight last_collection(const Situation& s, std::uint64_t key) {
  const Sight last = s.h.collected.last_before(key, s.at);
  if (!last || !last.event->untimed) return last;
  const auto rows = s.h.collected.rows(key);
  auto row = std::partition_point(rows.begin(), rows.end(),
                                  [&](const auto& r) { return r.order() < s.at; });
  for (int looked = 0; row != rows.begin() && looked < 64; ++looked) {
    --row;
    if (last.order() - row->order() > kMinute) break;
    if (!row->event().untimed) return row->sight();
  }
  return last;
}

void by_collection(const Situation& s, Candidates& out) {
  if (s.e.digest == NameId::none) return;
  const auto key = key_of(s.e.digest);
  Sight collected = last_collection(s, key);
  // Neither has a time: who pastes both shows the collection first, or knows that it came first.
  if (!collected && s.e.time == kNoTime) collected = s.h.collected.first(key);
  if (!collected) return;
  // Put again since, and acknowledged: what is unknown now is not the collection's doing.
  if (s.context.stale_manifest(s.e.repository, s.e.tag, s.e.digest, s.at)) return;
  const auto here = key_of(s.e.repository, s.e.digest);
  const Sight stored = s.h.stores.last_before(here, s.at);
  if (stored && stored.order() > collected.order() && !collected.event->untimed) return;
  if (s.e.code == Code::MANIFEST_BLOB_UNKNOWN) {
    Candidate& c = out.emplace_back(
        s.h.is_harbor ? CauseId::harbor_gc_window : CauseId::garbage_collection_during_push,
        group_of(s, s.e.repository));
    c.because(60, "garbage collection removed the blob before the manifest that names it arrived",
              {collected});
    if (stored && !collected.event->untimed)
      c.because(30, "the same push had uploaded it before the collection", {stored});
    else
      c.lacks(
          "a time for the garbage collection: its output has none; the lines \"Deleting blob: …\" "
          "on standard error do");
    return;
  }
  Candidate& c =
      out.emplace_back(CauseId::deleted_by_garbage_collection, group_of(s, s.e.repository));
  c.because(collected.event->untimed ? 80 : 90, "garbage collection removed it before this request",
            {collected});
}

}  // namespace

// The table names a digest and its tag; its repository stands in the lines before it.
Sight removed_by_rule(const Situation& s) {
  if (s.e.code != Code::NOT_FOUND || s.e.route != Route::manifest) return {};
  Sight row;
  for (const NameId what : {s.e.digest, s.e.tag})
    if (!row && what != NameId::none)
      row = s.h.deletes.last_before(key_of(NameId::none, what), s.at);
  if (!row) return {};
  const Sight stored = s.h.stores.last_before(subject_key(s), s.at);
  return stored && stored.order() > row.order() ? Sight{} : row;
}

void examine_deletion(const Situation& s, Candidates& out) {
  if (s.e.kind != EventKind::request || s.e.status != 404) {
    if (s.e.code == Code::MANIFEST_BLOB_UNKNOWN && s.e.status == 400) by_collection(s, out);
    return;
  }
  if (s.e.route != Route::manifest && s.e.route != Route::blob) return;
  by_request(s, out);
  by_policy(s, out);
  by_collection(s, out);
}

}  // namespace regtriage
