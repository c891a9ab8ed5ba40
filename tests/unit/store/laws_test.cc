#include <algorithm>
#include <catch2/catch.hpp>

#include "support.h"

using namespace regtriage;
using namespace regtriage::test;

namespace {

// What a fresh database says after these steps.
std::string after(const TempFolder& folder, const std::vector<const Facts*>& steps) {
  const std::string path = folder.file("steps.db");
  std::filesystem::remove(path);
  Store store = writing(path);
  for (const Facts* step : steps) REQUIRE(store.put(*step));
  const Result<Facts> loaded = store.load();
  REQUIRE(loaded);
  return text_of(*loaded);
}

// The same facts by way of a database of their own, as `merge` reads them.
Facts reread(const TempFolder& folder, const std::string& name, const Facts& facts) {
  Store store = writing(folder.file(name));
  REQUIRE(store.put(facts));
  Result<Facts> loaded = store.load();
  REQUIRE(loaded);
  return std::move(*loaded);
}

}  // namespace

TEST_CASE("facts come back as they were put") {
  const TempFolder folder;
  Facts facts;
  facts.sources.push_back(source_named("registry.log"));
  facts.events = {error_event(facts, 1), error_event(facts, 2)};
  REQUIRE(after(folder, {&facts}) == text_of(facts));
}

TEST_CASE("every kind, origin and code comes back as it was put") {
  Facts facts;
  const auto add = [&](auto change) {
    Event e = error_event(facts, static_cast<unsigned>(facts.events.size()));
    change(e);
    facts.events.push_back(e);
  };
  for (int i = 1; i < static_cast<int>(EventKind::count_); ++i)
    add([i](Event& e) { e.kind = static_cast<EventKind>(i); });
  for (int i = 0; i <= static_cast<int>(Origin::inventory); ++i)
    add([i](Event& e) { e.origin = static_cast<Origin>(i); });
  for (int i = 0; i <= static_cast<int>(Code::MANIFEST_REFERENCED); ++i)
    add([i](Event& e) { e.code = static_cast<Code>(i); });
  Store store = Store::in_memory().value();
  REQUIRE(store.put(facts));
  const Facts back = store.load().value();
  REQUIRE(back.events.size() == facts.events.size());
  for (std::size_t i = 0; i < facts.events.size(); ++i) {
    CHECK(back.events[i].kind == facts.events[i].kind);
    CHECK(back.events[i].origin == facts.events[i].origin);
    CHECK(back.events[i].code == facts.events[i].code);
  }
}

TEST_CASE("a name that is no UTF-8 keeps its bytes") {
  const TempFolder folder;
  Facts facts;
  Event e = error_event(facts, 1);
  e.detail = facts.names.intern(std::string("\xff\xfe\0x", 4));
  e.tag = facts.names.intern(std::string("\xff\xfd\0x", 4));  // the same once it is made valid
  facts.events = {e};
  const std::string text = after(folder, {&facts});
  REQUIRE(text.find(std::string("'\xff\xfe\0x'", 6)) != std::string::npos);
  REQUIRE(text.find(std::string("'\xff\xfd\0x'", 6)) != std::string::npos);
  Store store = writing(folder.file("steps.db"));
  REQUIRE(store.put(Judgement{}, store.load().value(), "rules"));
  REQUIRE(store.query("SELECT detail FROM timeline")->rows[0][0].text ==
          "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdx");
}

TEST_CASE("repeating, reordering and regrouping steps changes nothing") {
  const TempFolder folder;
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    RandomFacts random(seed);
    const Facts a = random.make(), b = random.make(), c = random.make();
    const std::string all = after(folder, {&a, &b, &c});
    REQUIRE(after(folder, {&a, &b, &c, &b, &a}) == all);
    REQUIRE(after(folder, {&c, &a, &b}) == all);
    REQUIRE(after(folder, {&b, &c, &a}) == all);
    const Facts bc = reread(folder, fmt::format("bc{}.db", seed), [&] {
      Store both = writing(folder.file(fmt::format("b{}.db", seed)));
      REQUIRE(both.put(b));
      REQUIRE(both.put(c));
      return std::move(*both.load());
    }());
    REQUIRE(after(folder, {&a, &bc}) == all);
    REQUIRE(after(folder, {&bc, &a}) == all);
  }
}

TEST_CASE("events come back by order and id, touches by key text") {
  const TempFolder folder;
  for (std::uint32_t seed = 100; seed < 120; ++seed) {
    RandomFacts random(seed);
    const Facts facts = reread(folder, fmt::format("{}.db", seed), random.make());
    REQUIRE(std::is_sorted(facts.events.begin(), facts.events.end(),
                           [](const Event& a, const Event& b) {
                             return std::pair(a.order(), a.id) < std::pair(b.order(), b.id);
                           }));
    REQUIRE(std::is_sorted(facts.touches.begin(), facts.touches.end(),
                           [&](const Touch& a, const Touch& b) {
                             return std::pair(facts.text(a.repository), facts.text(a.digest)) <
                                    std::pair(facts.text(b.repository), facts.text(b.digest));
                           }));
  }
}

