#include "store/pack.h"

#include <catch2/catch.hpp>

#include "store/unite.h"
#include "support.h"

using namespace regtriage;
using namespace regtriage::test;

namespace {

struct Chunks {
  std::vector<std::pair<PackKind, std::string>> all;

  Chunks(const Facts& facts, const SourceRows& sources) {
    const Result<void> done =
        pack(facts, sources, [this](PackKind kind, std::uint64_t rows, std::string_view data) {
          REQUIRE(rows != 0);
          all.emplace_back(kind, data);
          return Result<void>{};
        });
    REQUIRE(done);
  }
  bool read(Facts& into, const SourceRows& sources) const {
    Unpacker unpacker(into, sources);
    unpacker.begin_run();
    for (const auto& [kind, data] : all)
      if (!unpacker.take(kind, data)) return false;
    return true;
  }
};

// As if each source had the row after its id.
SourceRows rows_of(const Facts& facts) {
  SourceRows rows;
  for (SourceId id = 0; id < facts.sources.size(); ++id) {
    rows.by_id.push_back(id + 1);
    rows.ranks.emplace_back(id + 1, id);
  }
  return rows;
}

void seal(std::string& data) {
  std::uint64_t check = hash_of(std::string_view(data).substr(8)).lo;
  for (std::size_t i = 0; i < 8; ++i, check >>= 8) data[i] = static_cast<char>(check);
}

// Facts without their sources: what packs hold.
std::string packed_text_of(const Facts& facts, const Facts& of_sources) {
  Facts copy;
  for (std::uint32_t i = 1; i < facts.names.size(); ++i)
    copy.names.intern(facts.names.text(static_cast<NameId>(i)));
  copy.events = facts.events;
  copy.touches = facts.touches;
  copy.sources = of_sources.sources;
  return text_of(copy);
}

}  // namespace

TEST_CASE("packed facts are read as they were written") {
  for (std::uint32_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    const Facts facts = RandomFacts(seed).make();
    const SourceRows sources = rows_of(facts);
    Facts back;
    REQUIRE(Chunks(facts, sources).read(back, sources));
    CHECK(packed_text_of(back, facts) == packed_text_of(facts, facts));
  }
}

TEST_CASE("values at the ends of their ranges are packed, too") {
  Facts facts;
  facts.sources.push_back(source_named("a.log"));
  constexpr TimeNs kLatest = INT64_MAX - (1LL << 53);
  for (const TimeNs time : {kNoTime, -kLatest, TimeNs{0}, kLatest}) {
    Event e = error_event(facts, static_cast<unsigned>(facts.events.size()));
    e.time = time;
    e.written = e.offset = INT64_MAX;
    e.duration_us = e.order_ns = UINT32_MAX;
    e.status = 32767;
    e.at = {INT64_MAX, UINT32_MAX, 0};
    e.upload = facts.names.intern("6F1D3C7E-0000-4000-8000-000000000001");  // no UUID of ours
    e.tag = facts.names.intern("sha256:" + std::string(64, 'A'));
    facts.events.push_back(e);
  }
  const SourceRows sources = rows_of(facts);
  Facts back;
  REQUIRE(Chunks(facts, sources).read(back, sources));
  CHECK(packed_text_of(back, facts) == packed_text_of(facts, facts));
}

TEST_CASE("many facts take several chunks, none much larger than a megabyte") {
  Facts facts;
  for (unsigned n = 0; n < 60'000; ++n) facts.events.push_back(error_event(facts, n));
  const SourceRows sources;
  const Chunks chunks(facts, sources);
  CHECK(chunks.all.size() > 4);
  for (const auto& [kind, data] : chunks.all) CHECK(data.size() < (1U << 20) + 4096);
  Facts back;
  REQUIRE(chunks.read(back, sources));
  for (Event& e : facts.events) e.at = {};  // there is no source
  CHECK(packed_text_of(back, facts) == packed_text_of(facts, facts));
}

TEST_CASE("a changed byte is noticed; sealed again it gives facts or is refused, and no more") {
  const Facts facts = RandomFacts(5).make();
  const SourceRows sources = rows_of(facts);
  const Chunks whole(facts, sources);
  REQUIRE(whole.all.size() == 3);
  std::mt19937 random(11);
  for (std::size_t chunk = 0; chunk < whole.all.size(); ++chunk)
    for (std::size_t at = 8; at < whole.all[chunk].second.size(); ++at) {
      Chunks changed = whole;
      std::string& data = changed.all[chunk].second;
      data[at] = static_cast<char>(static_cast<unsigned char>(data[at]) ^ (1U + random() % 255));
      Facts back;
      REQUIRE_FALSE(changed.read(back, sources));
      seal(data);
      Facts tamed;
      if (!changed.read(tamed, sources)) continue;
      unite(tamed);
      // Whatever it was, it can be kept again.
      Facts again;
      REQUIRE(Chunks(tamed, sources).read(again, sources));
      CHECK(packed_text_of(again, facts) == packed_text_of(tamed, facts));
    }
}
