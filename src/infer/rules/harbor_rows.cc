// What Harbor's tables say of an answer that core gave by itself.
//
// That core has no row of what was pushed has three reasons: the row was never made, an older
// database was restored, or somebody deleted it. The artifact table alone cannot tell them apart,
// so what only it says is never certain. artifact_trash can: every deletion leaves a row there (by
// digest; Harbor's collection removes the oldest first), and audit_log says who it was. A tag may
// be deleted alone, which leaves no row in the trash. A table is of this Harbor if it has a row
// that was made as this log's registry took a manifest of the same repository: two Harbors may well
// have repositories of one name. Source: goharbor/harbor src/controller/artifact/controller.go
// deleteDeeply, src/pkg/artifactrash/dao/dao.go Flush, src/controller/event/topic.go v2.7.4.
#include "base/text.h"
#include "infer/rules/scales.h"

namespace regtriage {
namespace {

constexpr const char* kNeedsTrash =
    "whether it was deleted since: Harbor's artifact_trash table, read after the error";
constexpr const char* kNeedsTie =
    "whether that table is of this Harbor: a row of something that this log saw pushed, in the "
    "same "
    "dump (Harbor's artifact table)";
constexpr const char* kNeedsAudit =
    "who deleted it, a person or a rule: Harbor's audit_log table, or core.log";

class RowWeigher : Scales {
 public:
  using Scales::Scales;

  void run() {
    const Event& e = s_.e;
    if (!stock_.has_rows() && stock_.empty()) return;
    if (e.kind != EventKind::request || e.status != 404) return;
    if (e.origin != Origin::front || e.answered_by != AnsweredBy::core) return;
    if (e.route == Route::blob) return weigh_blob();
    if (e.route == Route::manifest) weigh_manifest();
  }

 private:
  // The last sign that core or the registry took it; by tag: also which digest that was.
  void find_push() {
    const auto key = subject_key(s_);
    const Sight known = s_.h.harbor_pushes.last_before(key, s_.at);
    const Sight put = s_.h.stores.last_before(key, s_.at);
    const Sight last = latest({known, put});
    put_ = last ? last.order() : kNoTime;
    digest_ = s_.e.tag == NameId::none ? s_.e.digest : known ? known.digest() : NameId::none;
  }

  void weigh_manifest() {
    find_push();
    const bool by_tag = s_.e.tag != NameId::none;
    const auto key = subject_key(s_);
    if (weigh_deletion()) return;
    const Stock row = at_that_time(
        stock_.artifact_row(s_.e.repository, subject_of(s_), by_tag, put_, s_.at), key, false);
    if (row.there()) return row_is_there(row);
    if (by_tag && tag_alone_is_gone(row)) return;
    const Stock link = by_tag ? stock_.tag_link(s_.e.repository, s_.e.tag, s_.at)
                              : stock_.revision_link(s_.e.repository, s_.e.digest, s_.at);
    row_is_missing(row, at_that_time(link, key, false));
  }

  // Harbor's own word that it was deleted, and by whom.
  bool weigh_deletion() {
    const TimeNs from = put_ == kNoTime ? kBeforeAll : put_;
    Sight told;
    for (const NameId what : {s_.e.tag, digest_})
      if (!told && what != NameId::none)
        told = stock_.deletion_row(s_.e.repository, what, from, s_.at);
    if (told) {
      const bool rule = s_.h.text(told.event->from) == "harbor-jobservice";
      Candidate& c = find_or_add(rule ? CauseId::deleted_by_policy : CauseId::deleted_by_client,
                                 group_of(s_, s_.e.repository));
      c.because(90,
                rule ? "Harbor's audit log says that one of its jobs deleted it before this request"
                     : "Harbor's audit log says that it was deleted before this request",
                {told});
      // Another Harbor may hold a copy of that repository, and have deleted it there.
      if (!row_of_this_log()) c.needs(kNeedsTie);
      refute_missing(60, "Harbor's audit log says that it was deleted", told);
      return true;
    }
    if (digest_ == NameId::none) return false;
    const Sight trash = stock_.trash_row(s_.e.repository, digest_, from, s_.at);
    if (!trash) return false;
    find_or_add(CauseId::deleted_by_client, group_of(s_, s_.e.repository))
        .because(60, "Harbor's list of deleted artifacts has it, deleted before this request",
                 {trash})
        .needs(kNeedsAudit);
    refute_missing(60, "Harbor's list of deleted artifacts has it", trash);
    return true;
  }

