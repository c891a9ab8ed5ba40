#include "facts/thin.h"

#include <tsl/robin_set.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <utility>

#include "base/parallel.h"
#include "facts/accumulator.h"
#include "facts/lone.h"
#include "facts/lone_choice.h"
#include "facts/named_subjects.h"
#include "facts/renaming.h"

namespace regtriage {
namespace {

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

// The lines of a part by subject, in order within one.
class BySubject {
 public:
  explicit BySubject(const Facts& part) : keys_(part.events.size()), subjects_(part.events.size()) {
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      subjects_[i] = lone_subject(part.names, part.events[i]);
      keys_[i] = (subjects_[i] & ~std::uint64_t{0xffffffffU}) | i;
    }
    std::sort(keys_.begin(), keys_.end(), [this](std::uint64_t a, std::uint64_t b) {
      const std::uint64_t x = subject_at(a), y = subject_at(b);
      return a >> 32 == b >> 32 && x != y ? x < y : a < b;
    });
  }
  // Calls `use(subject, begin, end)`: the low halves of what lies between are indexes of events.
  template <class Use>
  void for_each(const Use& use) const {
    for (std::size_t i = 0, end = 0; i < keys_.size(); i = end) {
      const std::uint64_t subject = subject_at(keys_[i]);
      while (end < keys_.size() && subject_at(keys_[end]) == subject) ++end;
      use(subject, keys_.data() + i, keys_.data() + end);
    }
  }

 private:
  std::uint64_t subject_at(std::uint64_t key) const { return subjects_[key & 0xffffffffU]; }

  BigVector<std::uint64_t> keys_;      // the high half of a subject, and the index
  BigVector<std::uint64_t> subjects_;  // by index
};

// Lines that may be lone, of one part and settled: those whose subject or request is named
// otherwise are no lone ones. How many are.
std::size_t sort_out(const Facts& part, const NamedSubjects& named, Rest& rest,
                     LoneChoice& choice) {
  std::size_t lone = 0;
  Facts back;
  LoneCandidates candidates;
  const BySubject lines(part);
  lines.for_each([&](std::uint64_t subject, const std::uint64_t* begin, const std::uint64_t* end) {
    const auto event_at = [&part](std::uint64_t key) -> const Event& {
      return part.events[key & 0xffffffffU];
    };
    bool is_named = named.has(subject);
    LineKind kind;
    tsl::robin_set<std::uint32_t, MixedNumber> clients;
    for (const std::uint64_t* at = begin; at != end && !is_named; ++at) {
      const Event& e = event_at(*at);
      is_named = named.has_request(e.request);
      clients.insert(static_cast<std::uint32_t>(e.client));
      const auto place = static_cast<std::uint8_t>(named.place_of(part.names, e));
      if (place <= kind.place) continue;
      kind.place = place;
      kind.repository = hash_of(part.text(e.repository)).lo;
    }
    if (is_named) {
      for (const std::uint64_t* at = begin; at != end; ++at) back.events.push_back(event_at(*at));
      return;
    }
    const auto count = static_cast<std::size_t>(end - begin);
    lone += count;
    const Event& first = event_at(*begin);
    candidates[kind.of(first)].push_back(
        {{clients.size(), count, first.order(), first.id}, begin, end});
  });
  choice.offer(part, std::move(candidates));
  if (back.events.empty()) return lone;
  Renaming renaming(part.names, back.names);
  for (Event& e : back.events) renaming.apply(e);
  rest.add(std::move(back));
  return lone;
}

// With what of the part was not put there.
Result<Facts> settled_part(const Shelf& shelf, std::size_t i, const Facts& rest) {
  Result<Facts> part = shelf.part(i);
  if (!part) return part;
  // Of a line that was read by two sets of rules the newer reading stays, which came later, and of
  // equal ones the first.
  std::reverse(part->events.begin(), part->events.end());
  Accumulator one;
  one.absorb(std::move(*part));
  Facts more;
  for (const Event& e : rest.events)
    for_each_name(more.events.emplace_back(e),
                  [&](NameId& id) { id = more.names.intern(rest.names, id); });
  one.absorb(std::move(more));
  return one.take();
}

Facts end(LoneChoice& choice, Accumulator& sum, std::vector<SourceReport>&& sources) {
  std::vector<Remainder> remainders = choice.end(sum);
  Facts thin = sum.take();
  thin.remainders = std::move(remainders);
  thin.sources = std::move(sources);
  return thin;
}

// How many lines are lone.
std::size_t lone_lines(const Facts& facts, NamedSubjects& named) {
  for (const Event& e : facts.events)
    if (named.has_request(e.request) && may_be_lone(e)) named.add(lone_subject(facts.names, e));
  return static_cast<std::size_t>(std::count_if(
      facts.events.begin(), facts.events.end(),
      [&](const Event& e) { return may_be_lone(e) && !named.has(lone_subject(facts.names, e)); }));
}

}  // namespace

bool is_crowded(const Facts& facts, const ThinLimits& limits) {
  if (!facts.remainders.empty()) return false;
  const auto most = static_cast<std::size_t>(
      std::count_if(facts.events.begin(), facts.events.end(), may_be_lone));
  if (most <= limits.many) return false;
  NamedSubjects named = NamedSubjects::of_lone_lines(facts);
  return lone_lines(facts, named) > limits.many;
}

Facts thinned(Facts&& facts, const ThinLimits& limits) {
  if (!is_crowded(facts, limits)) return std::move(facts);
  std::vector<SourceReport> sources = std::move(facts.sources);
  const NamedSubjects named = NamedSubjects::of_lone_lines(facts);
  Accumulator sum;
  sum.absorb(std::move(facts));
  std::vector<Facts> lone(1);
  sum.move_lone(lone);
  sum.forget_names();
  LoneChoice choice(limits);
  Rest rest(sum);
  sort_out(lone.front(), named, rest, choice);
  return end(choice, sum, std::move(sources));
}

Result<Facts> thinned(Facts&& facts, const Shelf& shelf, unsigned threads,
                      const ThinLimits& limits) {
  if (shelf.events() == 0) return thinned(std::move(facts), limits);
  std::vector<SourceReport> sources = std::move(facts.sources);
  const NamedSubjects named(facts);
  Accumulator sum;
  sum.absorb(std::move(facts));
  std::vector<Facts> in_memory(Shelf::kParts);
  sum.move_lone(in_memory);
  sum.forget_names();
  LoneChoice choice(limits);
  Rest rest(sum);
  std::atomic<std::size_t> lone{0};
  std::array<Result<void>, Shelf::kParts> done;
  for_each_row(Shelf::kParts, threads, 1, [&](std::size_t i) {
    const Result<Facts> part = settled_part(shelf, i, in_memory[i]);
    if (part)
      lone += sort_out(*part, named, rest, choice);
    else
      done[i] = tl::unexpected(part.error());
  });
  for (const Result<void>& one : done)
    if (!one) return tl::unexpected(one.error());
  if (lone > limits.many) return end(choice, sum, std::move(sources));
  // It looked like a flood and is none: all are kept, as they are without a shelf.
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
