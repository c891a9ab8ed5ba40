// Pattern files to rules. Every fault names the place, the rule, the reason and what to do.
// Bounds keep a foreign file from costing more than it says: 4 MiB a file, 2,000 rules, 64 texts a
// rule, 2 KiB a text, 16 KiB an example line, 16 groups, 1 MiB a compiled expression.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

#include "base/embedded.h"
#include "base/text.h"
#include "classify/expression.h"
#include "classify/json_tree.h"
#include "classify/rule_set.h"

namespace regtriage {
namespace {

constexpr std::size_t kMaxRules = 2000, kMaxTexts = 64, kMaxText = 2048, kMaxLine = 16 << 10;
using Type = JsonNode::Type;

// One file being read: where it came from, and the first fault.
class Reader {
 public:
  Reader(std::string_view text, std::string_view name, RuleTrust trust)
      : name_(name), trust_(trust) {
    for (std::size_t at = text.find('\n'); at != std::string_view::npos;
         at = text.find('\n', at + 1))
      line_starts_.push_back(at + 1);
  }

  bool stop(const JsonNode& node, std::string_view why, std::string_view hint) {
    if (!error_.what.empty()) return false;
    const std::string rule = rule_.empty() ? "" : fmt::format("rule '{}': ", rule_);
    error_ = {ErrorCode::usage, fmt::format("{}: {}{}", place(node), rule, why), std::string(hint)};
    return false;
  }
  std::string place(const JsonNode& node) const {
    const auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), node.offset);
    return fmt::format("{}:{}:{}", name_, next - line_starts_.begin(),
                       node.offset - *(next - 1) + 1);
  }
  std::string_view name() const { return name_; }
  RuleTrust trust() const { return trust_; }
  void set_rule(std::string_view id) { rule_ = id; }
  Error take_error() { return std::move(error_); }

  // A text of 1 to `bound` bytes.
  bool text(const JsonNode& node, std::string_view key, std::string& out, std::size_t bound) {
    if (node.type != Type::text || node.text.empty())
      return stop(node, fmt::format("'{}' is not a text", key), "write it in double quotes");
    if (node.text.size() > bound)
      return stop(node, fmt::format("'{}' is longer than {} bytes", key, bound), "shorten it");
    out = node.text;
    return true;
  }

  // A text, or a list of texts.
  bool texts(const JsonNode& node, std::string_view key, std::vector<std::string>& out) {
    if (node.type != Type::array) return text(node, key, out.emplace_back(), kMaxText);
    if (node.items.empty() || node.items.size() > kMaxTexts)
      return stop(node, fmt::format("'{}' holds {} texts", key, node.items.size()),
                  "a list holds 1 to 64 texts");
    for (const JsonNode& item : node.items)
      if (!text(item, key, out.emplace_back(), kMaxText)) return false;
    return true;
  }

 private:
  std::string_view name_;
  RuleTrust trust_;
  std::vector<std::size_t> line_starts_ = {0};
  std::string rule_;
  Error error_;
};

bool only_keys(Reader& in, const JsonNode& node, std::span<const std::string_view> known) {
  for (const auto& [key, child] : node.members) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    std::string words;
    for (const std::string_view word : known)
      words += (words.empty() ? "" : ", ") + std::string(word);
    return in.stop(child, fmt::format("unknown key '{}'", key), "known here: " + words);
  }
  return true;
}

bool is_id(std::string_view id) {
  bool dot = false;
  for (const char c : id) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_'))
      return false;
    dot = dot || c == '.';
  }
  return dot && id.size() <= 80;
}

bool read_head(Reader& in, const JsonNode& node, Rule& rule) {
  const JsonNode* id = node.find("id");
  if (id == nullptr)
    return in.stop(node, "a rule without 'id'", "such as 'distribution.listening'");
  if (!in.text(*id, "id", rule.id, 80)) return false;
  if (!is_id(rule.id))
    return in.stop(*id, fmt::format("id '{}' has a wrong form", rule.id),
                   "PRODUCT.WHAT-IT-SAYS in lower-case letters, digits, '-' and '.'");
  in.set_rule(rule.id);
  const JsonNode* event = node.find("event");
  if (event == nullptr) return in.stop(node, "no 'event'", "name what the message means");
  std::string word;
  if (!in.text(*event, "event", word, 64)) return false;
  const std::optional<EventKind> kind = try_event_kind(word);
  if (!kind)
    return in.stop(*event, fmt::format("unknown event '{}'", word),
                   "the words are those of the schema's property 'event'");
  rule.event = *kind;
  return true;
}

