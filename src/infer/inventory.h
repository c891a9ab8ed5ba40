// What listings, key dumps and tables say of one thing at one moment: it is there, it is not, or
// they do not say.
//
// That something is listed is a fact. That it is not listed means something only if the listing is
// evidently whole where it would stand (*area*), and it proves something only if that listing was
// made later than the question. The rules:
//
// - Entries of one "# listing TIME" and one storage root belong together (*group*), and so do all
//   that have no time. Each group is judged for itself: a backup's bucket says nothing of the
//   registry's.
// - A group under a root that the registry's configuration does not name is *elsewhere*: what it
//   lacks proves nothing. A path on a disk may be named otherwise in a container, so only the keys
//   of a bucket are compared with the configuration.
// - The area of a blob's data is its shard (blobs/ALG/HH): whole if it holds another blob's data,
//   or if the group holds blobs in shards before and behind it, or in eight others. The area of a
//   link is its repository: whole if the repository's other links are listed. The area of a row is
//   its repository in the same table (of a blob's row the table), whole only if the table's end is
//   there, with as many rows as it counts ("(12 rows)"), and rows of before the push; a round
//   number of rows, of which none is of after it, may be a query's LIMIT. A tag's row whose
//   artifact is in no table may be of any repository.
// - The group is later than the question if its TIME is; without one, if an object of the same area
//   (of a blob: on both sides of it, too) was written later than the question, for what is listed
//   had been written by then. A clock without a zone is taken as up to 14 hours off.
// - A listing may be cut. One in the order of its keys is whole up to its last key. Of one in no
//   order (find, ls, rclone) the links must name data that is listed, but for a few, and a
//   repository's link counts as missing only where all three kinds of its links are listed.
// - Absence is *sure* if the area is whole, the group is later, not cut, and holds other parts of
//   the registry's root (blobs and repositories), so that it is no excerpt.
// - A dry run of the collection, made later and whole, finds what is in the storage and not in use,
//   and what is in use. A blob that it does not find is not there.
//
// What was there before the question: listed with a time of writing that lies before it.
// All of it depends on the set of entries alone, so it does not matter how they came.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "infer/history.h"
#include "infer/settings.h"

namespace regtriage {

struct Stock {
  enum class Is : std::uint8_t { untold, there, absent } is = Is::untold;
  bool sure = false;       // absent: see above
  bool before = false;     // there: it surely was at the moment of the question
  bool elsewhere = false;  // there: but under a root that the registry is not told to read
  bool disputed = false;   // there: and a listing of another root surely does not have it
  bool by_dry_run = false;
  Sight shown;  // the entry; of an absence the witness that its area is listed
  Sight copy;   // absent: it lies elsewhere

  bool there() const { return is == Is::there; }
  bool absent() const { return is == Is::absent; }
};

// Made once from the facts, then immutable. Borrows them. Building is O(n log n) in entries, a
// question O(log n) in entries, O(1) in listings (of more than 64 the rest is not asked).
class Inventory {
 public:
  Inventory(const Facts& facts, const Settings& settings);

  bool empty() const { return entries_.all().empty(); }
  bool has_rows() const { return has_rows_; }

  Stock blob_data(NameId digest, TimeNs at) const;
  Stock layer_link(NameId repository, NameId digest, TimeNs at) const;
  Stock revision_link(NameId repository, NameId digest, TimeNs at) const;
  Stock tag_link(NameId repository, NameId tag, TimeNs at) const;
  // In the repository's scope, else of the blob itself.
  Stock cache_key(NameId repository, NameId digest, TimeNs at) const;

