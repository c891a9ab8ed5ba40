#include "store/pack.h"

#include <tsl/robin_map.h>

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <string>

#include "base/hash.h"
#include "base/text.h"
#include "store/vocabulary.h"

namespace regtriage {
namespace {

constexpr std::size_t kChunk = 1 << 20;
constexpr std::size_t kChecksum = 8;

// Does not compile when a field is added: it needs a place here. (But for `kept`, which is a wish
// of one call, and `answered_by`, which is derived by joining.)
[[maybe_unused]] void every_field_is_packed(const Event& event, const Touch& touch) {
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

constexpr std::array kEventNames = {&Event::repository, &Event::digest,   &Event::tag,
                                    &Event::upload,     &Event::client,   &Event::agent,
                                    &Event::user,       &Event::instance, &Event::from,
                                    &Event::manifest,   &Event::detail,   &Event::rule};
constexpr std::array kTouchNames = {&Touch::repository, &Touch::digest, &Touch::tag,
                                    &Touch::client,     &Touch::agent,  &Touch::instance};

// Which fields a row has. Names are the bits from 0 on, in the order above.
constexpr std::uint32_t kHasWritten = 1U << 12, kHasOffset = 1U << 13, kHasDuration = 1U << 14,
                        kHasLast = 1U << 15;
constexpr std::uint32_t kHasSighting = 1U << 16;  // the four of the first, or only, sighting …
constexpr std::uint32_t kHasLastSighting = 1U << 20;  // … and of the last
// Times kHasSighting or kHasLastSighting.
constexpr std::uint32_t kTime = 1, kOrder = 2, kPlace = 4, kRequest = 8;

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
std::int64_t difference(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}
std::int64_t sum(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

// Wraps around, too: any number is an hour.
std::int64_t start_of(std::uint32_t hour) {
  return static_cast<std::int64_t>(hour * static_cast<std::uint64_t>(kHour));
}

// ---- writing ------------------------------------------------------------------------------------

class Chunk {
 public:
  Chunk() { bytes_.reserve(kChunk + (4 << 10)); }

  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
    bytes_ += static_cast<char>(value);
  }
  void signed_number(std::int64_t value) {
    number(static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
  }
  void word64(std::uint64_t value) {
    std::array<char, 8> eight;
    for (std::size_t i = 0; i < 8; ++i) eight[i] = static_cast<char>(value >> 8 * i);
    bytes_.append(eight.data(), eight.size());
  }
  void hash(const Hash128& hash) {
    word64(hash.hi);
    word64(hash.lo);
  }
  void text(std::string_view text) {
    number(text.size());
    bytes_ += text;
  }
  void begin() { bytes_.assign(kChecksum, '\0'); }
  bool is_full() const { return bytes_.size() >= kChunk; }
  std::string_view sealed() {
    std::uint64_t check = hash_of(std::string_view(bytes_).substr(kChecksum)).lo;
    for (std::size_t i = 0; i < kChecksum; ++i, check >>= 8) bytes_[i] = static_cast<char>(check);
    return bytes_;
  }

 private:
  std::string bytes_;
};

// How a name is written.
enum NameForm : std::uint64_t { kPlain = 0, kSha256 = 1, kUuid = 2 };

class Packer {
 public:
  Packer(const Facts& facts, const SourceRows& sources, const PackSink& sink)
      : facts_(facts), sources_(sources), sink_(sink), ordinals_(facts.names.size(), 0) {}

  Result<void> run() {
    Result<void> done = write_names();
    if (done) done = write_all(PackKind::events, facts_.events);
    if (done) done = write_all(PackKind::touches, facts_.touches);
    return done;
  }

 private:
  void begin() {
    chunk_.begin();
    shapes_.clear();
    previous_ = {};
    rows_ = 0;
  }
  Result<void> end(PackKind kind) {
    Result<void> done = rows_ == 0 ? Result<void>{} : sink_(kind, rows_, chunk_.sealed());
    begin();
    return done;
  }

  Result<void> write_names() {
    begin();
    Result<void> done;
    const auto want = [&](NameId id) {
      std::uint32_t& ordinal = ordinals_[static_cast<std::size_t>(id)];
      if (id == NameId::none || ordinal != 0 || !done) return;
      ordinal = ++names_;
      write_name(facts_.names.text(id));
      ++rows_;
      if (chunk_.is_full()) done = end(PackKind::names);
    };
    for (const Event& e : facts_.events)
      for (const auto name : kEventNames) want(e.*name);
    for (const Touch& t : facts_.touches)
      for (const auto name : kTouchNames) want(t.*name);
    return done ? end(PackKind::names) : done;
  }

  void write_name(std::string_view text) {
    constexpr std::size_t kSha256Size = 71, kBits = 7;
    if (text.size() == kSha256Size && is_digest(text)) {
      chunk_.number(kSha256);
      chunk_.hash(hash_from_hex(text.substr(kBits, 32)));
      chunk_.hash(hash_from_hex(text.substr(kBits + 32)));
    } else if (const Hash128 bits = uuid_bits(text); bits && uuid_text(bits) == text) {
      chunk_.number(kUuid);
      chunk_.hash(bits);
    } else {
      chunk_.number(kPlain);
      chunk_.text(text);
    }
  }

  template <class Rows>
  Result<void> write_all(PackKind kind, const Rows& rows) {
    Result<void> done;
    for (const auto& row : rows) {
      write(row);
      ++rows_;
      if (chunk_.is_full()) done = end(kind);
      if (!done) return done;
    }
    return end(kind);
  }

  void write_shape(const Shape& shape) {
    const auto [at, fresh] = shapes_.try_emplace(shape, static_cast<std::uint32_t>(shapes_.size()));
    chunk_.number(at->second);
    if (!fresh) return;
    chunk_.number(shape.has);
    chunk_.number(shape.flags());
    chunk_.signed_number(shape.status);
    chunk_.text(word_of(shape.kind));
    chunk_.text(word_of(shape.origin));
    chunk_.text(word_of(shape.level));
    chunk_.text(word_of(shape.method));
    chunk_.text(word_of(shape.route));
    chunk_.text(word_of(shape.code));
  }

  // Bits of one sighting, not shifted yet.
  std::uint32_t fields_of(TimeNs time, std::uint32_t order, const Position& at,
                          const Hash128& request) const {
    return (time != kNoTime ? kTime : 0) | (order != 0 ? kOrder : 0) |
           (sources_.row_of(at.source) != kNull ? kPlace : 0) | (request ? kRequest : 0);
  }
  void write_sighting(const Touch::Sighting& s, std::uint32_t fields) {
    chunk_.hash(s.id);
    if ((fields & kTime) != 0) {
      chunk_.signed_number(difference(s.time, previous_.time));
      previous_.time = s.time;
    }
    if ((fields & kOrder) != 0) chunk_.number(s.order_ns);
    if ((fields & kPlace) != 0) {
      const auto line = static_cast<std::int64_t>(s.at.line);
      const auto offset = static_cast<std::int64_t>(s.at.offset);
      chunk_.number(static_cast<std::uint64_t>(sources_.row_of(s.at.source)));
      chunk_.signed_number(difference(line, previous_.line));
      chunk_.signed_number(difference(offset, previous_.offset));
      previous_.line = line;
      previous_.offset = offset;
    }
    if ((fields & kRequest) != 0) chunk_.hash(s.request);
  }

  template <class Row, class Names>
  std::uint32_t names_in(const Row& row, const Names& names) const {
    std::uint32_t has = 0;
    for (std::size_t i = 0; i < names.size(); ++i)
      if (row.*names[i] != NameId::none) has |= 1U << i;
    return has;
  }
  template <class Row, class Names>
  void write_names_in(const Row& row, const Names& names) {
    for (const auto name : names)
      if (row.*name != NameId::none) chunk_.number(ordinals_[static_cast<std::size_t>(row.*name)]);
  }

  void write(const Event& e) {
    const std::uint32_t seen = fields_of(e.time, e.order_ns, e.at, e.request);
    Shape shape;
    shape.has = names_in(e, kEventNames) | (e.written >= 0 ? kHasWritten : 0) |
                (e.offset >= 0 ? kHasOffset : 0) | (e.duration_us != 0 ? kHasDuration : 0) |
                seen * kHasSighting;
    shape.status = e.status;
    shape.kind = e.kind;
    shape.origin = e.origin;
    shape.level = e.level;
    shape.method = e.method;
    shape.route = e.route;
    shape.code = e.code;
    shape.manifest_type = e.manifest_type;
    shape.code_inferred = e.code_inferred;
    shape.whole_second = e.whole_second;
    shape.untimed = e.untimed;
    write_shape(shape);
    write_sighting({e.time, e.id, e.at, e.order_ns, e.request}, seen);
    write_names_in(e, kEventNames);
    if (e.written >= 0) chunk_.number(static_cast<std::uint64_t>(e.written));
    if (e.offset >= 0) chunk_.number(static_cast<std::uint64_t>(e.offset));
    if (e.duration_us != 0) chunk_.number(e.duration_us);
  }

  void write(const Touch& t) {
    const auto fields = [this](const Touch::Sighting& s) {
      return fields_of(s.time, s.order_ns, s.at, s.request);
    };
    const std::uint32_t first = fields(t.first), last = t.seen_once() ? 0 : fields(t.last);
    Shape shape;
    shape.has = names_in(t, kTouchNames) | (t.written >= 0 ? kHasWritten : 0) |
                first * kHasSighting | (t.seen_once() ? 0 : kHasLast | last * kHasLastSighting);
    shape.status = t.status;
    shape.kind = EventKind::request;
    shape.origin = t.origin;
    shape.method = t.method;
    shape.route = t.route;
    shape.manifest_type = t.manifest_type;
    shape.whole_second = t.whole_second;
    write_shape(shape);
    chunk_.number(t.hour);
    previous_ = {start_of(t.hour), 0, 0};  // keys follow, not times
    write_names_in(t, kTouchNames);
    if (t.written >= 0) chunk_.number(static_cast<std::uint64_t>(t.written));
    write_sighting(t.first, first);
    if (!t.seen_once()) write_sighting(t.last, last);
  }

  const Facts& facts_;
  const SourceRows& sources_;
  const PackSink& sink_;
  std::vector<std::uint32_t> ordinals_;  // by NameId; 0: not wanted yet
  std::uint32_t names_ = 0;
  Chunk chunk_;
  tsl::robin_map<Shape, std::uint32_t, ShapeHash> shapes_;
  Previous previous_;
  std::uint64_t rows_ = 0;
};

// ---- reading ------------------------------------------------------------------------------------

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

Result<void> pack(const Facts& facts, const SourceRows& sources, const PackSink& sink) {
  return Packer(facts, sources, sink).run();
}

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
