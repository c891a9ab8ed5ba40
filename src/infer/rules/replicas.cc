// Two registries answer under one name and do not see the same files.
#include "infer/rules/rules.h"

namespace regtriage {
namespace {

constexpr const char* kGroup = "replicas";

void add_unshared(const Situation& s, Candidates& out, int weight, std::string text, Sight sight) {
  Candidate& c = out.emplace_back(CauseId::replicas_unshared_storage, kGroup);
  c.because(weight, std::move(text), {sight});
  if (s.context.unshared.count(key_of(s.e.repository)) != 0)
    c.because(40, "uploads of this repository are unknown moments after they were begun");
}

// The whole registry is one deployment: where some content shows that its replicas do not share
// storage, what else is unknown may lie at the other one.
bool is_split(const Context& context) {
  return context.flapping.size() > 1 || !context.unshared.empty();
}

// Stored or served, never deleted, and unknown.
Sight lost_from_sight(const Situation& s, std::uint64_t key) {
  const Sight was = last_presence(s, key);
  const bool removed = s.h.deletes.last_before(key, s.at) || s.h.collected.any(key_of(s.e.digest));
  return removed ? Sight{} : was;
}

// Is `other` a line of another replica? By the instance that the lines name; else by their files,
// if this line's file tells of that time, too (it is not the older part of a rotated log).
bool is_of_other_replica(const Situation& s, const Sight& other) {
  if (s.h.is_harbor) return false;  // nginx, core and the registry each have a log
  const NameId theirs = other.event ? other.event->instance : other.touch->instance;
  if (theirs != NameId::none && s.e.instance != NameId::none) return theirs != s.e.instance;
  const auto& sources = s.h.facts.sources;
  if (other.at().source == s.e.at.source || s.e.at.source >= sources.size()) return false;
  const TimeNs begin = sources[s.e.at.source].first;
  return begin != kNoTime && begin <= other.time();
}

// A client that asks for a tag by HEAD is told its digest, and asks for that digest next: a
// registry that has the tag's manifest for HEAD has it for GET (distribution
// registry/handlers/manifests.go v2.8.3).
Sight told_by_other_replica(const Situation& s) {
  if (s.e.route != Route::manifest || s.e.tag != NameId::none || s.e.method != Method::GET)
    return {};
  const Sight told = last_parent(s.h, s.e);
  const bool just_now = told && s.at - told.order() < 2 * kSecond;
  return just_now && told.method() == Method::HEAD && told.tag() != NameId::none &&
                 is_of_other_replica(s, told)
             ? told
             : Sight{};
}

}  // namespace

void examine_replicas(const Situation& s, Candidates& out) {
  if (s.e.kind != EventKind::request || s.e.status != 404) return;
  if (s.e.code == Code::BLOB_UPLOAD_UNKNOWN && s.e.upload != NameId::none) {
    const Sight post = last_start(s.h, s.e);
    if (s.context.unshared.count(key_of(s.e.repository)) == 0 || s.h.purged.any(key_of(s.e.upload)))
      return;
    const auto rows = s.h.uploads.rows(key_of(s.e.upload));
    for (const auto& row : rows.first(std::min<std::size_t>(rows.size(), 64)))
      if (row.order() < s.at && row.event().kind == EventKind::request && row.event().status < 400)
        return;
    add_unshared(
        s, out, 45,
        "an upload was unknown moments after its POST was answered 202, and nobody had ended it",
        post);
    return;
  }
  if (s.e.code != Code::BLOB_UNKNOWN && s.e.code != Code::MANIFEST_UNKNOWN) return;
  const auto key = subject_key(s);
  if (s.context.flapping.count(key) != 0) {
    const Sight next = s.h.reads.first_after(key, s.at);
    add_unshared(s, out, 55,
                 "the same content is answered with 200 and with 404 in turn, and nothing was "
                 "stored or deleted in between",
                 next ? next : last_presence(s, key));
    return;
  }
  if (s.context.lagging.count(key) != 0) {
    const Sight was = last_presence(s, key);
    const Sight next = s.h.reads.first_after(key, s.at);
    if (!was || !next) return;
    if (is_split(s.context))
      return add_unshared(s, out, 65,
                          "it was unknown right after it was stored and was there later, as other "
                          "content of this registry is answered with 200 and 404 in turn",
                          next);
    Candidate& c =
        out.emplace_back(CauseId::storage_not_yet_consistent, group_of(s, s.e.repository));
    c.because(60,
              "it was unknown right after it was stored and was there later without another push",
              {was, next});
    c.lacks(
        "whether several replicas answer: their logs, or the storage's word on its consistency");
    return;
  }
  if (is_split(s.context) && !s.context.is_stale_repository(s.e.repository))
    if (const Sight was = lost_from_sight(s, key)) {
      add_unshared(s, out, 60,
                   "other content of this registry is answered with 200 and 404 in turn, so "
                   "this may lie at another replica",
                   was);
      if (is_of_other_replica(s, was))
        out.back().because(25, "another replica's log has it, and this replica's has not", {was});
      return;
    }
  if (const Sight told = told_by_other_replica(s))
    return add_unshared(s, out, 60,
                        "another replica had just told the client that the tag is there, and this "
                        "one does not know the digest that it stands for",
                        told);
  // A probe that a failed upload follows, where replicas do not share storage: the answer proves
  // nothing about the blob.
  if (s.e.method == Method::HEAD && s.e.code == Code::BLOB_UNKNOWN &&
      s.context.unshared.count(key_of(s.e.repository)) != 0 && !s.h.stores.any(key)) {
    const Sight failed = s.h.failed_steps.first_after(who_of(s.e), s.at);
    if (failed && failed.event->code == Code::BLOB_UPLOAD_UNKNOWN &&
        failed.order() - s.at < kMinute)
      add_unshared(
          s, out, 50,
          "the upload that follows this question failed because another replica had begun it",
          failed);
  }
}

}  // namespace regtriage
