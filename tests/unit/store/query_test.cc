#include <catch2/catch.hpp>

#include "store/database.h"
#include "store/parts.h"
#include "support.h"

using namespace regtriage;
using namespace regtriage::test;
using Catch::Contains;

namespace {

// Three events, a touch, and a judgement about them.
struct Filled {
  TempFolder folder;
  Store store = writing(folder.file("a.db"));
  Filled() {
    Facts facts;
    facts.sources.push_back(source_named("registry.log"));
    facts.sources[0].gaps = {{facts.sources[0].first, facts.sources[0].first + kHour}};
    facts.sources[0].clock_offset_ms = -1500;
    for (unsigned n = 1; n <= 3; ++n) facts.events.push_back(error_event(facts, n));
    Touch touch;
    touch.repository = facts.names.intern("team/app");
    touch.digest = facts.names.intern(digest_of(9));
    touch.tag = facts.names.intern("v1");
    touch.client = facts.names.intern("10.0.0.7");
    touch.method = Method::GET;
    touch.route = Route::blob;
    touch.status = 200;
    touch.hour = 472'222;
    touch.first = {1'700'000'001 * kSecond, hash_of("first"), {50, 1, 0}, 0, {}};
    touch.last = {1'700'000'009 * kSecond, hash_of("last"), {90, 2, 0}, 0, {}};
    facts.touches.push_back(touch);
    REQUIRE(store.put(facts));

    Judgement judgement;
    Finding finding;
    finding.id = "0123456789ab";
    finding.cause = CauseId::blob_data_missing;
    finding.cause_class = CauseClass::storage;
    finding.verdict = Verdict::loss;
    finding.title = "the data of a blob is gone";
    finding.repositories = {"team/app"};
    finding.digests = {digest_of(1)};
    finding.remedy = {"push it again", "check the bucket"};
    finding.lines = 2;
    finding.evidence.push_back({facts.events[0].id, Role::error, "it is missing",
                                facts.events[0].at, facts.events[0].time, "GET blob"});
    judgement.findings.push_back(finding);
    judgement.judged.push_back(
        {facts.events[0].id, 0, false, false, Verdict::loss, 0, CauseId::blob_data_missing, {}});
    judgement.judged.push_back({facts.events[1].id, 1, false, false, Verdict::noise, -1,
                                CauseId::existence_probe, touch.first.id});
    judgement.judged.push_back(
        {touch.last.id, 0, true, true, Verdict::loss, 0, CauseId::blob_data_missing, {}});
    judgement.codes["BLOB_UNKNOWN"] = {1, 0, 0, 1, 0, true};
    Session session;
    session.id = "aaaaaaaaaaaa";
    session.repository = "team/app";
    session.tag = "v1";
    session.manifest = digest_of(5);
    session.result = SessionResult::complete;
    session.layers = {{digest_of(1), "uploaded", "6f1d3c7e-0000-4000-8000-000000000001"}};
    judgement.sessions.push_back(session);
    REQUIRE(store.put(judgement, facts, "rules-1"));
  }
  Table ask(const std::string& sql) {
    Result<Table> table = store.query(sql);
    INFO(sql << (table ? "" : ": " + table.error().what));
    REQUIRE(table);
    return std::move(*table);
  }
};

}  // namespace

TEST_CASE("a source tells its gaps, and how far its clock is apart") {
  Filled db;
  const Result<Table> table = db.store.query(
      "SELECT gaps, longest_gap_last - longest_gap_first, clock_offset_ms FROM sources");
  REQUIRE(table);
  REQUIRE(table->rows[0][0].integer == 1);
  REQUIRE(table->rows[0][1].integer == kHour);
  REQUIRE(table->rows[0][2].integer == -1500);
  // Another judgement without joins takes it back.
  Facts facts = *db.store.load();
  REQUIRE(db.store.put(Judgement{}, facts, "rules-1"));
  REQUIRE(db.store.query("SELECT clock_offset_ms FROM sources")->rows[0][0].kind ==
          Table::Cell::Kind::null);
}

TEST_CASE("every view and every named query selects") {
  Filled db;
  const char* const views[] = {"findings", "finding_subjects", "evidence", "errors",
                               "codes",    "requests",         "sessions", "uploads",
                               "digests",  "repositories",     "tags",     "clients",
                               "timeline", "sources",          "rejects"};
  for (const std::string view : views) db.ask("SELECT * FROM " + view);
  for (const NamedQuery& query : named_queries()) db.ask(std::string(query.sql));
}

TEST_CASE("the views tell what was judged") {
  Filled db;
  CHECK(db.ask("SELECT id, cause, do FROM findings").rows[0][2].text ==
        "push it again\ncheck the bucket");
  CHECK(db.ask("SELECT * FROM finding_subjects WHERE kind = 'digest' AND subject = '" +
               digest_of(1) + "'")
            .rows.size() == 1);
  CHECK(db.ask("SELECT source FROM evidence").rows[0][0].text == "registry.log");
  CHECK(db.ask("SELECT * FROM errors").rows.size() == 3);
  CHECK(db.ask("SELECT proof FROM errors WHERE verdict = 'noise'").rows[0][0].text ==
        hex_of(hash_of("first")));
  CHECK(db.ask("SELECT event FROM errors WHERE status = 200").rows[0][0].text ==
        hex_of(hash_of("last")));
  CHECK(db.ask("SELECT path FROM errors WHERE finding = '0123456789ab' AND status = 404")
            .rows[0][0]
            .text == "/v2/team/app/blobs/" + digest_of(1));
  CHECK(db.ask("SELECT request FROM errors WHERE status = 404").rows[0][0].text ==
        "00000000-0000-4000-8000-00000000000a");
  CHECK(
      db.ask("SELECT request FROM timeline WHERE folded = 1 AND request IS NOT NULL").rows.empty());
  CHECK(db.ask("SELECT total, noise FROM codes").rows[0][0].integer == 2);
  CHECK(db.ask("SELECT * FROM timeline").rows.size() == 5);
  CHECK(db.ask("SELECT * FROM digests WHERE digest = '" + digest_of(9) + "'").rows.size() == 1);
  CHECK(db.ask("SELECT status FROM uploads").rows[0][0].text == "uploaded");
  CHECK(db.ask("SELECT loss, noise, findings FROM repositories").rows[0][0].integer == 2);
  CHECK(db.ask("SELECT manifest FROM tags WHERE tag = 'v1'").rows[0][0].text == digest_of(5));
  CHECK(db.ask("SELECT layers FROM sessions").rows[0][0].integer == 1);
}

TEST_CASE("a new judgement replaces the old one") {
  Filled db;
  REQUIRE(*db.store.judged_with() == "rules-1");
  REQUIRE(db.store.put(Judgement{}, *db.store.load(), "rules-2"));
  for (const std::string view :
       {"findings", "finding_subjects", "evidence", "errors", "codes", "sessions"})
    CHECK(db.ask("SELECT * FROM " + view).rows.empty());
  REQUIRE(*db.store.judged_with() == "rules-2");
  Facts more;
  more.events.push_back(error_event(more, 77));
  REQUIRE(db.store.put(more));
  REQUIRE(db.store.judged_with()->empty());
}

TEST_CASE("what folding left out leaves the database with the next judgement") {
  Filled db;
  const Result<Facts> loaded = db.store.load();
  Facts folded;
  folded.names.intern("shifted");  // names have other numbers
  folded.events.push_back(error_event(folded, 1));
  REQUIRE(db.store.put(Judgement{}, folded, "rules-1"));
  const Result<Facts> left = db.store.load();
  REQUIRE(left->events.size() == 1);
  CHECK(left->events[0].id == loaded->events[0].id);
  CHECK(left->touches.empty());
}

TEST_CASE("a look-up by digest uses an index in every view that has digests") {
  Filled db;
  for (const std::string view : {"errors", "timeline", "requests", "digests"}) {
    CAPTURE(view);
    for (const auto& row :
         db.ask("EXPLAIN QUERY PLAN SELECT * FROM " + view + " WHERE digest = 'sha256:00'").rows) {
      const std::string& step = row.back().text;
      for (const std::string table : {"e", "d", "j", "event", "touch", "name"})
        CHECK((step != "SCAN " + table && step.rfind("SCAN " + table + " ", 0) != 0));
    }
  }
}

TEST_CASE("a query can only read") {
  Filled db;
  const std::string before = bytes_of(db.folder.file("a.db"));
  for (const std::string sql : {"DELETE FROM event",
                                "UPDATE event SET status = 1",
                                "INSERT INTO meta VALUES ('a', 'b')",
                                "DROP TABLE event",
                                "CREATE TABLE t (x)",
                                "CREATE TEMP TABLE t (x)",
                                "ATTACH '/tmp/x.db' AS x",
                                "DETACH main",
                                "VACUUM",
                                "VACUUM INTO '/tmp/x.db'",
                                "PRAGMA user_version = 3",
                                "PRAGMA journal_mode = WAL",
                                "PRAGMA writable_schema = 1",
                                "PRAGMA temp_store_directory = '/tmp'",
                                "BEGIN",
                                "COMMIT",
                                "SAVEPOINT a",
                                "REINDEX",
                                "ANALYZE",
                                "SELECT load_extension('x')",
                                "EXPLAIN DELETE FROM event",
                                "WITH a AS (SELECT 1) DELETE FROM event"}) {
    CAPTURE(sql);
    const Result<Table> table = db.store.query(sql);
    REQUIRE_FALSE(table);
    CHECK(table.error().code == ErrorCode::usage);
  }
  CHECK(bytes_of(db.folder.file("a.db")) == before);
  CHECK(db.store.put(Facts{}));  // the guard is gone after each query
}

TEST_CASE("one statement at a time; blanks and comments may follow") {
  Filled db;
  CHECK_THAT(db.store.query("SELECT 1; SELECT 2").error().what, Contains("one statement"));
  CHECK_THAT(db.store.query("SELECT 1; DROP TABLE event").error().what, Contains("one statement"));
  CHECK_THAT(db.store.query(" -- nothing").error().what, Contains("no statement"));
  CHECK(db.ask("SELECT 1; -- done\n /* really */ ").rows[0][0].integer == 1);
}

TEST_CASE("a wrong name is answered with the nearest right one") {
  Filled db;
  CHECK(db.store.query("SELECT * FROM finding_subject").has_value());
  CHECK(db.store.query("SELECT * FROM fidnings").error().hint == "did you mean 'findings'?");
  CHECK(db.store.query("SELECT verdcit FROM errors").error().hint == "did you mean 'verdict'?");
  CHECK_THAT(db.store.query("SELECT * FROM zzzzzzzzzzzzz").error().hint, Contains("the views are"));
  CHECK_THAT(db.store.query("SELEC 1").error().what, Contains("syntax error"));
}

TEST_CASE("a query that would never end is stopped, and a result too large is refused") {
  Filled db;
  Result<std::unique_ptr<Database>> database =
      Database::open(db.folder.file("a.db"), Database::Mode::read);
  const std::string endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) ";
  const Result<Table> stopped =
      run_query(**database, endless + "SELECT count(*) FROM n", {}, {.steps = 1'000'000});
  CHECK_THAT(stopped.error().what, Contains("too many steps"));
  const Result<Table> large =
      run_query(**database, endless + "SELECT zeroblob(100000) FROM n", {}, {.bytes = 1 << 20});
  CHECK_THAT(large.error().what, Contains("over 1 MiB"));
  CHECK_FALSE(db.store.query("SELECT zeroblob(1000000000)"));
}

TEST_CASE("a limit cuts the rows and says so; values are bound") {
  Filled db;
  const Result<Table> two = db.store.query("SELECT * FROM timeline", 2);
  CHECK(two->rows.size() == 2);
  CHECK(two->cut);
  CHECK_FALSE(db.store.query("SELECT * FROM timeline", 5)->cut);
  const Result<Table> bound =
      db.store.query_with("SELECT ?1, ?2", {"'; DROP TABLE event; --", "b"});
  CHECK(bound->rows[0][0].text == "'; DROP TABLE event; --");
}

TEST_CASE("watermarks are known by path, size and fingerprint") {
  Filled db;
  REQUIRE(db.store.remember("registry.log", 100, "abc"));
  CHECK(*db.store.knows("registry.log", 100, "abc"));
  CHECK_FALSE(*db.store.knows("registry.log", 101, "abc"));
  CHECK_FALSE(*db.store.knows("registry.log", 100, "abd"));
  CHECK_FALSE(*db.store.knows("other.log", 100, "abc"));
  REQUIRE(db.store.remember("registry.log", 200, "abc"));
  CHECK_FALSE(*db.store.knows("registry.log", 100, "abc"));
}

TEST_CASE("forgetting a source takes back what it said, and its watermarks") {
  Filled db;
  Facts other;
  other.sources.push_back(source_named("other.log"));
  other.events.push_back(error_event(other, 8));
  REQUIRE(db.store.put(other));
  REQUIRE(db.store.remember("registry.log", 100, "abc"));
  CHECK_THAT(db.store.forget("none.log").error().what, Contains("no source 'none.log'"));
  CHECK(*db.store.forget("registry.log") == 4);
  CHECK(text_of(*db.store.load()) == text_of(other));
  CHECK_FALSE(*db.store.knows("registry.log", 100, "abc"));
}

TEST_CASE("pruning keeps what explains newer troubles") {
  const TempFolder folder;
  Store store = writing(folder.file("a.db"));
  Facts facts;
  Event push = error_event(facts, 1);  // stored long ago, missing now
  push.status = 201;
  push.code = Code::none;
  push.method = Method::PUT;
  Event old = error_event(facts, 2);  // an old trouble of its own
  Event start = error_event(facts, 3);
  start.kind = EventKind::start;
  start.repository = start.digest = NameId::none;
  Event missing = error_event(facts, 1);
  missing.id = hash_of("missing");
  missing.time += kHour;
  facts.events = {push, old, start, missing};
  REQUIRE(store.put(facts));
  CHECK(*store.prune(missing.time) == 1);
  std::vector<EventId> left;
  const Result<Facts> facts_left = store.load();
  for (const Event& e : facts_left->events) left.push_back(e.id);
  CHECK(left == std::vector{push.id, start.id, missing.id});
}
