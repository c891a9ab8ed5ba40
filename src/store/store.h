// The incident database: facts in SQLite, findings derived from them. The only room that knows SQL.
#pragma once

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
    std::string text;
  };
  std::vector<std::vector<Cell>> rows;
};

// One writer at a time (a lock beside the file); readers open read-only. Files are 0600. Errors say
// database, path, why and what to do.
class Store {
 public:
  static Result<Store> open_for_writing(const std::string& path);  // makes or migrates it
  static Result<Store> open_for_reading(const std::string& path);
  Store(Store&&) noexcept;
  Store& operator=(Store&&) noexcept;
  ~Store();

  Result<void> put(const Facts& facts);  // joins with what is there; one transaction
  Result<Facts> load();
  Result<void> put(const Judgement& judgement, const Facts& facts,
                   std::string_view ruleset);  // replaces the derived tables
  // Read-only SQL with an authorizer; `limit` rows at most (0 = all).
  Result<Table> query(std::string_view sql, std::size_t limit = 0);
  // Is a file of this fingerprint wholly read already? (Saves time only; identity of events
  // decides.)
  Result<bool> knows(std::string_view path, std::uint64_t size, std::string_view fingerprint);
  Result<void> remember(std::string_view path, std::uint64_t size, std::string_view fingerprint);
  Result<std::uint64_t> forget(std::string_view source_name);
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
