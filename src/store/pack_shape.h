// What writing and reading a chunk share (pack.cc, unpack.cc): which fields a row has, and what its
// numbers are differences to.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "model/event.h"

namespace regtriage::packing {

inline constexpr std::size_t kChecksum = 8;

// Does not compile when a field is added: it needs a place here. (But for `kept`, which is a wish
// of one call, and `answered_by`, which is derived by joining.)
[[maybe_unused]] inline void every_field_is_packed(const Event& event, const Touch& touch) {
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

inline constexpr std::array kEventNames = {&Event::repository, &Event::digest,   &Event::tag,
                                           &Event::upload,     &Event::client,   &Event::agent,
                                           &Event::user,       &Event::instance, &Event::from,
                                           &Event::manifest,   &Event::detail,   &Event::rule};
inline constexpr std::array kTouchNames = {&Touch::repository, &Touch::digest, &Touch::tag,
                                           &Touch::client,     &Touch::agent,  &Touch::instance};

// Which fields a row has. Names are the bits from 0 on, in the order above.
inline constexpr std::uint32_t kHasWritten = 1U << 12, kHasOffset = 1U << 13,
                               kHasDuration = 1U << 14, kHasLast = 1U << 15;
inline constexpr std::uint32_t kHasSighting = 1U
                                              << 16;  // the four of the first, or only, sighting …
inline constexpr std::uint32_t kHasLastSighting = 1U << 20;  // … and of the last
// Times kHasSighting or kHasLastSighting.
inline constexpr std::uint32_t kTime = 1, kOrder = 2, kPlace = 4, kRequest = 8;

// What many rows of a chunk share.
struct Shape {
  std::uint32_t has = 0;
  std::int16_t status = -1;
  EventKind kind = EventKind::none;
  Origin origin = Origin::app;
  Level level = Level::none;
  Method method = Method::none;
  Route route = Route::none;
  Code code = Code::none;
  ManifestType manifest_type = ManifestType::unknown;
  bool code_inferred = false, whole_second = false, untimed = false;

  std::uint32_t flags() const {
    return static_cast<std::uint32_t>(code_inferred) |
           static_cast<std::uint32_t>(whole_second) << 1 |
           static_cast<std::uint32_t>(untimed) << 2 |
           static_cast<std::uint32_t>(manifest_type) << 3;
  }
  void set_flags(std::uint64_t flags) {
    code_inferred = (flags & 1) != 0;
    whole_second = (flags & 2) != 0;
    untimed = (flags & 4) != 0;
    const std::uint64_t type = flags >> 3;
    manifest_type = type == 1   ? ManifestType::image
                    : type == 2 ? ManifestType::index
                                : ManifestType::unknown;
  }
  bool operator==(const Shape&) const = default;
};
struct ShapeHash {
  std::size_t operator()(const Shape& s) const {
    const auto word = [](auto value) { return static_cast<std::uint64_t>(value); };
    std::uint64_t h = word(s.has) << 16 ^ word(static_cast<std::uint16_t>(s.status));
    h = h * 0x9e3779b97f4a7c15ULL ^ word(s.kind) ^ word(s.origin) << 8 ^ word(s.level) << 16 ^
        word(s.method) << 24 ^ word(s.route) << 32 ^ word(s.code) << 40 ^ word(s.flags()) << 48;
    return static_cast<std::size_t>((h ^ h >> 29) * 0xbf58476d1ce4e5b9ULL);
  }
};

// What rows of a chunk are told as differences to.
struct Previous {
  std::int64_t time = 0, line = 0, offset = 0;
};

// Differences wrap around: any two values have one.
inline std::int64_t difference(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}
inline std::int64_t sum(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

// Wraps around, too: any number is an hour.
inline std::int64_t start_of(std::uint32_t hour) {
  return static_cast<std::int64_t>(hour * static_cast<std::uint64_t>(kHour));
}

// How a name is written.
enum NameForm : std::uint64_t { kPlain = 0, kSha256 = 1, kUuid = 2 };

}  // namespace regtriage::packing