  // Harbor's tables. A row that was made after the question says nothing of it: untold.
  // By digest, or by tag where the tag's row and the artifact's are there.
  // `put`: when it was pushed, as far as is known; what is absent is so only from a table that goes
  // back to before that.
  Stock artifact_row(NameId repository, NameId reference, bool is_tag, TimeNs put, TimeNs at) const;
  Stock blob_row(NameId digest, TimeNs at) const;  // marked for deletion or not
  bool is_marked_row(const Sight& row) const;
  // The row of a deleted artifact, made since `from` and before the question.
  Sight trash_row(NameId repository, NameId digest, TimeNs from, TimeNs at) const;
  // The list of deleted artifacts, read after the question, has a row from `from` or before. Harbor
  // removes its oldest rows first, so it has all that were deleted since.
  Sight trash_reaches(TimeNs from, TimeNs at) const;
  // Any row of it there: deleted at some time. Another deletion leaves no second row.
  Sight trash_row_ever(NameId repository, NameId digest) const;
  // The audit log's word on who deleted it, since `from` and before the question.
  Sight deletion_row(NameId repository, NameId what, TimeNs from, TimeNs at) const;
  // A row of an artifact that was pushed at that very moment: the table is of that Harbor.
  Sight row_of_push(NameId repository, TimeNs put) const;
  // The same of a blob's row that was made, or last used, as it was stored.
  Sight row_of_layer(NameId digest, TimeNs stored) const;
  // A row that says that an artifact or a project has it.
  Sight owner_of_blob(NameId digest, TimeNs at) const;

  Sight marked(NameId digest) const;  // a garbage collection found it in use
  // A collection that said of itself that it only tries; and did any delete this?
  Sight dry_run() const { return dry_run_; }
  bool was_deleted(NameId digest) const;

 private:
  // Over the entries of one area in one group.
  struct Span {
    Sight witness;             // the smallest by id
    TimeNs written = kNoTime;  // the latest time of writing; of a clock without a zone, surely
  };
  using Areas = std::map<std::string, Span, std::less<>>;
  struct Table {
    std::int64_t rows = 0, promised = 0;        // that are there, and that the end counts
    TimeNs oldest = kNoTime, newest = kNoTime;  // of the rows that have a time
  };
  struct Group {
    Areas areas;
    TimeNs newest = kNoTime;             // the latest time of writing
    std::string last;                    // the last path; empty: none has one
    bool ordered = true;                 // made by tools that list in the order of keys
    std::uint32_t named = 0, holes = 0;  // links to layers, and those whose data is not listed
    // Of a dry run.
    Sight summary, failed;
    std::int64_t promised = -1, found = 0;
    // By the kind of their rows.
    std::map<std::string_view, Table> tables;
    Sight oldest_trash;
    bool elsewhere = false;
  };
  using GroupKey = std::pair<TimeNs, std::string>;  // "# listing TIME" and root
  struct Place;                                     // of a question: the areas that decide it
  struct LinkKind {
    std::string_view name, complaint, folder;
    std::string_view areas[3];  // its own, then those of the repository's other links
  };
  Stock link(const LinkKind& kind, NameId repository, NameId what, TimeNs at) const;

  GroupKey group_of(const Event& e) const;
  void add(const Event& e);
  void add_areas(const Event& e, Group& group);
  void add_row(const Event& e, Group& group);
  void add_of_collection(const Event& e, Group& group);
  void add_to_area(Areas& areas, std::string name, const Event& e);
  void resolve_rows();
  void find_holes();
  bool is_elsewhere(const Event& e) const;
  Stock ask(const Place& place, TimeNs at) const;
  Stock entry(std::uint64_t key, TimeNs at) const;
  Stock absence(const Place& place, TimeNs at, const std::string* besides) const;
  bool is_absent_in(const Group& group, TimeNs listed, const Place& place, TimeNs at,
                    Stock& out) const;
  bool is_cut(const Group& group, const Place& place) const;
  bool has_all_rows(const Group& group, std::string_view kind, TimeNs put) const;
  Stock unknown_to_dry_run(NameId digest, TimeNs at) const;
  Sight row_between(std::uint64_t key, TimeNs from, TimeNs at) const;

  const Facts& facts_;
  Settings::Storage told_;
  SightIndex entries_;  // by kind and subject
  std::map<GroupKey, Group> groups_;
  KeyMap<bool> elsewhere_;                       // by (root, tool)
  std::map<NameId, std::vector<Sight>> pushed_;  // artifact rows by repository, by time
  bool has_rows_ = false;
  Sight dry_run_;
};

}  // namespace regtriage
