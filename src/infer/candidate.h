// A possible cause of one problem line, with the pieces that speak for and against it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "infer/history.h"
#include "model/finding.h"

namespace regtriage {

struct Piece {
  std::string text;  // the same words for the same kind of evidence: a finding joins pieces by text
  Sign sign = Sign::evidence_for;
  int weight = 0;
  std::vector<Sight> sights;  // lines that show it, a few
};

struct Candidate {
  CauseId cause = CauseId::undetermined;
  std::string group;  // problem lines of one cause and group are one finding
  std::vector<Piece> pieces;
  std::vector<std::string> missing;  // what would decide
  bool adds_up = true;               // false: that several lines show it makes it no surer
  bool by_lines = false;             // certain before anything but lines was weighed
  bool proved = true;                // false: what is missing keeps it below certain
  std::vector<NameId> digests, tags, repositories;  // subjects beside those of the line itself

  Candidate(CauseId c, std::string g) : cause(c), group(std::move(g)) {}
  Candidate& because(int weight, std::string text, std::initializer_list<Sight> sights = {}) {
    return piece(Sign::evidence_for, weight, std::move(text), sights);
  }
  Candidate& despite(int weight, std::string text, std::initializer_list<Sight> sights = {}) {
    return piece(Sign::against, weight, std::move(text), sights);
  }
  Candidate& lacks(std::string text) {
    missing.push_back(std::move(text));
    return *this;
  }
  // As `lacks`, and until that is known nothing makes it certain but lines alone.
  Candidate& needs(std::string text) {
    proved = proved && by_lines;
    return lacks(std::move(text));
  }
  int score() const {
    int sum = 0;
    for (const Piece& p : pieces) sum += p.sign == Sign::against ? -p.weight : p.weight;
    return sum;
  }

 private:
  Candidate& piece(Sign sign, int weight, std::string text, std::initializer_list<Sight> sights) {
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
