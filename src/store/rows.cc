#include "store/rows.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <tuple>

namespace regtriage {
namespace {

// Does not compile when a field is added: it needs a column here, in rows.h and in the schema.
// (But for `kept`, which is a wish of one call, and `answered_by`, which is derived by joining.)
[[maybe_unused]] void every_field_has_a_column(const Event& event, const Touch& touch) {
  [[maybe_unused]] const auto& [id, time, written, offset, request, at, repository, digest, tag,
                                upload, client, agent, user, instance, from, manifest, detail, rule,
                                duration, order, status, kind, origin, level, method, route, code,
                                code_inferred, whole_second, manifest_type, untimed, kept,
                                answered_by] = event;
  [[maybe_unused]] const auto& [t_repository, t_digest, t_tag, t_client, t_agent, t_instance,
                                t_method, t_route, t_origin, t_whole_second, t_manifest_type,
                                t_status, t_hour, t_written, t_first, t_last] = touch;
  [[maybe_unused]] const auto& [s_time, s_id, s_at, s_order, s_request] = touch.first;
}

std::int64_t or_null(std::int64_t number) { return number == 0 ? kNull : number; }
std::int64_t known(std::int64_t number) { return number < 0 ? kNull : number; }
std::int64_t or_zero(std::int64_t value) { return value == kNull ? 0 : value; }
std::int64_t or_unknown(std::int64_t value) { return value < 0 ? -1 : value; }

template <class Number>
Number bounded(std::int64_t value) {
  return static_cast<Number>(
      std::clamp<std::int64_t>(value, 0, std::numeric_limits<Number>::max()));
}

std::int16_t status_of(std::int64_t value) {
  return static_cast<std::int16_t>(std::clamp<std::int64_t>(value, -1, 32767));
}

// Far enough from the ends of the range that spans of months may be added without overflow.
TimeNs time_of(std::int64_t value) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() - (1LL << 53);
  return value == kNull ? kNoTime : std::clamp(value, -kMost, kMost);
}

ManifestType manifest_type_of(std::int64_t value) {
  return value == 1   ? ManifestType::image
         : value == 2 ? ManifestType::index
                      : ManifestType::unknown;
}

template <class Enum, std::size_t n>
std::int64_t number_in(const std::array<std::int64_t, n>& row, Enum value) {
  return static_cast<std::size_t>(value) < n ? row[static_cast<std::size_t>(value)] : 0;
}

Position position_of(const SourceRows& sources, std::int64_t source, std::int64_t line,
                     std::int64_t offset) {
  if (sources.id_of(source) == kNoSource) return {};
  return {static_cast<std::uint64_t>(or_zero(known(offset))), bounded<std::uint32_t>(or_zero(line)),
          sources.id_of(source)};
}

struct Place {
  std::int64_t source, line, offset;
};

// By offset, line and source; nowhere is last.
bool is_before(const Place& a, const Place& b, const SourceRows& sources) {
  const auto key = [&sources](const Place& place) {
    return std::tuple(place.source == kNull, place.offset, place.line,
                      sources.rank_of(place.source));
  };
  return key(a) < key(b);
}

// Of `time, order, source, line, offset`: the parts that a second sighting of one line may lower.
void join_place(std::int64_t& order, Place& place, std::int64_t other_order, const Place& other,
                const SourceRows& sources) {
  order = std::min(order, other_order);
  if (is_before(other, place, sources)) place = other;
}

void join_same_line(SightingRow& kept, const SightingRow& fresh, const SourceRows& sources) {
  auto& mine = kept.columns;
  const auto& other = fresh.columns;
  Place place{mine[2], mine[3], mine[4]};
  join_place(mine[1], place, other[1], {other[2], other[3], other[4]}, sources);
  std::tie(mine[2], mine[3], mine[4]) = std::tie(place.source, place.line, place.offset);
}

// kNull is the smallest time, as kNoTime is in facts.
bool is_earlier(const SightingRow& a, const SightingRow& b) {
  return std::tie(a.columns[0], a.id) < std::tie(b.columns[0], b.id);
}

SightingRow row_of(const Touch::Sighting& sighting, const SourceRows& sources) {
  const std::int64_t source = sources.row_of(sighting.at.source);
  const bool nowhere = source == kNull;
  return {hex_of(sighting.id),
          {sighting.time, sighting.order_ns, source,
           nowhere ? kNull : static_cast<std::int64_t>(sighting.at.line),
           nowhere ? kNull : static_cast<std::int64_t>(sighting.at.offset),
           or_null(std::bit_cast<std::int64_t>(sighting.request.hi)),
           or_null(std::bit_cast<std::int64_t>(sighting.request.lo))}};
}

Touch::Sighting sighting_of(const SightingRow& row, const SourceRows& sources) {
  const auto& c = row.columns;
  Touch::Sighting sighting;
  sighting.time = time_of(c[0]);
  sighting.id = hash_from_hex(row.id);
  sighting.order_ns = bounded<std::uint32_t>(or_zero(c[1]));
  sighting.at = position_of(sources, c[2], c[3], c[4]);
  sighting.request = {std::bit_cast<std::uint64_t>(or_zero(c[5])),
                      std::bit_cast<std::uint64_t>(or_zero(c[6]))};
  return sighting;
}

}  // namespace