  void refute_missing(int weight, const char* text, const Sight& shown) {
    refute(CauseId::harbor_row_missing, weight, text, shown);
    refute(CauseId::reference_never_existed, weight, text, shown);
  }

  void row_is_there(const Stock& row) {
    refute_missing(row.before ? 70 : 45, "Harbor's table has its row", row.shown);
    Candidate& c = out_.emplace_back(CauseId::undetermined, group_of(s_, s_.e.repository));
    c.because(40, "Harbor's table has its row, and core says that it has no such artifact",
              {row.shown});
    c.lacks("core.log of that moment, and whether every core reads this database");
  }

  // The artifact has its row and the tag has none.
  bool tag_alone_is_gone(const Stock& tag) {
    if (!tag.absent() || digest_ == NameId::none) return false;
    const Stock artifact = stock_.artifact_row(s_.e.repository, digest_, false, put_, s_.at);
    if (!artifact.there()) return false;
    find_or_add(CauseId::deleted_by_client, group_of(s_, s_.e.repository))
        .because(tag.sure ? 60 : 40,
                 "Harbor's tables have the artifact that was pushed under this tag, and not the "
                 "tag: the tag alone was deleted, or moved to another artifact",
                 {artifact.shown, tag.shown})
        .needs(kNeedsAudit);
    refute_missing(60, "Harbor's table has the artifact that was pushed under this tag",
                   artifact.shown);
    return true;
  }

  // A row of something else that this log saw pushed.
  Sight row_of_this_log() const {
    const auto puts = s_.h.manifest_puts.all();
    for (const auto& put : puts.first(std::min<std::size_t>(puts.size(), 1024))) {
      const Sight seen = put.sight();
      if (seen.repository() == NameId::none || seen.time() == kNoTime) continue;
      if (const Sight row = stock_.row_of_push(seen.repository(), seen.order())) return row;
    }
    return {};
  }

  void row_is_missing(const Stock& row, const Stock& link) {
    Candidate* c = try_find(CauseId::harbor_row_missing);
    if (!link.there() && !(c && row.absent())) return;
    const bool fresh = c == nullptr;
    c = &find_or_add(CauseId::harbor_row_missing, group_of(s_, s_.e.repository));
    if (link.there()) {
      c->because(fresh ? 55 : 5, "the storage has it, and core says that it has no such artifact",
                 {link.shown});
      refute(CauseId::reference_never_existed, 60, "the storage has it", link.shown);
    }
    if (row.absent())
      c->because(row.sure ? 25 : 5,
                 row.sure ? "Harbor's table, read later and whole, has no row of it"
                          : "Harbor's table has its neighbours and no row of it",
                 {row.shown});
    if (row.absent()) settle(*c, "Harbor's artifact table");
    if (!c->by_lines) prove_missing(*c, row);  // core's error on the push itself says it all
  }

  // The table alone does not say why there is no row.
  void prove_missing(Candidate& c, const Stock& row) {
    if (!row.absent() || !row.sure) {
      c.needs(
          "Harbor's artifact table as psql prints it, whole and read after the error: whether "
          "it has a row");
      return;
    }
    const Sight reaches = put_ == kNoTime ? Sight{} : stock_.trash_reaches(put_, s_.at);
    const bool tag_only = s_.e.tag != NameId::none && digest_ == NameId::none;
    if (!reaches || tag_only)
      c.needs(kNeedsTrash);
    else if (stock_.trash_row_ever(s_.e.repository, digest_))
      c.needs("whether it was deleted again, which leaves no second row: Harbor's audit_log table");
    else
      c.because(10, "Harbor's list of deleted artifacts goes back to before the push and lacks it",
                {reaches});
    if (const Sight own = row_of_this_log())
      c.because(5, "that table is of this Harbor: it has a row made when this log tells of a push",
                {own});
    else
      c.needs(kNeedsTie);
  }

