#include "facts/thin.h"

#include <tsl/robin_map.h>
#include <tsl/robin_set.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <tuple>
#include <utility>

#include "base/parallel.h"
#include "facts/accumulator.h"
#include "facts/lone.h"
#include "facts/renaming.h"

namespace regtriage {
namespace {

// What lines that are not lone name: their subjects, and requests that other lines speak of.
class Named {
 public:
  explicit Named(const Facts& facts) {
    for (const Event& e : facts.events)
      if (!may_be_lone(e)) add(facts.names, e);
    for (const Touch& t : facts.touches) {
      if (t.digest != NameId::none) subjects_.insert(subject_of_digest(facts.names, t.digest));
      if (t.tag != NameId::none) subjects_.insert(subject_of_tag(facts.names, t.repository, t.tag));
    }
  }
  bool has(std::uint64_t subject) const { return subjects_.count(subject) != 0; }
  bool has_request(const Hash128& request) const {
    return request && !requests_.empty() && requests_.count(request) != 0;
  }

 private:
  void add(const StringTable& names, const Event& e) {
    for (const NameId digest : {e.digest, e.manifest})
      if (digest != NameId::none) subjects_.insert(subject_of_digest(names, digest));
    if (e.tag != NameId::none) subjects_.insert(subject_of_tag(names, e.repository, e.tag));
    if (e.upload != NameId::none) subjects_.insert(subject_of_upload(names, e.upload));
    if (e.kind != EventKind::request && e.kind != EventKind::echo && e.request)
      requests_.insert(e.request);
  }

  tsl::robin_set<std::uint64_t> subjects_;  // mixed already
  tsl::robin_set<Hash128, MixedHash> requests_;
};

// Which subjects are kept: those asked for most often, then the earliest.
struct Rank {
  std::size_t often = 0;
  TimeNs order = kNoTime;
  EventId id;

  bool is_before(const Rank& other) const {
    if (often != other.often) return often > other.often;
    return std::tie(order, id) < std::tie(other.order, other.id);
  }
};

void add_line(Remainder& remainder, const LineKind& kind, TimeNs time) {
  remainder.kind = kind;
  ++remainder.lines;
  remainder.first = remainder.first == kNoTime ? time : std::min(remainder.first, time);
  remainder.last = std::max(remainder.last, time);
}

using Remainders = std::map<LineKind, Remainder>;

void add(Remainders& sum, const Remainder& more) {
  Remainder& mine = sum[more.kind];
  mine.kind = more.kind;
  mine.lines += more.lines;
  mine.subjects += more.subjects;
  mine.first = mine.first == kNoTime ? more.first : std::min(mine.first, more.first);
  mine.last = std::max(mine.last, more.last);
}

// What is kept of one subject, in order, and how many lines it has beside.
struct Subject {
  Rank rank;
  std::vector<Event> lines;
  Remainders more;

  void leave_out(Remainders& sum) const {
    for (const Event& e : lines) add_line(sum[line_kind_of(e)], line_kind_of(e), e.time);
    for (const auto& [kind, remainder] : more) add(sum, remainder);
    ++sum[line_kind_of(lines.front())].subjects;
  }
};

// The lines of one subject among those of a part, in order: most are never copied.
struct Candidate {
  Rank rank;
  const std::uint64_t* begin = nullptr;  // the low halves are indexes of events
  const std::uint64_t* end = nullptr;
};

using Candidates = std::map<LineKind, std::vector<Candidate>>;  // by the kind of the first line

template <class Ranked>
void sort_best(std::vector<Ranked>& all, std::size_t most) {
  const auto is_before = [](const Ranked& a, const Ranked& b) { return a.rank.is_before(b.rank); };
  std::nth_element(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(most), all.end(),
                   is_before);
}

// Of each kind the subjects that are kept so far, and what was left out. Any number of threads.
class Choice {
 public:
  explicit Choice(const ThinLimits& limits) : limits_(limits) {}