std::int64_t SourceRows::row_of(SourceId source) const {
  return source < by_id.size() ? by_id[source] : kNull;
}

std::int64_t SourceRows::rank_of(std::int64_t row) const {
  const auto at = std::lower_bound(ranks.begin(), ranks.end(), std::pair(row, kNull));
  return at == ranks.end() || at->first != row ? std::numeric_limits<std::int64_t>::max()
                                               : at->second;
}

SourceId SourceRows::id_of(std::int64_t row) const {
  const std::int64_t rank = rank_of(row);
  return rank > std::numeric_limits<std::uint32_t>::max() ? kNoSource : static_cast<SourceId>(rank);
}

EventRow ToRows::event(const Event& e) const {
  const auto name = [this](NameId id) { return or_null(names.of(id)); };
  const std::int64_t source = sources.row_of(e.at.source);
  EventRow row;
  row[kKind] = number_in(words.kind, e.kind);
  row[kTime] = e.time;
  row[kOrder] = e.order_ns;
  row[kSource] = source;
  row[kLine] = source == kNull ? kNull : static_cast<std::int64_t>(e.at.line);
  row[kOffset] = source == kNull ? kNull : static_cast<std::int64_t>(e.at.offset);
  row[kOrigin] = number_in(words.origin, e.origin);
  row[kLevel] = or_null(number_in(words.level, e.level));
  row[kMethod] = or_null(number_in(words.method, e.method));
  row[kRoute] = e.route == Route::none ? kNull : number_in(words.route, e.route);
  row[kCode] = or_null(number_in(words.code, e.code));
  row[kCodeInferred] = e.code_inferred;
  row[kStatus] = known(e.status);
  row[kWritten] = known(e.written);
  row[kUploadOffset] = known(e.offset);
  row[kDuration] = or_null(e.duration_us);
  row[kRequestHi] = or_null(std::bit_cast<std::int64_t>(e.request.hi));
  row[kRequestLo] = or_null(std::bit_cast<std::int64_t>(e.request.lo));
  row[kRepository] = name(e.repository);
  row[kDigest] = name(e.digest);
  row[kTag] = name(e.tag);
  row[kUpload] = name(e.upload);
  row[kClient] = name(e.client);
  row[kAgent] = name(e.agent);
  row[kUser] = name(e.user);
  row[kInstance] = name(e.instance);
  row[kFrom] = name(e.from);
  row[kManifest] = name(e.manifest);
  row[kDetail] = name(e.detail);
  row[kRule] = name(e.rule);
  row[kWholeSecond] = e.whole_second;
  row[kManifestType] = static_cast<std::int64_t>(e.manifest_type);
  row[kUntimed] = e.untimed;
  return row;
}

