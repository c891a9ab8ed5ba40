// What listings of the storage and the cache say of a line that the other rules have judged: they
// settle what lines only suggest, and refute what lines only seem to say. A piece here is worth
// most where the listing is surely later and whole (inventory.h); of a listing without a date it is
// worth little. Harbor's tables: harbor_rows.cc; configurations: configured.cc.
#include "base/text.h"
#include "infer/rules/scales.h"

namespace regtriage {
namespace {

class Weigher : Scales {
 public:
  using Scales::Scales;

  void run() {
    if (stock_.empty() && !stock_.dry_run()) return;
    const Event& e = s_.e;
    if (e.kind != EventKind::request || e.status != 404) return;
    if (e.origin == Origin::front && e.answered_by == AnsweredBy::core) return;  // harbor_rows.cc
    if (e.code == Code::BLOB_UNKNOWN && e.route == Route::blob) return weigh_blob();
    if (e.code != Code::MANIFEST_UNKNOWN || !is_read(e.method)) return;
    if (is_unknown_tag(s_)) return weigh_tag();
    if (e.digest != NameId::none) weigh_manifest();
  }

 private:
  // Something else explains why it is gone: that it is not listed says no more.
  bool is_explained() const {
    constexpr std::array<CauseId, 9> kOpen = {CauseId::blob_data_missing,
                                              CauseId::manifest_data_missing,
                                              CauseId::manifest_revision_missing,
                                              CauseId::harbor_content_missing,
                                              CauseId::layer_link_missing,
                                              CauseId::reference_never_existed,
                                              CauseId::index_child_deleted,
                                              CauseId::stale_descriptor_cache,
                                              CauseId::undetermined};
    return std::any_of(out_.begin(), out_.end(), [&](const Candidate& c) {
      return c.score() >= kProbable &&
             std::find(kOpen.begin(), kOpen.end(), c.cause) == kOpen.end();
    });
  }
  bool is_harbor() const { return s_.h.is_harbor || stock_.has_rows(); }

  // What the registry called unknown lies where it should: it looked somewhere else.
  void not_lost(const Stock& a, const Stock& b) {
    if (s_.h.is_proxy) return;
    const bool before = a.before && b.before;
    const bool disputed = a.disputed || b.disputed;
    const char* const lies = a.by_dry_run ? "a later dry run of the collection reads it"
                                          : "it lies in the storage, as the listing shows";
    if (!disputed) {
      refute_losses(before ? 70 : 45, lies, a.shown);
      refute(CauseId::reference_never_existed, before ? 70 : 45, lies, a.shown);
      refute(CauseId::deleted_by_client, before ? 50 : 30, lies, a.shown);
    }
    for (const CauseId two :
         {CauseId::replicas_unshared_storage, CauseId::storage_not_yet_consistent})
      if (Candidate* const known = try_find(two)) {
        known->because(20, "it lies in the storage, so one of the answers was wrong", {a.shown});
        return;
      }
    Candidate& c = find_or_add(CauseId::storage_root_changed, group_of(s_, s_.e.repository));
    c.because(disputed ? 35
              : before ? 60
                       : 40,
              "it lies in the storage, so the registry looked somewhere else", {a.shown, b.shown});
    if (disputed) {
      // Two stores are listed, and one of them does not have it.
      for (Candidate& loss : out_)
        if (std::find(kLosses.begin(), kLosses.end(), loss.cause) != kLosses.end())
          loss.needs("which of the listed stores the registry reads: its configuration");
      c.needs("which of the listed stores the registry reads: its configuration");
      return;
    }
    weigh_root(c, a);
    c.lacks("the configuration of every replica: which bucket and rootdirectory it reads");
  }

  // The root under which it was listed and the one that the registry is told. A disk's folder may
  // have another name in the registry's container.
  void weigh_root(Candidate& c, const Stock& listed) {
    const Settings::Storage told = s_.context.settings.storage();
    if (told.driver.empty() || listed.by_dry_run) return;
    if (listed.elsewhere)
      c.because(30, "the registry is told another root than the one that was listed", {told.sight});
    else if (told.driver != "filesystem")
      c.despite(25, "the registry is told to read the very root that was listed", {told.sight});
  }

  static const char* gone_words(const Stock& data) {
    if (!data.sure) return "its data is not in the listing of the storage";
    return data.by_dry_run
               ? "a later dry run of the collection finds it neither in use nor in the storage"
               : "a later listing of the storage has its neighbours and not its data";
  }

