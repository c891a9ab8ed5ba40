#include "store/pack.h"

#include <tsl/robin_map.h>

#include <array>
#include <string>

#include "base/hash.h"
#include "base/text.h"
#include "store/pack_shape.h"

namespace regtriage {
namespace {

using namespace packing;

constexpr std::size_t kChunk = 1 << 20;

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

}  // namespace

Result<void> pack(const Facts& facts, const SourceRows& sources, const PackSink& sink) {
  return Packer(facts, sources, sink).run();
}

}  // namespace regtriage
