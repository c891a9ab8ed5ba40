// What listings and configurations say of a line that the other rules have judged: they settle what
// lines only suggest, and refute what lines only seem to say. A piece here is worth most where the
// listing is surely later and whole (inventory.h); of a listing without a date it is worth little.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "infer/rules/rules.h"

namespace regtriage {
namespace {

constexpr std::array<CauseId, 9> kLosses = {CauseId::blob_data_missing,
                                            CauseId::manifest_data_missing,
                                            CauseId::harbor_content_missing,
                                            CauseId::manifest_revision_missing,
                                            CauseId::layer_link_missing,
                                            CauseId::index_child_deleted,
                                            CauseId::deleted_by_garbage_collection,
                                            CauseId::stale_descriptor_cache,
                                            CauseId::harbor_manifest_cache};

class Weigher {
 public:
  Weigher(const Situation& situation, Candidates& candidates)
      : s_(situation), stock_(situation.context.inventory), out_(candidates) {}

  void run() {
    if (!stock_.empty() || stock_.dry_run()) weigh_stock();
    if (!s_.context.settings.empty()) weigh_settings();
  }

 private:
  Candidate* try_find(CauseId cause) {
    for (Candidate& c : out_)
      if (c.cause == cause) return &c;
    return nullptr;
  }
  Candidate& find_or_add(CauseId cause, std::string group) {
    if (Candidate* const known = try_find(cause)) return *known;
    return out_.emplace_back(cause, std::move(group));
  }
  // The first of these that another rule found, else a new one of the last.
  Candidate& loss(std::initializer_list<CauseId> causes, std::string group) {
    for (const CauseId cause : causes)
      if (Candidate* const known = try_find(cause)) return *known;
    return out_.emplace_back(*std::prev(causes.end()), std::move(group));
  }
  void refute(CauseId cause, int weight, const char* text, const Sight& shown) {
    if (Candidate* const known = try_find(cause)) known->despite(weight, text, {shown});
  }
  void refute_losses(int weight, const char* text, const Sight& shown) {
    for (const CauseId cause : kLosses) refute(cause, weight, text, shown);
  }
  bool any_loss() {
    return std::any_of(kLosses.begin(), kLosses.end(),
                       [&](CauseId cause) { return try_find(cause) != nullptr; });
  }
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

  // Stored again since: what lies there now says nothing of that moment.
  Stock at_that_time(Stock stock, std::uint64_t key, bool anywhere) const {
    const SightIndex& stores = anywhere ? s_.h.anywhere : s_.h.stores;
    const Sight again = stores.first_after(key, s_.at);
    const bool stored = again && (again.status() == 201 || !is_read(again.method()));
    return stock.there() && !stock.before && stored ? Stock{} : stock;
  }

  void weigh_stock() {
    const Event& e = s_.e;
    if (e.kind != EventKind::request || e.status != 404) return;
    if (e.origin == Origin::front && e.answered_by == AnsweredBy::core) return weigh_core();
    if (e.code == Code::BLOB_UNKNOWN && e.route == Route::blob) return weigh_blob();
    if (e.code != Code::MANIFEST_UNKNOWN || !is_read(e.method)) return;
    if (is_unknown_tag(s_)) return weigh_tag();
    if (e.digest != NameId::none) weigh_manifest();
  }

  // What the registry called unknown lies where it should: it looked somewhere else.
  void not_lost(const Stock& a, const Stock& b) {
    if (s_.h.is_proxy) return;
    const bool before = a.before && b.before;
    refute_losses(before ? 70 : 45, "it lies in the storage, as the listing shows", a.shown);
    refute(CauseId::reference_never_existed, before ? 70 : 45,
           "it lies in the storage, as the listing shows", a.shown);
    refute(CauseId::deleted_by_client, before ? 50 : 30,
           "it lies in the storage, as the listing shows", a.shown);
    for (const CauseId two :
         {CauseId::replicas_unshared_storage, CauseId::storage_not_yet_consistent})
      if (Candidate* const known = try_find(two)) {
        known->because(20, "it lies in the storage, so one of the answers was wrong", {a.shown});
        return;
      }
    Candidate& c = find_or_add(CauseId::storage_root_changed, group_of(s_, s_.e.repository));
    c.because(before ? 60 : 40, "it lies in the storage, so the registry looked somewhere else",
              {a.shown, b.shown});
    weigh_root(c, a.shown);
    c.lacks("the configuration of every replica: which bucket and rootdirectory it reads");
  }

