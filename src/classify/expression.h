// An RE2 with its named groups bound to draft fields. RE2 is linear in the message, whatever the
// expression; its memory is bounded here.
//
// Compiled when it is first needed: of some two hundred expressions a log needs a dozen, and all of
// them took two thirds of the time of a small call. A user's are asked for faults when they are
// loaded; that ours have none, a test says.
#pragma once

#include <re2/re2.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "classify/rule_set.h"

namespace regtriage {

// Threads may share one.
class Expression {
 public:
  struct Group {
    int number = 0;
    Target target{};
  };
  struct Fault {
    std::string what, hint;
  };

  explicit Expression(std::string pattern) : pattern_(std::move(pattern)) {}

  // What is wrong with the pattern. Compiles it.
  const std::optional<Fault>& fault() const { return compiled().fault; }
  const std::vector<Group>& groups() const { return compiled().groups; }
  // Searches `message` for the expression; fills `caught` by Target. One at fault matches nothing.
  bool match(std::string_view message, std::string_view* caught) const;

 private:
  struct Compiled {
    explicit Compiled(std::string_view pattern);
    std::optional<Fault> fault_in_groups();

    re2::RE2 program;
    std::vector<Group> groups;
    std::optional<Fault> fault;
    int group_count = 0;
  };
  const Compiled& compiled() const {
    const Compiled* const known = compiled_.load(std::memory_order_acquire);
    return known != nullptr ? *known : compile();
  }
  const Compiled& compile() const;

  std::string pattern_;
  mutable std::mutex mutex_;
  mutable std::unique_ptr<const Compiled> made_;            // guarded by the mutex …
  mutable std::atomic<const Compiled*> compiled_{nullptr};  // … and seen without it
};

// The fields that a rule may fill, by name.
std::optional<Target> try_target(std::string_view word);
std::string target_words();

}  // namespace regtriage