  // The row of a layer that was made, or last used, as this log saw the layer stored.
  Sight layer_of_this_log() const {
    const auto stores = s_.h.stores.all();
    for (const auto& store : stores.first(std::min<std::size_t>(stores.size(), 1024))) {
      const Sight seen = store.sight();
      if (seen.digest() == NameId::none || seen.time() == kNoTime) continue;
      if (const Sight row = stock_.row_of_layer(seen.digest(), seen.order())) return row;
    }
    return {};
  }

  void weigh_blob() {
    const Stock row = stock_.blob_row(s_.e.digest, s_.at);
    if (row.there() && stock_.is_marked_row(row.shown)) return row_is_marked(row);
    if (row.there()) return row_is_not_marked(row);
    Candidate* const c = try_find(CauseId::harbor_row_missing);
    if (!c || !row.absent()) return;
    const auto key = subject_key(s_);
    const Sight after = s_.h.reads.first_after(key, s_.at);
    c->because(row.sure ? 25 : 5,
               row.sure ? "Harbor's blob table, read later and whole, has no row of it"
                        : "Harbor's blob table has other rows and no row of it",
               {row.shown});
    if (row.sure) settle(*c, "Harbor's blob table");
    // A collection removes the row after the data: what is still served was not collected.
    if (!after || !row.sure)
      c->needs(
          "Harbor's blob table, whole and read after the error, and the registry's answer to "
          "a GET of that layer after it");
    else if (!layer_of_this_log() && !row_of_this_log())
      c->needs(kNeedsTie);
    refute(CauseId::harbor_blob_marked_deleting, 40, "Harbor's blob table has no row of it",
           row.shown);
  }

  void row_is_marked(const Stock& row) {
    const TimeNs set = row.shown.time();
    Candidate& c = find_or_add(CauseId::harbor_blob_marked_deleting, group_of(s_, s_.e.digest));
    if (set != kNoTime && set > s_.at) {
      c.because(20, "its row in Harbor's table was marked for deletion after this request",
                {row.shown});
      c.needs("whether it was marked before, too: the collection's job log");
      return;
    }
    c.because(60, "its row in Harbor's table is marked for deletion", {row.shown});
    if (!layer_of_this_log() && !row_of_this_log()) c.needs(kNeedsTie);
    if (set == kNoTime)
      c.needs("since when it is marked: update_time of its row in Harbor's blob table");
    refute(CauseId::harbor_row_missing, 60, "Harbor's blob table has its row, marked", row.shown);
  }

  void row_is_not_marked(const Stock& row) {
    const bool unchanged = row.shown.time() != kNoTime && row.shown.time() <= s_.at && row.sure;
    const char* const text =
        unchanged ? "its row in Harbor's table was not marked then, and was not changed since"
                  : "its row in Harbor's table is not marked";
    refute(CauseId::harbor_blob_marked_deleting, unchanged ? 90 : 40, text, row.shown);
    refute(CauseId::harbor_row_missing, unchanged ? 90 : 40, "Harbor's blob table has its row",
           row.shown);
    Candidate& c = out_.emplace_back(CauseId::undetermined, group_of(s_, s_.e.repository));
    c.because(20, "Harbor's table has its row, and core says that it has no such layer",
              {row.shown});
    c.lacks("core.log of that moment, and whether every core reads this database");
  }

  TimeNs put_ = kNoTime;
  NameId digest_{};
};

}  // namespace

void examine_harbor_rows(const Situation& s, Candidates& out) { RowWeigher(s, out).run(); }

}  // namespace regtriage
