#include "facts/lone_choice.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "facts/renaming.h"

namespace regtriage {
namespace {

void add_line(Remainder& remainder, const LineKind& kind, TimeNs time) {
  remainder.kind = kind;
  ++remainder.lines;
  remainder.first = remainder.first == kNoTime ? time : std::min(remainder.first, time);
  remainder.last = std::max(remainder.last, time);
}

void add(std::map<LineKind, Remainder>& sum, const Remainder& more) {
  Remainder& mine = sum[more.kind];
  mine.kind = more.kind;
  mine.lines += more.lines;
  mine.subjects += more.subjects;
  mine.first = mine.first == kNoTime ? more.first : std::min(mine.first, more.first);
  mine.last = std::max(mine.last, more.last);
}

template <class Ranked>
bool is_before(const Ranked& a, const Ranked& b) {
  return a.rank.is_before(b.rank);
}

// The best come first.
template <class Ranked>
void part_best(std::vector<Ranked>& all, std::size_t most) {
  std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(most), all.end(),
                   is_before<Ranked>);
}

}  // namespace

bool LoneRank::is_before(const LoneRank& other) const {
  if (clients != other.clients) return clients > other.clients;
  if (lines != other.lines) return lines > other.lines;
  return std::tie(order, id) < std::tie(other.order, other.id);
}

void LoneChoice::Subject::leave_out(Remainders& sum) const {
  for (const Event& e : lines) add_line(sum[kind.of(e)], kind.of(e), e.time);
  for (const auto& [of, remainder] : more) add(sum, remainder);
  ++sum[kind].subjects;
}

LoneChoice::Subject LoneChoice::subject_of(const Facts& part, const LoneCandidate& one,
                                           const LineKind& kind) const {
  Subject subject{one.rank, kind, {}, {}};
  const auto count = static_cast<std::size_t>(one.end - one.begin);
  for (std::size_t i = 0; i < count; ++i) {
    const Event& e = part.events[one.begin[i] & 0xffffffffU];
    if (i + 1 < limits_.lines_of_one || i + 1 == count)
      subject.lines.push_back(e);
    else
      add_line(subject.more[kind.of(e)], kind.of(e), e.time);
  }
  return subject;
}

void LoneChoice::offer(const Facts& part, LoneCandidates&& candidates) {
  Remainders left_out;
  for (auto& [kind, subjects] : candidates) {
    const std::size_t most = limits_.of(kind).subjects;
    if (subjects.size() <= most) continue;
    part_best(subjects, most);
    while (subjects.size() > most) {
      subject_of(part, subjects.back(), kind).leave_out(left_out);
      subjects.pop_back();
    }
  }
  const std::lock_guard lock(mutex_);
  Renaming renaming(part.names, names_);
  bool is_full = false;
  for (const auto& [kind, subjects] : candidates) {
    Kept& kept = kept_[kind];
    for (const LoneCandidate& one : subjects) {
      Subject subject = subject_of(part, one, kind);
      if (kept.worst && kept.worst->is_before(one.rank)) {
        subject.leave_out(left_out);
        continue;
      }
      for (Event& e : subject.lines) renaming.apply(e);
      kept.lines += subject.lines.size();
      kept.subjects.push_back(std::move(subject));
    }
    const ThinLimits::OfKind most = limits_.of(kind);
    is_full |= kept.subjects.size() >= 2 * most.subjects || kept.lines >= 2 * most.lines;
  }
  for (const auto& [kind, remainder] : left_out) add(left_out_, remainder);
  if (is_full) cut_all();
}

std::vector<Remainder> LoneChoice::end(Accumulator& sum) {
  cut_all();
  std::vector<Remainder> remainders;
  Facts facts;
  for (const auto& [kind, kept] : kept_)
    for (const Subject& subject : kept.subjects) {
      std::map<LineKind, EventId> last;
      for (const Event& e : subject.lines) {
        if (!subject.more.empty()) last[subject.kind.of(e)] = e.id;
        facts.events.push_back(e);
      }
      for (auto [of, remainder] : subject.more) {
        remainder.like = last.try_emplace(of, subject.lines.back().id).first->second;
        remainders.push_back(remainder);
      }
    }
  for (const auto& [kind, remainder] : left_out_) remainders.push_back(remainder);
  std::sort(remainders.begin(), remainders.end(), [](const Remainder& a, const Remainder& b) {
    return std::tie(a.kind, a.like) < std::tie(b.kind, b.like);
  });
  facts.names = std::move(names_);
  sum.absorb(std::move(facts));
  return remainders;
}

void LoneChoice::cut(Kept& kept, const ThinLimits::OfKind& most) {
  std::vector<Subject>& subjects = kept.subjects;
  if (subjects.size() > most.subjects) {
    part_best(subjects, most.subjects);
    cut_to(kept, most.subjects);
  }
  if (kept.lines <= most.lines) return;
  std::sort(subjects.begin(), subjects.end(), is_before<Subject>);
  std::size_t fit = 0;
  for (std::size_t lines = 0; lines < most.lines; ++fit) lines += subjects[fit].lines.size();
  cut_to(kept, fit);
}

void LoneChoice::cut_to(Kept& kept, std::size_t most) {
  for (std::size_t i = most; i < kept.subjects.size(); ++i) kept.subjects[i].leave_out(left_out_);
  kept.subjects.resize(most);
  kept.lines = 0;
  for (const Subject& subject : kept.subjects) kept.lines += subject.lines.size();
  kept.worst =
      std::max_element(kept.subjects.begin(), kept.subjects.end(), is_before<Subject>)->rank;
}

void LoneChoice::cut_all() {
  StringTable names;
  Renaming renaming(names_, names);
  for (auto& [kind, kept] : kept_) {
    cut(kept, limits_.of(kind));
    for (Subject& subject : kept.subjects)
      for (Event& e : subject.lines) renaming.apply(e);
  }
  names_ = std::move(names);
}

}  // namespace regtriage
