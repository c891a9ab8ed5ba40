// What listings, key dumps and tables say of one thing at one moment: it is there, it is not, or
// they do not say.
//
// That something is listed is a fact. That it is not listed means something only if the listing is
// evidently whole where it would stand (*area*), and it proves something only if that listing was
// made later than the question. The rules:
//
// - Entries of one "# listing TIME" belong together, and so do all that have none. Each such group
//   is judged for itself.
// - The area of a blob's data is its shard (blobs/ALG/HH): whole if it holds another blob's data,
//   or if the group holds blobs in shards before and behind it, or in eight others. The area of a
//   link is its repository: whole if the repository's other links are listed, or, for a repository
//   that is not listed at all, if eight others are or some before and behind it. The area of a row
//   is its repository in the same table, of a cache key all keys.
// - The group is later than the question if its TIME is; without one, if an object of the same area
//   (of a blob: on both sides of it, too) was written later than the question, for what is listed
//   had been written by then. A clock without a zone is taken as up to 14 hours off.
// - Absence is *sure* if the area is whole, the group is later, and it holds other parts of the
//   registry's root (blobs and repositories), so that it is no excerpt.
//
// What was there before the question: listed with a time of writing that lies before it.
// All of it depends on the set of entries alone, so it does not matter how they came.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "infer/history.h"

namespace regtriage {

struct Stock {
  enum class Is : std::uint8_t { untold, there, absent } is = Is::untold;
  bool sure = false;    // absent: see above
  bool before = false;  // there: it surely was at the moment of the question
  Sight shown;          // the entry; of an absence the witness that its area is listed

  bool there() const { return is == Is::there; }
  bool absent() const { return is == Is::absent; }
};

// Made once from the facts, then immutable. Borrows them. Building is O(n log n) in entries, a
// question O(log n).
class Inventory {
 public:
  explicit Inventory(const Facts& facts);

  bool empty() const { return entries_.all().empty(); }
  bool has_rows() const { return has_rows_; }

  Stock blob_data(NameId digest, TimeNs at) const;
  Stock layer_link(NameId repository, NameId digest, TimeNs at) const;
  Stock revision_link(NameId repository, NameId digest, TimeNs at) const;
  Stock tag_link(NameId repository, NameId tag, TimeNs at) const;
  // In the repository's scope, else of the blob itself.
  Stock cache_key(NameId repository, NameId digest, TimeNs at) const;
  // By digest, or by tag where the tag's row and the artifact's are there.
  Stock artifact_row(NameId repository, NameId reference, bool is_tag, TimeNs at) const;
  Sight trash_row(NameId repository, NameId digest) const;
  Sight blob_row(NameId digest, bool marked) const;
  Sight artifact_of_blob(NameId digest) const;  // a row that says that an artifact names it
  Sight marked(NameId digest) const;            // a garbage collection found it in use
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
  struct Place;  // of a question: the areas that decide it
  struct LinkKind {
    std::string_view name, complaint;
    std::string_view areas[3];  // its own, then those of the repository's other links
  };
  Stock link(const LinkKind& kind, NameId repository, NameId what, TimeNs at) const;

  void add(const Event& e);
  void add_to_area(Areas& areas, std::string name, const Event& e);
  void resolve_tags();
  Stock ask(const Place& place, TimeNs at) const;
  Stock entry(std::uint64_t key, TimeNs at) const;
  bool is_absent_in(const Areas& areas, TimeNs listed, const Place& place, TimeNs at,
                    Stock& out) const;

  const Facts& facts_;
  SightIndex entries_;               // by kind and subject
  std::map<TimeNs, Areas> groups_;   // by "# listing TIME"; kNoTime: none
  std::map<TimeNs, TimeNs> newest_;  // of each group, the latest time of writing
  bool has_rows_ = false;
  Sight dry_run_;
};

}  // namespace regtriage
