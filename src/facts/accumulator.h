// Drafts to facts: interns names, folds good reads into touches, joins. Set union, so any order and
// repetition of input gives the same Facts.
#pragma once

#include <memory>
#include <vector>

#include "model/facts.h"

namespace regtriage {

// Per block. One thread. Memory grows with distinct events, not with lines.
class Accumulator {
 public:
  Accumulator();
  ~Accumulator();
  Accumulator(Accumulator&&) noexcept;
  Accumulator& operator=(Accumulator&&) noexcept;

  // Keeps what an answer may need; drops kind none. `order_ns`: see Event::order_ns.
  void add(const EventDraft& draft, const Position& at, std::uint32_t order_ns = 0);
  // As add, for an event without a time of its own: `time` was lent by a neighbour line.
  void add_untimed(const EventDraft& draft, const Position& at, TimeNs time,
                   std::uint32_t order_ns);
  // Commutative, associative, idempotent. Leaves `other` empty, with its memory for more.
  void join(Accumulator&& other);
  void clear();  // keeps its memory
  // As if no line had been asked for as it is (Event::kept).
  void fold_kept();
  // Adds what a database or another run kept. Positions and sources are the caller's business.
  void absorb(Facts&& part);
  // Lines that may be lone (lone.h), and moving them out: each into the part of its subject, so
  // that lines that fold are in one part.
  std::size_t lone_lines() const;  // of what was joined
  std::size_t events() const;
  std::size_t move_lone(std::vector<Facts>& parts);  // adds them there; how many
  // Of what was moved out nothing needs the names. O(facts).
  void forget_names();
  bool empty() const;

  // Sorted, deduplicated; access lines whose application line is there are folded away. Leaves the
  // accumulator empty. With two threads touches are settled beside events.
  Facts take(unsigned threads = 1);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// One Facts from several (databases, runs). Sources are appended and positions renumbered.
Facts join(Facts&& a, Facts&& b);

// The facts that the same lines give if none of them is asked for as it is (Event::kept).
Facts without_kept(Facts&& facts);

}  // namespace regtriage
