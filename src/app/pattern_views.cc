#include "app/pattern_views.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/json_writer.h"
#include "report/layout.h"
#include "report/renderers/text_page.h"

namespace regtriage {
namespace {

using Style = TextPage::Style;

constexpr std::string_view kUnproved = "unproved";
constexpr int kRuleColumn = 6, kCountColumn = 14;

std::string products_of(const Rule& rule) { return list_text(rule.products, 8); }

std::string origin_of(const Rule& rule) {
  return fmt::format("{}; from {}", products_of(rule), rule.source);
}

std::string title_of(const Rule& rule) {
  return fmt::format("{}: {}{}", rule.id, word_of(rule.event),
                     rule.unproved ? fmt::format(" ({})", kUnproved) : std::string());
}

std::string unproved_note(std::span<const Rule> rules) {
  const auto number = static_cast<std::uint64_t>(std::ranges::count(rules, true, &Rule::unproved));
  if (number == 0) return {};
  return fmt::format(
      "{} unproved: known from notes alone, no line of a real program nor its source was seen",
      number == 1 ? "1 rule is" : fmt::format("{} rules are", number_text(number)));
}

// By file, in the order in which they are tried.
void write_all(std::span<const Rule> rules, TextPage& page) {
  std::string_view file;
  for (const Rule& rule : rules) {
    if (rule.file != file) page.paragraph(rule.file, 0, Style::bold);
    file = rule.file;
    page.paragraph(title_of(rule), 2);
    page.paragraph(origin_of(rule), kRuleColumn, Style::dim);
  }
}

void write_counted(std::span<const Rule> rules, const Census& census, TextPage& page) {
  std::vector<const Rule*> matched;
  for (const Rule& rule : rules)
    if (census.matches_of(rule.id) != 0) matched.push_back(&rule);
  std::ranges::stable_sort(matched, std::greater<>(),
                           [&](const Rule* rule) { return census.matches_of(rule->id); });
  for (const Rule* rule : matched) {
    page.row(fmt::format("{:>11}", number_text(census.matches_of(rule->id))), title_of(*rule), 0,
             kCountColumn);
    page.paragraph(origin_of(*rule), kCountColumn + 2, Style::dim);
  }
  page.paragraph(
      fmt::format("{} matched nothing", count_of(rules.size() - matched.size(), "rule")));
}

void write_rule(const Rule& rule, const Census* census, JsonWriter& json) {
  json.begin_object().field("id", std::string_view(rule.id));
  json.field("event", word_of(rule.event)).field("file", std::string_view(rule.file));
  json.field("place", std::string_view(rule.place));
  json.key("products").begin_array();
  for (const std::string& product : rule.products) json.value(std::string_view(product));
  json.end_array();
  json.field("source", std::string_view(rule.source)).field("unproved", rule.unproved);
  json.field("examples", static_cast<std::uint64_t>(rule.examples.size()));
  json.field("counter_examples", static_cast<std::uint64_t>(rule.counter_examples.size()));
  if (census != nullptr) json.field("matches", census->matches_of(rule.id));
  json.end_object();
}

std::string_view name_of(const std::vector<SourceReport>& sources, SourceId id) {
  return id < sources.size() ? std::string_view(sources[id].name) : std::string_view();
}

std::string kind_text(const UnmatchedLines& lines) {
  if (lines.format == Format::none) return "not understood";
  return lines.level == Level::none
             ? std::string(word_of(lines.format))
             : fmt::format("{}, level {}", word_of(lines.format), word_of(lines.level));
}

std::uint64_t lines_of(const Census& census) {
  return census.by_rules() + census.by_format() + census.by_none();
}

std::string upshot(const Census& census, std::size_t groups) {
  const std::uint64_t all = lines_of(census);
  if (all == 0) return "There was not one line to look at.";
  if (groups == 0)
    return fmt::format("Every line is explained: {} by rules, {} by their format alone.",
                       number_text(census.by_rules()), number_text(census.by_format()));
  return fmt::format("{} of {} explained by no rule, in {}; {} by rules, {} by their format alone.",
                     count_of(census.by_none(), "line"), number_text(all),
                     count_of(groups, "group"), number_text(census.by_rules()),
                     number_text(census.by_format()));
}

}  // namespace

std::string rules_text(const RuleSet& rules, const Census* census, const PatternPage& layout) {
  std::string text;
  TextPage page(text, layout.columns, layout.color, false);
  if (census == nullptr)
    write_all(rules.rules(), page);
  else
    write_counted(rules.rules(), *census, page);
  if (const std::string note = unproved_note(rules.rules()); !note.empty()) page.paragraph(note);
  return text;
}

std::string rules_json(const RuleSet& rules, const Census* census) {
  std::string text;
  JsonWriter json(text, 1);
  json.begin_object().field("schema", "regtriage/rules/1").field("ruleset", rules.version());
  json.key("rules").begin_array();
  for (const Rule& rule : rules.rules()) write_rule(rule, census, json);
  json.end_array().end_object();
  return text + "\n";
}

std::string unmatched_text(const Census& census, const std::vector<SourceReport>& sources,
                           const PatternPage& layout) {
  std::string text;
  TextPage page(text, layout.columns, layout.color, false);
  const std::vector<UnmatchedLines> groups = census.groups();
  page.paragraph(upshot(census, groups.size()), 0, Style::bold);
  if (census.shortened())
    page.paragraph("There are too many kinds of messages: only their first words were compared.");
  const std::size_t shown =
      layout.limit == 0 ? groups.size() : std::min(layout.limit, groups.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const UnmatchedLines& lines = groups[i];
    page.blank();
    page.row(fmt::format("{:>11}", number_text(lines.count)), lines.message, 0, kCountColumn);
    page.paragraph(fmt::format("{}; {}:{}:", kind_text(lines), name_of(sources, lines.at.source),
                               lines.at.line),
                   kCountColumn, Style::dim);
    page.paragraph(lines.example, kCountColumn, Style::dim);
  }
  if (shown < groups.size())
    page.paragraph(fmt::format("... {} more (--limit)", number_text(groups.size() - shown)));
  return text;
}

std::string unmatched_json(const Census& census, const std::vector<SourceReport>& sources,
                           std::size_t limit) {
  std::string text;
  JsonWriter json(text, 1);
  const std::vector<UnmatchedLines> groups = census.groups();
  json.begin_object().field("schema", "regtriage/unmatched/1").field("lines", lines_of(census));
  json.field("by_rules", census.by_rules()).field("by_format", census.by_format());
  json.field("by_none", census.by_none()).field("shortened", census.shortened());
  json.key("groups").begin_array();
  const std::size_t shown = limit == 0 ? groups.size() : std::min(limit, groups.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const UnmatchedLines& lines = groups[i];
    json.begin_object().field("count", lines.count).field("format", word_of(lines.format));
    if (lines.level == Level::none)
      json.null_field("level");
    else
      json.field("level", word_of(lines.level));
    json.field("message", std::string_view(lines.message));
    json.field("example", std::string_view(lines.example));
    json.field("source", name_of(sources, lines.at.source));
    json.field("line", static_cast<std::uint64_t>(lines.at.line)).end_object();
  }
  json.end_array();
  if (shown < groups.size()) json.field("groups_total", static_cast<std::uint64_t>(groups.size()));
  json.end_object();
  return text + "\n";
}

}  // namespace regtriage
