// What the configuration files say, where a user gives them: each setting with the values that they
// name for it. One value that two files share is one; two values mean that two files differ.
#pragma once

#include <map>
#include <string_view>
#include <vector>

#include "infer/sight.h"
#include "model/facts.h"

namespace regtriage {

// Made once, immutable; borrows the facts. Building is O(n log n) in settings.
class Settings {
 public:
  explicit Settings(const Facts& facts);

  bool empty() const { return values_.empty(); }
  // One sight for each value, by its text; empty if no file names it.
  std::vector<Sight> of(std::string_view key) const;
  // Of the storage's root or bucket, whichever the files differ in; else of the first that is
  // named.
  std::vector<Sight> roots() const;
  // Where the registry is told to keep its content; empty driver: no file says so, or two differ.
  // `root` without slashes at its ends.
  struct Storage {
    std::string_view driver, bucket, root;
    Sight sight;
  };
  Storage storage() const;
  bool has_storage() const { return has_storage_; }
  // The only value; empty if there is none, or several.
  std::string_view value(std::string_view key) const;

 private:
  const Facts& facts_;
  std::map<std::string_view, std::map<std::string_view, Sight>> values_;
  bool has_storage_ = false;
};

}  // namespace regtriage
