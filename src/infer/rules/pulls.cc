// What is asked for and not there: tags, manifests, blobs, repositories.
#include "base/text.h"
#include "infer/rules/rules.h"

namespace regtriage {
namespace {

// A manifest read by the same client moments before, of something else: an image's manifest before
// its layers, or an index before its children.
Sight read_just_before(const Situation& s, TimeNs within) {
  const Sight parent = s.e.route == Route::manifest ? last_index(s.h, s.e) : last_parent(s.h, s.e);
  return parent && s.at - parent.order() < within && parent.digest() != s.e.digest ? parent
                                                                                   : Sight{};
}

// What speaks for and against content that is gone from the storage without an actor.
void weigh_loss(const Situation& s, Candidate& c, std::uint64_t key, const Sight& was) {
  const Sight collected = s.h.collected.first(key_of(s.e.digest));
  if (!collected && !s.h.deletes.last_before(key, s.at))
    c.because(10, "no line deletes or collects it");
  const Sight again = s.h.reads.first_after(key, s.at);
  const Sight stored = s.h.stores.first_after(key, s.at);
  if (was && again && (!stored || again.order() < stored.order()))
    c.despite(45, "it was there again without another push", {again});
}

// Behind Harbor: did a client ask, through core?
bool is_from_core(const Situation& s) {
  return s.e.agent != NameId::none && !contains(s.h.text(s.e.agent), "harbor-registry-client");
}

// The manifest that this client read last, if core answered it without the registry.
Sight parent_from_core(const Situation& s) {
  if (!s.h.is_harbor) return {};
  const auto who = who_of(s.e);
  Sight before = s.h.client_requests.last_before(who, s.at);
  for (int looked = 0; before && looked < 64 && s.at - before.order() < kMinute; ++looked) {
    const Event& e = *before.event;
    if (e.route == Route::manifest && e.status == 200 && e.method == Method::GET)
      return e.origin == Origin::front && e.answered_by == AnsweredBy::core ? before : Sight{};
    before = s.h.client_requests.last_before(who, before.order());
  }
  return {};
}

bool wrong_type(const Situation& s) { return contains(s.detail, "accept header does not support"); }

void never_existed(const Situation& s, Candidates& out, GroupName group, int weight, Words why) {
  Candidate& c = out.emplace_back(CauseId::reference_never_existed, group);
  c.adds_up = false;  // another reference, or another way to ask for it, is no proof of this one
  c.because(weight, std::move(why));
  c.lacks(Words::borrowed(s.context.lacks_earlier_log));
}

// "?ns=HOST": a mirror was asked for another registry's image. What the mirror lacks, the client
// asks that registry for.
bool asked_of_mirror(const Situation& s, Candidates& out) {
  if (s.e.from == NameId::none || !is_read(s.e.method)) return false;
  // That registry does not know it either.
  const auto misses = s.h.misses.rows(subject_key(s));
  for (const auto& row : misses.first(std::min<std::size_t>(misses.size(), 64)))
    if (row.event().from == NameId::none) return false;
  const GroupName group = group_of(s, s.e.repository, subject_of(s));
  out.emplace_back(CauseId::undetermined, group)
      .because(40, "a mirror was asked for another registry's image, and does not know it")
      .lacks(
          "what the mirror was answered by its upstream, and whether the client went on to the "
          "registry itself: the mirror's and the client's log of that time");
  out.emplace_back(CauseId::mirror_fallback, group)
      .because(30, "what a mirror lacks, the client asks the registry itself for");
  out.emplace_back(CauseId::upstream_missing, group)
      .because(30, "a mirror that fetches what it lacks does not find it upstream either");
  return true;
}

}  // namespace

void examine_unknown_tag(const Situation& s, Candidates& out) {
  if (is_of_other_registry(s)) return;
  if (s.e.kind != EventKind::request || s.e.code != Code::MANIFEST_UNKNOWN) return;
  if (wrong_type(s)) {
    Candidate& c = out.emplace_back(CauseId::accept_header_mismatch, group_of(s, s.e.repository));
    c.because(95,
              "the registry says itself that the manifest is there and that the client does not "
              "accept its type");
    return;
  }
  if (!is_unknown_tag(s)) return;
  const auto key = subject_key(s);
  const Sight was = last_presence(s, key);
  if (!was) {
    if (asked_of_mirror(s, out)) return;
    const bool repository_known = s.h.repository_answers.any(key_of(s.e.repository));
    never_existed(s, out, group_of(s, s.e.repository), 55,
                  repository_known
                      ? "no line of this log ever pushed or served this tag, while the repository "
                        "answers for others"
                      : "no line of this log ever pushed or served anything in this repository");
    if (s.context.lagging.count(key) == 0 && s.h.stores.any(key))
      out.back().despite(10, "the tag was pushed later", {s.h.stores.first(key)});
    return;
  }
  Candidate& c = out.emplace_back(CauseId::undetermined, group_of(s, s.e.repository, s.e.tag));
  c.because(20, "the tag was there before and its link is gone, and no line says who removed it",
            {was});
  c.lacks("the logs of all replicas and of the storage between the last good answer and this one");
}

void examine_unknown_manifest(const Situation& s, Candidates& out) {
  if (is_of_other_registry(s)) return;
  if (s.e.kind != EventKind::request || s.e.code != Code::MANIFEST_UNKNOWN || is_unknown_tag(s) ||
      wrong_type(s) || is_storage_error_as_unknown(s))
    return;
  if (s.e.method == Method::DELETE) {
    never_existed(s, out, group_of(s, s.e.repository), 50,
                  "a deletion of a manifest that no line of this log ever stored or served");
    return;
  }
  const NameId digest = s.e.digest;
  const auto key = key_of(s.e.repository, digest);
  Sight was = latest({s.h.stores.last_before(key, s.at), s.h.reads.last_before(key, s.at)});
  if (s.e.tag != NameId::none)
    was = latest({was, last_presence(s, key_of(s.e.repository, s.e.tag))});
  if (const auto tags = s.context.tags_of.find(key); tags != s.context.tags_of.end())
    for (const NameId tag : tags->second)
      was = latest({was, last_presence(s, key_of(s.e.repository, tag))});

  if (const Sight parent = s.e.tag == NameId::none ? read_just_before(s, 3 * kSecond) : Sight{};
      parent && parent.digest() != digest) {
    Candidate& c =
        out.emplace_back(CauseId::index_child_deleted, group_of(s, s.e.repository, digest));
    c.because(50,
              "the client had just fetched an index in this repository and asks for one of its "
              "children by digest",
              {parent});
    if (was) c.because(20, "the child was there before", {was});
    if (parent.tag() != NameId::none) c.tags.push_back(parent.tag());
    c.lacks("a line that says who removed the child, or that it was never pushed");
  }
  const bool by_tag = s.e.tag != NameId::none || s.context.tags_of.count(key) != 0;
  if (by_tag || was) {
    // Core asks the registry only for what its database has.
    Candidate& c = out.emplace_back(
        s.h.is_harbor ? CauseId::harbor_content_missing : CauseId::manifest_revision_missing,
        group_of(s, s.e.repository, digest));
    if (s.h.is_harbor && is_from_core(s))
      c.because(20, "Harbor's core asked for it by its digest, so Harbor's database has it");
    if (by_tag)
      c.because(40,
                "the tag is there: the registry names the digest that it stands for, and cannot "
                "find that manifest");
    if (was) c.because(25, "it was pushed or served before", {was});
    weigh_loss(s, c, key, was);
    c.lacks(
        "whether the revision link or the manifest's data is gone: level debug, or a listing of "
        "the storage");
    return;
  }
  if (contains(s.h.text(s.e.agent), "harbor-registry-client")) {
    out.emplace_back(CauseId::manifest_revision_missing, group_of(s, s.e.repository, digest))
        .because(40,
                 "Harbor's core asks the registry by digest only for what it takes for stored, and "
                 "the registry does not know it")
        .lacks("the push before it: the registry's lines of that repository and core.log");
    return;
  }
  if (asked_of_mirror(s, out)) return;
  // Who asks by digest was told it by somebody. Where the log knows nothing else of the repository,
  // it may as well have been lost before the log begins.
  const int weight = s.h.repository_answers.any(key_of(s.e.repository)) ? 50 : 40;
  never_existed(s, out, group_of(s, s.e.repository), weight,
                "no line of this log has ever seen that digest in this repository");
  if (const Sight other = s.h.anywhere.first(key_of(digest)))
    out.back().despite(5, "another repository knows the digest", {other});
}

void examine_unknown_blob(const Situation& s, Candidates& out) {
  if (is_of_other_registry(s)) return;
  if (s.e.kind != EventKind::request || s.e.code != Code::BLOB_UNKNOWN ||
      s.e.route != Route::blob || s.e.status != 404)
    return;
  const NameId digest = s.e.digest;
  const auto key = key_of(s.e.repository, digest);
  if (const Sight refused = s.h.refused.last_before(key, s.at); refused && !last_presence(s, key)) {
    Candidate& c = out.emplace_back(CauseId::digest_mismatch, group_of(s, s.e.repository));
    c.because(90, "the only upload of this digest was refused, because its content did not match",
              {refused});
    c.digests.push_back(digest);
    return;
  }
  const Sight was = last_presence(s, key);
  const Sight parent = read_just_before(s, kMinute);
  // Served elsewhere at the same time or later: the data is there, this repository's link is not.
  const auto everywhere = s.h.anywhere.rows(key_of(digest));
  const Sight first_miss = s.h.misses.first_after(key, was ? was.order() : kNoTime);
  const TimeNs since = first_miss ? first_miss.order() : s.at;
  // An upload brings the data back for all: what is served after one says nothing of the time
  // before.
  Sight elsewhere;
  for (const auto& row : everywhere.first(std::min<std::size_t>(everywhere.size(), 4096))) {
    if (row.order() <= since) continue;
    if (row.sight().route() == Route::upload) break;
    if (row.sight().repository() != s.e.repository) elsewhere = row.sight();
  }
  const bool expected = was || parent;
  if (elsewhere && expected) {
    Candidate& c =
        out.emplace_back(CauseId::layer_link_missing, group_of(s, digest, s.e.repository));
    c.because(55, "another repository serves the same digest after it was unknown here",
              {elsewhere});
    if (was) c.because(15, "it was there in this repository before", {was});
    if (parent)
      c.because(10, "the client came straight from a manifest of this repository", {parent});
    return;
  }
  if (expected) {
    if (const Sight cached = parent_from_core(s)) {
      Candidate& c = out.emplace_back(CauseId::harbor_manifest_cache, group_of(s, s.e.repository));
      c.because(
          80,
          "the client got the manifest from Harbor's core, which did not ask the registry for "
          "it: core's own cache",
          {cached});
      return;
    }
    Candidate& c = out.emplace_back(
        s.h.is_harbor ? CauseId::harbor_content_missing : CauseId::blob_data_missing,
        group_of(s, digest));
    if (was) c.because(40, "it was stored or served in this repository before", {was});
    if (parent)
      c.because(20, "the client came straight from a manifest of this repository that names it",
                {parent});
    weigh_loss(s, c, key, was);
    if (!everywhere.empty()) {
      bool failed_elsewhere = false;
      const auto misses = s.h.misses_of_digest.rows(key_of(digest));
      for (const auto& row : misses.first(std::min<std::size_t>(misses.size(), 1024)))
        failed_elsewhere |=
            row.sight().repository() != s.e.repository && row.sight().method() == Method::GET;
      if (failed_elsewhere)
        c.because(10, "it is unknown in every repository that was asked for it");
    }
    c.lacks("whether the blob's data is in the storage: " + std::string("a listing of its path"));
    return;
  }
  if (s.e.method == Method::HEAD && s.h.end != kNoTime && s.h.end - s.at < kMinute) {
    Candidate& c = out.emplace_back(CauseId::undetermined, group_of(s, s.e.repository));
    c.because(20, "the log ends before the client could have gone on");
    c.lacks("the lines after " + short_time_of(s.h.end) + " UTC");
    return;
  }
  const bool head = s.e.method == Method::HEAD;
  never_existed(s, out, group_of(s, s.e.repository, digest), 50,
                "no line of this log has ever seen that digest in this repository");
  if (head) {
    out.back().despite(5, "a question by HEAD may be a client that looks before it decides");
    return;
  }
  // A client fetches what a manifest names: that the manifest was read is not in this log.
  out.back().despite(10, "a client fetches a layer because a manifest names it");
  const bool harbor = s.h.is_harbor || s.context.inventory.has_rows();
  out.emplace_back(harbor ? CauseId::harbor_content_missing : CauseId::blob_data_missing,
                   group_of(s, digest))
      .because(35, "a client fetches a layer because a manifest names it")
      .lacks("the lines before it: who pushed the layer, and which manifest the client read");
}

void examine_unknown_name(const Situation& s, Candidates& out) {
  if (is_of_other_registry(s)) return;
  if (s.e.kind != EventKind::request || s.e.code != Code::NAME_UNKNOWN) return;
  const Sight was = s.h.repository_answers.last_before(key_of(s.e.repository), s.at);
  if (!was) {
    never_existed(s, out, group_of(s, s.e.repository), 55,
                  "no line of this log ever pushed or served anything in this repository");
    return;
  }
  Candidate& c = out.emplace_back(CauseId::undetermined, group_of(s, s.e.repository));
  c.because(20, "the repository was there before and has no tags now", {was});
  c.lacks("a listing of the repository's folder in the storage");
}

}  // namespace regtriage
