#include "classify/expression.h"

#include <fmt/format.h>

#include <array>

namespace regtriage {
namespace {

constexpr int kMaxGroups = 16;

// Messages are bytes, not always UTF-8; a dot is a byte. A program over 1 MiB does not compile.
re2::RE2::Options options() {
  re2::RE2::Options out(re2::RE2::Quiet);
  out.set_encoding(re2::RE2::Options::EncodingLatin1);
  out.set_max_mem(1 << 20);
  out.set_dot_nl(true);
  return out;
}

}  // namespace

Expression::Compiled::Compiled(std::string_view pattern)
    : program(re2::StringPiece(pattern.data(), pattern.size()), options()) {
  if (program.ok())
    fault = fault_in_groups();
  else
    fault = Fault{"regex does not compile: " + program.error(),
                  "RE2 syntax: close each group, and write '\\\\(' for a literal bracket"};
}

std::optional<Expression::Fault> Expression::Compiled::fault_in_groups() {
  group_count = program.NumberOfCapturingGroups();
  if (group_count > kMaxGroups)
    return Fault{"regex has more than 16 groups", "use '(?:…)' for groups to be skipped"};
  if (group_count > static_cast<int>(program.NamedCapturingGroups().size()))
    return Fault{"regex has a group without a name",
                 "use '(?P<name>…)' for a value and '(?:…)' for a group to be skipped"};
  for (const auto& [name, number] : program.NamedCapturingGroups()) {
    const std::optional<Target> target = try_target(name);
    if (!target) return Fault{fmt::format("unknown group '{}'", name), "known: " + target_words()};
    groups.push_back({number, *target});
  }
  return std::nullopt;
}

std::optional<Target> try_target(std::string_view word) {
  for (std::size_t i = 0; i < static_cast<std::size_t>(Target::count_); ++i)
    if (word_of(static_cast<Target>(i)) == word) return static_cast<Target>(i);
  return std::nullopt;
}

std::string target_words() {
  std::string out;
  for (std::size_t i = 0; i < static_cast<std::size_t>(Target::count_); ++i)
    out += (i ? ", " : "") + std::string(word_of(static_cast<Target>(i)));
  return out;
}

const Expression::Compiled& Expression::compile() const {
  const std::lock_guard lock(mutex_);
  if (made_ == nullptr) made_ = std::make_unique<const Compiled>(pattern_);
  compiled_.store(made_.get(), std::memory_order_release);
  return *made_;
}

bool Expression::match(std::string_view message, std::string_view* caught) const {
  const Compiled& c = compiled();
  if (c.fault) return false;
  const re2::StringPiece text(message.data(), message.size());
  std::array<re2::StringPiece, kMaxGroups + 1> found;
  const int wanted = c.groups.empty() ? 0 : c.group_count + 1;
  if (!c.program.Match(text, 0, text.size(), re2::RE2::UNANCHORED, found.data(), wanted))
    return false;
  for (const Group& group : c.groups) {
    const re2::StringPiece& piece = found[static_cast<std::size_t>(group.number)];
    if (piece.data() != nullptr)
      caught[static_cast<std::size_t>(group.target)] = {piece.data(), piece.size()};
  }
  return true;
}

}  // namespace regtriage
