// A possible cause of one problem line, with the pieces that speak for and against it.
#pragma once

#include <compare>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "infer/history.h"
#include "model/finding.h"

namespace regtriage {

// A sentence of a rule: mostly a literal, which is not copied, for a flood of errors says the same
// sentence a million times.
class Words {
 public:
  Words(const char* literal) : view_(literal) {}  // NOLINT: lives as long as the program
  Words(std::string made)
      : own_(std::make_shared<const std::string>(std::move(made))), view_(*own_) {}
  // Lives as long as the context.
  static Words borrowed(std::string_view text) { return Words(text); }

  std::string_view view() const { return view_; }
  bool operator==(const Words& other) const { return view_ == other.view_; }
  auto operator<=>(const Words& other) const { return view_ <=> other.view_; }

 private:
  explicit Words(std::string_view text) : view_(text) {}
  std::shared_ptr<const std::string> own_;
  std::string_view view_;
};

// Problem lines of one cause and group are one finding: up to two names, and a word of the
// program's own.
struct GroupName {
  NameId first{}, second{};
  std::string_view word;

  GroupName(const char* literal) : word(literal) {}  // NOLINT: lives as long as the program
  explicit GroupName(NameId a, NameId b = NameId::none) : first(a), second(b) {}
  GroupName(NameId a, const char* literal) : first(a), word(literal) {}
  // `word` lives as long as the context.
  static GroupName borrowed(std::string_view word) {
    GroupName group("");
    group.word = word;
    return group;
  }
  bool operator==(const GroupName&) const = default;
  std::string text(const Facts& facts) const {
    std::string out(facts.text(first));
    if (second != NameId::none) out.append("\n").append(facts.text(second));
    if (!word.empty()) out.append(first == NameId::none ? "" : "\n").append(word);
    return out;
  }
};

struct Piece {
  Words text;  // the same words for the same kind of evidence: a finding joins pieces by text
  Sign sign = Sign::evidence_for;
  int weight = 0;
  std::vector<Sight> sights;  // lines that show it, a few
};

struct Candidate {
  CauseId cause = CauseId::undetermined;
  GroupName group;
  std::vector<Piece> pieces;
  std::vector<Words> missing;  // what would decide
  bool adds_up = true;         // false: that several lines show it makes it no surer
  bool by_lines = false;       // certain before anything but lines was weighed
  bool proved = true;          // false: what is missing keeps it below certain
  std::vector<NameId> digests, tags, repositories;  // subjects beside those of the line itself

  Candidate(CauseId c, GroupName g) : cause(c), group(g) {}
  Candidate& because(int weight, Words text, std::initializer_list<Sight> sights = {}) {
    return piece(Sign::evidence_for, weight, std::move(text), sights);
  }
  Candidate& despite(int weight, Words text, std::initializer_list<Sight> sights = {}) {
    return piece(Sign::against, weight, std::move(text), sights);
  }
  Candidate& lacks(Words text) {
    missing.push_back(std::move(text));
    return *this;
  }
  // As `lacks`, and until that is known nothing makes it certain but lines alone.
  Candidate& needs(Words text) {
    proved = proved && by_lines;
    return lacks(std::move(text));
  }
  int score() const {
    int sum = 0;
    for (const Piece& p : pieces) sum += p.sign == Sign::against ? -p.weight : p.weight;
    return sum;
  }

 private:
  Candidate& piece(Sign sign, int weight, Words text, std::initializer_list<Sight> sights) {
    Piece p{std::move(text), sign, weight, {}};
    for (const Sight& s : sights)
      if (s) p.sights.push_back(s);
    pieces.push_back(std::move(p));
    return *this;
  }
};

// Points: what one needs to be called probable and certain.
inline constexpr int kProbable = 50;
inline constexpr int kCertain = 85;

inline Confidence confidence_of(int score) {
  return score >= kCertain    ? Confidence::certain
         : score >= kProbable ? Confidence::probable
                              : Confidence::possible;
}

}  // namespace regtriage