  // Those of one part, whose facts they borrow.
  void offer(const Facts& part, Candidates&& candidates) {
    Remainders left_out;
    for (auto& [kind, subjects] : candidates) {
      if (subjects.size() <= limits_.subjects) continue;
      sort_best(subjects, limits_.subjects);
      while (subjects.size() > limits_.subjects) {
        subject_of(part, subjects.back()).leave_out(left_out);
        subjects.pop_back();
      }
    }
    const std::lock_guard lock(mutex_);
    Renaming renaming(part.names, names_);
    for (const auto& [kind, subjects] : candidates) {
      Kept& kept = kept_[kind];
      for (const Candidate& one : subjects) {
        Subject subject = subject_of(part, one);
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

  // Adds the lines that are kept to `sum`; what was left out is the result.
  std::vector<Remainder> end(Accumulator& sum) {
    cut_all();
    std::map<LineKind, const Event*> last;
    std::vector<Remainder> remainders;
    Facts facts;
    for (const auto& [kind, kept] : kept_)
      for (const Subject& subject : kept.subjects) {
        std::map<LineKind, EventId> own;
        for (const Event& e : subject.lines) {
          const Event*& seen = last[line_kind_of(e)];
          if (seen == nullptr || std::tuple(seen->order(), seen->id) < std::tuple(e.order(), e.id))
            seen = &e;
          if (!subject.more.empty()) own[line_kind_of(e)] = e.id;
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

 private:
  struct Kept {
    std::vector<Subject> subjects;
    std::optional<Rank> worst;  // nothing behind it is kept
  };

  Subject subject_of(const Facts& part, const Candidate& one) const {
    Subject subject{one.rank, {}, {}};
    const auto count = static_cast<std::size_t>(one.end - one.begin);
    for (std::size_t i = 0; i < count; ++i) {
      const Event& e = part.events[one.begin[i] & 0xffffffffU];
      if (i + 1 < limits_.lines_of_one || i + 1 == count)
        subject.lines.push_back(e);
      else
        add_line(subject.more[line_kind_of(e)], line_kind_of(e), e.time);
    }
    return subject;
  }

  void cut(Kept& kept) {
    std::vector<Subject>& subjects = kept.subjects;
    if (subjects.size() > limits_.subjects) {
      sort_best(subjects, limits_.subjects);
      drop_from(kept, limits_.subjects);
    }
    std::size_t lines = 0;
    for (const Subject& subject : subjects) lines += subject.lines.size();
    if (lines <= limits_.lines) return;
    std::sort(subjects.begin(), subjects.end(),
              [](const Subject& a, const Subject& b) { return a.rank.is_before(b.rank); });
    std::size_t most = 0;
    for (lines = 0; lines < limits_.lines; ++most) lines += subjects[most].lines.size();
    drop_from(kept, most);
  }
  void drop_from(Kept& kept, std::size_t most) {
    for (std::size_t i = most; i < kept.subjects.size(); ++i) kept.subjects[i].leave_out(left_out_);
    kept.subjects.resize(most);
    kept.worst = std::max_element(
                     kept.subjects.begin(), kept.subjects.end(),
                     [](const Subject& a, const Subject& b) { return a.rank.is_before(b.rank); })
                     ->rank;
  }

  void cut_all() {
    StringTable names;
    Renaming renaming(names_, names);
    for (auto& [kind, kept] : kept_) {
      cut(kept);
      for (Subject& subject : kept.subjects)
        for (Event& e : subject.lines) renaming.apply(e);
    }
    names_ = std::move(names);
  }

  const ThinLimits limits_;
  std::mutex mutex_;  // guards what follows
  StringTable names_;
  std::map<LineKind, Kept> kept_;
  Remainders left_out_;
};

// Where lines go that may be lone and are not. Any number of threads.
class Rest {
 public:
  explicit Rest(Accumulator& sum) : sum_(sum) {}
  void add(Facts&& facts) {
    const std::lock_guard lock(mutex_);
    sum_.absorb(std::move(facts));
  }

 private:
  std::mutex mutex_;
  Accumulator& sum_;
};

// Lines that may be lone, of one part and settled: those whose subject or request is named
// otherwise are no lone ones.
void sort_out(const Facts& part, const Named& named, Rest& rest, Choice& choice) {
  // The high half of a subject's number, and the index: equal halves are told apart below.
  BigVector<std::uint64_t> keys(part.events.size());
  std::vector<std::uint64_t> subjects(part.events.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    subjects[i] = lone_subject(part.names, part.events[i]);
    keys[i] = (subjects[i] & ~std::uint64_t{0xffffffffU}) | i;
  }
  const auto subject_at = [&](std::uint64_t key) { return subjects[key & 0xffffffffU]; };
  std::sort(keys.begin(), keys.end(), [&](std::uint64_t a, std::uint64_t b) {
    const bool near = a >> 32 == b >> 32;
    return near && subject_at(a) != subject_at(b) ? subject_at(a) < subject_at(b) : a < b;
  });
  Facts back;
  Candidates candidates;
  for (std::size_t i = 0, end = 0; i < keys.size(); i = end) {
    const std::uint64_t subject = subject_at(keys[i]);
    bool is_named = named.has(subject);
    for (end = i; end < keys.size() && subject_at(keys[end]) == subject; ++end)
      is_named |= named.has_request(part.events[keys[end] & 0xffffffffU].request);
    if (is_named) {
      for (std::size_t line = i; line < end; ++line)
        back.events.push_back(part.events[keys[line] & 0xffffffffU]);
      continue;
    }
    const Event& first = part.events[keys[i] & 0xffffffffU];
    constexpr std::size_t kOften = 8;
    candidates[line_kind_of(first)].push_back(
        {{std::min(end - i, kOften), first.order(), first.id}, &keys[i], &keys[i] + (end - i)});
  }
  choice.offer(part, std::move(candidates));
  if (back.events.empty()) return;
  Renaming renaming(part.names, back.names);
  for (Event& e : back.events) renaming.apply(e);
  rest.add(std::move(back));
}

// With what of the part was not put there.
Result<Facts> settled_part(const Shelf& shelf, std::size_t i, const Facts& rest) {
  Result<Facts> part = shelf.part(i);
  if (!part) return part;
  Accumulator one;
  one.absorb(std::move(*part));
  Facts more;
  for (const Event& e : rest.events)
    for_each_name(more.events.emplace_back(e),
                  [&](NameId& id) { id = more.names.intern(rest.names, id); });
  one.absorb(std::move(more));
  return one.take();
}

Facts end(Choice& choice, Accumulator& sum, std::vector<SourceReport>&& sources) {
  std::vector<Remainder> remainders = choice.end(sum);
  Facts thin = sum.take();
  thin.remainders = std::move(remainders);
  thin.sources = std::move(sources);
  return thin;
}

}  // namespace

bool is_crowded(const Facts& facts, const ThinLimits& limits) {
  return static_cast<std::size_t>(
             std::count_if(facts.events.begin(), facts.events.end(), may_be_lone)) > limits.many;
}

Facts thinned(Facts&& facts, const ThinLimits& limits) {
  if (!facts.remainders.empty() || !is_crowded(facts, limits)) return std::move(facts);
  std::vector<SourceReport> sources = std::move(facts.sources);
  const Named named(facts);
  Accumulator sum;
  sum.absorb(std::move(facts));
  std::vector<Facts> lone(1);
  sum.move_lone(lone);
  sum.forget_names();
  Choice choice(limits);
  Rest rest(sum);
  sort_out(lone.front(), named, rest, choice);
  return end(choice, sum, std::move(sources));
}

Result<Facts> thinned(Facts&& facts, const Shelf& shelf, unsigned threads,
                      const ThinLimits& limits) {
  if (shelf.events() == 0) return thinned(std::move(facts), limits);
  std::vector<SourceReport> sources = std::move(facts.sources);
  const Named named(facts);
  Accumulator sum;
  sum.absorb(std::move(facts));
  std::vector<Facts> in_memory(Shelf::kParts);
  sum.move_lone(in_memory);
  sum.forget_names();
  Choice choice(limits);
  Rest rest(sum);
  std::atomic<std::size_t> lines{0};
  std::array<Result<void>, Shelf::kParts> done;
  for_each_row(Shelf::kParts, threads, 1, [&](std::size_t i) {
    const Result<Facts> part = settled_part(shelf, i, in_memory[i]);
    if (!part) {
      done[i] = tl::unexpected(part.error());
      return;
    }
    lines += part->events.size();
    sort_out(*part, named, rest, choice);
  });
  for (const Result<void>& one : done)
    if (!one) return tl::unexpected(one.error());
  if (lines > limits.many) return end(choice, sum, std::move(sources));
  // Many lines of the shelf were the same ones: all are kept, as they are without a shelf.
  for (std::size_t i = 0; i < Shelf::kParts; ++i) {
    Result<Facts> part = settled_part(shelf, i, in_memory[i]);
    if (!part) return part;
    sum.absorb(std::move(*part));
  }
  Facts all = sum.take();
  all.sources = std::move(sources);
  return all;
}

}  // namespace regtriage
