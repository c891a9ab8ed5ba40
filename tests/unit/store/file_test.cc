#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <thread>

#include "store/database.h"
#include "store/schema.h"
#include "support.h"

using namespace regtriage;
using namespace regtriage::test;
using Catch::Contains;

namespace {

// Runs SQL of another program on the file.
void tamper(const std::string& path, std::string_view sql) {
  Result<std::unique_ptr<Database>> database = Database::open(path, Database::Mode::write);
  REQUIRE(database);
  const Result<void> done = (*database)->execute(sql);
  REQUIRE(done);
}

std::string filled(const TempFolder& folder, const std::string& name) {
  const std::string path = folder.file(name);
  Store store = writing(path);
  Facts facts;
  facts.sources.push_back(source_named("registry.log"));
  for (unsigned i = 0; i < 50; ++i) facts.events.push_back(error_event(facts, i));
  REQUIRE(store.put(facts));
  return path;
}

}  // namespace

TEST_CASE("a new database is readable by its owner only and can be opened again") {
  const TempFolder folder;
  const std::string path = filled(folder, "a.db");
  struct stat about {};
  REQUIRE(::stat(path.c_str(), &about) == 0);
  REQUIRE((about.st_mode & 0777) == 0600);
  REQUIRE(writing(path).load()->events.size() == 50);
  REQUIRE(reading(path).load()->events.size() == 50);
  REQUIRE_FALSE(std::filesystem::exists(path + ".lock"));
  REQUIRE_FALSE(std::filesystem::exists(path + "-journal"));
}

TEST_CASE("a path is never taken for a URI or a database in memory") {
  const TempFolder folder;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.file(""));
  for (const std::string name : {":memory:", "file:x.db", "a?mode=memory", "50%.db"}) {
    CAPTURE(name);
    { Store store = writing(name); }
    CHECK(std::filesystem::exists(folder.file(name)));
  }
  std::filesystem::current_path(before);
}

TEST_CASE("a database of another program is refused and left as it is") {
  const TempFolder folder;
  const std::string path = folder.file("other.db");
  write_bytes(path, "");
  tamper(path, "CREATE TABLE t (x); PRAGMA application_id = 7");
  const std::string before = bytes_of(path);
  for (const auto open : {Store::open_for_writing, Store::open_for_reading}) {
    const Result<Store> store = open(path);
    REQUIRE_FALSE(store);
    CHECK(store.error().code == ErrorCode::database);
    CHECK_THAT(store.error().what, Contains("another program"));
  }
  REQUIRE(bytes_of(path) == before);
}

TEST_CASE("a file that is no database is refused and left as it is") {
  const TempFolder folder;
  const std::string path = folder.file("registry.log");
  write_bytes(path, "time=\"2026-11-24T23:12:28Z\" level=info msg=\"a log\"\n");
  const std::string before = bytes_of(path);
  REQUIRE_THAT(Store::open_for_writing(path).error().what, Contains("is not a database"));
  REQUIRE_THAT(Store::open_for_reading(path).error().what, Contains("is not a database"));
  REQUIRE(bytes_of(path) == before);
}

TEST_CASE("a newer schema version is refused and left as it is") {
  const TempFolder folder;
  const std::string path = filled(folder, "a.db");
  tamper(path, "PRAGMA user_version = 99");
  const std::string before = bytes_of(path);
  REQUIRE_THAT(Store::open_for_writing(path).error().what, Contains("schema version 99"));
  REQUIRE_THAT(Store::open_for_reading(path).error().what, Contains("schema version 99"));
  REQUIRE(bytes_of(path) == before);
}

TEST_CASE("a database whose tables were replaced is refused; further ones of the user's are not") {
  const TempFolder folder;
  const std::string path = filled(folder, "a.db");
  tamper(path,
         "CREATE VIEW mine AS SELECT * FROM findings; CREATE INDEX my_index ON event (client)");
  REQUIRE(Store::open_for_reading(path));
  tamper(path, "DROP VIEW codes; CREATE VIEW codes AS SELECT 1 AS code");
  REQUIRE_THAT(Store::open_for_reading(path).error().what, Contains("'codes'"));
}

TEST_CASE("absent, empty and odd files have their own message") {
  const TempFolder folder;
  REQUIRE_THAT(Store::open_for_reading(folder.file("none.db")).error().what,
               Contains("there is no database"));
  write_bytes(folder.file("empty.db"), "");
  REQUIRE_THAT(Store::open_for_reading(folder.file("empty.db")).error().what, Contains("is empty"));
  REQUIRE_THAT(Store::open_for_reading(folder.file("")).error().what, Contains("not a plain file"));
  REQUIRE_THAT(Store::open_for_writing(folder.file("no/such/folder.db")).error().what,
               Contains("lock file"));
}

TEST_CASE("an interrupted creation is taken up again") {
  const TempFolder folder;
  write_bytes(folder.file("a.db"), "");
  REQUIRE(Store::open_for_writing(folder.file("a.db")));
  REQUIRE(Store::open_for_reading(folder.file("a.db")));
}

