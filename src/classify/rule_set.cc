#include "classify/rule_set.h"

#include <re2/re2.h>
#include <tsl/robin_map.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/check.h"
#include "base/hash.h"
#include "base/text.h"
#include "classify/expression.h"

namespace regtriage {
namespace {

constexpr std::size_t kMaxRules = 20'000;

struct TextHash {
  std::size_t operator()(std::string_view text) const {
    // The keys are the rules' own; a look-up of foreign text inserts nothing.
    return static_cast<std::size_t>(hash_of(text).lo);
  }
};

bool is_one_of(std::string_view value, const std::vector<std::string>& words) {
  for (const std::string& word : words)
    if (value == word) return true;
  return false;
}

bool fits(const Rule& rule, const Record& record) {
  for (const Condition& condition : rule.where)
    if (!is_one_of(value_of(record, condition.key), condition.any_of)) return false;
  return true;
}

bool asks_for_text(const Rule& rule) {
  for (const Condition& condition : rule.where)
    if (condition.key == "format") return is_one_of(word_of(Format::text), condition.any_of);
  return false;
}

std::string_view field_of(const Record& record, std::string_view key) {
  for (const Field& field : record.fields)
    if (field.key == key) return field.value;
  return {};
}

}  // namespace

using RuleIndex = std::uint16_t;

struct RuleSet::Tables {
  tsl::robin_map<std::string_view, std::vector<RuleIndex>, TextHash> messages;
  std::size_t longest_message = 0;
  std::array<std::vector<RuleIndex>, 256> prefixes;  // by first byte
  std::vector<RuleIndex> literals;
  std::vector<RuleIndex> plain;  // rules on output that name no text
};

RuleSet::RuleSet() = default;
RuleSet::RuleSet(RuleSet&&) noexcept = default;
RuleSet& RuleSet::operator=(RuleSet&&) noexcept = default;
RuleSet::~RuleSet() = default;

Result<void> RuleSet::add_file(std::string_view text, std::string_view name, RuleTrust trust) {
  REGTRIAGE_CHECK(!tables_, "rules added after sealing");
  Result<std::vector<Rule>> parsed = parse_rules(text, name, trust);
  if (!parsed) return tl::unexpected(std::move(parsed.error()));
  for (const Rule& rule : *parsed)
    for (const Rule& other : rules_)
      if (other.id == rule.id)
        return fail(ErrorCode::usage,
                    rule.place + ": rule '" + rule.id + "': the id is taken by " + other.place,
                    "give it an id of its own, such as 'mine." + rule.id + "'");
  if (rules_.size() + parsed->size() > kMaxRules)
    return fail(ErrorCode::usage, std::string(name) + ": more than 20000 rules in all files",
                "leave out pattern files that are not needed");
  for (Rule& rule : *parsed) rules_.push_back(std::move(rule));
  hashed_ += version_part(text, name);
  return {};
}

std::string RuleSet::version_part(std::string_view text, std::string_view name) {
  return hex_of(hash_of(name.substr(name.rfind('/') + 1), text));
}

std::string RuleSet::version_of(std::string_view parts) {
  return hex_of(hash_of(parts)).substr(0, 12);
}

void RuleSet::seal() {
  auto tables = std::make_unique<Tables>();
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const Rule& rule = rules_[i];
    const RuleIndex index = static_cast<RuleIndex>(i);
    rules_[i].explains_text = asks_for_text(rule);
    for (const std::string& message : rule.messages) {
      tables->messages[message].push_back(index);
      tables->longest_message = std::max(tables->longest_message, message.size());
    }
    for (const std::string& prefix : rule.prefixes) {
      std::vector<RuleIndex>& bucket = tables->prefixes[static_cast<unsigned char>(prefix[0])];
      if (bucket.empty() || bucket.back() != index) bucket.push_back(index);
    }
    if (!rule.literals.empty()) tables->literals.push_back(index);
    if (rule.messages.empty() && rule.prefixes.empty() && rule.literals.empty())
      tables->plain.push_back(index);
  }
  tables_ = std::move(tables);
  version_ = version_of(hashed_);
}

