#include "ingest/census.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "base/mask.h"
#include "base/redact.h"

namespace regtriage {
namespace {

constexpr std::size_t kMostGroups = 2048, kExampleBytes = 320, kRedactBytes = 4096;
constexpr std::array<std::size_t, 7> kWords = {0, 16, 8, 4, 2, 1, 0};  // by step; 0 means all

std::string shortened_text(std::string_view message, unsigned step) {
  return step == 0 ? std::string(message) : first_words(message, kWords[step]);
}

// Cut between two characters.
std::string example_of(std::string_view line) {
  std::string example = redacted(line.substr(0, kRedactBytes));
  std::size_t end = std::min(example.size(), kExampleBytes);
  while (end != 0 && end < example.size() && (example[end] & 0xc0) == 0x80) --end;
  example.resize(end);
  return example;
}

std::string key_of_group(Format format, Level level, std::string_view message) {
  std::string key = {static_cast<char>(format), static_cast<char>(level)};
  return key += message;
}

}  // namespace

void Census::matched(std::string_view rule) {
  const auto at = rules_.find(rule);
  if (at != rules_.end())
    ++at->second;
  else
    rules_.emplace(rule, 1);
}

void Census::unmatched(Format format, Level level, std::string_view message, std::string_view line,
                       const Position& at) {
  UnmatchedLines one{
      format, level, shortened_text(masked(redacted(message.substr(0, kRedactBytes))), shortened_),
      1,      at,    {}};
  std::string key = key_of_group(format, level, one.message);
  const auto known = groups_.find(key);
  if (known == groups_.end() || at < known->second.at) one.example = example_of(line);
  put(groups_, std::move(key), std::move(one));
  bound();
}

void Census::put(Groups& groups, std::string key, UnmatchedLines&& lines) {
  const auto [at, fresh] = groups.try_emplace(std::move(key), std::move(lines));
  if (fresh) return;
  UnmatchedLines& group = at->second;
  group.count += lines.count;
  if (group.at < lines.at) return;
  group.at = lines.at;
  group.example = std::move(lines.example);
}

void Census::shorten_to(unsigned step) {
  if (step == shortened_) return;
  shortened_ = step;
  Groups shorter;
  for (auto& [key, lines] : groups_) {
    lines.message = shortened_text(lines.message, step);
    std::string short_key = key_of_group(lines.format, lines.level, lines.message);
    put(shorter, std::move(short_key), std::move(lines));
  }
  groups_ = std::move(shorter);
}

void Census::bound() {
  while (groups_.size() > kMostGroups && shortened_ + 1 < kWords.size()) shorten_to(shortened_ + 1);
}

void Census::join(Census&& other) {
  for (const auto& [rule, count] : other.rules_) rules_[rule] += count;
  by_format_ += other.by_format_;
  if (other.groups_.empty()) return;
  const unsigned step = std::max(shortened_, other.shortened_);
  shorten_to(step);
  other.shorten_to(step);
  for (auto& [key, lines] : other.groups_) put(groups_, key, std::move(lines));
  bound();
}

std::uint64_t Census::matches_of(std::string_view rule) const {
  const auto at = rules_.find(rule);
  return at == rules_.end() ? 0 : at->second;
}

std::uint64_t Census::by_rules() const {
  std::uint64_t sum = 0;
  for (const auto& [rule, count] : rules_) sum += count;
  return sum;
}

std::uint64_t Census::by_none() const {
  std::uint64_t sum = 0;
  for (const auto& [key, lines] : groups_) sum += lines.count;
  return sum;
}

std::vector<UnmatchedLines> Census::groups() const {
  std::vector<UnmatchedLines> out;
  for (const auto& [key, lines] : groups_) out.push_back(lines);
  std::stable_sort(out.begin(), out.end(), [](const UnmatchedLines& a, const UnmatchedLines& b) {
    return a.count > b.count;
  });
  return out;
}

}  // namespace regtriage