TEST_CASE("of two reports of one source the longer one stays") {
  const TempFolder folder;
  Facts half, whole;
  half.sources.push_back(source_named("registry.log", 500));
  whole.sources.push_back(source_named("registry.log", 900));
  for (const auto& steps :
       {std::vector<const Facts*>{&half, &whole}, {&whole, &half}, {&whole, &whole}}) {
    after(folder, steps);
    Store store = reading(folder.file("steps.db"));
    const Result<Table> table = store.query("SELECT source, bytes, formats FROM sources");
    REQUIRE(table->rows.size() == 1);
    REQUIRE(table->rows[0][1].integer == 900);
    REQUIRE(table->rows[0][2].text == "logfmt 9");
  }
}

TEST_CASE("a rotated file of the same name is another source") {
  const TempFolder folder;
  Facts old, fresh;
  old.sources.push_back(source_named("registry.log"));
  fresh.sources.push_back(source_named("registry.log"));
  fresh.sources[0].first += kHour;
  after(folder, {&old, &fresh});
  REQUIRE(reading(folder.file("steps.db")).query("SELECT * FROM sources")->rows.size() == 2);
}

TEST_CASE("a source that could not be read is replaced by its reading, in any order") {
  const TempFolder folder;
  Facts failed, read;
  SourceReport nothing;
  nothing.name = "registry.log";
  nothing.status = SourceReport::Status::unreadable;
  nothing.error = "permission denied";
  failed.sources.push_back(nothing);
  read.sources.push_back(source_named("registry.log"));
  read.events.push_back(error_event(read, 1));
  const std::string wanted = text_of(read);
  REQUIRE(after(folder, {&failed, &read}) == wanted);
  REQUIRE(after(folder, {&read, &failed}) == wanted);
}

TEST_CASE("lists and samples of a source come back") {
  const TempFolder folder;
  Facts facts;
  SourceReport source = source_named("a.log");
  source.envelopes = {"cri", "docker-json"};
  source.instances = {"registry-0", "registry-1"};
  source.rejects[static_cast<std::size_t>(Reject::bad_time)] = 3;
  source.reject_samples.push_back({Reject::bad_time, {700, 8, 0}, "time=\"yesterday\""});
  source.lowest_level = Level::debug;
  source.year = 2026;
  source.zone_assumed = true;
  source.gaps = {{source.first, source.first + kHour}, {source.first + 2 * kHour, source.last}};
  facts.sources.push_back(source);
  const Facts loaded = reread(folder, "x.db", facts);
  const SourceReport& back = loaded.sources.at(0);
  REQUIRE(back.envelopes == source.envelopes);
  REQUIRE(back.instances == source.instances);
  REQUIRE(back.rejects == source.rejects);
  REQUIRE(back.reject_samples.at(0).head == "time=\"yesterday\"");
  REQUIRE(back.reject_samples.at(0).at == Position{700, 8, 0});
  REQUIRE(back.lowest_level == Level::debug);
  REQUIRE(back.year == 2026);
  REQUIRE(back.zone_assumed);
  REQUIRE(back.gaps == source.gaps);
  REQUIRE(reading(folder.file("x.db"))
              .query("SELECT reason, lines, first_line FROM rejects")
              ->rows[0][2]
              .integer == 8);
}

TEST_CASE("the next judgement makes one run of several, and changes nothing") {
  const TempFolder folder;
  for (std::uint32_t seed = 200; seed < 220; ++seed) {
    CAPTURE(seed);
    RandomFacts random(seed);
    Store store = Store::in_memory().value();
    const auto runs = [&store] {
      return store.query("SELECT count(DISTINCT run) FROM fact_pack")->rows[0][0].integer;
    };
    REQUIRE(store.put(random.make()));
    REQUIRE(store.put(random.make()));
    const Facts before = store.load().value();
    REQUIRE(store.put(Judgement{}, before, "rules"));
    CHECK(runs() <= 1);
    CHECK(text_of(store.load().value()) == text_of(before));
  }
}

TEST_CASE("lines are counted by the judgement, or anew where facts came after it") {
  for (std::uint32_t seed = 200; seed < 220; ++seed) {
    CAPTURE(seed);
    RandomFacts random(seed);
    Store store = Store::in_memory().value();
    const auto kept = [&store] {
      const Facts facts = store.load().value();
      std::uint64_t lines = facts.events.size();
      for (const Touch& touch : facts.touches) lines += touch.seen_once() ? 1 : 2;
      return lines;
    };
    REQUIRE(store.put(random.make()));
    CHECK(store.lines()->kept == kept());
    CHECK(store.lines()->shown == 0);
    REQUIRE(store.put(Judgement{}, store.load().value(), "rules"));
    CHECK(store.lines()->kept == kept());
    CHECK(store.lines()->shown == kept());
    CHECK(static_cast<std::uint64_t>(
              store.query("SELECT count(*) FROM timeline")->rows[0][0].integer) == kept());
    REQUIRE(store.put(random.make()));
    CHECK(store.lines()->kept == kept());
    CHECK(store.lines()->shown == 0);
  }
}