  // Neither its data nor its link: the storage may be another, or an older copy of it.
  static void doubt_storage(Candidate& c, const Stock& data, const Stock& link) {
    if (data.absent() && link.absent() && link.sure)
      c.needs(
          "whether what was listed is the registry's storage, and no older copy of it: neither the "
          "data nor this repository's link is there");
    if (data.absent() && data.copy)
      c.because(5, "a copy of it lies under another root, from where it can be brought back",
                {data.copy});
  }

  void weigh_blob() {
    const NameId digest = s_.e.digest;
    const auto here = key_of(s_.e.repository, digest);
    const Stock data = at_that_time(stock_.blob_data(digest, s_.at), key_of(digest), true);
    const Stock link = at_that_time(stock_.layer_link(s_.e.repository, digest, s_.at), here, false);
    const Sight named =
        stock_.marked(digest) ? stock_.marked(digest) : stock_.owner_of_blob(digest, s_.at);
    weigh_collection(data);
    if (data.there() && link.there()) return not_lost(data, link);
    if (data.elsewhere || link.elsewhere) return;  // half of it in another place: no answer
    const bool was = static_cast<bool>(last_presence(s_, here));
    if (data.there()) {
      if (was || any_loss()) {
        Candidate& c =
            find_or_add(CauseId::layer_link_missing, group_of(s_, digest, s_.e.repository));
        c.because(45, "the blob's data lies in the storage", {data.shown});
        if (link.absent())
          c.because(link.sure ? 50 : 15,
                    link.sure ? "a later listing has this repository's other links and not this one"
                              : "this repository's link to it is not listed",
                    {link.shown});
        else
          c.lacks("whether this repository's link to it is there: a listing of its folder");
      }
      for (const CauseId gone : {CauseId::blob_data_missing, CauseId::harbor_content_missing})
        refute(gone, data.before ? 60 : 35, "the blob's data lies in the storage", data.shown);
      return;
    }
    if (!data.absent() && !named) return;
    if (!any_loss() && !link.there() && !named) return;
    if (data.absent() || named) blob_is_lost(data, link, named);
  }

  void blob_is_lost(const Stock& data, const Stock& link, const Sight& named) {
    if (is_explained() || (try_find(CauseId::layer_link_missing) && !data.absent())) return;
    Candidate& c =
        loss({CauseId::stale_descriptor_cache, CauseId::harbor_content_missing,
              CauseId::blob_data_missing,
              is_harbor() ? CauseId::harbor_content_missing : CauseId::blob_data_missing},
             group_of(s_, s_.e.digest));
    const bool expected =
        last_presence(s_, key_of(s_.e.repository, s_.e.digest)) || !c.pieces.empty();
    if (link.there())
      c.because(expected ? 15 : 40, "this repository has its link to the blob", {link.shown});
    if (named)
      c.because(expected ? 15 : 40,
                "a manifest that is stored names this blob, or a project has it", {named});
    if (data.absent()) c.because(data.sure ? 50 : 15, gone_words(data), {data.shown});
    if (data.absent()) settle(c, "whether the blob's data");
    doubt_storage(c, data, link);
    if (link.there() || named)
      refute(CauseId::reference_never_existed, 60, "the repository names it, so it was here",
             link.there() ? link.shown : named);
  }

  // A collection's output names what it would delete; what it did delete is not listed any more.
  void weigh_collection(const Stock& data) {
    Candidate* const c = try_find(CauseId::deleted_by_garbage_collection);
    if (!c) return;
    if (data.there())
      c->despite(70, "its data lies in the storage: what a collection named was not deleted",
                 {data.shown});
    else if (data.absent() && data.sure)
      c->because(15, gone_words(data), {data.shown});
    if (stock_.was_deleted(s_.e.digest)) return;
    if (const Sight dry = stock_.dry_run()) {
      c->despite(60, "the collection was a dry run, and no line deletes it", {dry});
      if (Candidate* const lost = try_find(CauseId::blob_data_missing))
        lost->because(10, "the collection was a dry run, and no line deletes it", {dry});
    }
    if (const Sight kept = stock_.marked(s_.e.digest))
      c->despite(40, "a collection found it in use", {kept});
  }

