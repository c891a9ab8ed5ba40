// What the tables for people show of the facts: all lines of a usual incident; of a flood the lines
// of findings, deletions, what the program said about itself, and so many harmless lines: those
// about the same digests, uploads and tags first, then the earliest. The rest is in the packs,
// where `show` and `report` find it.
#include <fmt/format.h>
#include <tsl/robin_set.h>

#include <algorithm>
#include <string>

#include "store/parts.h"
#include "store/rows.h"

namespace regtriage {
namespace {

constexpr std::size_t kHarmless = 10'000;  // events, and as many touches

using Ids = tsl::robin_set<EventId, MixedHash>;

// Kinds that come with every push or pull, or with every object of a listing.
bool is_frequent(EventKind kind) {
  switch (kind) {
    case EventKind::request:
    case EventKind::request_detail:
    case EventKind::echo:
    case EventKind::auth_challenge:
    case EventKind::harmless:
    case EventKind::pulled:
    case EventKind::listed:
    case EventKind::gc_mark_manifest:
    case EventKind::gc_mark_blob:
    case EventKind::gc_eligible_manifest:
    case EventKind::gc_eligible_blob:
      return true;
    default:
      return false;
  }
}

// What findings other than noise and their lines are about, in the numbers of the facts' names.
class Subjects {
 public:
  Subjects(const Facts& facts, const Judgement& judgement) : about_(facts.names.size(), false) {
    tsl::robin_set<std::string_view> texts;
    for (const Finding& f : judgement.findings) {
      if (f.cause_class == CauseClass::noise) continue;
      texts.insert(f.digests.begin(), f.digests.end());
      texts.insert(f.uploads.begin(), f.uploads.end());
      for (const Evidence& e : f.evidence) lines_.insert(e.event);
    }
    for (std::uint32_t i = 1; i < facts.names.size() && !texts.empty(); ++i)
      about_[i] = texts.contains(facts.names.text(static_cast<NameId>(i)));
  }
  void add(NameId digest_or_upload) {
    if (digest_or_upload != NameId::none) about_[static_cast<std::size_t>(digest_or_upload)] = true;
  }
  void add_tag(NameId repository, NameId tag) {
    if (tag != NameId::none) tags_.insert(pair_of(repository, tag));
  }
  bool has(NameId id) const { return about_[static_cast<std::size_t>(id)]; }
  bool has_tag(NameId repository, NameId tag) const {
    return tag != NameId::none && tags_.contains(pair_of(repository, tag));
  }
  bool has_line(const EventId& id) const { return lines_.contains(id); }

 private:
  static std::uint64_t pair_of(NameId repository, NameId tag) {
    return static_cast<std::uint64_t>(repository) << 32 | static_cast<std::uint64_t>(tag);
  }

  std::vector<bool> about_;  // by NameId: digests and uploads
  tsl::robin_set<std::uint64_t, MixedNumber> tags_;
  Ids lines_;  // evidence
};

// The lines that name one thing.
class Focus {
 public:
  Focus(const Facts& facts, const Judgement& judgement, std::string_view about)
      : named_(facts.names.size(), false),
        repository_(facts.names.size(), false),
        tag_(facts.names.size(), false),
        event_(hash_from_hex(about)),
        request_(uuid_bits(about)),
        any_(!about.empty()) {
    if (!any_) return;
    for (const Judged& judged : judgement.judged)
      if (event_ && judged.event == event_) proof_ = judged.proof;
    const bool digest = about.starts_with("sha256:") || about.starts_with("sha512:");
    const std::size_t colon = digest ? std::string_view::npos : about.rfind(':');
    const std::string_view repository = about.substr(0, colon);
    const std::string_view tag =
        colon == std::string_view::npos ? std::string_view() : about.substr(colon + 1);
    for (std::uint32_t i = 1; i < facts.names.size(); ++i) {
      const std::string_view name = facts.names.text(static_cast<NameId>(i));
      named_[i] = name == about || (digest && name.starts_with(about));
      repository_[i] = !tag.empty() && name == repository;
      tag_[i] = !tag.empty() && name == tag;
    }
  }
  bool has(const Event& e) const {
    return any_ && (is_named({e.repository, e.digest, e.tag, e.upload, e.manifest}) ||
                    is_tag(e.repository, e.tag) || is_line(e.id, e.request));
  }
  // Is it noise that this event proves?
  bool is_proved(const Judged& judged) const { return event_ && judged.proof == event_; }
  bool has(const Touch& t) const {
    return any_ && (is_named({t.repository, t.digest, t.tag}) || is_tag(t.repository, t.tag) ||
                    is_line(t.first.id, t.first.request) || is_line(t.last.id, t.last.request));
  }

