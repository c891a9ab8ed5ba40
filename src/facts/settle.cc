#include "facts/settle.h"

#include <tsl/robin_map.h>
#include <tsl/robin_set.h>

#include <algorithm>
#include <tuple>

#include "base/nearly_sorted.h"
#include "facts/pairing.h"
#include "facts/touch_set.h"
#include "model/touch_order.h"

namespace regtriage {
namespace {

bool is_good_part(const Event& e) {
  return !e.kept && e.kind == EventKind::request && e.method == Method::PATCH && e.status == 202 &&
         e.upload != NameId::none;
}

bool finishes_upload(const Event& e) {
  return e.kind == EventKind::request && e.method == Method::PUT && e.route == Route::upload &&
         e.status == 201 && e.upload != NameId::none;
}

using Uploads = tsl::robin_set<std::uint32_t, MixedNumber>;

}  // namespace

// The good parts of an upload that was finished explain nothing; those of another may (a store that
// kept nothing of them).
void drop_finished_parts(BigVector<Event>& events) {
  Uploads finished;
  for (const Event& e : events)
    if (finishes_upload(e)) finished.insert(static_cast<std::uint32_t>(e.upload));
  if (finished.empty()) return;
  std::erase_if(events, [&](const Event& e) {
    return is_good_part(e) && finished.count(static_cast<std::uint32_t>(e.upload)) != 0;
  });
}

// Late twin of the accumulator's look among neighbours: the same predicate over everything, so that
// it does not matter where a file was cut.
void fold_events(BigVector<Event>& events, Origin origin) {
  const auto subordinate = [&](const Event& e) {
    return e.origin == origin && e.time != kNoTime && !e.kept;
  };
  if (std::none_of(events.begin(), events.end(), subordinate)) return;
  // Most are folded among their neighbours already: only answers that the few left may belong to.
  tsl::robin_set<std::uint64_t, MixedNumber> wanted;
  for (const Event& e : events)
    if (subordinate(e))
      wanted.insert(pairing_key(e.method, e.route, e.repository, path_subject(e), e.status));
  struct Answer {
    std::uint64_t key;
    TimeNs start, end;  // `end`: the latest of this and all answers before it with its key
    bool operator<(const Answer& other) const {
      return std::tie(key, start, end) < std::tie(other.key, other.start, other.end);
    }
  };
  BigVector<Answer> answers;
  for (const Event& e : events) {
    if (e.origin >= origin || !tells_of_answer(e) || e.time == kNoTime) continue;
    const auto key =
        pairing_key(e.method, e.route, e.repository, path_subject(e), answered_status(e));
    if (wanted.count(key) != 0)
      answers.push_back({key, e.time - static_cast<TimeNs>(e.duration_us) * 1000, e.time});
  }
  std::sort(answers.begin(), answers.end());
  for (std::size_t i = 1; i < answers.size(); ++i)
    if (answers[i].key == answers[i - 1].key)
      answers[i].end = std::max(answers[i].end, answers[i - 1].end);
  const auto told = [&](const Event& e) {
    const auto key = pairing_key(e.method, e.route, e.repository, path_subject(e), e.status);
    // The last that began early enough.
    const auto at = std::lower_bound(answers.begin(), answers.end(),
                                     Answer{key, e.time + 2 * kSecond, kBeforeAll});
    return at != answers.begin() && at[-1].key == key &&
           lies_within(e.time, at[-1].start, at[-1].end + front_delay(e));
  };
  std::erase_if(events, [&](const Event& e) { return subordinate(e) && told(e); });
}

// Reads: a touch goes if lines nearer to the registry tell of the same reads in that hour or beside
// it.
void fold_touches(BigVector<Touch>& touches, Origin origin) {
  const auto read_key = [](const Touch& t) {
    const NameId subject = t.route == Route::manifest && t.tag != NameId::none ? t.tag : t.digest;
    return pairing_key(t.method, t.route, t.repository, subject, t.status);
  };
  if (std::none_of(touches.begin(), touches.end(),
                   [&](const Touch& t) { return t.origin == origin; }))
    return;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> hours;
  for (const Touch& t : touches)
    if (t.origin < origin) hours.emplace_back(read_key(t), t.hour);
  std::sort(hours.begin(), hours.end());
  std::erase_if(touches, [&](const Touch& t) {
    if (t.origin != origin) return false;
    const std::uint32_t low = t.hour == 0 ? 0 : t.hour - 1;
    const auto near = std::lower_bound(hours.begin(), hours.end(), std::pair{read_key(t), low});
    return near != hours.end() && near->first == read_key(t) && near->second <= t.hour + 1;
  });
}

namespace {

struct SortKey {
  TimeNs order;
  EventId id;
  std::uint32_t index;
  bool operator<(const SortKey& other) const {
    if (order != other.order) return order < other.order;
    return id != other.id ? id < other.id : index < other.index;
  }
};

// One key per id, with its smallest order hint and position; behind them, from `unique` on, the
// keys of what was seen before. Lines without a time of their own may have been lent several.
BigVector<SortKey> keys_of(BigVector<Event>& events, std::size_t& unique) {
  BigVector<SortKey> keys(events.size());
  for (std::uint32_t i = 0; i < keys.size(); ++i) keys[i] = {events[i].time, events[i].id, i};
  sort_nearly_sorted(keys.begin(), keys.end());
  std::vector<SortKey> again;
  tsl::robin_map<EventId, std::uint32_t, MixedHash> lent;
  unique = 0;
  for (const SortKey& key : keys) {
    std::uint32_t same = key.index;
    if (unique > 0 && keys[unique - 1].id == key.id && keys[unique - 1].order == key.order)
      same = keys[unique - 1].index;
    else if (events[key.index].untimed)
      same = lent.try_emplace(key.id, key.index).first->second;
    if (same != key.index) {
      Event& mine = events[same];
      mine.at = std::min(mine.at, events[key.index].at);
      mine.order_ns = std::min(mine.order_ns, events[key.index].order_ns);
      again.push_back(key);
      continue;
    }
    keys[unique++] = key;
  }
  std::copy(again.begin(), again.end(), keys.begin() + static_cast<std::ptrdiff_t>(unique));
  return keys;
}

// Within the vector, for a copy would double the peak: follow each cycle; a key that was used
// points at itself.
template <class Row, class Key>
void permute(BigVector<Row>& rows, BigVector<Key>& keys) {
  for (std::uint32_t i = 0; i < keys.size(); ++i) {
    if (keys[i].index == i) continue;
    const Row first = rows[i];
    std::uint32_t to = i;
    while (keys[to].index != i) {
      const std::uint32_t from = keys[to].index;
      rows[to] = rows[from];
      keys[to].index = to;
      to = from;
    }
    rows[to] = first;
    keys[to].index = to;
  }
}

// What tells most touches apart, so that few texts are compared.
struct TouchOrder {
  std::uint64_t digest, tag;  // their first characters, as numbers
  std::uint32_t repository;   // its rank
  std::uint32_t index;
};

// By NameId: which of the repositories it is, in the order of their texts.
std::vector<std::uint32_t> ranks_of_repositories(const BigVector<Touch>& touches,
                                                 const StringTable& names) {
  std::vector<std::uint32_t> ranks(names.size(), 0);
  std::vector<NameId> met;
  for (const Touch& t : touches)
    if (std::uint32_t& rank = ranks[static_cast<std::size_t>(t.repository)]; rank == 0) {
      rank = 1;
      met.push_back(t.repository);
    }
  std::sort(met.begin(), met.end(),
            [&names](NameId a, NameId b) { return names.text(a) < names.text(b); });
  for (std::size_t i = 0; i < met.size(); ++i)
    ranks[static_cast<std::size_t>(met[i])] = static_cast<std::uint32_t>(i);
  return ranks;
}

// The first eight bytes as a number that sorts like the text; what is shorter sorts first.
std::uint64_t head_of(std::string_view text) {
  std::uint64_t head = 0;
  for (std::size_t i = 0; i < 8; ++i)
    head = head << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0);
  return head;
}

// The same of what tells one digest from another: nearly all begin with "sha256:".
std::uint64_t head_of_digest(std::string_view digest) {
  constexpr std::string_view kUsual = "sha256:";
  if (digest.starts_with(kUsual)) return head_of(digest.substr(kUsual.size()));
  return digest < kUsual ? 0 : ~std::uint64_t{0};
}

}  // namespace

