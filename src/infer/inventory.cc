#include "infer/inventory.h"

#include <algorithm>

#include "base/text.h"

namespace regtriage {
namespace {

constexpr TimeNs kZones = 14 * kHour;
constexpr std::size_t kMany = 8;  // areas beside the one in question: no excerpt by chance
constexpr std::size_t kMostRows = 64;

// What an entry is of. Its words are those of the parsers (format/formats/listing.cc and
// format/headings/).
constexpr std::string_view kData = "blob data", kLayer = "layer link", kRevision = "revision link",
                           kTag = "tag link", kTagEntry = "tag entry", kKey = "cache key",
                           kArtifact = "artifact row", kTagRow = "tag row", kBlobRow = "blob row",
                           kMarkedRow = "blob row, marked", kTrash = "trash row",
                           kPair = "artifact blob row", kNoKey = "no cache key";
constexpr std::string_view kDeleted = "collected";
constexpr std::string_view kMarked = "in use";           // of a collection
constexpr std::string_view kTagged = "artifact by tag";  // a tag's row and its artifact's, joined

std::uint64_t key_in(std::string_view what, NameId a, NameId b = NameId::none) {
  const Hash128 kind = hash_of(what);
  return key_of(a, b, static_cast<NameId>(static_cast<std::uint32_t>(kind.lo)));
}

bool zone_is_open(const Facts& facts, const Event& e) {
  return contains(facts.text(e.agent), "local time");
}

// Surely not later than this; kNoTime if it is not known.
TimeNs written_by(const Facts& facts, const Event& e) {
  return e.time == kNoTime ? kNoTime : e.time + (zone_is_open(facts, e) ? kZones : 0);
}
// Surely not earlier than this.
TimeNs written_from(const Facts& facts, const Event& e) {
  return e.time == kNoTime ? kNoTime : e.time - (zone_is_open(facts, e) ? kZones : 0);
}

TimeNs listed_of(const Event& e) { return e.offset < 0 ? kNoTime : e.offset; }

Sight sight_of(const Event& e) {
  Sight s;
  s.event = &e;
  return s;
}

// "sha256:1a2b…" → "data sha256/1a"
std::string shard_of(std::string_view digest) {
  const std::size_t colon = digest.find(':');
  if (colon == std::string_view::npos) return {};
  return "data " + std::string(digest.substr(0, colon)) + '/' +
         std::string(digest.substr(colon + 1, 2));
}

std::string area_of(std::string_view kind, std::string_view repository) {
  return std::string(kind) + ' ' + std::string(repository);
}

std::string_view project_of(std::string_view repository) {
  return repository.substr(0, repository.find('/'));
}

}  // namespace

// What decides a question: the entry's own key, the area where it would stand, and what else shows
// that the area is whole.
struct Inventory::Place {
  std::uint64_t key = 0;
  std::uint64_t complaint = 0;  // the entry that says it is not there
  std::string area;             // its own
  std::string siblings[2];      // of a link: the repository's other two kinds, if both are there
  std::string_view root;        // areas before which it needs others: "data ", or a kind of link
  std::string_view other;       // a part of the registry's root that no excerpt has
  bool by_neighbours = false;   // other areas before and behind it show that it is whole
};

Inventory::Inventory(const Facts& facts) : facts_(facts) {
  for (const Event& e : facts.events) {
    if (e.kind == EventKind::listed) add(e);
    if ((e.kind == EventKind::gc_mark_blob || e.kind == EventKind::gc_mark_manifest) &&
        e.digest != NameId::none)
      entries_.add(key_in(kMarked, e.digest), sight_of(e));
    if (e.kind == EventKind::gc_delete_blob || e.kind == EventKind::gc_delete_manifest)
      entries_.add(key_in(kDeleted, e.digest), sight_of(e));
    if (e.kind == EventKind::gc_start && contains(facts.text(e.detail), "--dry-run"))
      dry_run_ = sight_of(e);
  }
  entries_.sort();
  resolve_tags();
}

void Inventory::add_to_area(Areas& areas, std::string name, const Event& e) {
  const auto [at, fresh] = areas.try_emplace(std::move(name));
  Span& span = at->second;
  if (fresh || e.id < span.witness.id()) span.witness = sight_of(e);
  span.written = std::max(span.written, written_from(facts_, e));
}

void Inventory::add(const Event& e) {
  const std::string_view what = facts_.text(e.detail);
  const bool by_digest = what == kData || what == kBlobRow || what == kMarkedRow || what == kPair;
  const NameId subject = what == kTag || what == kTagRow ? e.tag : e.digest;
  const NameId first = by_digest ? NameId::none : what == kTagRow ? e.from : e.repository;
  entries_.add(key_in(what, first, subject), sight_of(e));
  if (what == kKey || what == kNoKey)
    entries_.add(key_in(what, NameId::none, e.digest), sight_of(e));
  if (what == kArtifact && e.from != NameId::none)
    entries_.add(key_in(kArtifact, e.from), sight_of(e));
  if (what == kArtifact && e.tag != NameId::none)
    entries_.add(key_in(kTagged, e.repository, e.tag), sight_of(e));
  has_rows_ |= what.ends_with(" row") || what == kMarkedRow;
  if (what.starts_with("no ")) return;
  const TimeNs listed = listed_of(e);
  Areas& areas = groups_[listed];
  TimeNs& newest = newest_.try_emplace(listed, kNoTime).first->second;
  newest = std::max(newest, written_from(facts_, e));
  const std::string_view repository = facts_.text(e.repository);
  if (what == kData) add_to_area(areas, shard_of(facts_.text(e.digest)), e);
  if (what == kLayer) add_to_area(areas, area_of("layers", repository), e);
  if (what == kRevision) add_to_area(areas, area_of("revisions", repository), e);
  if (what == kTag || what == kTagEntry) add_to_area(areas, area_of("tags", repository), e);
  if (what == kArtifact) {
    add_to_area(areas, area_of("rows", repository), e);
    add_to_area(areas, area_of("project", project_of(repository)), e);
  }
}

// A tag's row names its artifact by number; the artifact's row says which repository that is.
void Inventory::resolve_tags() {
  std::vector<std::pair<std::uint64_t, Sight>> found;
  for (const Event& e : facts_.events) {
    if (e.kind != EventKind::listed || facts_.text(e.detail) != kTagRow) continue;
    const Sight artifact = entries_.first(key_in(kArtifact, e.from));
    if (!artifact) continue;
    found.emplace_back(key_in(kTagged, artifact.repository(), e.tag), sight_of(e));
    add_to_area(groups_[listed_of(e)], area_of("tagged", facts_.text(artifact.repository())), e);
  }
  if (found.empty()) return;
  for (const auto& [key, sight] : found) entries_.add(key, sight);
  entries_.sort();
}

// What is listed by a listing that may be later than the question.
Stock Inventory::entry(std::uint64_t key, TimeNs at) const {
  Stock out;
  const auto rows = entries_.rows(key);
  for (const auto& row : rows.first(std::min(rows.size(), kMostRows))) {
    const Event& e = row.event();
    const TimeNs listed = listed_of(e);
    if (listed != kNoTime && listed < at) continue;
    const auto newest = newest_.find(listed);
    const bool later = listed != kNoTime || (newest != newest_.end() && newest->second > at);
    const TimeNs written = written_by(facts_, e);
    const bool before = later && written != kNoTime && written <= at;
    if (out.there() && (out.before || !before)) continue;
    out = {Stock::Is::there, listed != kNoTime, before, row.sight()};
  }
  return out;
}

namespace {

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

bool Inventory::is_absent_in(const Areas& areas, TimeNs listed, const Place& place, TimeNs at,
                             Stock& out) const {
  if (listed != kNoTime && listed <= at) return false;
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
  out.sure = later && (place.other.empty() || has_part(areas, place.other));
  return true;
}

// A listing that is surely later decides; of the rest, what is there before what is not.
Stock Inventory::ask(const Place& place, TimeNs at) const {
  const Stock found = entry(place.key, at);
  if (found.there() && (found.sure || found.before)) return found;
  Stock absent;
  for (const auto& [listed, areas] : groups_) {
    Stock here;
    if (!is_absent_in(areas, listed, place, at, here)) continue;
    if (!absent.absent() || (here.sure && !absent.sure)) absent = here;
  }
  if (found.there() && !absent.sure) return found;
  if (place.complaint != 0)
    if (const Sight told = entries_.last(place.complaint); told && !absent.sure)
      return {Stock::Is::absent, false, false, told};
  return absent;
}

Stock Inventory::blob_data(NameId digest, TimeNs at) const {
  Place place;
  place.key = key_in(kData, NameId::none, digest);
  place.complaint = key_in("no blob data", NameId::none, digest);
  place.area = shard_of(facts_.text(digest));
  place.root = "data ";
  place.other = "layers ";
  place.by_neighbours = true;
  return ask(place, at);
}

Stock Inventory::layer_link(NameId repository, NameId digest, TimeNs at) const {
  return link({kLayer, "no layer link", {"layers", "revisions", "tags"}}, repository, digest, at);
}

Stock Inventory::revision_link(NameId repository, NameId digest, TimeNs at) const {
  return link({kRevision, "no revision link", {"revisions", "layers", "tags"}}, repository, digest,
              at);
}

Stock Inventory::tag_link(NameId repository, NameId tag, TimeNs at) const {
  return link({kTag, "no tag link", {"tags", "layers", "revisions"}}, repository, tag, at);
}

Stock Inventory::link(const LinkKind& kind, NameId repository, NameId what, TimeNs at) const {
  const std::string_view name = facts_.text(repository);
  Place place;
  place.key = key_in(kind.name, repository, what);
  place.complaint = key_in(kind.complaint, repository, what);
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

Stock Inventory::artifact_row(NameId repository, NameId reference, bool is_tag, TimeNs at) const {
  const std::string_view name = facts_.text(repository);
  Place place;
  place.key = key_in(is_tag ? kTagged : kArtifact, repository, reference);
  place.area = area_of(is_tag ? "tagged" : "rows", name);
  if (!is_tag) place.siblings[0] = place.siblings[1] = area_of("project", project_of(name));
  const Stock told = ask(place, at);
  if (!is_tag || told.is != Stock::Is::untold) return told;
  // No row of the repository at all: then none of its tags, either.
  const std::string rows = area_of("rows", name);
  for (const auto& [listed, areas] : groups_)
    if (areas.count(rows) != 0) return told;
  place.siblings[0] = place.siblings[1] = area_of("project", project_of(name));
  return ask(place, at);
}

Sight Inventory::trash_row(NameId repository, NameId digest) const {
  return entries_.first(key_in(kTrash, repository, digest));
}

Sight Inventory::blob_row(NameId digest, bool marked) const {
  return entries_.first(key_in(marked ? kMarkedRow : kBlobRow, NameId::none, digest));
}

Sight Inventory::artifact_of_blob(NameId digest) const {
  return entries_.first(key_in(kPair, NameId::none, digest));
}

bool Inventory::was_deleted(NameId digest) const { return entries_.any(key_in(kDeleted, digest)); }

Sight Inventory::marked(NameId digest) const { return entries_.first(key_in(kMarked, digest)); }

}  // namespace regtriage
