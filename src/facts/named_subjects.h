// What lines that are not lone name.
#pragma once

#include <tsl/robin_set.h>

#include <cstdint>

#include "base/hash.h"
#include "model/facts.h"

namespace regtriage {

// Subjects as numbers (lone.h), and how much is known of who asks. Const calls may be shared.
class NamedSubjects {
 public:
  // Of all lines. O(facts).
  explicit NamedSubjects(const Facts& facts) { add_all(facts, nullptr); }
  // Only what the lines of `facts` that may be lone are about: many times smaller where these are
  // few.
  static NamedSubjects of_lone_lines(const Facts& facts);

  // Of a line that may be lone: does another kind of line name its subject, or speak of its
  // request?
  bool has(std::uint64_t subject) const { return subjects_.count(subject) != 0; }
  bool has_request(const Hash128& request) const {
    return request && !requests_.empty() && requests_.count(request) != 0;
  }
  void add(std::uint64_t subject) { subjects_.insert(subject); }

  // Was its repository named, and by the same client? 0, 1 or 2: who was there before knows what
  // there is, and misses what is gone.
  int place_of(const StringTable& names, const Event& e) const;

 private:
  using Set = tsl::robin_set<std::uint64_t>;  // of numbers that are mixed already

  NamedSubjects() = default;
  // `among`: nothing else is of interest; null: everything is.
  void add_all(const Facts& facts, const Set* among);

  Set subjects_;
  tsl::robin_set<Hash128, MixedHash> requests_;
};

}  // namespace regtriage