  void weigh_manifest() {
    const NameId digest = s_.e.digest;
    const auto here = key_of(s_.e.repository, digest);
    const Stock data = at_that_time(stock_.blob_data(digest, s_.at), here, false);
    const Stock link =
        at_that_time(stock_.revision_link(s_.e.repository, digest, s_.at), here, false);
    const Stock cached = descriptor(here);
    weigh_collection(data);
    if (data.there() && link.there()) return not_lost(data, link);
    if (data.elsewhere || link.elsewhere) return;
    if (data.by_dry_run && data.absent() && !link.absent() && !link.there() && any_loss())
      return unread_by_dry_run(data);
    if (cached.there() && !data.there()) return outlived(cached, data);
    if (data.absent() && link.there()) return data_is_lost(data, link);
    if (link.absent() && (data.there() || any_loss())) link_is_lost(data, link);
  }

  // A dump that may be of a time after another push or read says nothing.
  Stock descriptor(std::uint64_t here) const {
    if (s_.h.reads.first_after(here, s_.at) || s_.h.stores.first_after(here, s_.at)) return {};
    if (s_.h.manifest_puts.first_after(key_of(s_.e.repository), s_.at)) return {};
    return stock_.cache_key(s_.e.repository, s_.e.digest, s_.at);
  }

  void outlived(const Stock& cached, const Stock& data) {
    const bool known = try_find(CauseId::stale_descriptor_cache) != nullptr;
    Candidate& c = find_or_add(CauseId::stale_descriptor_cache, group_of(s_, s_.e.repository));
    c.because(known ? 30 : 60,
              "the cache still describes it, and the registry cannot read it: the descriptor "
              "outlived the data",
              {cached.shown});
    if (data.absent()) c.because(data.sure ? 40 : 15, gone_words(data), {data.shown});
    for (const CauseId cause : {CauseId::manifest_revision_missing, CauseId::manifest_data_missing,
                                CauseId::harbor_content_missing})
      refute(cause, 30, "the cache still describes it: the next push would store nothing",
             cached.shown);
  }

  void data_is_lost(const Stock& data, const Stock& link) {
    if (is_explained()) return;
    Candidate& c =
        loss({CauseId::stale_descriptor_cache, CauseId::harbor_content_missing,
              is_harbor() ? CauseId::harbor_content_missing : CauseId::manifest_data_missing},
             group_of(s_, s_.e.repository, s_.e.digest));
    c.because(45, "the repository has its link to this manifest", {link.shown});
    c.because(data.sure ? 50 : 15, gone_words(data), {data.shown});
    settle(c, "whether the revision link");
    refute(CauseId::manifest_revision_missing, 60, "the repository has its link to this manifest",
           link.shown);
    refute(CauseId::reference_never_existed, 60, "the repository has its link to this manifest",
           link.shown);
  }

  // A collection does not say which of the two it lacks.
  void unread_by_dry_run(const Stock& data) {
    Candidate& c = loss({CauseId::stale_descriptor_cache, CauseId::index_child_deleted,
                         CauseId::harbor_content_missing, CauseId::manifest_data_missing,
                         CauseId::manifest_revision_missing},
                        group_of(s_, s_.e.repository, s_.e.digest));
    c.because(15, gone_words(data), {data.shown});
    c.needs("whether its link or its data is gone: a listing of the storage");
  }

  void link_is_lost(const Stock& data, const Stock& link) {
    if (is_explained()) return;
    Candidate& c = loss({CauseId::stale_descriptor_cache, CauseId::index_child_deleted,
                         CauseId::harbor_content_missing, CauseId::manifest_revision_missing},
                        group_of(s_, s_.e.repository, s_.e.digest));
    c.because(link.sure ? 35 : 10,
              link.sure ? "a later listing has this repository's other links and not this one"
                        : "this repository's link to it is not listed",
              {link.shown});
    settle(c, "whether the revision link");
    doubt_storage(c, data, link);
    if (data.there())
      c.because(10, "its data lies in the storage, without that link", {data.shown});
  }

  void weigh_tag() {
    const auto key = subject_key(s_);
    const Stock link = at_that_time(stock_.tag_link(s_.e.repository, s_.e.tag, s_.at), key, false);
    if (link.there()) return not_lost(link, link);
    if (Candidate* const never = try_find(CauseId::reference_never_existed); never && link.absent())
      never->because(link.sure ? 20 : 10, "the storage does not have the tag, either",
                     {link.shown});
  }
};

}  // namespace

void examine_evidence(const Situation& s, Candidates& out) {
  for (Candidate& c : out) c.by_lines = c.score() >= kCertain;
  Weigher(s, out).run();
}

}  // namespace regtriage
