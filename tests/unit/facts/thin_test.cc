#include "facts/thin.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

#include "facts/accumulator.h"

using namespace regtriage;

namespace {

// A shelf in memory; it may refuse from some put on.
class Plank : public Shelf {
 public:
  std::size_t puts_left = 1000;

  Result<void> put(std::size_t part, const Facts& facts) override {
    if (puts_left == 0) return fail(ErrorCode::unreadable, "full");
    --puts_left;
    for (Event e : facts.events) {
      for (NameId* id : {&e.repository, &e.digest, &e.tag, &e.upload, &e.client})
        *id = parts_[part].names.intern(facts.text(*id));
      parts_[part].events.push_back(e);
      ++events_;
    }
    return {};
  }
  Result<Facts> part(std::size_t part) const override {
    if (broken) return fail(ErrorCode::unreadable, "gone");
    Facts copy;
    for (std::uint32_t i = 1; i < parts_[part].names.size(); ++i)
      copy.names.intern(parts_[part].text(static_cast<NameId>(i)));
    copy.events = parts_[part].events;
    return copy;
  }
  std::uint64_t events() const override { return events_; }
  bool broken = false;

 private:
  std::array<Facts, kParts> parts_;
  std::uint64_t events_ = 0;
};

std::string digest_of(int n) { return fmt::format("sha256:{:064x}", n); }

class Log {
 public:
  Log& asks(int digest, Method method = Method::GET, int times = 1) {
    for (int i = 0; i < times; ++i) {
      Event& e = add(EventKind::request, method, Route::blob, 404);
      e.code = Code::BLOB_UNKNOWN;
      e.digest = facts_.names.intern(digest_of(digest));
    }
    return *this;
  }
  Log& asks_tag(const std::string& tag) {
    Event& e = add(EventKind::request, Method::GET, Route::manifest, 404);
    e.code = Code::MANIFEST_UNKNOWN;
    e.tag = facts_.names.intern(tag);
    return *this;
  }
  Log& sends_part(const std::string& upload) {
    add(EventKind::request, Method::PATCH, Route::upload, 202).upload = facts_.names.intern(upload);
    return *this;
  }
  Log& asks_for_tags(const std::string& repository) {
    Event& e = add(EventKind::request, Method::GET, Route::tags, 404);
    e.code = Code::NAME_UNKNOWN;
    e.repository = facts_.names.intern(repository);
    return *this;
  }
  Log& names_digest(EventKind kind, int digest) {
    add(kind, Method::none, Route::none, -1).digest = facts_.names.intern(digest_of(digest));
    return *this;
  }
  // Of the last line's request.
  Log& says(EventKind kind) {
    const Hash128 request = facts_.events.back().request;
    add(kind, Method::none, Route::none, -1).request = request;
    return *this;
  }
  Log& reads(int digest) {
    Touch t;
    t.repository = facts_.names.intern("team/app");
    t.digest = facts_.names.intern(digest_of(digest));
    t.method = Method::GET;
    t.route = Route::blob;
    t.status = 200;
    t.first.id = t.last.id = hash_of(fmt::format("touch {}", ++count_));
    t.first.time = t.last.time = count_ * kSecond;
    facts_.touches.push_back(t);
    return *this;
  }
  // From here on.
  Log& from(const std::string& client) {
    client_ = client;
    return *this;
  }
  Log& in(const std::string& repository) {
    repository_ = repository;
    return *this;
  }
  Facts facts() {
    Accumulator all;
    all.absorb(std::move(facts_));
    return all.take();
  }

