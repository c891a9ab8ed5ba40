// The incident database: facts in SQLite, findings derived from them. The only room that knows SQL.
//
// Why a rollback journal and not WAL: a finished database is one plain file that can be copied,
// attached to a ticket and read from a read-only disk or a network file system; and the WAL-reset
// bug of SQLite 3.7 to 3.51 (Debian 12 has 3.40) cannot occur. Readers wait for the moment of a
// commit.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/facts.h"
#include "model/finding.h"

namespace regtriage {

struct Table {
  std::vector<std::string> columns;
  struct Cell {
    enum class Kind { null, integer, real, text, blob } kind = Kind::null;
    std::int64_t integer = 0;
    double real = 0;
    std::string text;  // of text and blob: any bytes
  };
  std::vector<std::vector<Cell>> rows;
  bool cut = false;  // there were more rows than the limit
};

// One writer at a time (a lock beside the file); readers open read-only. Files are 0600. Errors say
// database, path, why and what to do. A file that is not ours, or newer, is never written to. One
// thread.
class Store {
 public:
  static Result<Store> open_for_writing(const std::string& path);  // makes or migrates it
  static Result<Store> open_for_reading(const std::string& path);
  static Result<Store> in_memory();  // gone with the Store
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store();

  // Runs `work` as one transaction: all of it is kept, or nothing if it fails.
  Result<void> all_or_nothing(const std::function<Result<void>()>& work);

  // Joins with what is there (set union, laws L1 to L3); one transaction. O(facts), not
  // O(database). The tables for people show it after the next put(Judgement).
  Result<void> put(const Facts& facts);
  Result<bool> is_empty();  // has it no events and no touches?
  // All facts: events by (order, id), touches by key text, sources by name and first time.
  Result<Facts> load() { return load({}); }
  // Of each run (what one put wrote) `take` may take events out first, in the order in which they
  // were written.
  using TakeOut = std::function<Result<void>(Facts& run)>;
  Result<Facts> load(const TakeOut& take);
  // What the tables show: lines of findings, deletions and what the program said about itself; of
  // harmless lines 10,000 events and as many touches (put_shown.cc: which); and pushes that did not
  // go well, and 2,000 others. Views count what is shown, but for `codes` and `repositories`.
  // `about`: also every line that names it: a digest (or its head), repository, repository:tag,
  // tag, upload, request, or the id of an event. `all`: every line and push.
  struct Detail {
    bool all = false;
    std::string about;
  };
  // Replaces the derived tables. `facts` is all there is, folded (facts::join of load()), and what
  // was judged: events and touches that folding left out leave the database. `ruleset`: the rules
  // that read them.
  Result<void> put(const Judgement& judgement, const Facts& facts, std::string_view ruleset,
                   const Detail& detail);
  Result<void> put(const Judgement& judgement, const Facts& facts, std::string_view ruleset) {
    return put(judgement, facts, ruleset, Detail{});
  }
  // Of the last put(Judgement); empty: never judged, or facts came after it.
  Result<std::string> judged_with();
  // Lines that are kept: each event, and the first and last of each touch; and those of them that
  // the tables show. As counted by the last put(Judgement), O(1); where facts came after it, they
  // are counted again, O(database), and none is shown.
  struct Lines {
    std::uint64_t kept = 0, shown = 0;
  };
  Result<Lines> lines();

  // Read-only SQL, one statement, with an authorizer; at most `limit` rows (0 = all) and 256 MiB.
  Result<Table> query(std::string_view sql, std::size_t limit = 0);
  Result<Table> query_with(std::string_view sql, const std::vector<std::string>& values,
                           std::size_t limit = 0);  // values of ?1, ?2, …

  // Is a file of this fingerprint wholly read already? (Saves time only; identity of events
  // decides.)
  Result<bool> knows(std::string_view path, std::uint64_t size, std::string_view fingerprint);
  Result<void> remember(std::string_view path, std::uint64_t size, std::string_view fingerprint);
  // Takes back what only this source is known to have said; returns how many events and touches.
  // Lines that other sources hold, too, come back when these are read again (watermarks go).
  Result<std::uint64_t> forget(std::string_view source_name);
  // Drops what is older, but not what explains a newer trouble: lines about a digest, tag or upload
  // that a newer error or silent success is about, and what the program said about itself.
  Result<std::uint64_t> prune(TimeNs before);

 private:
  Store();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

struct NamedQuery {
  std::string_view name, what, sql;
};
std::vector<NamedQuery> named_queries();

}  // namespace regtriage
