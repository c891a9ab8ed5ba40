#include "facts/accumulator.h"

#include <algorithm>
#include <array>
#include <future>
#include <limits>
#include <numeric>

#include "facts/lone.h"
#include "facts/pairing.h"
#include "facts/renaming.h"
#include "facts/settle.h"
#include "facts/touch_set.h"

namespace regtriage {
namespace {

// A good read that may fold: it moved bytes (or was a manifest read), so alone it explains nothing.
// HEADs of blobs stay events, for within a push they decide whether the layer is sent.
bool folds(const EventDraft& d, bool untimed) {
  // A front's line without a time gets one only when it is joined (infer/requests.h).
  if (d.kept || (d.origin == Origin::front && untimed)) return false;
  if (d.kind != EventKind::request || d.code != Code::none || d.status < 200 || d.status >= 400)
    return false;
  if (d.method != Method::GET && d.method != Method::HEAD) return false;
  if (d.route == Route::manifest) return true;
  // A redirect (307) is kept: whether the store had the object, only what comes after it shows.
  return d.route == Route::blob && d.method == Method::GET && d.status < 300 && d.written > 0;
}

// Requests that no answer needs: nothing of the distribution API, and no error code.
bool useless(const EventDraft& d) {
  if (d.kind == EventKind::none) return true;
  if (d.kept) return false;
  if (d.kind != EventKind::request || d.code != Code::none) return false;
  return d.route == Route::none || d.route == Route::other || d.route == Route::ping ||
         d.route == Route::catalog || d.route == Route::token ||
         (d.route == Route::tags && d.status < 400) ||
         (d.route == Route::referrers && d.status < 400);
}

// Events of one part: four huge pages, of which one is touched at a time.
constexpr std::size_t kPartEvents = 4 * BigAllocator<Event>::kHuge / sizeof(Event);
constexpr std::size_t kManyTouches = 10'000;  // worth a thread
constexpr std::size_t kRecent = 64;           // an access line follows its application line closely

}  // namespace

struct Accumulator::Impl {
  StringTable names;
  BigVector<Event> events;              // of this block
  std::vector<BigVector<Event>> parts;  // of joined blocks; none grows, so none is copied
  TouchSet touches;
  std::size_t lone = 0;  // lines that may be lone, of the joined blocks

  struct Recent {
    std::uint64_t key = 0;
    TimeNs time = 0;
    std::uint32_t duration_us = 0;
  };
  std::array<Recent, kRecent> recent{};
  std::size_t next_recent = 0;