Event FromRows::event(std::string_view id, const EventRow& row) const {
  Event e;
  e.id = hash_from_hex(id);
  e.time = time_of(row[kTime]);
  e.written = or_unknown(row[kWritten]);
  e.offset = or_unknown(row[kUploadOffset]);
  e.request = {std::bit_cast<std::uint64_t>(or_zero(row[kRequestHi])),
               std::bit_cast<std::uint64_t>(or_zero(row[kRequestLo]))};
  e.at = position_of(sources, row[kSource], row[kLine], row[kOffset]);
  e.repository = names.name(row[kRepository]);
  e.digest = names.name(row[kDigest]);
  e.tag = names.name(row[kTag]);
  e.upload = names.name(row[kUpload]);
  e.client = names.name(row[kClient]);
  e.agent = names.name(row[kAgent]);
  e.user = names.name(row[kUser]);
  e.instance = names.name(row[kInstance]);
  e.from = names.name(row[kFrom]);
  e.manifest = names.name(row[kManifest]);
  e.detail = names.name(row[kDetail]);
  e.rule = names.name(row[kRule]);
  e.duration_us = bounded<std::uint32_t>(or_zero(row[kDuration]));
  e.order_ns = bounded<std::uint32_t>(or_zero(row[kOrder]));
  e.status = status_of(row[kStatus]);
  e.kind = names.kind(row[kKind]);
  e.origin = names.origin(row[kOrigin]);
  e.level = names.level(row[kLevel]);
  e.method = names.method(row[kMethod]);
  e.route = names.route(row[kRoute]);
  e.code = names.code(row[kCode]);
  e.code_inferred = row[kCodeInferred] == 1;
  e.whole_second = row[kWholeSecond] == 1;
  e.manifest_type = manifest_type_of(row[kManifestType]);
  e.untimed = row[kUntimed] == 1;
  return e;
}

TouchRow ToRows::touch(const Touch& t) const {
  TouchRow row;
  row.key = {names.of(t.repository),
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
  row.first = row_of(t.first, sources);
  if (!t.seen_once()) row.last = row_of(t.last, sources);
  return row;
}

Touch FromRows::touch(const TouchRow& row) const {
  const TouchKeyRow& key = row.key;
  Touch t;
  t.repository = names.name(key[0]);
  t.digest = names.name(key[1]);
  t.tag = names.name(key[2]);
  t.client = names.name(key[3]);
  t.agent = names.name(key[4]);
  t.instance = names.name(key[5]);
  t.method = names.method(key[6]);
  t.route = names.route(key[7]);
  t.origin = names.origin(key[8]);
  t.whole_second = key[9] == 1;
  t.status = status_of(key[10]);
  t.hour = bounded<std::uint32_t>(or_zero(key[11]));
  t.written = or_unknown(key[12]);
  t.manifest_type = manifest_type_of(key[13]);
  t.first = sighting_of(row.first, sources);
  t.last = row.last.id.empty() ? t.first : sighting_of(row.last, sources);
  return t;
}

void join_event(EventRow& kept, const EventRow& fresh, const SourceRows& sources) {
  const EventRow old = kept;
  kept = fresh;
  Place place{old[kSource], old[kLine], old[kOffset]};
  kept[kOrder] = old[kOrder];
  join_place(kept[kOrder], place, fresh[kOrder], {fresh[kSource], fresh[kLine], fresh[kOffset]},
             sources);
  kept[kSource] = place.source;
  kept[kLine] = place.line;
  kept[kOffset] = place.offset;
  if (old[kUntimed] == 1 && fresh[kUntimed] == 1) kept[kTime] = std::min(old[kTime], fresh[kTime]);
}

void join_touch(TouchRow& kept, const TouchRow& fresh, const SourceRows& sources) {
  const SightingRow* all[] = {&kept.first, &kept.last, &fresh.first, &fresh.last};
  SightingRow first = kept.first, last = kept.first;
  for (const SightingRow* sighting : all) {
    if (sighting->id.empty()) continue;
    if (sighting->id == first.id)
      join_same_line(first, *sighting, sources);
    else if (is_earlier(*sighting, first))
      first = *sighting;
    if (sighting->id == last.id)
      join_same_line(last, *sighting, sources);
    else if (is_earlier(last, *sighting))
      last = *sighting;
  }
  kept.first = first;
  kept.last = last.id == first.id ? SightingRow{} : last;
}

}  // namespace regtriage