 private:
  bool is_named(std::initializer_list<NameId> ids) const {
    return std::ranges::any_of(ids,
                               [this](NameId id) { return named_[static_cast<std::size_t>(id)]; });
  }
  bool is_tag(NameId repository, NameId tag) const {
    return repository_[static_cast<std::size_t>(repository)] && tag_[static_cast<std::size_t>(tag)];
  }
  bool is_line(const EventId& id, const Hash128& request) const {
    return (event_ && id == event_) || (proof_ && id == proof_) ||
           (request_ && request == request_);
  }

  std::vector<bool> named_, repository_, tag_;  // by NameId
  EventId event_, proof_;                       // the latter proves that the former is noise
  Hash128 request_;
  bool any_;
};

class Chooser {
 public:
  Chooser(const Facts& facts, const Judgement& judgement, const Store::Detail& detail)
      : facts_(facts),
        subjects_(facts, judgement),
        focus_(facts, judgement, detail.about),
        harmless_(detail.all ? SIZE_MAX : kHarmless) {
    shown_.event_rows.assign(facts.events.size(), 0);
    shown_.touch_rows.assign(facts.touches.size(), 0);
    for (const Judged& judged : judgement.judged) choose_judged(judged);
  }

  Shown run() {
    choose(facts_.events, shown_.event_rows);
    choose(facts_.touches, shown_.touch_rows);
    std::int64_t n = 0;
    for (std::int64_t& row : shown_.event_rows)
      if (row != 0) row = ++n;
    shown_.kept = facts_.events.size();
    for (const Remainder& remainder : facts_.remainders) shown_.kept += remainder.lines;
    shown_.lines = static_cast<std::uint64_t>(n);
    n = 0;
    for (std::size_t i = 0; i < facts_.touches.size(); ++i) {
      const std::uint64_t lines = facts_.touches[i].seen_once() ? 1 : 2;
      shown_.kept += lines;
      if (shown_.touch_rows[i] == 0) continue;
      shown_.touch_rows[i] = ++n;
      shown_.lines += lines;
    }
    return std::move(shown_);
  }

 private:
  enum class Tier { always, about_findings, other };

  void choose_judged(const Judged& judged) {
    std::vector<std::int64_t>& rows = judged.is_touch ? shown_.touch_rows : shown_.event_rows;
    if (judged.index >= rows.size()) return;
    if (focus_.is_proved(judged)) rows[judged.index] = 1;
    if (judged.verdict == Verdict::noise) return;
    rows[judged.index] = 1;
    if (judged.is_touch) {
      const Touch& t = facts_.touches[judged.index];
      subjects_.add(t.digest);
      subjects_.add_tag(t.repository, t.tag);
      return;
    }
    const Event& e = facts_.events[judged.index];
    for (const NameId id : {e.digest, e.upload, e.manifest}) subjects_.add(id);
    subjects_.add_tag(e.repository, e.tag);
  }

  Tier tier_of(const Event& e) const {
    if (!is_frequent(e.kind) || e.method == Method::DELETE || subjects_.has_line(e.id) ||
        focus_.has(e))
      return Tier::always;
    const bool about = subjects_.has(e.digest) || subjects_.has(e.upload) ||
                       subjects_.has(e.manifest) || subjects_.has_tag(e.repository, e.tag);
    return about ? Tier::about_findings : Tier::other;
  }
  Tier tier_of(const Touch& t) const {
    if (subjects_.has_line(t.first.id) || subjects_.has_line(t.last.id) || focus_.has(t))
      return Tier::always;
    const bool about = subjects_.has(t.digest) || subjects_.has_tag(t.repository, t.tag);
    return about ? Tier::about_findings : Tier::other;
  }
  static std::pair<TimeNs, EventId> order_of(const Event& e) { return {e.order(), e.id}; }
  static std::pair<TimeNs, EventId> order_of(const Touch& t) {
    return {t.first.order(), t.first.id};
  }

  template <class Things>
  void choose(const Things& things, std::vector<std::int64_t>& rows) {
    std::vector<std::uint32_t> about, other;
    for (std::uint32_t i = 0; i < things.size(); ++i) {
      if (rows[i] != 0) continue;
      const Tier tier = tier_of(things[i]);
      if (tier == Tier::always) rows[i] = 1;
      if (tier == Tier::about_findings) about.push_back(i);
      if (tier == Tier::other) other.push_back(i);
    }
    std::size_t left = harmless_;
    for (std::vector<std::uint32_t>* const tier : {&about, &other}) {
      if (left < tier->size()) {
        std::nth_element(tier->begin(), tier->begin() + static_cast<std::ptrdiff_t>(left),
                         tier->end(), [&things](std::uint32_t a, std::uint32_t b) {
                           return order_of(things[a]) < order_of(things[b]);
                         });
        tier->resize(left);
      }
      for (const std::uint32_t i : *tier) rows[i] = 1;
      left -= tier->size();
    }
  }

