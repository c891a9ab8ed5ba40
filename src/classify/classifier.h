// Records to events by rules that are data (patterns/*.json), and the paths of the distribution
// API.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/event.h"
#include "model/record.h"

namespace regtriage {

class RuleSet;  // classify/rule_set.h

// Immutable once made; shared by all threads. Per-thread scratch is Classifier::Scratch.
class Classifier {
 public:
  // The built-in patterns (embedded at build time) and, after them, the user's files.
  static Result<Classifier> make(const std::vector<std::string>& user_pattern_files);
  Classifier(Classifier&&) noexcept;
  ~Classifier();

  class Scratch {  // text made for one draft (decoded paths, redacted detail)
   public:
    Scratch();
    ~Scratch();
    struct Impl;
    std::unique_ptr<Impl> impl;
  };

  // Always gives a draft: kind none for a record that no answer needs, with `draft.id` set from the
  // payload. Views in the draft are valid until the next call with the same scratch or while the
  // record is. O(bytes of the record). `instance` is the envelope's or the option's; the payload's
  // own wins.
  void classify(const Record& record, std::string_view payload, std::string_view instance,
                Scratch& scratch, EventDraft& draft) const;

  // Does a rule know this record's message? O(bytes of the record).
  bool explains(const Record& record) const;

  const RuleSet& rules() const { return *rules_; }
  std::string_view ruleset_version() const;  // 12 hex digits over all pattern files

 private:
  Classifier();
  std::unique_ptr<RuleSet> rules_;
};

}  // namespace regtriage