void sort_events(BigVector<Event>& events) {
  std::size_t unique = 0;
  BigVector<SortKey> keys = keys_of(events, unique);
  const auto end = keys.begin() + static_cast<std::ptrdiff_t>(unique);
  for (auto key = keys.begin(); key != end; ++key) key->order = events[key->index].order();
  sort_nearly_sorted(keys.begin(), end);
  permute(events, keys);
  events.resize(unique);
}

void sort_touches(BigVector<Touch>& touches, const StringTable& names) {
  const std::vector<std::uint32_t> ranks = ranks_of_repositories(touches, names);
  BigVector<TouchOrder> keys(touches.size());
  for (std::uint32_t i = 0; i < keys.size(); ++i)
    keys[i] = {head_of_digest(names.text(touches[i].digest)), head_of(names.text(touches[i].tag)),
               ranks[static_cast<std::size_t>(touches[i].repository)], i};
  std::sort(keys.begin(), keys.end(), [&](const TouchOrder& a, const TouchOrder& b) {
    if (a.repository != b.repository) return a.repository < b.repository;
    if (a.digest != b.digest) return a.digest < b.digest;
    const Touch &x = touches[a.index], &y = touches[b.index];
    if (x.digest == y.digest && a.tag != b.tag) return a.tag < b.tag;
    return is_touch_before(names, x, y);
  });
  permute(touches, keys);
}

}  // namespace regtriage
