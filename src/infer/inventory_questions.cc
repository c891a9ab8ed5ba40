// What is asked of the entries.
#include <algorithm>

#include "base/text.h"
#include "infer/inventory.h"
#include "infer/inventory_words.h"

namespace regtriage {

using namespace entry;

namespace {

constexpr TimeNs kZones = 14 * kHour;
constexpr std::size_t kMany = 8;  // areas beside the one in question: no excerpt by chance
constexpr std::size_t kMostRows = 64, kMostGroups = 64;

// Surely not later than this; kNoTime if it is not known.
TimeNs written_by(const Facts& facts, const Event& e) {
  if (e.time == kNoTime) return kNoTime;
  return e.time + (contains(facts.text(e.agent), "local time") ? kZones : 0);
}

TimeNs listed_of(const Event& e) { return e.offset < 0 ? kNoTime : e.offset; }

// Any area whose name begins with `root` in [from, to) of an ordered map; and the latest writing.
template <class Iterator>
bool any_in(Iterator from, Iterator to, std::string_view root, TimeNs& written) {
  bool any = false;
  for (std::size_t looked = 0; from != to && looked < 1024; ++from, ++looked) {
    if (!from->first.starts_with(root)) continue;
    any = true;
    written = std::max(written, from->second.written);
  }
  return any;
}

template <class Areas>
bool has_part(const Areas& areas, std::string_view kind) {
  const auto at = areas.lower_bound(kind);
  return at != areas.end() && at->first.starts_with(kind);
}

}  // namespace

// What decides a question: the entry's own key, the area where it would stand, and what else shows
// that the area is whole.
struct Inventory::Place {
  std::uint64_t key = 0;
  std::uint64_t complaint = 0;  // the entry that says it is not there
  std::string path;             // in the order of keys; empty: of no storage
  std::string area;             // its own
  std::string siblings[2];      // of a link: the repository's other two kinds, if both are there
  std::string_view root;        // areas before which it needs others: "data ", or a kind of link
  std::string_view other;       // a part of the registry's root that no excerpt has
  bool by_neighbours = false;   // other areas before and behind it show that it is whole
  std::string_view rows;        // the kind of row
  TimeNs put = kNoTime;         // of a row: when it should have been made
};

// What is listed by a listing that may be later than the question.
Stock Inventory::entry(std::uint64_t key, TimeNs at) const {
  Stock out;
  const auto rows = entries_.rows(key);
  for (const auto& row : rows.first(std::min(rows.size(), kMostRows))) {
    const Event& e = row.event();
    const TimeNs listed = listed_of(e);
    if (listed != kNoTime && listed < at) continue;
    const auto group = groups_.find(group_of(e));
    const bool later = listed != kNoTime || (group != groups_.end() && group->second.newest > at);
    const TimeNs written = written_by(facts_, e);
    const bool before = later && written != kNoTime && written <= at;
    const bool elsewhere = group != groups_.end() && group->second.elsewhere;
    if (out.there() && (out.elsewhere == elsewhere ? out.before || !before : elsewhere)) continue;
    out.is = Stock::Is::there;
    out.sure = listed != kNoTime;
    out.before = before;
    out.elsewhere = elsewhere;
    out.by_dry_run = facts_.text(e.agent) == "registry garbage-collect";
    out.shown = row.sight();
  }
  return out;
}

bool Inventory::has_all_rows(const Group& group, std::string_view kind, TimeNs put) const {
  const auto at = group.tables.find(kind);
  if (at == group.tables.end() || at->second.rows == 0) return false;
  const Table& table = at->second;
  const bool limited = table.rows % 5 == 0 && (put == kNoTime || table.newest <= put);
  if (table.rows != table.promised || limited) return false;
  if (kind != kArtifact && kind != kTagRow) return true;
  return put != kNoTime && table.oldest != kNoTime && table.oldest < put;
}

bool Inventory::is_cut(const Group& group, const Place& place) const {
  if (!place.rows.empty()) return !has_all_rows(group, place.rows, place.put);
  if (place.path.empty()) return false;
  if (group.ordered) return !(place.path < group.last);
  if (!place.by_neighbours)
    return group.areas.count(place.area) == 0 || group.areas.count(place.siblings[0]) == 0 ||
           group.areas.count(place.siblings[1]) == 0;
  return group.holes > 3 + group.named / 10;
}

bool Inventory::is_absent_in(const Group& group, TimeNs listed, const Place& place, TimeNs at,
                             Stock& out) const {
  if (listed != kNoTime && listed <= at) return false;
  const Areas& areas = group.areas;
  bool whole = false, later = listed != kNoTime;
  const auto own = areas.find(place.area);
  if (own != areas.end()) {
    whole = true;
    later |= own->second.written > at;
    out.shown = own->second.witness;
  }
  const auto sibling = [&](int i) { return areas.find(place.siblings[i]); };
  if (!whole && !place.siblings[0].empty() && sibling(0) != areas.end() &&
      sibling(1) != areas.end()) {
    whole = true;
    later |= std::max(sibling(0)->second.written, sibling(1)->second.written) > at;
    out.shown = sibling(0)->second.witness;
  }
  if (place.by_neighbours) {
    const auto begin = areas.lower_bound(place.root);
    const auto here = areas.lower_bound(place.area);
    auto end = here;
    std::size_t count = static_cast<std::size_t>(own != areas.end());
    TimeNs low = kNoTime, high = kNoTime;
    const bool below = any_in(begin, here, place.root, low);
    while (end != areas.end() && end->first.starts_with(place.root) && count < 1024) ++end, ++count;
    for (auto before = begin; before != here && count < kMany; ++before) ++count;
    const bool above = any_in(here, end, place.root, high);
    const bool around = below && above;
    // Links stand behind all data in a bucket's order.
    if (place.other == "layers ")
      any_in(areas.lower_bound(place.other), areas.end(), place.other, high);
    later |= low > at && high > at;
    if (!whole && (around || count >= kMany)) {
      whole = true;
      out.shown = (end == here ? std::prev(here) : here)->second.witness;
    }
  }
  if (!whole) return false;
  out.is = Stock::Is::absent;
  out.sure =
      later && (place.other.empty() || has_part(areas, place.other)) && !is_cut(group, place);
  return true;
}

// In the groups of the registry's own root, but not in those of `besides`.
Stock Inventory::absence(const Place& place, TimeNs at, const std::string* besides) const {
  Stock absent;
  std::size_t looked = 0;
  for (const auto& [key, group] : groups_) {
    if (++looked > kMostGroups) break;
    if (group.elsewhere || (besides != nullptr && key.second == *besides)) continue;
    Stock here;
    if (!is_absent_in(group, key.first, place, at, here)) continue;
    if (!absent.absent() || (here.sure && !absent.sure)) absent = here;
  }
  return absent;
}

// A listing that is surely later decides; of the rest, what is there before what is not.
Stock Inventory::ask(const Place& place, TimeNs at) const {
  Stock found = entry(place.key, at);
  if (found.there() && !found.elsewhere && (found.sure || found.before)) {
    if (!place.path.empty()) {
      const std::string root = group_of(*found.shown.event).second;
      found.disputed = told_.driver.empty() && absence(place, at, &root).sure;
    }
    return found;
  }
  Stock absent = absence(place, at, nullptr);
  if (found.there() && !found.elsewhere && !absent.sure) return found;
  if (found.elsewhere) absent.copy = found.shown;
  if (place.complaint != 0)
    if (const Sight told = entries_.last(place.complaint); told && !absent.sure) {
      Stock complained;
      complained.is = Stock::Is::absent;
      complained.shown = told;
      complained.copy = absent.copy;
      return complained;
    }
  return !absent.absent() && found.elsewhere ? found : absent;
}

// A whole and later dry run that neither found it in use nor found it.
Stock Inventory::unknown_to_dry_run(NameId digest, TimeNs at) const {
  Stock out;
  std::size_t looked = 0;
  for (const auto& [key, group] : groups_) {
    const TimeNs listed = key.first;
    if (++looked > kMostGroups) break;
    const bool whole = group.summary && !group.failed && group.promised == group.found;
    if (listed == kNoTime || listed <= at || !whole) continue;
    const auto marks = entries_.rows(key_in(kMarked, digest));
    const bool used = std::any_of(marks.begin(), marks.end(), [&](const SightIndex::Row& row) {
      return row.event().kind == EventKind::listed && row.event().offset == listed;
    });
    if (used) continue;
    out.is = Stock::Is::absent;
    out.sure = out.by_dry_run = true;
    out.shown = group.summary;
  }
  return out;
}

Stock Inventory::blob_data(NameId digest, TimeNs at) const {
  Place place;
  place.key = key_in(kData, NameId::none, digest);
  place.complaint = key_in("no blob data", NameId::none, digest);
  place.path = data_path(facts_.text(digest));
  place.area = shard_of(facts_.text(digest));
  place.root = "data ";
  place.other = "layers ";
  place.by_neighbours = true;
  const Stock told = ask(place, at);
  if (told.there() || told.sure) return told;
  const Stock dry = unknown_to_dry_run(digest, at);
  return dry.absent() ? dry : told;
}

Stock Inventory::layer_link(NameId repository, NameId digest, TimeNs at) const {
  return link({kLayer, "no layer link", "_layers", {"layers", "revisions", "tags"}}, repository,
              digest, at);
}

Stock Inventory::revision_link(NameId repository, NameId digest, TimeNs at) const {
  return link(
      {kRevision, "no revision link", "_manifests/revisions", {"revisions", "layers", "tags"}},
      repository, digest, at);
}

Stock Inventory::tag_link(NameId repository, NameId tag, TimeNs at) const {
  return link({kTag, "no tag link", "_manifests/tags", {"tags", "layers", "revisions"}}, repository,
              tag, at);
}

Stock Inventory::link(const LinkKind& kind, NameId repository, NameId what, TimeNs at) const {
  const std::string_view name = facts_.text(repository);
  Place place;
  place.key = key_in(kind.name, repository, what);
  place.complaint = key_in(kind.complaint, repository, what);
  place.path = link_path(name, kind.folder, facts_.text(what));
  place.area = area_of(kind.areas[0], name);
  place.siblings[0] = area_of(kind.areas[1], name);
  place.siblings[1] = area_of(kind.areas[2], name);
  place.other = "data ";
  return ask(place, at);
}

Stock Inventory::cache_key(NameId repository, NameId digest, TimeNs at) const {
  const Stock here = entry(key_in(kKey, repository, digest), at);
  if (here.there()) return here;
  return entry(key_in(kKey, NameId::none, digest), at);
}

Stock Inventory::artifact_row(NameId repository, NameId reference, bool is_tag, TimeNs put,
                              TimeNs at) const {
  const std::string_view name = facts_.text(repository);
  Place place;
  place.key = key_in(is_tag ? kTagged : kArtifact, repository, reference);
  place.area = area_of(is_tag ? "tagged" : "rows", name);
  place.rows = is_tag ? kTagRow : kArtifact;
  place.put = put;
  if (is_tag && entries_.any(key_in(kOfUnknown, reference))) return entry(place.key, at);
  if (!is_tag) place.siblings[0] = place.siblings[1] = area_of("project", project_of(name));
  Stock told = ask(place, at);
  if (is_tag && told.is == Stock::Is::untold) {
    // No row of the repository at all: then none of its tags, either.
    const std::string rows = area_of("rows", name);
    for (const auto& [key, group] : groups_)
      if (group.areas.count(rows) != 0) return told;
    place.rows = kArtifact;
    place.siblings[0] = place.siblings[1] = area_of("project", project_of(name));
    told = ask(place, at);
  }
  const bool made_later = told.there() && told.shown.time() != kNoTime && told.shown.time() > at;
  return made_later ? Stock{} : told;
}

bool Inventory::is_marked_row(const Sight& row) const {
  return row && facts_.text(row.event->detail) == kMarkedRow;
}

Stock Inventory::blob_row(NameId digest, TimeNs at) const {
  const Stock marked = entry(key_in(kMarkedRow, NameId::none, digest), at);
  if (marked.there()) return marked;
  Place place;
  place.key = key_in(kBlobRow, NameId::none, digest);
  place.area = "blob rows";
  place.rows = kBlobRow;
  return ask(place, at);
}

Sight Inventory::row_between(std::uint64_t key, TimeNs from, TimeNs at) const {
  const auto rows = entries_.rows(key);
  Sight out;
  for (const auto& row : rows.first(std::min(rows.size(), kMostRows))) {
    const TimeNs time = row.event().time;
    if (time != kNoTime && time >= from && time <= at) out = row.sight();
  }
  return out;
}

Sight Inventory::trash_row(NameId repository, NameId digest, TimeNs from, TimeNs at) const {
  return row_between(key_in(kTrash, repository, digest), from, at);
}

Sight Inventory::trash_reaches(TimeNs from, TimeNs at) const {
  for (const auto& [key, group] : groups_)
    if (key.first != kNoTime && key.first > at && group.oldest_trash &&
        group.oldest_trash.time() <= from && has_all_rows(group, kTrash, from))
      return group.oldest_trash;
  return {};
}

Sight Inventory::trash_row_ever(NameId repository, NameId digest) const {
  return entries_.first(key_in(kTrash, repository, digest));
}

Sight Inventory::deletion_row(NameId repository, NameId what, TimeNs from, TimeNs at) const {
  return row_between(key_in(kDeletion, repository, what), from, at);
}

Sight Inventory::row_of_push(NameId repository, TimeNs put) const {
  constexpr TimeNs kNear = 10 * kSecond;
  const auto rows = pushed_.find(repository);
  if (rows == pushed_.end()) return {};
  const auto at = std::lower_bound(rows->second.begin(), rows->second.end(), put - kNear,
                                   [](const Sight& row, TimeNs time) { return row.time() < time; });
  return at != rows->second.end() && at->time() <= put + kNear ? *at : Sight{};
}

Sight Inventory::row_of_layer(NameId digest, TimeNs stored) const {
  constexpr TimeNs kNear = 10 * kSecond;
  const Sight row =
      row_between(key_in(kBlobRow, NameId::none, digest), stored - kNear, stored + kNear);
  if (row) return row;
  return row_between(key_in(kMarkedRow, NameId::none, digest), stored - kNear, stored + kNear);
}

Sight Inventory::owner_of_blob(NameId digest, TimeNs at) const {
  for (const std::uint64_t key : {key_in(kPair, NameId::none, digest), key_in(kOwned, digest)})
    for (const auto& row : entries_.rows(key).first(std::min(entries_.rows(key).size(), kMostRows)))
      if (row.event().time == kNoTime || row.event().time <= at) return row.sight();
  return {};
}

bool Inventory::was_deleted(NameId digest) const { return entries_.any(key_in(kDeleted, digest)); }

Sight Inventory::marked(NameId digest) const { return entries_.first(key_in(kMarked, digest)); }

}  // namespace regtriage
