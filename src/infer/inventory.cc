// How the entries are sorted into groups and areas; what is asked of them: inventory_questions.cc.
#include "infer/inventory.h"

#include <algorithm>

#include "base/text.h"
#include "infer/inventory_words.h"

namespace regtriage {

using namespace entry;

namespace {

constexpr TimeNs kZones = 14 * kHour;

// Surely not earlier than this; kNoTime if it is not known.
TimeNs written_from(const Facts& facts, const Event& e) {
  if (e.time == kNoTime) return kNoTime;
  return e.time - (contains(facts.text(e.agent), "local time") ? kZones : 0);
}

TimeNs listed_of(const Event& e) { return e.offset < 0 ? kNoTime : e.offset; }

Sight sight_of(const Event& e) {
  Sight s;
  s.event = &e;
  return s;
}

bool is_of_storage(std::string_view what) {
  return what == kData || what == kLayer || what == kRevision || what == kTag || what == kTagEntry;
}

// Of these tools the output is in the order of the keys.
bool lists_in_order(std::string_view tool) {
  for (const std::string_view known : {"aws s3", "s3cmd", "mc ls", "gsutil"})
    if (tool.starts_with(known)) return true;
  return false;
}

// … and these print whole keys; others what is below the folder that they were asked for.
bool prints_whole_keys(std::string_view tool) {
  return tool.starts_with("aws s3") || tool.starts_with("s3cmd") || tool.starts_with("gsutil");
}

std::string_view bare(std::string_view path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  while (path.ends_with('/')) path.remove_suffix(1);
  return path == "." ? std::string_view() : path;
}

bool ends_in(std::string_view path, std::string_view part) {
  return part.empty() || path == part ||
         (path.ends_with(part) && path[path.size() - part.size() - 1] == '/');
}

}  // namespace

Inventory::Inventory(const Facts& facts, const Settings& settings)
    : facts_(facts), told_(settings.storage()) {
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
  resolve_rows();
  find_holes();
  for (auto& [repository, rows] : pushed_)
    std::sort(rows.begin(), rows.end(),
              [](const Sight& a, const Sight& b) { return a.time() < b.time(); });
}

Inventory::GroupKey Inventory::group_of(const Event& e) const {
  const bool storage = is_of_storage(facts_.text(e.detail));
  return {listed_of(e), storage ? std::string(bare(facts_.text(e.from))) : std::string()};
}

void Inventory::add_to_area(Areas& areas, std::string name, const Event& e) {
  const auto [at, fresh] = areas.try_emplace(std::move(name));
  Span& span = at->second;
  if (fresh || e.id < span.witness.id()) span.witness = sight_of(e);
  span.written = std::max(span.written, written_from(facts_, e));
}

void Inventory::add(const Event& e) {
  const std::string_view what = facts_.text(e.detail);
  const bool by_digest =
      what == kData || what == kBlobRow || what == kMarkedRow || what == kPair || what == kUnused;
  const bool by_tag =
      what == kTag || what == kTagRow || (what == kDeletion && e.tag != NameId::none);
  const NameId subject = by_tag ? e.tag : e.digest;
  const NameId first = by_digest ? NameId::none : what == kTagRow ? e.from : e.repository;
  entries_.add(key_in(what, first, subject), sight_of(e));
  if (what == kKey || what == kNoKey)
    entries_.add(key_in(what, NameId::none, e.digest), sight_of(e));
  if (what.starts_with("no ")) return;
  Group& group = groups_[group_of(e)];
  if (is_of_storage(what)) {
    group.elsewhere |= is_elsewhere(e);
    add_areas(e, group);
  } else if (contains(what, " row")) {
    add_row(e, group);
  } else {
    add_of_collection(e, group);
  }
}

void Inventory::add_areas(const Event& e, Group& group) {
  const std::string_view what = facts_.text(e.detail), repository = facts_.text(e.repository),
                         digest = facts_.text(e.digest);
  group.newest = std::max(group.newest, written_from(facts_, e));
  group.ordered &= lists_in_order(facts_.text(e.agent));
  std::string path;
  if (what == kData) {
    path = data_path(digest);
    add_to_area(group.areas, shard_of(digest), e);
  } else if (what == kLayer) {
    path = link_path(repository, "_layers", digest);
    add_to_area(group.areas, area_of("layers", repository), e);
  } else if (what == kRevision) {
    path = link_path(repository, "_manifests/revisions", digest);
    add_to_area(group.areas, area_of("revisions", repository), e);
  } else {
    path = link_path(repository, "_manifests/tags", facts_.text(e.tag));
    add_to_area(group.areas, area_of("tags", repository), e);
  }
  group.last = std::max(group.last, std::move(path));
}

void Inventory::add_row(const Event& e, Group& group) {
  const std::string_view what = facts_.text(e.detail);
  has_rows_ = true;
  for (const std::string_view kind : {kArtifact, kTagRow, kBlobRow, kTrash}) {
    Table& table = group.tables[kind];
    if (what == kind || (kind == kBlobRow && what == kMarkedRow)) {
      ++table.rows;
      table.newest = std::max(table.newest, e.time);
      if (table.oldest == kNoTime || (e.time != kNoTime && e.time < table.oldest))
        table.oldest = e.time;
    }
    // "artifact rows": the table's end
    if (what.size() == kind.size() + 1 && what.starts_with(kind))
      table.promised += try_i64(facts_.text(e.from)).value_or(0);
  }
  if (what == kArtifact) {
    add_to_area(group.areas, area_of("rows", facts_.text(e.repository)), e);
    add_to_area(group.areas, area_of("project", project_of(facts_.text(e.repository))), e);
    if (e.from != NameId::none) entries_.add(key_in(kArtifact, e.from), sight_of(e));
    if (e.tag != NameId::none) entries_.add(key_in(kTagged, e.repository, e.tag), sight_of(e));
    if (e.time == kNoTime) return;
    pushed_[e.repository].push_back(sight_of(e));
  } else if (what == kBlobRow || what == kMarkedRow) {
    add_to_area(group.areas, "blob rows", e);
    if (e.from != NameId::none) entries_.add(key_in(kBlobId, e.from), sight_of(e));
  } else if (what == kTrash && e.time != kNoTime) {
    const Sight& oldest = group.oldest_trash;
    if (!oldest || e.time < oldest.time() || (e.time == oldest.time() && e.id < oldest.id()))
      group.oldest_trash = sight_of(e);
  }
}

// "4 blobs marked, 4 blobs and 0 manifests eligible for deletion"
void Inventory::add_of_collection(const Event& e, Group& group) {
  const std::string_view what = facts_.text(e.detail);
  if (what == kFailed) group.failed = sight_of(e);
  if (what == kUnused) {
    ++group.found;
    entries_.add(key_in(kData, NameId::none, e.digest), sight_of(e));
  }
  if (what == kManifestInUse || what == kBlobInUse)
    entries_.add(key_in(kMarked, e.digest), sight_of(e));
  if (what == kManifestInUse)
    add_to_area(group.areas, area_of("in use", facts_.text(e.repository)), e);
  constexpr std::string_view kMiddle = " blobs marked, ";
  const std::size_t at = what.find(kMiddle);
  if (at == std::string_view::npos) return;
  const std::string_view rest = what.substr(at + kMiddle.size());
  group.promised = try_i64(rest.substr(0, rest.find(' '))).value_or(-1);
  group.summary = sight_of(e);
}

// A tag's row names its artifact by number, and the artifact's row says which repository that is;
// so does a project's with its blob.
void Inventory::resolve_rows() {
  std::vector<std::pair<std::uint64_t, Sight>> found;
  for (const Event& e : facts_.events) {
    if (e.kind != EventKind::listed) continue;
    const std::string_view what = facts_.text(e.detail);
    if (what == kTagRow) {
      const Sight artifact = entries_.first(key_in(kArtifact, e.from));
      if (!artifact) {
        found.emplace_back(key_in(kOfUnknown, e.tag), sight_of(e));
        continue;
      }
      found.emplace_back(key_in(kTagged, artifact.repository(), e.tag), sight_of(e));
      add_to_area(groups_[group_of(e)].areas, area_of("tagged", facts_.text(artifact.repository())),
                  e);
    } else if (what == kProjectBlob) {
      if (const Sight blob = entries_.first(key_in(kBlobId, e.from)))
        found.emplace_back(key_in(kOwned, blob.digest()), sight_of(e));
    } else if (what == kManifestInUse) {
      // The collection has read it: its link is there, and its data.
      const Group& group = groups_[group_of(e)];
      if (group.failed && group.failed.digest() == e.digest) continue;
      found.emplace_back(key_in(kData, NameId::none, e.digest), sight_of(e));
      found.emplace_back(key_in(kRevision, e.repository, e.digest), sight_of(e));
    }
  }
  if (found.empty()) return;
  for (const auto& [key, sight] : found) entries_.add(key, sight);
  entries_.sort();
}

// Links to layers whose data the same group does not have.
void Inventory::find_holes() {
  for (const Event& e : facts_.events) {
    if (e.kind != EventKind::listed || facts_.text(e.detail) != kLayer) continue;
    const GroupKey key = group_of(e);
    Group& group = groups_[key];
    if (group.ordered) continue;
    ++group.named;
    const auto rows = entries_.rows(key_in(kData, NameId::none, e.digest));
    group.holes += std::none_of(rows.begin(), rows.end(), [&](const SightIndex::Row& row) {
      return group_of(row.event()) == key;
    });
  }
}

bool Inventory::is_elsewhere(const Event& e) const {
  if (told_.driver.empty() || told_.driver == "filesystem" || e.from == NameId::none) return false;
  const std::string_view tool = facts_.text(e.agent);
  std::string_view seen = facts_.text(e.from);
  const bool whole = prints_whole_keys(tool);
  if (!whole && !tool.starts_with("mc ls") && !tool.starts_with("rclone") &&
      tool != "objects as JSON")
    return false;
  if (const std::size_t scheme = seen.find("://"); scheme != std::string_view::npos) {
    seen.remove_prefix(scheme + 3);
    const std::string_view bucket = seen.substr(0, seen.find('/'));
    if (!told_.bucket.empty() && bucket != told_.bucket) return true;
    seen.remove_prefix(bucket.size());
  }
  seen = bare(seen);
  return whole ? seen != told_.root : !ends_in(told_.root, seen) && !ends_in(seen, told_.root);
}

}  // namespace regtriage