bool read_origin(Reader& in, const JsonNode& node, Rule& rule) {
  const JsonNode* origin = node.find("origin");
  if (origin == nullptr) return true;
  for (const Origin known : {Origin::app, Origin::access, Origin::proxy, Origin::event,
                             Origin::output, Origin::front, Origin::client, Origin::inventory})
    if (origin->text == word_of(known)) rule.origin = known;
  return rule.origin || in.stop(*origin, fmt::format("unknown origin '{}'", origin->text),
                                "app, access, proxy, event, output, front, client or inventory");
}

bool names_plain_output(const Rule& rule) {
  for (const Condition& condition : rule.where)
    if (condition.key == "format" && condition.any_of == std::vector<std::string>{"plain"})
      return true;
  return false;
}

// The text that a message must equal, begin with or hold: exactly one of the three.
bool read_texts(Reader& in, const JsonNode& node, Rule& rule) {
  int given = 0;
  for (const auto& [key, list] :
       {std::pair{"message", &rule.messages}, std::pair{"prefix", &rule.prefixes},
        std::pair{"literal", &rule.literals}}) {
    const JsonNode* child = node.find(key);
    if (child == nullptr) continue;
    ++given;
    if (!in.texts(*child, key, *list)) return false;
  }
  if (given > 1)
    return in.stop(node, "more than one of 'message', 'prefix' and 'literal'", "keep one");
  if (given == 1) return true;
  if (names_plain_output(rule) && node.find("regex") != nullptr) return true;
  return in.stop(node, "no 'message', 'prefix' or 'literal'",
                 "name a text that the message must hold; a regex alone is only for \"where\": "
                 "{\"format\": \"plain\"}");
}

bool read_where(Reader& in, const JsonNode& node, Rule& rule) {
  const JsonNode* where = node.find("where");
  if (where == nullptr) return true;
  if (where->type != Type::object || where->members.size() > kMaxTexts)
    return in.stop(*where, "'where' is not an object", "write {\"level\": \"error\"}");
  for (const auto& [key, child] : where->members) {
    Condition condition{key, {}};
    if (!in.texts(child, key, condition.any_of)) return false;
    for (const std::string& word : condition.any_of) {
      if (key != "level") continue;
      const auto level = try_level(word);
      if (!level || word_of(*level) != word)
        return in.stop(child, fmt::format("unknown level '{}'", word),
                       "trace, debug, info, warning, error, fatal or panic");
    }
    rule.where.push_back(std::move(condition));
  }
  return true;
}

bool read_regex(Reader& in, const JsonNode& node, Rule& rule) {
  const JsonNode* regex = node.find("regex");
  const JsonNode* in_field = node.find("in");
  if (in_field != nullptr && regex == nullptr)
    return in.stop(*in_field, "'in' without 'regex'", "'in' names the field that the regex reads");
  if (in_field != nullptr && !in.text(*in_field, "in", rule.regex_in, 80)) return false;
  if (regex == nullptr) return true;
  if (!in.text(*regex, "regex", rule.regex, kMaxText)) return false;
  auto expression = std::make_shared<Expression>(rule.regex);
  // Ours are compiled when they are needed.
  if (in.trust() == RuleTrust::user && expression->fault())
    return in.stop(*regex, expression->fault()->what, expression->fault()->hint);
  rule.expression = std::move(expression);
  return true;
}

// "{key}" is replaced, everything else is literal.
bool parse_template(std::string_view text, Template& out) {
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    if (open != 0) out.parts.push_back({std::string(text.substr(0, open)), false});
    if (open == std::string_view::npos) return true;
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos || close == open + 1) return false;
    out.parts.push_back({std::string(text.substr(open + 1, close - open - 1)), true});
    text.remove_prefix(close + 1);
  }
  return true;
}

