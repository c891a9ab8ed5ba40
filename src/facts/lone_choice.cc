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

bool stands_before(const Event& a, const Event& b) {
  return std::tuple(a.order(), a.id) < std::tuple(b.order(), b.id);
}

}  // namespace

bool LoneRank::is_before(const LoneRank& other) const {
  if (often != other.often) return often > other.often;
  return std::tie(order, id) < std::tie(other.order, other.id);
}

void LoneChoice::Subject::leave_out(Remainders& sum) const {
  for (const Event& e : lines)
    add_line(sum[line_kind_of(e, place)], line_kind_of(e, place), e.time);
  for (const auto& [kind, remainder] : more) add(sum, remainder);
  ++sum[line_kind_of(lines.front(), place)].subjects;
}

LoneChoice::Subject LoneChoice::subject_of(const Facts& part, const LoneCandidate& one,
                                           std::uint8_t place) const {
  Subject subject{one.rank, place, {}, {}};
  const auto count = static_cast<std::size_t>(one.end - one.begin);
  for (std::size_t i = 0; i < count; ++i) {
    const Event& e = part.events[one.begin[i] & 0xffffffffU];
    const LineKind kind = line_kind_of(e, place);
    if (i + 1 < limits_.lines_of_one || i + 1 == count)
      subject.lines.push_back(e);
    else
      add_line(subject.more[kind], kind, e.time);
  }
  return subject;
}

void LoneChoice::offer(const Facts& part, LoneCandidates&& candidates) {
  Remainders left_out;
  for (auto& [kind, subjects] : candidates) {
    if (subjects.size() <= limits_.subjects) continue;
    part_best(subjects, limits_.subjects);
    while (subjects.size() > limits_.subjects) {
      subject_of(part, subjects.back(), kind.place).leave_out(left_out);
      subjects.pop_back();
    }
  }
  const std::lock_guard lock(mutex_);
  Renaming renaming(part.names, names_);
  for (const auto& [kind, subjects] : candidates) {
    Kept& kept = kept_[kind];
    for (const LoneCandidate& one : subjects) {
      Subject subject = subject_of(part, one, kind.place);
      if (kept.worst && kept.worst->is_before(one.rank)) {
        subject.leave_out(left_out);
        continue;
      }
      for (Event& e : subject.lines) renaming.apply(e);
      kept.subjects.push_back(std::move(subject));
    }
  }
  for (const auto& [kind, remainder] : left_out) add(left_out_, remainder);
  if (std::any_of(kept_.begin(), kept_.end(), [this](const auto& kind) {
        return kind.second.subjects.size() >= 2 * limits_.subjects;
      }))
    cut_all();
}

std::vector<Remainder> LoneChoice::end(Accumulator& sum) {
  cut_all();
  std::map<LineKind, const Event*> last;
  std::vector<Remainder> remainders;
  Facts facts;
  for (const auto& [kind, kept] : kept_)
    for (const Subject& subject : kept.subjects) {
      std::map<LineKind, EventId> own;
      for (const Event& e : subject.lines) {
        const Event*& seen = last[line_kind_of(e, subject.place)];
        if (seen == nullptr || stands_before(*seen, e)) seen = &e;
        if (!subject.more.empty()) own[line_kind_of(e, subject.place)] = e.id;
        facts.events.push_back(e);
      }
      for (auto [of, remainder] : subject.more) {
        remainder.like = own.try_emplace(of, subject.lines.back().id).first->second;
        remainders.push_back(remainder);
      }
    }
  for (auto& [kind, remainder] : left_out_) {
    if (const auto at = last.find(kind); at != last.end()) remainder.like = at->second->id;
    remainders.push_back(remainder);
  }
  std::sort(remainders.begin(), remainders.end(), [](const Remainder& a, const Remainder& b) {
    return std::tie(a.kind, a.like) < std::tie(b.kind, b.like);
  });
  facts.names = std::move(names_);
  sum.absorb(std::move(facts));
  return remainders;
}

void LoneChoice::cut(Kept& kept) {
  std::vector<Subject>& subjects = kept.subjects;
  if (subjects.size() > limits_.subjects) {
    part_best(subjects, limits_.subjects);
    cut_to(kept, limits_.subjects);
  }
  std::size_t lines = 0;
  for (const Subject& subject : subjects) lines += subject.lines.size();
  if (lines <= limits_.lines) return;
  std::sort(subjects.begin(), subjects.end(), is_before<Subject>);
  std::size_t most = 0;
  for (lines = 0; lines < limits_.lines; ++most) lines += subjects[most].lines.size();
  cut_to(kept, most);
}

void LoneChoice::cut_to(Kept& kept, std::size_t most) {
  for (std::size_t i = most; i < kept.subjects.size(); ++i) kept.subjects[i].leave_out(left_out_);
  kept.subjects.resize(most);
  kept.worst =
      std::max_element(kept.subjects.begin(), kept.subjects.end(), is_before<Subject>)->rank;
}

void LoneChoice::cut_all() {
  StringTable names;
  Renaming renaming(names_, names);
  for (auto& [kind, kept] : kept_) {
    cut(kept);
    for (Subject& subject : kept.subjects)
      for (Event& e : subject.lines) renaming.apply(e);
  }
  names_ = std::move(names);
}

}  // namespace regtriage
