// Facts made by hand and at random, a folder that cleans itself, and facts as text for comparing.
#pragma once

#include <fmt/format.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "store/store.h"

namespace regtriage::test {

class TempFolder {
 public:
  TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "store-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

inline std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
inline void write_bytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

inline std::string digest_of(unsigned n) { return fmt::format("sha256:{:064x}", n); }

inline Event error_event(Facts& facts, unsigned n) {
  Event e;
  e.id = hash_of(fmt::format("event {}", n));
  e.time = (1'700'000'000 + static_cast<TimeNs>(n)) * kSecond;
  e.kind = EventKind::request;
  e.level = Level::error;
  e.method = Method::GET;
  e.route = Route::blob;
  e.code = Code::BLOB_UNKNOWN;
  e.status = 404;
  e.repository = facts.names.intern("team/app");
  e.digest = facts.names.intern(digest_of(n));
  e.client = facts.names.intern("10.0.0.7");
  e.agent = facts.names.intern("skopeo/1.9.3");
  e.request = uuid_bits("00000000-0000-4000-8000-00000000000a");
  e.at = {n * 100ULL, n + 1, 0};
  return e;
}

inline SourceReport source_named(const std::string& name, std::uint64_t bytes = 1000) {
  SourceReport source;
  source.name = name;
  source.first = 1'700'000'000 * kSecond;
  source.last = source.first + kHour;
  source.bytes = source.accepted = bytes;
  source.lines = bytes / 100;
  source.lines_by_format[static_cast<std::size_t>(Format::logfmt)] = source.lines;
  return source;
}

// Facts about few things with many meetings: the same ids, keys and sources come again and again.
// What an id or a key stands for follows from its number alone, as it does in real logs.
class RandomFacts {
 public:
  explicit RandomFacts(std::uint32_t seed) : random_(seed) {}

  Facts make() {
    Facts facts;
    const unsigned sources = below(4);
    for (unsigned i = 0; i < sources; ++i) {
      SourceReport source = source_named(fmt::format("{}.log", below(3)), 1000 * (1 + below(3)));
      source.first += below(2);
      facts.sources.push_back(source);
    }
    std::map<unsigned, Event> events;
    for (unsigned i = below(20); i > 0; --i) {
      const unsigned n = below(30);
      events.emplace(n, event(facts, n));
    }
    for (const auto& [n, e] : events) facts.events.push_back(e);
    std::sort(facts.events.begin(), facts.events.end(), [](const Event& a, const Event& b) {
      return std::pair(a.order(), a.id) < std::pair(b.order(), b.id);
    });
    std::map<unsigned, Touch> touches;
    for (unsigned i = below(8); i > 0; --i) {
      const unsigned n = below(6);
      touches.emplace(n, touch(facts, n));
    }
    for (const auto& [n, t] : touches) facts.touches.push_back(t);
    return facts;
  }

 private:
  unsigned below(unsigned bound) {
    return std::uniform_int_distribution<unsigned>(0, bound - 1)(random_);
  }

  Position position(const Facts& facts) {
    if (facts.sources.empty() || below(8) == 0) return {};
    const unsigned line = 1 + below(4);
    return {line * 100ULL, line, below(static_cast<unsigned>(facts.sources.size()))};
  }

  Event event(Facts& facts, unsigned n) {
    Event e = error_event(facts, n);
    e.time = n % 7 == 0 ? kNoTime : (1'700'000'000 + static_cast<TimeNs>(n / 3)) * kSecond;
    e.level = static_cast<Level>(n % 8);
    e.method = static_cast<Method>(n % 9);
    e.route = static_cast<Route>(n % 11);
    e.code = static_cast<Code>(n % 22);
    e.kind = static_cast<EventKind>(1 + n % 20);
    e.origin = static_cast<Origin>(n % 5);
    e.status = static_cast<std::int16_t>(static_cast<int>(n % 5) * 100 - 1);
    e.written = n % 3 == 0 ? -1 : static_cast<std::int64_t>(n);
    e.offset = n % 4 == 0 ? static_cast<std::int64_t>(n) * 1000 : -1;
    e.duration_us = n % 5;
    e.code_inferred = n % 2 == 0;
    e.whole_second = n % 3 == 0;
    e.manifest_type = n % 4 == 1 ? ManifestType::index : ManifestType::unknown;
    if (n % 6 == 0) e.detail = facts.names.intern(std::string("bad \xff\0 byte", 11));
    if (n % 6 == 1) e.tag = facts.names.intern(fmt::format("v{}", n % 4));
    if (n % 6 == 2) e.upload = facts.names.intern("6f1d3c7e-0000-4000-8000-000000000001");
    if (n % 6 == 3) e.manifest = facts.names.intern(digest_of(1000 + n));
    if (n % 6 == 4) e.from = facts.names.intern("team/base");
    if (n % 6 == 5) e.user = facts.names.intern("alice");
    e.at = position(facts);
    e.order_ns = below(3);
    if (n % 11 == 0 && e.time != kNoTime) {
      e.untimed = true;
      e.time += below(3);
    }
    return e;
  }

  Touch::Sighting sighting(const Facts& facts, unsigned n, unsigned which) {
    Touch::Sighting s;
    s.id = hash_of(fmt::format("touch {} {}", n, which));
    s.time = (1'700'000'000 + static_cast<TimeNs>(which / 2)) * kSecond;
    s.at = position(facts);
    s.order_ns = below(3);
    return s;
  }

  Touch touch(Facts& facts, unsigned n) {
    Touch t;
    t.repository = facts.names.intern("team/app");
    if (n % 2 == 0) t.digest = facts.names.intern(digest_of(n));
    if (n % 2 == 1) t.tag = facts.names.intern("latest");
    t.client = facts.names.intern(fmt::format("10.0.0.{}", n));
    t.method = Method::GET;
    t.route = n % 2 == 0 ? Route::blob : Route::manifest;
    t.status = n == 5 ? -1 : 200;
    t.hour = 472'222;
    t.written = n == 4 ? -1 : 512;
    t.first = sighting(facts, n, below(6));
    t.last = below(2) == 0 ? t.first : sighting(facts, n, below(6));
    if (std::pair(t.last.time, t.last.id) < std::pair(t.first.time, t.first.id))
      std::swap(t.first, t.last);
    if (t.first.id == t.last.id) t.last = t.first;
    return t;
  }

  std::mt19937 random_;
};

inline std::string text_of(const Facts& facts, const Position& at) {
  if (at.source >= facts.sources.size()) return "nowhere";
  const SourceReport& source = facts.sources[at.source];
  return fmt::format("{}@{}:{}:{}", source.name, source.first, at.line, at.offset);
}

inline std::string text_of(const Facts& facts, const Touch::Sighting& s) {
  return fmt::format("{} {} {} {} {}", hex_of(s.id), s.time, s.order_ns, text_of(facts, s.at),
                     uuid_text(s.request));
}

// All that facts say, free of numbers that mean something only within them.
inline std::string text_of(const Facts& facts) {
  std::string out;
  for (const SourceReport& s : facts.sources)
    out += fmt::format("source {} {} {} {} {} {}\n", s.name, s.first, s.last, s.bytes, s.lines,
                       s.lines_by_format[static_cast<std::size_t>(Format::logfmt)]);
  for (const Event& e : facts.events) {
    out += fmt::format("event {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {}", hex_of(e.id),
                       e.time, e.order_ns, text_of(facts, e.at), word_of(e.kind), word_of(e.origin),
                       word_of(e.level), word_of(e.method), word_of(e.route), word_of(e.code),
                       e.code_inferred, e.status, e.written, e.offset, e.duration_us,
                       e.whole_second, e.untimed) +
           (e.manifest_type == ManifestType::index ? " index" : "");
    for (const NameId id : {e.repository, e.digest, e.tag, e.upload, e.client, e.agent, e.user,
                            e.instance, e.from, e.manifest, e.detail, e.rule})
      out += fmt::format(" '{}'", facts.text(id));
    out += fmt::format(" {}\n", uuid_text(e.request));
  }
  for (const Touch& t : facts.touches) {
    out += fmt::format("touch {} {} {} {} {} {} {}", word_of(t.method), word_of(t.route),
                       word_of(t.origin), t.whole_second, t.status, t.hour, t.written);
    for (const NameId id : {t.repository, t.digest, t.tag, t.client, t.agent, t.instance})
      out += fmt::format(" '{}'", facts.text(id));
    out += fmt::format(" {} | {}\n", text_of(facts, t.first), text_of(facts, t.last));
  }
  return out;
}

// A store that must open.
inline Store writing(const std::string& path) {
  Result<Store> store = Store::open_for_writing(path);
  if (!store) throw std::runtime_error(store.error().what);
  return std::move(*store);
}
inline Store reading(const std::string& path) {
  Result<Store> store = Store::open_for_reading(path);
  if (!store) throw std::runtime_error(store.error().what);
  return std::move(*store);
}

}  // namespace regtriage::test