 private:
  Event& add(EventKind kind, Method method, Route route, int status) {
    Event e;
    e.id = hash_of(fmt::format("event {}", ++count_));
    e.request = hash_of(fmt::format("request {}", count_));
    e.time = count_ * kSecond;
    e.kind = kind;
    e.method = method;
    e.route = route;
    e.status = static_cast<std::int16_t>(status);
    e.repository = facts_.names.intern(repository_);
    e.client = facts_.names.intern(client_);
    facts_.events.push_back(e);
    return facts_.events.back();
  }
  Facts facts_;
  int count_ = 0;
  std::string repository_ = "team/app", client_ = "10.0.0.7";
};

constexpr ThinLimits kFew{
    .many = 3, .anywhere = {2, 100}, .of_repository = {2, 100}, .lines_of_one = 3};

// The digests whose lines are kept, and how many lines each has.
std::map<std::string, int> kept_in(const Facts& facts) {
  std::map<std::string, int> kept;
  for (const Event& e : facts.events) ++kept[std::string(facts.text(e.digest))];
  return kept;
}

std::string text_of(const Facts& facts) {
  std::string out;
  for (const Event& e : facts.events)
    out += fmt::format("{} {} {} {}\n", hex_of(e.id), facts.text(e.digest), facts.text(e.tag),
                       facts.text(e.upload));
  for (const Touch& t : facts.touches) out += fmt::format("touch {}\n", facts.text(t.digest));
  for (const Remainder& r : facts.remainders)
    out += fmt::format("{} {} lines, {} subjects, {} to {}, like {}\n", word_of(r.kind.method),
                       r.lines, r.subjects, r.first, r.last, hex_of(r.like));
  return out;
}

Facts busy_log() {
  Log log;
  for (int i = 0; i < 40; ++i) log.asks(i, i % 3 == 0 ? Method::HEAD : Method::GET, 1 + i % 5);
  for (int i = 0; i < 6; ++i) log.asks_tag(fmt::format("v{}", i)).sends_part(fmt::format("u{}", i));
  log.reads(4).names_digest(EventKind::gc_delete_blob, 8).asks(9);
  log.asks(77).says(EventKind::storage_error);
  return log.facts();
}

}  // namespace

TEST_CASE("few lone lines are all kept") {
  const Facts thin = thinned(Log().asks(1).asks(2).asks(3).facts(), kFew);
  CHECK(thin.events.size() == 3);
  CHECK(thin.remainders.empty());
}

TEST_CASE("of many, the subjects asked for most often are kept, then the earliest") {
  const Facts thin = thinned(Log().asks(1).asks(2).asks(3).asks(4, Method::GET, 2).facts(), kFew);
  CHECK(kept_in(thin) == std::map<std::string, int>{{digest_of(1), 1}, {digest_of(4), 2}});
  REQUIRE(thin.remainders.size() == 1);
  const Remainder& rest = thin.remainders.front();
  CHECK(rest.lines == 2);
  CHECK(rest.subjects == 2);
  CHECK(rest.first == 2 * kSecond);
  CHECK(rest.last == 3 * kSecond);
  CHECK_FALSE(rest.like);  // nothing is said of other things
}

TEST_CASE("what several clients ask for comes before what one asks for more often") {
  Log log;
  for (int i = 0; i < 9; ++i) log.asks(i, Method::GET, 5);
  log.from("10.0.0.8").asks(50).from("10.0.0.9").asks(50);
  CHECK(kept_in(thinned(log.facts(), kFew)) ==
        std::map<std::string, int>{{digest_of(0), 3}, {digest_of(50), 2}});
}

TEST_CASE("who is served in a repository of his own crowds nobody out of another") {
  Log log;
  log.in("evil/x").names_digest(EventKind::pushed, 900);
  for (int i = 100; i < 150; ++i) log.asks(i, Method::GET, 20);
  log.in("team/app").from("10.0.0.8").names_digest(EventKind::pushed, 901).asks(1);
  CHECK(kept_in(thinned(log.facts(), kFew)).count(digest_of(1)) == 1);
}

TEST_CASE("each kind of line has its own choice") {
  Log log;
  log.asks(1).asks(2, Method::HEAD).asks_tag("a").sends_part("u").asks(3).asks(4);
  const Facts thin = thinned(log.facts(), kFew);
  CHECK(thin.events.size() == 5);
  CHECK(thin.remainders.size() == 1);
}

TEST_CASE("what anything else names is no lone line, however many there are") {
  const auto kept = [](Log& log) {
    for (int i = 100; i < 110; ++i) log.asks(i, Method::GET, 2);
    return kept_in(thinned(log.facts(), kFew)).count(digest_of(1)) != 0;
  };
  Log asked, read, collected, stored, failed;
  CHECK_FALSE(kept(asked.asks(1)));
  CHECK(kept(read.asks(1).reads(1)));
  CHECK(kept(collected.asks(1).names_digest(EventKind::gc_delete_blob, 1)));
  CHECK(kept(stored.asks(1).names_digest(EventKind::pushed, 1)));
  CHECK(kept(failed.asks(1).says(EventKind::storage_error)));
}

TEST_CASE("a repository whose tags are asked for is named by whatever else is about it") {
  Log log;
  log.names_digest(EventKind::gc_delete_blob, 1).asks_for_tags("team/app");
  for (int i = 0; i < 9; ++i) log.asks_for_tags(fmt::format("scan-{}", i));
  const Facts thin = thinned(log.facts(), kFew);
  CHECK(thin.events.size() == 4);
  REQUIRE(thin.remainders.size() == 1);
  CHECK(thin.remainders.front().subjects == 7);
}

