// When the lines of a front were written that print no time (Harbor's nginx in the compose
// install): from the lines that were joined with the registry's, from what core says of single
// requests, and from their order.
#pragma once

#include <cstdint>
#include <vector>

#include "infer/sight.h"
#include "model/facts.h"

namespace regtriage {

inline constexpr TimeNs kFrontSlack = 2 * kSecond;    // clocks of one host, and whole seconds
inline constexpr TimeNs kAfterAll = TimeNs{1} << 62;  // behind every time that a log can print

bool is_manifest_read(const Event& e);
// Of good reads of one manifest by one client, by tag or by digest. `Read`: an Event, or a Touch.
// (The method is mixed in apart: added to the client's number, a HEAD of one client would be a GET
// of the one before it.)
template <class Read>
std::uint64_t fold_key(const Read& read) {
  return key_of(read.repository, read.client, read.tag != NameId::none ? read.tag : read.digest,
                static_cast<NameId>(static_cast<std::uint32_t>(read.method)));
}
// The line that tells how the registry answered: the last of its request.
inline bool is_registry_answer(const Event& e) {
  return e.origin == Origin::app && e.kind == EventKind::request && e.status > 0 && e.request;
}
inline bool is_untimed(const Event& e) { return e.time == kNoTime || e.untimed; }

// Borrows the facts and writes the times of a front's lines into them; the pairs are the caller's,
// and grow between the calls. One thread. Every call is O(lines), but for what it says.
class FrontTimes {
 public:
  using Lines = std::vector<std::uint32_t>;  // places in facts.events, of one source, in its order
  static constexpr std::uint32_t kNone = 0xffffffffU;

  // `partner`: for each event the one that it is joined with, or kNone. `same_clients`: do the
  // front and the registry name clients alike? O(events + touches).
  FrontTimes(Facts& facts, const std::vector<std::uint32_t>& partner, bool same_clients);

  // When the registry may have answered, for every line: from its own time, else from the joined
  // lines before and behind it.
  struct Window {
    TimeNs from, to;
  };
  std::vector<Window> windows_of(const Lines& lines) const;
  // Gives every line a time. O(lines · log words).
  void date(const Lines& lines);
  // Does the registry's log speak of that time?
  bool is_covered(const Event& e) const;
  // May the registry's line be one of the harmless ones that are folded? Only once dated.
  bool is_folded(const Event& e) const;

 private:
  // Good reads of one manifest by one client, which the registry tells of in folds.
  struct Fold {
    TimeNs first, last;
    bool once = true;
    EventId of;  // once: the front's line that it stands for
    TimeNs of_time = kNoTime;
  };

  Event& event(std::uint32_t i) { return facts_.events[i]; }
  const Event& event(std::uint32_t i) const { return facts_.events[i]; }
  void cover(const Event& answer);
  void add_fold(const Touch& touch);
  TimeNs moment_of(std::uint32_t i, TimeNs otherwise) const;
  void ask_folds(const Lines& lines);
  void ask_core(const Lines& lines);
  void take_word(std::uint32_t front, const std::vector<std::uint32_t>& words, Window window,
                 TimeNs behind);
  void follow(const Lines& lines);
  void refine(const Lines& lines);
  void put_times(const Lines& lines);
  TimeNs covered_until() const;

  Facts& facts_;
  const std::vector<std::uint32_t>& partner_;
  const bool same_clients_;
  std::vector<TimeNs> told_;                    // by line: when the registry or core told of it
  KeyMap<std::vector<std::uint32_t>> tellers_;  // words of core
  KeySet spoken_;                               // … that a line has taken
  KeyMap<Fold> folds_;
  KeySet readers_;   // (repository, client) of the folds
  KeySet covering_;  // sources
  TimeNs last_told_ = kNoTime, first_answer_ = kNoTime, last_answer_ = kNoTime;
};

}  // namespace regtriage
