// Somebody removed it: a DELETE that was answered 202, or a garbage collection that names the
// digest.
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
    Candidate& c = out.emplace_back(CauseId::deleted_by_client, group_of(s, s.e.repository));
    c.because(90, "it was deleted through the API before this request", {gone});
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

void by_collection(const Situation& s, Candidates& out) {
  if (s.e.digest == NameId::none) return;
  const auto key = key_of(s.e.digest);
  Sight collected = s.h.collected.last_before(key, s.at);
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