TEST_CASE("who was served in a repository before is not lost among those who were not") {
  Log log;
  for (int i = 0; i < 20; ++i) log.asks(i, Method::GET, 2);
  const std::size_t before = thinned(log.facts(), kFew).events.size();
  Log visited;
  for (int i = 0; i < 20; ++i) visited.asks(i, Method::GET, 2);
  // The same, but the client of the last two has the repository of theirs from before.
  visited.in("team/base").names_digest(EventKind::pushed, 900).asks(50).asks(51);
  const Facts thin = thinned(visited.facts(), kFew);
  CHECK(thin.events.size() == before + 3);
  CHECK(kept_in(thin).count(digest_of(50)) == 1);
  CHECK(kept_in(thin).count(digest_of(51)) == 1);
  for (const Remainder& r : thin.remainders) CHECK(r.kind.place == 0);
}

TEST_CASE("of one subject the first lines and the last are kept, and the others count for it") {
  const Facts thin = thinned(Log().asks(1, Method::GET, 7).asks(2).facts(), kFew);
  CHECK(kept_in(thin) == std::map<std::string, int>{{digest_of(1), 3}, {digest_of(2), 1}});
  REQUIRE(thin.remainders.size() == 1);
  CHECK(thin.remainders.front().lines == 4);
  CHECK(thin.remainders.front().subjects == 0);
  CHECK(thin.remainders.front().like == thin.events[2].id);
  CHECK(thin.events[2].time == 7 * kSecond);
}

TEST_CASE("subjects with many lines do not make it more") {
  Log log;
  for (int i = 0; i < 50; ++i) log.asks(i, Method::GET, 3);
  const Facts thin = thinned(
      log.facts(), {.many = 3, .anywhere = {30, 20}, .of_repository = {30, 20}, .lines_of_one = 3});
  CHECK(thin.events.size() == 21);  // the subject that reaches it is whole
  REQUIRE(thin.remainders.size() == 1);
  CHECK(thin.remainders.front().lines == 129);
  CHECK(thin.remainders.front().subjects == 43);
}

TEST_CASE("no line is lost or counted twice") {
  const Facts all = busy_log();
  const std::size_t lines = all.events.size();
  const Facts thin = thinned(busy_log(), kFew);
  std::uint64_t left_out = 0;
  for (const Remainder& r : thin.remainders) left_out += r.lines;
  CHECK(left_out > 50);
  CHECK(thin.events.size() + left_out == lines);
  CHECK(thin.touches.size() == all.touches.size());
}

TEST_CASE("what is thinned stays as it is") {
  const Facts once = thinned(busy_log(), kFew);
  const std::string text = text_of(once);
  CHECK(text_of(thinned(thinned(busy_log(), kFew), kFew)) == text);
}

TEST_CASE("a shelf changes nothing, whatever of it is there and how often") {
  const std::string want = text_of(thinned(busy_log(), kFew));
  for (const unsigned threads : {1U, 2U})
    for (const std::size_t shelved : {0, 1, 30, 1000}) {
      CAPTURE(threads, shelved);
      Accumulator all;
      all.absorb(busy_log());
      std::vector<Facts> parts(Shelf::kParts);
      CHECK(all.move_lone(parts) > 50);
      all.forget_names();
      Plank plank;
      std::size_t put = 0;
      for (std::size_t i = 0; i < parts.size(); ++i)
        if (put < shelved) {
          put += parts[i].events.size();
          REQUIRE(plank.put(i, parts[i]));
          REQUIRE(plank.put(i, parts[i]));
        } else {
          all.absorb(std::move(parts[i]));
        }
      const Result<Facts> thin = thinned(all.take(), plank, threads, kFew);
      REQUIRE(thin);
      CHECK(text_of(*thin) == want);
    }
}

TEST_CASE("few lines that were put there often are few lines") {
  Accumulator all;
  all.absorb(Log().asks(1).asks(2).asks(3).facts());
  std::vector<Facts> parts(Shelf::kParts);
  all.move_lone(parts);
  Plank plank;
  for (int again = 0; again < 4; ++again)
    for (std::size_t i = 0; i < parts.size(); ++i) REQUIRE(plank.put(i, parts[i]));
  const Result<Facts> thin = thinned(all.take(), plank, 2, kFew);
  REQUIRE(thin);
  CHECK(thin->events.size() == 3);
  CHECK(thin->remainders.empty());
}

TEST_CASE("a shelf that cannot be read is an error") {
  Plank plank;
  REQUIRE(plank.put(0, Log().asks(1).facts()));
  plank.broken = true;
  CHECK_FALSE(thinned(busy_log(), plank, 2, kFew));
}