bool read_take(Reader& in, const JsonNode& node, Rule& rule) {
  const JsonNode* take = node.find("take");
  if (take == nullptr) return true;
  if (take->type != Type::object)
    return in.stop(*take, "'take' is not an object", "write {\"detail\": \"{error}\"}");
  for (const auto& [key, child] : take->members) {
    const std::optional<Target> target = try_target(key);
    if (!target)
      return in.stop(child, fmt::format("'take' names no field: '{}'", key),
                     "known: " + target_words());
    std::string text;
    Template parts;
    if (!in.text(child, key, text, kMaxText)) return false;
    if (!parse_template(text, parts))
      return in.stop(child, "a '{' without key or '}'", "write '{KEY}' for the value of a field");
    rule.take.emplace_back(*target, std::move(parts));
  }
  return true;
}

bool read_source(Reader& in, const JsonNode& node, Rule& rule) {
  if (const JsonNode* products = node.find("products"))
    if (!in.texts(*products, "products", rule.products)) return false;
  if (const JsonNode* unproved = node.find("unproved")) {
    rule.unproved = unproved->type == Type::boolean && unproved->text == "true";
    if (!rule.unproved)
      return in.stop(*unproved, "'unproved' is not true", "leave it out of a rule that is proved");
  }
  const JsonNode* source = node.find("source");
  if (source == nullptr)
    return in.stop(node, "no 'source'",
                   "say where the text comes from: {\"product\", \"file\", \"version\"} or a line "
                   "anybody can look up");
  if (source->type == Type::text) return in.text(*source, "source", rule.source, kMaxText);
  if (source->type != Type::object)
    return in.stop(*source, "'source' is neither text nor object",
                   "{\"product\", \"file\", \"version\"}");
  constexpr std::array<std::string_view, 3> kKeys = {"product", "file", "version"};
  if (!only_keys(in, *source, kKeys)) return false;
  for (const std::string_view key : kKeys) {
    const JsonNode* part = source->find(key);
    std::string text;
    if (part == nullptr)
      return in.stop(*source, fmt::format("'source' without '{}'", key), "all three are needed");
    if (!in.text(*part, key, text, kMaxText)) return false;
    rule.source += (rule.source.empty() ? "" : " ") + text;
  }
  return true;
}

bool read_example(Reader& in, const JsonNode& node, Example& out) {
  out.place = in.place(node);
  if (node.type == Type::text) return in.text(node, "examples", out.line, kMaxLine);
  if (node.type != Type::object)
    return in.stop(node, "an example is neither text nor object", "{\"line\", \"fields\"}");
  constexpr std::array<std::string_view, 2> kKeys = {"line", "fields"};
  if (!only_keys(in, node, kKeys)) return false;
  const JsonNode* line = node.find("line");
  if (line == nullptr) return in.stop(node, "an example without 'line'", "the log line as printed");
  if (!in.text(*line, "line", out.line, kMaxLine)) return false;
  const JsonNode* fields = node.find("fields");
  if (fields == nullptr) return true;
  for (const auto& [key, child] : fields->members) {
    if (child.type != Type::text && child.type != Type::number)
      return in.stop(child, fmt::format("field '{}' is neither text nor number", key), "quote it");
    out.fields.emplace_back(key, child.text);
  }
  return true;
}

bool read_examples(Reader& in, const JsonNode& node, std::string_view key,
                   std::vector<Example>& out) {
  const JsonNode* list = node.find(key);
  if (list == nullptr) return true;
  if (list->type != Type::array || list->items.size() > kMaxTexts)
    return in.stop(*list, fmt::format("'{}' is not a list of at most 64", key), "use [ ]");
  for (const JsonNode& item : list->items)
    if (!read_example(in, item, out.emplace_back())) return false;
  return true;
}

bool read_rule(Reader& in, const JsonNode& node, Rule& rule) {
  constexpr std::array<std::string_view, 16> kKeys = {
      "id",       "event",  "message",  "prefix",   "literal",          "where", "regex",  "take",
      "products", "source", "unproved", "examples", "counter_examples", "note",  "origin", "in"};
  in.set_rule("");
  if (node.type != Type::object) return in.stop(node, "a rule is not an object", "use { }");
  rule.place = in.place(node);
  rule.file = in.name();
  return read_head(in, node, rule) && only_keys(in, node, kKeys) && read_origin(in, node, rule) &&
         read_where(in, node, rule) && read_texts(in, node, rule) && read_regex(in, node, rule) &&
         read_take(in, node, rule) && read_source(in, node, rule) &&
         read_examples(in, node, "examples", rule.examples) &&
         read_examples(in, node, "counter_examples", rule.counter_examples);
}