  // The root under which it was listed and the one that the registry is told.
  void weigh_root(Candidate& c, const Sight& listed) {
    const NameId from = listed.event->from;
    const std::vector<Sight> roots = s_.context.settings.roots();
    if (from == NameId::none || roots.size() != 1) return;
    const std::string_view key = s_.h.text(roots[0].event->from);
    if (!key.ends_with(".rootdirectory")) return;
    const auto bare = [](std::string_view path) {
      while (path.starts_with('/')) path.remove_prefix(1);
      while (path.ends_with('/')) path.remove_suffix(1);
      return path;
    };
    const std::string_view told = bare(s_.h.text(roots[0].event->detail));
    const std::string_view seen = bare(s_.h.text(from));
    // A listing may print the bucket or the host's path before the root.
    if (seen == told || (!told.empty() && seen.ends_with(told)))
      c.despite(25, "the registry is told to read the very root that was listed", {roots[0]});
    else
      c.because(30, "the registry is told another root than the one that was listed", {roots[0]});
  }

  void weigh_blob() {
    const NameId digest = s_.e.digest;
    const auto here = key_of(s_.e.repository, digest);
    const Stock data = at_that_time(stock_.blob_data(digest, s_.at), key_of(digest), true);
    const Stock link = at_that_time(stock_.layer_link(s_.e.repository, digest, s_.at), here, false);
    const Sight named =
        stock_.marked(digest) ? stock_.marked(digest) : stock_.artifact_of_blob(digest);
    weigh_collection(data);
    if (data.there() && link.there()) return not_lost(data, link);
    const bool was = static_cast<bool>(last_presence(s_, here));
    if (data.there()) {
      if (link.absent() && (was || any_loss())) {
        Candidate& c =
            find_or_add(CauseId::layer_link_missing, group_of(s_, digest, s_.e.repository));
        c.because(45, "the blob's data lies in the storage", {data.shown});
        c.because(link.sure ? 50 : 15,
                  link.sure ? "a later listing has this repository's other links and not this one"
                            : "this repository's link to it is not listed",
                  {link.shown});
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
    if (named) c.because(expected ? 15 : 40, "a manifest that is stored names this blob", {named});
    if (data.absent())
      c.because(data.sure ? 50 : 15,
                data.sure ? "a later listing of the storage has its neighbours and not its data"
                          : "its data is not in the listing of the storage",
                {data.shown});
    if (data.absent()) settle(c, "whether the blob's data");
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
      c->because(15, "a later listing of the storage does not have it", {data.shown});
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
    if (data.absent())
      c.because(data.sure ? 40 : 15,
                data.sure ? "a later listing of the storage has its neighbours and not its data"
                          : "its data is not in the listing of the storage",
                {data.shown});
    for (const CauseId cause : {CauseId::manifest_revision_missing, CauseId::manifest_data_missing,
                                CauseId::harbor_content_missing})
      refute(cause, 30, "the cache still describes it: the next push would store nothing",
             cached.shown);
  }

  // What was asked for is here now.
  static void settle(Candidate& c, std::string_view question) {
    std::erase_if(c.missing, [&](const std::string& text) { return text.starts_with(question); });
  }

  void data_is_lost(const Stock& data, const Stock& link) {
    if (is_explained()) return;
    Candidate& c =
        loss({CauseId::stale_descriptor_cache, CauseId::harbor_content_missing,
              is_harbor() ? CauseId::harbor_content_missing : CauseId::manifest_data_missing},
             group_of(s_, s_.e.repository, s_.e.digest));
    c.because(45, "the repository has its link to this manifest", {link.shown});
    c.because(data.sure ? 50 : 15,
              data.sure ? "a later listing of the storage has its neighbours and not its data"
                        : "its data is not in the listing of the storage",
              {data.shown});
    settle(c, "whether the revision link");
    refute(CauseId::manifest_revision_missing, 60, "the repository has its link to this manifest",
           link.shown);
    refute(CauseId::reference_never_existed, 60, "the repository has its link to this manifest",
           link.shown);
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

  // Core says that Harbor's database has no such thing.
  void weigh_core() {
    if (s_.e.route == Route::blob) return weigh_core_blob();
    if (s_.e.route != Route::manifest) return;
    const bool by_tag = s_.e.tag != NameId::none;
    const auto key = subject_key(s_);
    const Stock row = at_that_time(
        stock_.artifact_row(s_.e.repository, subject_of(s_), by_tag, s_.at), key, false);
    const Stock content = by_tag ? stock_.tag_link(s_.e.repository, s_.e.tag, s_.at)
                                 : stock_.revision_link(s_.e.repository, s_.e.digest, s_.at);
    if (const Sight trash = by_tag ? Sight{} : stock_.trash_row(s_.e.repository, s_.e.digest)) {
      find_or_add(CauseId::deleted_by_client, group_of(s_, s_.e.repository))
          .because(60, "Harbor's list of deleted artifacts has it", {trash})
          .lacks("when it was deleted: core.log, or the row's creation_time");
      refute(CauseId::harbor_row_missing, 60, "Harbor's list of deleted artifacts has it", trash);
      refute(CauseId::reference_never_existed, 60, "Harbor's list of deleted artifacts has it",
             trash);
      return;
    }
    if (row.there()) return row_is_there(row);
    const bool content_there = at_that_time(content, key, false).there();
    Candidate* c = try_find(CauseId::harbor_row_missing);
    if (!content_there && !(c && row.absent())) return;
    c = &find_or_add(CauseId::harbor_row_missing, group_of(s_, s_.e.repository));
    if (content_there)
      c->because(c->pieces.empty() ? 55 : 15,
                 "the storage has it, and core says that it has no such artifact", {content.shown});
    if (row.absent())
      c->because(row.sure ? 25 : 15,
                 row.sure ? "Harbor's table, read later, has its neighbours and no row of it"
                          : "Harbor's table has its neighbours and no row of it",
                 {row.shown});
    if (content_there)
      refute(CauseId::reference_never_existed, 60, "the storage has it", content.shown);
  }

  void row_is_there(const Stock& row) {
    for (const CauseId cause : {CauseId::harbor_row_missing, CauseId::reference_never_existed})
      refute(cause, row.before ? 70 : 45, "Harbor's table has its row", row.shown);
    Candidate& c = out_.emplace_back(CauseId::undetermined, group_of(s_, s_.e.repository));
    c.because(40, "Harbor's table has its row, and core says that it has no such artifact",
              {row.shown});
    c.lacks("core.log of that moment, and whether every core reads this database");
  }

  void weigh_core_blob() {
    Candidate* const c = try_find(CauseId::harbor_blob_marked_deleting);
    if (const Sight marked = stock_.blob_row(s_.e.digest, true))
      find_or_add(CauseId::harbor_blob_marked_deleting, group_of(s_, s_.e.digest))
          .because(60, "its row in Harbor's table is marked for deletion", {marked});
    else if (const Sight row = stock_.blob_row(s_.e.digest, false); row && c)
      c->despite(40, "its row in Harbor's table is not marked", {row});
  }

  void weigh_settings() {
    const Settings& settings = s_.context.settings;
    const std::vector<Sight> secrets = settings.of("http.secret");
    if (Candidate* const c = try_find(CauseId::replicas_different_secret))
      if (secrets.size() > 1)
        c->because(35, "two configurations have different secrets", {secrets[0], secrets[1]});
    const std::vector<Sight> roots = settings.roots();
    if (roots.size() > 1) {
      if (Candidate* const c = try_find(CauseId::storage_root_changed))
        c->because(30, "two configurations name different places", {roots[0], roots[1]});
      if (Candidate* const c = try_find(CauseId::replicas_unshared_storage))
        c->because(30, "two configurations name different places", {roots[0], roots[1]});
    }
    weigh_cache(settings);
    weigh_refusal(settings);
    weigh_location(settings);
  }

  // No cache is configured: none can be stale.
  void weigh_cache(const Settings& settings) {
    Candidate* const c = try_find(CauseId::stale_descriptor_cache);
    const bool cache = s_.h.redis_cache || s_.h.memory_cache ||
                       !settings.of("storage.cache.blobdescriptor").empty() ||
                       !settings.of("storage.cache.layerinfo").empty();
    if (!c || cache || !settings.has_storage()) return;
    c->despite(50, "the registry's configuration has no descriptor cache", {settings.roots()[0]});
    if (s_.e.code == Code::MANIFEST_UNKNOWN && s_.e.digest != NameId::none)
      loss({CauseId::harbor_content_missing, CauseId::manifest_revision_missing},
           group_of(s_, s_.e.repository, s_.e.digest))
          .because(10, "without a cache only the storage can have lost it", {settings.roots()[0]});
  }

  void weigh_refusal(const Settings& settings) {
    Candidate* const c = try_find(CauseId::client_defect);
    if (!c || s_.e.code != Code::UNSUPPORTED) return;
    const auto is = [&](std::string_view key, std::string_view value) {
      return settings.value(key) == value ? settings.of(key)[0] : Sight{};
    };
    if (const Sight read_only = is("storage.maintenance.readonly.enabled", "true"))
      c->because(30, "the registry is configured read-only", {read_only});
    else if (s_.e.method == Method::DELETE)
      if (const Sight off = is("storage.delete.enabled", "false"))
        c->because(30, "the registry is configured to take no deletions", {off});
  }

  // Behind a proxy that ends TLS the registry's Location says http:// unless it is told better.
  void weigh_location(const Settings& settings) {
    Candidate* const c = try_find(CauseId::proxy_breaks_upload_location);
    if (!c) return;
    const std::vector<Sight> scheme = settings.of("proxy_set_header.X-Forwarded-Proto");
    const std::vector<Sight> relative = settings.of("http.relativeurls");
    if (settings.value("http.relativeurls") == "true")
      c->despite(30, "the registry answers with relative locations", {relative[0]});
    else if (!scheme.empty())
      c->despite(10, "the proxy passes the scheme on", {scheme[0]});
  }

  const Situation& s_;
  const Inventory& stock_;
  Candidates& out_;
};

}  // namespace

void examine_evidence(const Situation& s, Candidates& out) { Weigher(s, out).run(); }

}  // namespace regtriage