TEST_CASE("a second writer is refused at once and told who writes; readers are not") {
  const TempFolder folder;
  const std::string path = filled(folder, "a.db");
  Store first = writing(path);
  const Result<Store> second = Store::open_for_writing(path);
  REQUIRE_FALSE(second);
  REQUIRE_THAT(second.error().what, Contains(fmt::format("process {} is writing", ::getpid())));
  REQUIRE(Store::open_for_reading(path));
}

TEST_CASE("the lock file of a dead writer is taken over") {
  const TempFolder folder;
  write_bytes(folder.file("a.db.lock"), "999999999\n");
  REQUIRE(Store::open_for_writing(folder.file("a.db")));
}

TEST_CASE("a link in place of the lock file is not followed") {
  const TempFolder folder;
  write_bytes(folder.file("precious"), "keep me");
  std::filesystem::create_symlink(folder.file("precious"), folder.file("a.db.lock"));
  REQUIRE_FALSE(Store::open_for_writing(folder.file("a.db")));
  REQUIRE(bytes_of(folder.file("precious")) == "keep me");
}

TEST_CASE("work that fails leaves nothing behind") {
  const TempFolder folder;
  Store store = writing(folder.file("a.db"));
  Facts facts;
  facts.events.push_back(error_event(facts, 1));
  const Result<void> done = store.all_or_nothing([&]() -> Result<void> {
    REQUIRE(store.put(facts));
    REQUIRE(store.load()->events.size() == 1);
    return fail(ErrorCode::internal, "stop here");
  });
  REQUIRE(done.error().what == "stop here");
  REQUIRE(store.load()->events.empty());
}

TEST_CASE("a database with flipped bits or cut short gives an error or facts, never a crash") {
  const TempFolder folder;
  const std::string whole = bytes_of(filled(folder, "a.db"));
  const std::string path = folder.file("b.db");
  std::mt19937 random(7);
  for (int i = 0; i < 150; ++i) {
    std::string bytes = whole;
    if (i % 5 == 0) {
      bytes.resize(random() % bytes.size());
    } else {
      for (int k = 0; k < 1 + i % 40; ++k)
        bytes[random() % bytes.size()] ^= static_cast<char>(1 << random() % 8);
    }
    write_bytes(path, bytes);
    if (Result<Store> store = Store::open_for_reading(path)) {
      (void)store->load();
      (void)store->query("SELECT * FROM timeline");
    }
    if (Result<Store> store = Store::open_for_writing(path)) {
      Facts facts;
      for (unsigned n = 40; n < 60; ++n) facts.events.push_back(error_event(facts, n));
      (void)store->put(facts);
      (void)store->put(Judgement{}, facts, "r");
    }
  }
}

TEST_CASE("values out of range in the tables of a database of unknown origin are answered with") {
  const TempFolder folder;
  const std::string path = filled(folder, "a.db");
  {
    Store store = writing(path);
    REQUIRE(store.put(Judgement{}, store.load().value(), "r"));
  }
  tamper(
      path,
      "UPDATE event SET time = 9223372036854775807, order_ns = 9223372036854775807, status = -77, "
      "kind = 1000000, repository = -5, source = 12345678901, line = -1, offset = -1, "
      "duration_us = 99999999999, written = -9, id = 'no hex ' || n");
  Store store = reading(path);
  for (const std::string view : {"timeline", "errors", "requests", "digests", "repositories"})
    CHECK(store.query("SELECT * FROM " + view));
}

TEST_CASE("damaged facts are an error, and a new database is the way out") {
  const TempFolder folder;
  const std::string path = filled(folder, "a.db");
  for (const std::string_view change :
       {"UPDATE fact_pack SET data = substr(data, 1, length(data) - 1)",
        "UPDATE fact_pack SET data = x'00'", "UPDATE fact_pack SET kind = 9",
        "UPDATE fact_pack SET kind = 2 WHERE kind = 1", "DELETE FROM fact_pack WHERE kind = 1"}) {
    CAPTURE(change);
    const std::string copy = folder.file("copy.db");
    write_bytes(copy, bytes_of(path));
    tamper(copy, change);
    const Result<Facts> facts = reading(copy).load();
    REQUIRE_FALSE(facts);
    CHECK(facts.error().code == ErrorCode::database);
    CHECK_THAT(facts.error().what, Contains("'fact_pack' is damaged"));
    CHECK_THAT(facts.error().hint, Contains("read the logs again"));
  }
}

TEST_CASE("a writer that was killed leaves the last commit") {
  const TempFolder folder;
  const std::string path = filled(folder, "a.db");
  // The state on disk while a writer is in the midst of a transaction that spilled: file and hot
  // journal.
  {
    Result<std::unique_ptr<Database>> database = Database::open(path, Database::Mode::write);
    REQUIRE(
        (*database)->execute("PRAGMA cache_size = 1; BEGIN; "
                             "UPDATE fact_pack SET data = zeroblob(100000); "
                             "UPDATE name SET text = text || 'x'"));
    std::filesystem::copy(path, folder.file("killed.db"));
    std::filesystem::copy(path + "-journal", folder.file("killed.db-journal"));
  }
  Store store = writing(folder.file("killed.db"));
  const Result<Facts> facts = store.load();
  REQUIRE(facts);
  REQUIRE(facts->events.size() == 50);
  REQUIRE(facts->events[0].status == 404);
}
