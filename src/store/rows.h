// Events and touches as rows of integers, and the join of two rows of one thing. Both directions
// and the comparison work on plain arrays, so that a column is named in one place.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/facts.h"
#include "store/names.h"

namespace regtriage {

// Columns of `event` after the id, in the order of kEventColumns.
enum EventColumn : std::size_t {
  kKind,
  kTime,
  kOrder,
  kSource,
  kLine,
  kOffset,
  kOrigin,
  kLevel,
  kMethod,
  kRoute,
  kCode,
  kCodeInferred,
  kStatus,
  kWritten,
  kUploadOffset,
  kDuration,
  kRequestHi,
  kRequestLo,
  kRepository,
  kDigest,
  kTag,
  kUpload,
  kClient,
  kAgent,
  kUser,
  kInstance,
  kFrom,
  kManifest,
  kDetail,
  kRule,
  kWholeSecond,
  kManifestType,
  kUntimed,
  kEventColumnCount
};
inline constexpr std::string_view kEventColumns =
    "kind, time, order_ns, source, line, offset, origin, level, method, route, code, "
    "code_inferred, status, written, upload_offset, duration_us, request_hi, request_lo, "
    "repository, digest, tag, upload, client, agent, user, instance, mounted_from, manifest, "
    "detail, rule, whole_second, manifest_type, untimed";
using EventRow = std::array<std::int64_t, kEventColumnCount>;  // kNull: NULL

inline constexpr std::string_view kTouchKeyColumns =
    "repository, digest, tag, client, agent, instance, method, route, origin, whole_second, "
    "status, hour, written, manifest_type";
using TouchKeyRow = std::array<std::int64_t, 14>;

struct SightingRow {
  std::string id;                         // empty: there is none
  std::array<std::int64_t, 7> columns{};  // time, order, source, line, offset, request hi, lo
};
inline constexpr std::string_view kFirstColumns =
    "first_id, first_time, first_order, first_source, first_line, first_offset, "
    "first_request_hi, first_request_lo";
inline constexpr std::string_view kLastColumns =
    "last_id, last_time, last_order, last_source, last_line, last_offset, "
    "last_request_hi, last_request_lo";
struct TouchRow {
  TouchKeyRow key;
  SightingRow first, last;  // last: empty if seen once
};

// Sources of one Facts as rows of `source`, and their order, which is by name and first time and
// so the same in whatever order they came.
struct SourceRows {
  std::vector<std::int64_t> by_id;                           // SourceId to source.n
  std::vector<std::pair<std::int64_t, std::int64_t>> ranks;  // (source.n, rank), by source.n

  std::int64_t row_of(SourceId source) const;    // kNull: none
  std::int64_t rank_of(std::int64_t row) const;  // of kNull: after all
  SourceId id_of(std::int64_t row) const;        // after load: rank and SourceId are the same
};

struct ToRows {
  const NameNumbers& names;
  const WordNumbers& words;
  const SourceRows& sources;
  EventRow event(const Event& event) const;
  TouchRow touch(const Touch& touch) const;
};
struct FromRows {
  const NameReader& names;
  const SourceRows& sources;
  Event event(std::string_view id, const EventRow& row) const;
  Touch touch(const TouchRow& row) const;
};

// Joins `fresh` into `kept`, as facts::join does: the smallest position, order and lent time; all
// else is the same for one id, unless newer rules read it: then the fresh one's.
void join_event(EventRow& kept, const EventRow& fresh, const SourceRows& sources);
void join_touch(TouchRow& kept, const TouchRow& fresh, const SourceRows& sources);

}  // namespace regtriage
