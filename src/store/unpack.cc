// Chunks back to facts: bytes of unknown origin.
#include <algorithm>
#include <limits>
#include <string>

#include "base/hash.h"
#include "store/pack.h"
#include "store/pack_shape.h"
#include "store/vocabulary.h"

namespace regtriage {
namespace {

using namespace packing;

// Past the end everything is zero, and the bytes count as damaged.
class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : rest_(bytes) {}
  bool any() const { return !rest_.empty() && !damaged_; }
  bool damaged() const { return damaged_; }
  void damage() { damaged_ = true; }

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) break;
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    damage();
    return 0;
  }
  std::int64_t signed_number() {
    const std::uint64_t value = number();
    return static_cast<std::int64_t>(value >> 1 ^ (~(value & 1) + 1));
  }
  std::string_view text() { return taken(number()); }
  std::uint64_t word64() {
    const std::string_view eight = taken(8);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < eight.size(); ++i)
      value |= static_cast<std::uint64_t>(static_cast<unsigned char>(eight[i])) << 8 * i;
    return value;
  }
  Hash128 hash() {
    const std::uint64_t hi = word64();
    return {hi, word64()};
  }

 private:
  std::string_view taken(std::uint64_t size) {
    if (size > rest_.size()) {
      damage();
      return {};
    }
    const std::string_view text = rest_.substr(0, static_cast<std::size_t>(size));
    rest_.remove_prefix(text.size());
    return text;
  }
  std::string_view rest_;
  bool damaged_ = false;
};

template <class Number>
Number bounded(std::uint64_t value) {
  return static_cast<Number>(std::min<std::uint64_t>(value, std::numeric_limits<Number>::max()));
}

// Far enough from the ends of the range that spans of months may be added without overflow.
TimeNs tamed_time(std::int64_t value) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() - (1LL << 53);
  return std::clamp(value, -kMost, kMost);
}

class ChunkReader {
 public:
  ChunkReader(std::string_view payload, const std::vector<NameId>& names, const SourceRows& sources)
      : bytes_(payload), names_(names), sources_(sources) {}
  bool any() const { return bytes_.any(); }
  bool damaged() const { return bytes_.damaged(); }

  Event event() {
    const Shape shape = next_shape();
    Event e;
    const Touch::Sighting seen = sighting(shape.has / kHasSighting);
    e.id = seen.id;
    e.time = seen.time;
    e.order_ns = seen.order_ns;
    e.at = seen.at;
    e.request = seen.request;
    read_names(e, kEventNames, shape.has);
    if ((shape.has & kHasWritten) != 0) e.written = bounded<std::int64_t>(bytes_.number());
    if ((shape.has & kHasOffset) != 0) e.offset = bounded<std::int64_t>(bytes_.number());
    if ((shape.has & kHasDuration) != 0) e.duration_us = bounded<std::uint32_t>(bytes_.number());
    e.status = shape.status;
    e.kind = shape.kind;
    e.origin = shape.origin;
    e.level = shape.level;
    e.method = shape.method;
    e.route = shape.route;
    e.code = shape.code;
    e.manifest_type = shape.manifest_type;
    e.code_inferred = shape.code_inferred;
    e.whole_second = shape.whole_second;
    e.untimed = shape.untimed;
    return e;
  }

  Touch touch() {
    const Shape shape = next_shape();
    Touch t;
    t.hour = bounded<std::uint32_t>(bytes_.number());
    previous_ = {start_of(t.hour), 0, 0};
    read_names(t, kTouchNames, shape.has);
    if ((shape.has & kHasWritten) != 0) t.written = bounded<std::int64_t>(bytes_.number());
    t.first = sighting(shape.has / kHasSighting);
    t.last = (shape.has & kHasLast) != 0 ? sighting(shape.has / kHasLastSighting) : t.first;
    t.status = shape.status;
    t.origin = shape.origin;
    t.method = shape.method;
    t.route = shape.route;
    t.manifest_type = shape.manifest_type;
    t.whole_second = shape.whole_second;
    return t;
  }

