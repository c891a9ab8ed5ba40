// Events and touches as rows of numbers, for the tables that people query. Both are written only:
// what is read back is packed (pack.h). A column is named in one place.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/facts.h"
#include "store/names.h"

namespace regtriage {

// Sources of one Facts as rows of `source`, and their order, which is by name and first time and
// so the same in whatever order they came.
struct SourceRows {
  std::vector<std::int64_t> by_id;                           // SourceId to source.n
  std::vector<std::pair<std::int64_t, std::int64_t>> ranks;  // (source.n, rank), by source.n

  std::int64_t row_of(SourceId source) const;  // kNull: none
  SourceId id_of(std::int64_t row) const;      // after load: the rank; kNoSource: no such row
};

// Columns of `event`, in the order of EventRow.
inline constexpr std::string_view kEventColumns =
    "kind, time, order_ns, source, line, offset, origin, level, method, route, code, "
    "code_inferred, status, written, upload_offset, duration_us, request_hi, request_lo, "
    "repository, digest, tag, upload, client, agent, user, instance, mounted_from, manifest, "
    "detail, rule, whole_second, manifest_type, untimed";
using EventRow = std::array<std::int64_t, 33>;  // kNull: NULL

inline constexpr std::string_view kTouchKeyColumns =
    "repository, digest, tag, client, agent, instance, method, route, origin, whole_second, "
    "status, hour, written, manifest_type";
using TouchKeyRow = std::array<std::int64_t, 14>;
inline constexpr std::string_view kFirstColumns =
    "first_time, first_order, first_source, first_line, first_offset, first_request_hi, "
    "first_request_lo";
inline constexpr std::string_view kLastColumns =
    "last_time, last_order, last_source, last_line, last_offset, last_request_hi, "
    "last_request_lo";
using SightingRow = std::array<std::int64_t, 7>;

struct ToRows {
  const NameNumbers& names;
  const WordNumbers& words;
  const SourceRows& sources;
  EventRow event(const Event& event) const;
  TouchKeyRow touch_key(const Touch& touch) const;
  SightingRow sighting(const Touch::Sighting& sighting) const;
};

}  // namespace regtriage