bool read_file(Reader& in, const JsonNode& root, std::vector<Rule>& out) {
  constexpr std::array<std::string_view, 5> kKeys = {"$schema", "version", "product", "note",
                                                     "rules"};
  if (root.type != Type::object) return in.stop(root, "not a JSON object", "{\"rules\": [ … ]}");
  if (!only_keys(in, root, kKeys)) return false;
  const JsonNode* version = root.find("version");
  if (version == nullptr || !try_u64(version->text).value_or(0))
    return in.stop(version ? *version : root, "'version' is no positive number",
                   "count it up with each change of the file");
  const JsonNode* rules = root.find("rules");
  if (rules == nullptr || rules->type != Type::array)
    return in.stop(rules ? *rules : root, "no list 'rules'", "{\"rules\": [ … ]}");
  if (rules->items.size() > kMaxRules) return in.stop(*rules, "more than 2000 rules", "split it");
  for (const JsonNode& item : rules->items) {
    Rule rule;
    if (!read_rule(in, item, rule)) return false;
    for (const Rule& other : out)
      if (other.id == rule.id)
        return in.stop(item, "the id is taken by " + other.place, "give it an id of its own");
    out.push_back(std::move(rule));
  }
  return true;
}

Result<std::string> read_user_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kMaxLine * 257, '\0');  // a little over the 4 MiB that parse_json takes
  if (!file)
    return fail(ErrorCode::usage, fmt::format("{}: cannot be opened", path),
                "name a readable pattern file");
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad()) return fail(ErrorCode::usage, fmt::format("{}: cannot be read", path));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

}  // namespace

std::vector<std::string> pattern_files_of(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(path, ignored)) return {path};
  std::vector<std::string> files;
  std::filesystem::directory_iterator at(path, ignored);
  for (const std::filesystem::directory_iterator end; !ignored && at != end; at.increment(ignored))
    if (at->path().extension() == ".json") files.push_back(at->path().string());
  std::sort(files.begin(), files.end());
  return files;
}

Result<std::vector<Rule>> parse_rules(std::string_view text, std::string_view name,
                                      RuleTrust trust) {
  Result<JsonNode> root = parse_json(text, name);
  if (!root) return tl::unexpected(std::move(root.error()));
  Reader in(text, name, trust);
  std::vector<Rule> rules;
  if (!read_file(in, *root, rules)) return tl::unexpected(in.take_error());
  return rules;
}

std::string built_in_rules_version() {
  std::string parts;
  for (const EmbeddedFile& file : embedded_files())
    if (file.name.starts_with("patterns/")) parts += RuleSet::version_part(file.text, file.name);
  return RuleSet::version_of(parts);
}

Result<RuleSet> load_rules(const std::vector<std::string>& user_pattern_files) {
  RuleSet set;
  for (const EmbeddedFile& file : embedded_files()) {
    if (!file.name.starts_with("patterns/")) continue;
    if (Result<void> added = set.add_file(file.text, file.name, RuleTrust::built_in); !added) {
      added.error().code = ErrorCode::internal;  // our own file
      return tl::unexpected(std::move(added.error()));
    }
  }
  for (const std::string& typed : user_pattern_files) {
    const std::vector<std::string> paths = pattern_files_of(typed);
    if (paths.empty())
      return fail(ErrorCode::usage, fmt::format("{}: the folder holds no *.json", typed),
                  "name a pattern file, or a folder of them");
    for (const std::string& path : paths) {
      const Result<std::string> text = read_user_file(path);
      if (!text) return tl::unexpected(text.error());
      if (Result<void> added = set.add_file(*text, path); !added)
        return tl::unexpected(std::move(added.error()));
    }
  }
  set.seal();
  return set;
}

}  // namespace regtriage