  // The text of a digest or UUID lives in `room`.
  std::string_view name(std::string& room) {
    switch (bytes_.number()) {
      case kPlain:
        return bytes_.text();
      case kSha256: {
        const Hash128 head = bytes_.hash();
        room = "sha256:" + hex_of(head) + hex_of(bytes_.hash());
        return room;
      }
      case kUuid:
        room = uuid_text(bytes_.hash());
        return room;
      default:
        bytes_.damage();
        return {};
    }
  }

 private:
  const Shape& next_shape() {
    static constexpr Shape kNone;
    const std::uint64_t ordinal = bytes_.number();
    if (ordinal < shapes_.size()) return shapes_[static_cast<std::size_t>(ordinal)];
    if (ordinal > shapes_.size()) bytes_.damage();
    if (bytes_.damaged()) return kNone;
    Shape& shape = shapes_.emplace_back();
    shape.has = bounded<std::uint32_t>(bytes_.number());
    shape.set_flags(bytes_.number());
    shape.status =
        static_cast<std::int16_t>(std::clamp<std::int64_t>(bytes_.signed_number(), -1, 32767));
    shape.kind = named<EventKind>(bytes_.text());
    shape.origin = named<Origin>(bytes_.text());
    shape.level = named<Level>(bytes_.text());
    shape.method = named<Method>(bytes_.text());
    shape.route = named<Route>(bytes_.text());
    shape.code = named<Code>(bytes_.text());
    return shape;
  }

  Touch::Sighting sighting(std::uint32_t fields) {
    Touch::Sighting s;
    s.id = bytes_.hash();
    if ((fields & kTime) != 0)
      s.time = previous_.time = tamed_time(sum(previous_.time, bytes_.signed_number()));
    if ((fields & kOrder) != 0) s.order_ns = bounded<std::uint32_t>(bytes_.number());
    if ((fields & kPlace) != 0) {
      const auto row = bounded<std::int64_t>(bytes_.number());
      previous_.line = sum(previous_.line, bytes_.signed_number());
      previous_.offset = sum(previous_.offset, bytes_.signed_number());
      const SourceId source = sources_.id_of(row);
      if (source != kNoSource)
        s.at = {static_cast<std::uint64_t>(std::max<std::int64_t>(previous_.offset, 0)),
                bounded<std::uint32_t>(
                    static_cast<std::uint64_t>(std::max<std::int64_t>(previous_.line, 0))),
                source};
    }
    if ((fields & kRequest) != 0) s.request = bytes_.hash();
    return s;
  }

  template <class Row, class Names>
  void read_names(Row& row, const Names& names, std::uint32_t has) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if ((has >> i & 1) == 0) continue;
      const std::uint64_t ordinal = bytes_.number();
      if (ordinal < names_.size())
        row.*names[i] = names_[static_cast<std::size_t>(ordinal)];
      else
        bytes_.damage();
    }
  }

  Bytes bytes_;
  const std::vector<NameId>& names_;
  const SourceRows& sources_;
  std::vector<Shape> shapes_;
  Previous previous_;
};

}  // namespace

bool Unpacker::take(PackKind kind, std::string_view data) {
  if (data.size() < kChecksum) return false;
  const std::string_view payload = data.substr(kChecksum);
  if (Bytes(data).word64() != hash_of(payload).lo) return false;
  ChunkReader reader(payload, names_, sources_);
  std::string room;
  while (reader.any()) {
    if (kind == PackKind::names) {
      const NameId id = into_.names.intern(reader.name(room));
      names_.push_back(id);
    } else if (kind == PackKind::events) {
      const Event event = reader.event();
      if (!reader.damaged()) into_.events.push_back(event);
    } else {
      const Touch touch = reader.touch();
      if (!reader.damaged()) into_.touches.push_back(touch);
    }
  }
  return !reader.damaged();
}

}  // namespace regtriage