  const Facts& facts_;
  Subjects subjects_;
  const Focus focus_;
  const std::size_t harmless_;
  Shown shown_;
};

std::string insert_into(std::string_view table, std::initializer_list<std::string_view> columns) {
  std::string names, marks;
  for (const std::string_view list : columns)
    for (const char c : "," + std::string(list)) {
      names += c;
      if (c == ',') marks += marks.empty() ? "?" : ", ?";
    }
  return fmt::format("INSERT INTO {} ({}) VALUES ({})", table, names.substr(1), marks);
}

// A sighting whose line is an event, too (infer/requests.h unfolds some), stands there alone.
class TouchWriter {
 public:
  TouchWriter(Database& database, const Facts& facts, const Shown& shown)
      : insert_(database.prepare(insert_into("touch", {"n", kTouchKeyColumns, "first_id",
                                                       kFirstColumns, "last_id", kLastColumns}))) {
    const bool any_front = std::ranges::any_of(
        facts.touches, [](const Touch& t) { return t.origin == Origin::front; });
    for (std::size_t i = 0; i < facts.events.size() && any_front; ++i)
      if (shown.event_rows[i] != 0 && facts.events[i].origin == Origin::front)
        events_.insert(facts.events[i].id);
  }

  Result<void> put(std::int64_t n, const Touch& touch, const ToRows& rows) {
    const Touch::Sighting* first = &touch.first;
    const Touch::Sighting* last = touch.seen_once() ? nullptr : &touch.last;
    if (last != nullptr && events_.contains(last->id)) last = nullptr;
    if (events_.contains(first->id)) first = std::exchange(last, nullptr);
    if (first == nullptr) return {};
    insert_.bind(1, n);
    int at = 2;
    for (const std::int64_t value : rows.touch_key(touch)) insert_.bind_number(at++, value);
    std::array<std::string, 2> ids;
    for (const Touch::Sighting* seen : {first, last}) {
      if (seen == nullptr) {
        for (std::size_t i = 0; i <= std::tuple_size_v<SightingRow>; ++i) insert_.bind_null(at++);
        continue;
      }
      std::string& id = ids[seen == first ? 0 : 1];
      id = hex_of(seen->id);
      insert_.bind(at++, std::string_view(id));
      for (const std::int64_t value : rows.sighting(*seen)) insert_.bind(at++, value);
    }
    return insert_.run();
  }

 private:
  Statement insert_;
  Ids events_;
};

NameNumbers names_of(const Facts& facts, const Shown& shown) {
  NameNumbers numbers(facts.names);
  const auto want = [&numbers](std::initializer_list<NameId> ids) {
    for (const NameId id : ids)
      if (id != NameId::none) numbers.want(id);
  };
  for (std::size_t i = 0; i < facts.events.size(); ++i) {
    const Event& e = facts.events[i];
    if (shown.event_rows[i] != 0)
      want({e.repository, e.digest, e.tag, e.upload, e.client, e.agent, e.user, e.instance, e.from,
            e.manifest, e.detail, e.rule});
  }
  for (std::size_t i = 0; i < facts.touches.size(); ++i) {
    const Touch& t = facts.touches[i];
    if (shown.touch_rows[i] != 0)
      want({t.repository, t.digest, t.tag, t.client, t.agent, t.instance});
  }
  return numbers;
}

}  // namespace

Shown choose_shown(const Facts& facts, const Judgement& judgement, const Store::Detail& detail) {
  return Chooser(facts, judgement, detail).run();
}

Result<void> put_shown(Database& database, const Facts& facts, const Shown& shown,
                       const WordNumbers& words, const SourceRows& sources, NameWriter& writer) {
  NameNumbers names = names_of(facts, shown);
  if (Result<void> done = names.resolve(writer); !done) return done;
  const ToRows rows{names, words, sources};
  Statement insert = database.prepare(insert_into("event", {"n", "id", kEventColumns}));
  for (std::size_t i = 0; i < facts.events.size(); ++i) {
    if (shown.event_rows[i] == 0) continue;
    const std::string id = hex_of(facts.events[i].id);
    insert.bind(1, shown.event_rows[i]).bind(2, std::string_view(id));
    int at = 3;
    for (const std::int64_t value : rows.event(facts.events[i])) insert.bind(at++, value);
    if (Result<void> done = insert.run(); !done) return done;
  }
  TouchWriter touches(database, facts, shown);
  for (std::size_t i = 0; i < facts.touches.size(); ++i)
    if (shown.touch_rows[i] != 0)
      if (Result<void> done = touches.put(shown.touch_rows[i], facts.touches[i], rows); !done)
        return done;
  return {};
}

}  // namespace regtriage
