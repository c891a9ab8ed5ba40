// Rules: which message means what. Read from patterns/*.json, never changed afterwards.
//
// A record is matched by its message: whole messages through a hash table, then the rules that name
// a beginning or a part of it, and RE2 only for a rule whose text was found. Of several rules that
// fit, the first counts: files in order of loading (built-in ones first), rules in order of
// standing, but a whole message goes before a beginning, and a beginning before a part.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/event.h"
#include "model/record.h"

namespace regtriage {

// What a rule may fill in a draft, by the word of the pattern file.
enum class Target : std::uint8_t {
  repository,
  digest,
  tag,
  upload,
  client,
  user,
  agent,
  instance,
  from,
  detail,
  path,  // the target of a request: split like http.request.uri
  method,
  status,
  have,       // offset
  code,       // "MANIFEST_UNKNOWN" or "manifest unknown"
  reference,  // HOST/REPOSITORY:TAG@DIGEST, as clients write it
  count_
};
std::string_view word_of(Target);

// A record's value for the key of a condition or a template: the slots by their printed key
// ("level", "err.code", "http.request.method", …), anything else from Record::fields.
std::string_view value_of(const Record& record, std::string_view key);

struct Condition {
  std::string key;
  std::vector<std::string> any_of;
};

// "{copied} of {contentLength} bytes": literal text and keys in turn.
struct Template {
  struct Part {
    std::string text;
    bool is_key = false;
  };
  std::vector<Part> parts;
};

struct Example {
  std::string line;                                         // as printed, may hold line breaks
  std::vector<std::pair<std::string, std::string>> fields;  // words of Draft fields and values
  std::string place;                                        // file:line:column
};

// A regex and where its groups go; RE2 does not show.
class Expression;

struct Rule {
  std::string id;
  EventKind event = EventKind::none;
  std::optional<Origin> origin;  // only where the record's format does not tell
  std::vector<std::string> messages, prefixes, literals;  // exactly one kind is filled, or none for
                                                          // rules on plain output
  std::vector<Condition> where;
  std::string regex;
  std::string regex_in;  // the field that the regex looks at; empty = the message
  std::shared_ptr<const Expression> expression;  // null without regex
  std::vector<std::pair<Target, Template>> take;
  std::vector<std::string> products;
  std::string source;  // one public line
  std::vector<Example> examples, counter_examples;
  std::string place;  // file:line:column
  std::string file;
  bool explains_text = false;  // asks for format "text": see Format::text

  // Known from notes alone: no line of a real program, nor its source, has been seen.
  bool unproved = false;
};

// Whose file it is: of our own a test has compiled the expressions, a user's are compiled when they
// are loaded, so that a fault is told.
enum class RuleTrust { user, built_in };

// Immutable once made; shared by all threads.
class RuleSet {
 public:
  RuleSet();
  RuleSet(RuleSet&&) noexcept;
  RuleSet& operator=(RuleSet&&) noexcept;
  ~RuleSet();

  // Adds the rules of one file. The first fault ends it: nothing of the file is kept. Messages read
  // "patterns/x.json:14:20: rule 'id': …".
  Result<void> add_file(std::string_view text, std::string_view name,
                        RuleTrust trust = RuleTrust::user);
  // Builds the tables; call once, after the last add_file and before match.
  void seal();

  // What one file adds to the version.
  static std::string version_part(std::string_view text, std::string_view name);
  static std::string version_of(std::string_view parts);

  std::span<const Rule> rules() const { return rules_; }
  std::string_view version() const { return version_; }  // 12 hex digits over all files

  struct Match {
    const Rule* rule = nullptr;  // null: no rule explains the message
    // What the expression's groups caught; views into the message. In the order of Target; empty =
    // not caught.
    std::string_view caught[static_cast<std::size_t>(Target::count_)];
  };
  // Is a record of a registry (not Format::text) with this level and message surely of no event,
  // whatever else it says? False is no answer. O(bytes of the message).
  bool passes_over(Level level, std::string_view message) const;
  // O(bytes of the message) for each rule that shares its first byte or has a part to look for.
  // A record of Format::text is matched only with rules that ask for that format.
  void match(const Record& record, Match& out) const;

 private:
  struct Tables;
  bool try_rule(const Rule& rule, const Record& record, Match& out) const;

  std::vector<Rule> rules_;
  std::unique_ptr<Tables> tables_;
  std::string version_, hashed_;
};

// RuleSet::version of the built-in files alone, without reading their rules.
std::string built_in_rules_version();

// The built-in files and, after them, the user's (files or folders). A user's file that cannot be
// read or does not load is an error; its name stands in the message.
Result<RuleSet> load_rules(const std::vector<std::string>& user_pattern_files);

// The pattern files that a user's word stands for: the file itself, or of a folder its *.json in
// the order of their names.
std::vector<std::string> pattern_files_of(const std::string& path);

// One pattern file's rules, without the tables.
Result<std::vector<Rule>> parse_rules(std::string_view text, std::string_view name,
                                      RuleTrust trust = RuleTrust::user);

// The targets of the regex's groups, in the order of Target.
std::vector<Target> groups_of(const Rule& rule);

// Fills the fields of a template into `out`.
void expand(const Template& text, const Record& record, std::string& out);

}  // namespace regtriage