  void keep(const EventDraft& d, const Position& at, TimeNs time, std::uint32_t order_ns,
            bool untimed);
  // Room for one more of the joined events.
  BigVector<Event>& open_part() {
    if (parts.empty() || parts.back().size() == parts.back().capacity()) {
      parts.emplace_back();
      parts.back().reserve(kPartEvents);
    }
    return parts.back();
  }
  // Empty, with its memory.
  void clear() {
    names.clear();
    events.clear();
    parts.clear();
    touches.clear();
    lone = 0;
    recent = {};
    next_recent = 0;
  }
  static std::size_t count_lone(const BigVector<Event>& events) {
    return static_cast<std::size_t>(std::count_if(events.begin(), events.end(), may_be_lone));
  }
  void remember(std::uint64_t key, TimeNs time, std::uint32_t duration_us) {
    recent[next_recent++ % kRecent] = {key, time, duration_us};
  }
  bool paired(std::uint64_t key, TimeNs second) const {
    for (const Recent& r : recent)
      if (r.key == key && same_second(r.time, r.duration_us, second)) return true;
    return false;
  }
};

namespace {

std::uint32_t micros_of(std::int64_t nanos) {
  if (nanos <= 0) return 0;
  return static_cast<std::uint32_t>(
      std::min<std::int64_t>(nanos / 1000, std::numeric_limits<std::uint32_t>::max()));
}

Touch touch_of(const Event& e) {
  Touch t;
  t.repository = e.repository;
  t.digest = e.digest;
  t.tag = e.tag;
  // Who read a layer explains nothing that the manifest's readers do not; many nodes read the same
  // layers.
  if (e.route != Route::blob) {
    t.client = e.client;
    t.agent = e.agent;
  }
  t.instance = e.instance;
  t.method = e.method;
  t.route = e.route;
  t.origin = e.origin;
  t.whole_second = e.whole_second;
  t.manifest_type = e.manifest_type;
  t.status = e.status;
  t.hour = e.time < 0 ? 0 : static_cast<std::uint32_t>(e.time / kHour);
  t.written = e.written;
  t.first = {e.time, e.id, e.at, e.order_ns, e.request};
  t.last = t.first;
  return t;
}

}  // namespace

void Accumulator::Impl::keep(const EventDraft& d, const Position& at, TimeNs time,
                             std::uint32_t order_ns, bool untimed) {
  Event e;
  e.id = d.id;
  e.time = time;
  e.at = at;
  e.order_ns = order_ns;
  e.untimed = untimed;
  e.kept = d.kept;
  e.whole_second = d.whole_second;
  e.kind = d.kind;
  e.origin = d.origin;
  e.level = d.level;
  e.method = d.method;
  e.route = d.route;
  e.code = d.code;
  e.code_inferred = d.code_inferred;
  e.manifest_type = d.manifest_type;
  e.status = static_cast<std::int16_t>(std::clamp(d.status, -1, 32767));
  e.written = d.written;
  e.offset = d.offset;
  e.duration_us = micros_of(d.duration_ns);
  e.request = uuid_bits(d.request);
  e.repository = names.intern(d.repository);
  e.digest = names.intern(d.digest);
  e.tag = names.intern(d.tag);
  e.upload = names.intern(d.upload);
  e.manifest = names.intern(d.manifest);
  // What folds and what stays an event never meet: settle.h, which sees all blocks, has them apart.
  const bool folded = folds(d, untimed);
  const std::uint64_t apart = folded ? 1 : 0;
  if (e.origin == Origin::access || e.origin == Origin::proxy) {
    const auto key = pairing_key(e.method, e.route, e.repository, path_subject(e), e.status);
    if (time != kNoTime && !d.kept && paired(key ^ apart, time)) return;
  }
  e.client = names.intern(d.client);
  e.agent = names.intern(d.agent);
  e.instance = names.intern(d.instance);
  if (e.origin == Origin::app && tells_of_answer(e) && time != kNoTime)
    remember(
        pairing_key(e.method, e.route, e.repository, path_subject(e), answered_status(e)) ^ apart,
        time, e.duration_us);
  if (folded) return touches.add(touch_of(e));
  e.user = names.intern(d.user);
  e.from = names.intern(d.from);
  e.detail = names.intern(d.detail);
  e.rule = names.intern(d.rule);
  events.push_back(e);
}

Accumulator::Accumulator() : impl_(std::make_unique<Impl>()) {}
Accumulator::~Accumulator() = default;
Accumulator::Accumulator(Accumulator&&) noexcept = default;
Accumulator& Accumulator::operator=(Accumulator&&) noexcept = default;

void Accumulator::add(const EventDraft& draft, const Position& at, std::uint32_t order_ns) {
  if (!useless(draft)) impl_->keep(draft, at, draft.time, order_ns, false);
}

void Accumulator::add_untimed(const EventDraft& draft, const Position& at, TimeNs time,
                              std::uint32_t order_ns) {
  if (!useless(draft)) impl_->keep(draft, at, time, order_ns, true);
}

void Accumulator::join(Accumulator&& other) {
  if (other.empty()) return;
  if (empty()) {
    std::swap(impl_, other.impl_);
    if (impl_->parts.empty()) impl_->lone = impl_->count_lone(impl_->events);
    return;
  }
  Renaming renaming(other.impl_->names, impl_->names);
  const auto take_part = [&](BigVector<Event>& part) {
    for (Event& e : part) renaming.apply(e);
    impl_->lone += impl_->count_lone(part);
    if (part.size() >= kPartEvents) {
      impl_->parts.insert(impl_->parts.begin(), std::move(part));  // the open one is the last
      return;
    }
    for (const Event& e : part) impl_->open_part().push_back(e);
  };
  drop_finished_parts(other.impl_->events);
  take_part(other.impl_->events);
  for (auto& part : other.impl_->parts) take_part(part);
  for (Touch touch : other.impl_->touches.rows()) {
    renaming.apply(touch);
    impl_->touches.add(touch);
  }
  other.impl_->clear();
}

void Accumulator::clear() { impl_->clear(); }

std::size_t Accumulator::lone_lines() const { return impl_->lone; }

std::size_t Accumulator::move_lone(std::vector<Facts>& parts) {
  std::size_t moved = 0;
  const auto sort_out = [&](BigVector<Event>& events) {
    moved += std::erase_if(events, [&](const Event& e) {
      if (!may_be_lone(e)) return false;
      Facts& part = parts[lone_subject(impl_->names, e) % parts.size()];
      for_each_name(part.events.emplace_back(e),
                    [&](NameId& id) { id = part.names.intern(impl_->names, id); });
      return true;
    });
  };
  sort_out(impl_->events);
  for (auto& part : impl_->parts) sort_out(part);
  impl_->lone = 0;
  return moved;
}

void Accumulator::forget_names() {
  Impl rest;
  Renaming renaming(impl_->names, rest.names);
  for (Event& e : impl_->events) renaming.apply(e);
  rest.events = std::move(impl_->events);
  for (auto& part : impl_->parts) {
    for (Event& e : part) {
      renaming.apply(e);
      rest.open_part().push_back(e);
    }
    BigVector<Event>().swap(part);
  }
  for (Touch touch : impl_->touches.rows()) {
    renaming.apply(touch);
    rest.touches.add(touch);
  }
  rest.lone = impl_->lone;
  *impl_ = std::move(rest);
}

bool Accumulator::empty() const {
  return impl_->events.empty() && impl_->parts.empty() && impl_->touches.empty();
}

std::size_t Accumulator::events() const {
  std::size_t count = impl_->events.size();
  for (const auto& part : impl_->parts) count += part.size();
  return count;
}

namespace {

// One vector of all parts: each is given back as soon as it is copied.
BigVector<Event> gathered(std::vector<BigVector<Event>>& parts, BigVector<Event>&& last) {
  if (parts.empty()) return std::move(last);
  std::size_t total = last.size();
  for (const auto& part : parts) total += part.size();
  BigVector<Event> all;
  all.reserve(total);
  for (auto& part : parts) {
    all.insert(all.end(), part.begin(), part.end());
    BigVector<Event>().swap(part);  // `= {}` would keep its memory
  }
  all.insert(all.end(), last.begin(), last.end());
  parts.clear();
  return all;
}

}  // namespace

Facts Accumulator::take(unsigned threads) {
  Facts facts;
  facts.events = gathered(impl_->parts, std::move(impl_->events));
  facts.touches = impl_->touches.take();
  facts.names = std::move(impl_->names);
  facts.names.rest();
  impl_ = std::make_unique<Impl>();
  const auto settle_touches = [&facts] {
    for (const Origin origin : {Origin::access, Origin::proxy}) fold_touches(facts.touches, origin);
    sort_touches(facts.touches, facts.names);
  };
  // Neither looks at the other.
  const bool many = threads > 1 && facts.touches.size() > kManyTouches;
  std::future<void> beside;
  if (many) beside = std::async(std::launch::async, settle_touches);
  drop_finished_parts(facts.events);
  for (const Origin origin : {Origin::access, Origin::proxy}) fold_events(facts.events, origin);
  sort_events(facts.events);
  many ? beside.get() : settle_touches();
  return facts;
}

Facts join(Facts&& a, Facts&& b) {
  const auto shift = static_cast<SourceId>(a.sources.size());
  const auto moved = [shift](Position& at) {
    if (at.source != kNoSource) at.source += shift;
  };
  Accumulator sum;
  const auto add = [&](Facts& part, bool second) {
    if (second) {
      for (Event& e : part.events) moved(e.at);
      for (Touch& t : part.touches) moved(t.first.at), moved(t.last.at);
    }
    sum.absorb(std::move(part));
  };
  std::vector<SourceReport> sources = std::move(a.sources);
  sources.insert(sources.end(), std::make_move_iterator(b.sources.begin()),
                 std::make_move_iterator(b.sources.end()));
  add(a, false);
  add(b, true);
  Facts facts = sum.take();
  facts.sources = std::move(sources);
  return facts;
}

// Drafts that were kept as events for their own sake, once more as folds() and useless() would.
void Accumulator::fold_kept() {
  BigVector<Event>& events = impl_->events;
  std::erase_if(events, [this](Event& e) {
    if (!e.kept) return false;
    e.kept = false;
    EventDraft draft;
    draft.kind = e.kind;
    draft.origin = e.origin;
    draft.method = e.method;
    draft.route = e.route;
    draft.code = e.code;
    draft.status = e.status;
    draft.written = e.written;
    if (useless(draft)) return true;
    if (!folds(draft, e.untimed)) return false;
    impl_->touches.add(touch_of(e));
    return true;
  });
}

Facts without_kept(Facts&& facts) {
  Accumulator sum;
  std::vector<SourceReport> sources = std::move(facts.sources);
  sum.absorb(std::move(facts));
  sum.fold_kept();
  Facts folded = sum.take();
  folded.sources = std::move(sources);
  return folded;
}

void Accumulator::absorb(Facts&& part) {
  Accumulator one;
  one.impl_->lone =
      static_cast<std::size_t>(std::count_if(part.events.begin(), part.events.end(), may_be_lone));
  one.impl_->names = std::move(part.names);
  one.impl_->events = std::move(part.events);
  for (const Touch& touch : part.touches) one.impl_->touches.add(touch);
  join(std::move(one));
}

}  // namespace regtriage
