#include "store/rows.h"

#include <algorithm>
#include <bit>

namespace regtriage {
namespace {

std::int64_t or_null(std::int64_t number) { return number == 0 ? kNull : number; }
std::int64_t known(std::int64_t number) { return number < 0 ? kNull : number; }

template <class Enum, std::size_t n>
std::int64_t number_in(const std::array<std::int64_t, n>& row, Enum value) {
  return static_cast<std::size_t>(value) < n ? row[static_cast<std::size_t>(value)] : 0;
}

std::int64_t half(std::uint64_t bits) { return or_null(std::bit_cast<std::int64_t>(bits)); }

}  // namespace

std::int64_t SourceRows::row_of(SourceId source) const {
  return source < by_id.size() ? by_id[source] : kNull;
}

SourceId SourceRows::id_of(std::int64_t row) const {
  const auto at = std::lower_bound(ranks.begin(), ranks.end(), std::pair(row, kNull));
  return at == ranks.end() || at->first != row ? kNoSource : static_cast<SourceId>(at->second);
}

EventRow ToRows::event(const Event& e) const {
  const auto name = [this](NameId id) { return or_null(names.of(id)); };
  const std::int64_t source = sources.row_of(e.at.source);
  const auto at_source = [source](auto value) {
    return source == kNull ? kNull : static_cast<std::int64_t>(value);
  };
  return {number_in(words.kind, e.kind),
          e.time,
          e.order_ns,
          source,
          at_source(e.at.line),
          at_source(e.at.offset),
          number_in(words.origin, e.origin),
          or_null(number_in(words.level, e.level)),
          or_null(number_in(words.method, e.method)),
          e.route == Route::none ? kNull : number_in(words.route, e.route),
          or_null(number_in(words.code, e.code)),
          e.code_inferred,
          known(e.status),
          known(e.written),
          known(e.offset),
          or_null(e.duration_us),
          half(e.request.hi),
          half(e.request.lo),
          name(e.repository),
          name(e.digest),
          name(e.tag),
          name(e.upload),
          name(e.client),
          name(e.agent),
          name(e.user),
          name(e.instance),
          name(e.from),
          name(e.manifest),
          name(e.detail),
          name(e.rule),
          e.whole_second,
          static_cast<std::int64_t>(e.manifest_type),
          e.untimed};
}

TouchKeyRow ToRows::touch_key(const Touch& t) const {
  return {names.of(t.repository),
          names.of(t.digest),
          names.of(t.tag),
          names.of(t.client),
          names.of(t.agent),
          names.of(t.instance),
          number_in(words.method, t.method),
          t.route == Route::none ? 0 : number_in(words.route, t.route),
          number_in(words.origin, t.origin),
          t.whole_second,
          t.status,
          t.hour,
          t.written,
          static_cast<std::int64_t>(t.manifest_type)};
}

SightingRow ToRows::sighting(const Touch::Sighting& s) const {
  const std::int64_t source = sources.row_of(s.at.source);
  const auto at_source = [source](auto value) {
    return source == kNull ? kNull : static_cast<std::int64_t>(value);
  };
  return {s.time,
          s.order_ns,
          source,
          at_source(s.at.line),
          at_source(s.at.offset),
          half(s.request.hi),
          half(s.request.lo)};
}

}  // namespace regtriage