bool RuleSet::try_rule(const Rule& rule, const Record& record, Match& out) const {
  if (record.format == Format::text && !rule.explains_text) return false;
  if (!fits(rule, record)) return false;
  const std::string_view text =
      rule.regex_in.empty() ? record.message : value_of(record, rule.regex_in);
  if (rule.expression && !rule.expression->match(text, out.caught)) return false;
  out.rule = &rule;
  return true;
}

void RuleSet::match(const Record& record, Match& out) const {
  out = Match{};
  const std::string_view message = record.message;
  if (message.size() <= tables_->longest_message) {
    const auto hit = tables_->messages.find(message);
    if (hit != tables_->messages.end())
      for (const RuleIndex i : hit->second)
        if (try_rule(rules_[i], record, out)) return;
  }
  if (message.empty()) return;
  for (const RuleIndex i : tables_->prefixes[static_cast<unsigned char>(message[0])])
    for (const std::string& prefix : rules_[i].prefixes)
      if (message.starts_with(prefix) && try_rule(rules_[i], record, out)) return;
  for (const RuleIndex i : tables_->literals) {
    const Rule& rule = rules_[i];
    if (record.format == Format::text && !rule.explains_text) continue;
    if (!fits(rule, record)) continue;
    for (const std::string& literal : rule.literals)
      if (contains(message, literal) && try_rule(rule, record, out)) return;
  }
  if (record.format != Format::plain) return;
  for (const RuleIndex i : tables_->plain)
    if (try_rule(rules_[i], record, out)) return;
}

bool RuleSet::passes_over(Level level, std::string_view message) const {
  if (message.size() > tables_->longest_message) return false;
  const auto hit = tables_->messages.find(message);
  if (hit == tables_->messages.end()) return false;
  for (const RuleIndex i : hit->second) {
    const Rule& rule = rules_[i];
    bool fits = true;
    for (const Condition& condition : rule.where) {
      if (condition.key != "level") return false;
      fits = fits && is_one_of(word_of(level), condition.any_of);
    }
    if (fits) return rule.event == EventKind::none && rule.regex.empty();
  }
  return false;
}

std::string_view word_of(Target target) {
  constexpr std::array<std::string_view, static_cast<std::size_t>(Target::count_)> kWords = {
      "repository", "digest", "tag",  "upload", "client", "user", "agent", "instance",
      "from",       "detail", "path", "method", "status", "have", "code",  "reference"};
  return kWords[static_cast<std::size_t>(target)];
}

std::string_view value_of(const Record& record, std::string_view key) {
  struct Slot {
    std::string_view key;
    std::string_view Record::*member;
  };
  static constexpr std::array kSlots = {Slot{"message", &Record::message},
                                        Slot{"http.request.id", &Record::request_id},
                                        Slot{"http.request.method", &Record::method},
                                        Slot{"http.request.host", &Record::host},
                                        Slot{"http.request.uri", &Record::uri},
                                        Slot{"http.request.remoteaddr", &Record::remote},
                                        Slot{"http.request.useragent", &Record::agent},
                                        Slot{"http.request.contenttype", &Record::content_type},
                                        Slot{"http.request.referer", &Record::referer},
                                        Slot{"vars.name", &Record::name},
                                        Slot{"vars.reference", &Record::reference},
                                        Slot{"vars.digest", &Record::digest},
                                        Slot{"vars.uuid", &Record::uuid},
                                        Slot{"auth.user.name", &Record::user},
                                        Slot{"instance.id", &Record::instance},
                                        Slot{"service", &Record::service},
                                        Slot{"version", &Record::version},
                                        Slot{"err.code", &Record::code},
                                        Slot{"err.message", &Record::error_message},
                                        Slot{"err.detail", &Record::error_detail},
                                        Slot{"error", &Record::error}};
  if (key == "level") return word_of(record.level);
  if (key == "format") return word_of(record.format);
  for (const Slot& slot : kSlots)
    if (slot.key == key) return record.*slot.member;
  return field_of(record, key);
}

std::vector<Target> groups_of(const Rule& rule) {
  std::vector<Target> targets;
  if (rule.expression != nullptr)
    for (const Expression::Group& group : rule.expression->groups())
      targets.push_back(group.target);
  std::sort(targets.begin(), targets.end());
  return targets;
}

void expand(const Template& text, const Record& record, std::string& out) {
  for (const Template::Part& part : text.parts)
    out += part.is_key ? value_of(record, part.text) : std::string_view(part.text);
}

}  // namespace regtriage
