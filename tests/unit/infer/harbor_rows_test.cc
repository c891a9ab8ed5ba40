// Harbor's tables beside its logs: what each proves, what it refutes, and why one alone proves
// less.
#include <catch2/catch.hpp>

#include "listings.h"

using namespace regtriage;
using namespace regtriage::story;

namespace {

// Seconds of the story as the logs and the database print them.
constexpr TimeNs kBegin = 1'790'000'000 * kSecond;
std::string at(double seconds) {
  return rfc3339_of(kBegin + static_cast<std::int64_t>(seconds * 1e9));
}
std::string row_time(double seconds) {
  std::string text = at(seconds).substr(0, 26);
  text[10] = ' ';
  return text;
}

// The three logs of one Harbor.
struct Logs {
  std::string registry, front, core;
  int request = 0;

  Logs& asks(double when, std::string_view method, std::string_view path, int status) {
    front += fmt::format(
        "{} 10.0.0.7 - \"{} {} HTTP/1.1\" {} 100 \"-\" \"docker/24.0.7\" 0.003 0.003 .\n", at(when),
        method, path, status);
    return *this;
  }
  Logs& serves(double when, std::string_view method, std::string_view path, int status) {
    registry += fmt::format(
        "time=\"{}\" level=info msg=\"response completed\" go.version=go1.20.8 "
        "http.request.host=registry.example.com "
        "http.request.id={:08x}-0000-4000-8000-000000000000 http.request.method={} "
        "http.request.remoteaddr=10.0.0.7 http.request.uri=\"{}\" "
        "http.request.useragent=\"docker/24.0.7\" http.response.duration=1ms "
        "http.response.status={} http.response.written=3000\n",
        at(when), ++request, method, path, status);
    return asks(when, method, path, status);
  }
  Logs& send(double when, std::string_view repository, char layer) {
    const std::string uploads = fmt::format("/v2/{}/blobs/uploads/", repository);
    serves(when, "POST", uploads, 202);
    return serves(
        when + 0.1, "PUT",
        fmt::format("{}{}?_state=x&digest=sha256%3A{}", uploads, upload(layer), hex(layer)), 201);
  }
  Logs& push(double when, std::string_view repository, std::string_view tag, char layer,
             char manifest) {
    send(when, repository, layer);
    serves(when + 0.2, "PUT", fmt::format("/v2/{}/manifests/{}", repository, tag), 201);
    core += fmt::format(
        "{} [INFO] [/pkg/notifier/notifier.go:205]: Handle notification with Handler 'AuditLog' on "
        "topic 'PUSH_ARTIFACT': ID-1, Repository-{} Tags-[{}] Digest-{} Operator-alice OccurAt-x\n",
        at(when + 0.3).substr(0, 19) + "Z", repository, tag, digest(manifest));
    return *this;
  }
  std::string with(const std::vector<std::string>& files) const {
    std::vector<std::string> all = {registry, front, core};
    all.insert(all.end(), files.begin(), files.end());
    const std::string told = answer(all);
    std::reverse(all.begin(), all.end());
    CHECK(answer(all) == told);
    return told;
  }
};

// Pushed, and core does not know it later; two other pushes are well.
Logs lost_row() {
  Logs logs;
  logs.push(0, "team/app", "v1", 'a', '1').push(60, "team/app", "v2", 'b', '2');
  logs.push(120, "team/web", "v1", 'c', '3');
  return logs.asks(600, "GET", "/v2/team/app/manifests/v2", 404)
      .serves(660, "GET", "/v2/team/web/blobs/" + digest('c'), 200);
}

// As psql prints a table, unaligned, as CSV, as Markdown, and with \x.
using Rows = std::vector<std::vector<std::string>>;
std::string joined(const std::vector<std::string>& cells, std::string_view by) {
  return fmt::format("{}", fmt::join(cells, by));
}
std::string count_of(const Rows& rows) {
  return fmt::format("({} row{})\n", rows.size() - 1, rows.size() == 2 ? "" : "s");
}
std::string psql(const Rows& rows) {
  std::string out = " " + joined(rows[0], " | ") + "\n----+----+----\n";
  for (std::size_t i = 1; i < rows.size(); ++i) out += " " + joined(rows[i], " | ") + "\n";
  return out + count_of(rows) + "\n";
}
std::string unaligned(const Rows& rows) {
  std::string out;
  for (const auto& row : rows) out += joined(row, "|") + "\n";
  return out + count_of(rows);
}
std::string csv(const Rows& rows) {
  std::string out;
  for (const auto& row : rows) out += joined(row, ",") + "\n";
  return out;
}
std::string markdown(const Rows& rows) {
  std::string out = "| " + joined(rows[0], " | ") + " |\n|---|---|---|---|\n";
  for (std::size_t i = 1; i < rows.size(); ++i) out += "| " + joined(rows[i], " | ") + " |\n";
  return out;
}
std::string expanded(const Rows& rows) {
  std::string out;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    out += fmt::format("-[ RECORD {} ]---+-----\n", i);
    for (std::size_t k = 0; k < rows[i].size(); ++k)
      out += fmt::format("{:15} | {}\n", rows[0][k], rows[i][k]);
  }
  return out + "\n";
}

Rows artifacts() {
  return {{"id", "repository_name", "digest", "push_time"},
          {"10", "team/app", digest('0'), row_time(-86400)},
          {"11", "team/app", digest('1'), row_time(0.3)},
          {"12", "team/web", digest('3'), row_time(120.3)}};
}
Rows tags() {
  return {{"artifact_id", "name", "push_time"},
          {"10", "v0", row_time(-86400)},
          {"11", "v1", row_time(0.3)},
          {"12", "v1", row_time(120.3)}};
}
Rows and_row(Rows rows, std::vector<std::string> row) {
  rows.push_back(std::move(row));
  return rows;
}
const std::vector<std::string>& artifact_2() {
  static const std::vector<std::string> row = {"13", "team/app", digest('2'), row_time(60.3)};
  return row;
}
Rows trash(double oldest, char d = '8', double when = 300) {
  return {{"id", "repository_name", "digest", "creation_time"},
          {"1", "team/old", digest('9'), row_time(oldest)},
          {"2", "team/app", digest(d), row_time(when)}};
}
Rows audit(std::string_view user) {
  return {{"operation", "resource", "username", "op_time"},
          {"create", "team/app:v2", "alice", row_time(60)},
          {"delete", "team/app:" + digest('2'), std::string(user), row_time(300)}};
}

const std::string kTables = kLater + psql(artifacts()) + psql(tags());

}  // namespace

TEST_CASE("artifact and tag: with the list of deleted artifacts a missing row is certain") {
  CHECK(lost_row().with({}) == "harbor_row_missing probable");
  // Alone they do not say whether it was deleted since.
  CHECK(lost_row().with({kTables}) == "harbor_row_missing probable");
  CHECK(lost_row().with({kTables, kLater + psql(trash(-100000))}) == "harbor_row_missing certain");
  CHECK(lost_row().with({kLater + unaligned(artifacts()) + unaligned(tags()) +
                         unaligned(trash(-100000))}) == "harbor_row_missing certain");
}

TEST_CASE("a missing row names what would prove it, and that proves it") {
  const auto missing = [](const std::vector<std::string>& files) {
    const Logs logs = lost_row();
    std::vector<std::string> all = {logs.registry, logs.front, logs.core};
    all.insert(all.end(), files.begin(), files.end());
    const Judgement found = judged(all);
    REQUIRE(found.findings.size() == 1);
    std::string confirm = joined(found.findings[0].confirm, "\n");
    for (const std::string_view table : {"from artifact'", "from tag'", "from artifact_trash'"})
      CHECK(confirm.find(table) != std::string::npos);
    return joined(found.findings[0].missing, "; ");
  };
  CHECK(missing({}).find("artifact table") != std::string::npos);
  CHECK(missing({kTables}).find("artifact_trash") != std::string::npos);
  CHECK(missing({kTables, kLater + psql(trash(-100000))}).empty());
}

TEST_CASE("a row that is there refutes that it is missing, or that it never existed") {
  const std::string there = kLater + psql(and_row(artifacts(), artifact_2())) +
                            psql(and_row(tags(), {"13", "v2", row_time(60.3)}));
  CHECK(lost_row().with({there}) == "undetermined possible");
  Logs never;
  never.push(0, "team/app", "v1", 'a', '1');
  never.asks(600, "GET", "/v2/team/app/manifests/" + digest('2'), 404)
      .serves(660, "GET", "/v2/team/app/blobs/" + digest('a'), 200);
  CHECK(never.with({}) == "reference_never_existed probable");
  for (const auto print : {psql, unaligned, csv, markdown, expanded})
    CHECK(never.with({kLater + print(and_row(artifacts(), artifact_2()))}) ==
          "undetermined possible");
  // It was pushed only after the question.
  CHECK(never.with({kLater +
                    psql(and_row(artifacts(), {"13", "team/app", digest('2'), row_time(900)}))}) ==
        "reference_never_existed probable");
}

TEST_CASE("tag: gone alone it was deleted or moved, and no row of the artifact is missing") {
  const std::string tables = kLater + psql(and_row(artifacts(), artifact_2())) + psql(tags());
  CHECK(lost_row().with({tables}) == "deleted_by_client probable");
  const std::string untagged =
      "operation,resource,username,op_time\ndelete,team/app:v2,bob," + row_time(300) + "\n";
  CHECK(lost_row().with({tables, untagged}) == "deleted_by_client certain");
  CHECK(lost_row().with({untagged}) == "deleted_by_client probable");  // whose table is it?
}

TEST_CASE("artifact_trash: it was deleted, and the audit log makes certain by whom") {
  const std::string deleted = kLater + psql(trash(-100000, '2'));
  // Refutes that the row was never made; but not who it was.
  CHECK(lost_row().with({deleted}) == "deleted_by_client probable");
  CHECK(lost_row().with({deleted, psql(audit("bob")), kTables}) == "deleted_by_client certain");
  CHECK(lost_row().with({deleted, psql(audit("harbor-jobservice")), kTables}) ==
        "deleted_by_policy certain");
  // Nothing in it shows that it is this Harbor's.
  CHECK(lost_row().with({deleted, psql(audit("bob"))}) == "deleted_by_client probable");
}

TEST_CASE("what the lines alone prove stays certain, whatever a table leaves open") {
  Logs logs = lost_row();
  logs.core += fmt::format(
      "{} [INFO] [/pkg/notifier/notifier.go:205]: Handle notification with Handler 'AuditLog' on "
      "topic 'DELETE_ARTIFACT': ID-1, Repository-team/app Tags-[v2] Digest-{} Operator-bob "
      "OccurAt-x\n",
      at(300).substr(0, 19) + "Z", digest('2'));
  CHECK(logs.with({}) == "deleted_by_client certain");
  CHECK(logs.with({kLater + psql(trash(-100000, '2'))}) == "deleted_by_client certain");
}

TEST_CASE("a table that may be old, cut, limited or of another Harbor proves nothing") {
  const std::string since = kLater + psql(trash(-100000));
  const std::string early = "# listing 2026-09-01T00:00:00Z\n";
  const auto probable = [&](const std::string& tables, const std::string& list) {
    INFO(tables);
    CHECK(lost_row().with({tables, list}) == "harbor_row_missing probable");
  };
  // Emptied since the push; read before it; the artifact was deleted once before.
  probable(kTables, kLater + psql(trash(200)));
  probable(kTables, early + psql(trash(-100000)));
  probable(kTables, kLater + psql(trash(-100000, '2', -90000)));
  // No end: a CSV, or a paste that was cut.
  probable(kLater + csv(artifacts()) + csv(tags()), since);
  probable(kLater + markdown(artifacts()) + markdown(tags()), since);
  std::string cut = psql(tags());
  cut.resize(cut.find("(3 rows)"));
  probable(kLater + psql(artifacts()) + cut + "\n", since);
  // A tag of that name, of an artifact that is not listed: it may be the one.
  probable(kLater + psql(artifacts()) + psql(and_row(tags(), {"99", "v2", row_time(60.3)})), since);
  // Ten rows, and none of them is later than the push: a LIMIT.
  Rows limited = tags();
  for (int i = 0; i < 7; ++i)
    limited.push_back({"10", fmt::format("w{}", i), row_time(-90000 - i)});
  limited[3][2] = row_time(50);
  probable(kLater + psql(artifacts()) + psql(limited), since);
  // Read before the question, or without a time.
  probable(early + psql(artifacts()) + psql(tags()), since);
  probable(psql(artifacts()) + psql(tags()), since);
  // Rows of pushes that this log does not know.
  Rows other = {{"id", "repository_name", "digest", "push_time"},
                {"1", "team/app", digest('0'), row_time(-9000)},
                {"2", "team/app", digest('1'), row_time(4000)},
                {"3", "team/app", digest('7'), row_time(-800)}};
  const Rows other_tags = {{"artifact_id", "name", "push_time"},
                           {"1", "v0", row_time(-9000)},
                           {"2", "v1", row_time(4000)},
                           {"3", "v7", row_time(-800)}};
  probable(kLater + psql(other) + psql(other_tags), since);
}

TEST_CASE("blob.status: a mark makes certain why core hides a layer, or its absence refutes it") {
  Logs logs;
  logs.push(0, "team/app", "v1", 'a', '1').send(5, "team/app", 'b');
  logs.asks(600, "HEAD", "/v2/team/app/blobs/" + digest('b'), 404)
      .serves(601, "GET", "/v2/team/app/blobs/" + digest('b'), 200)
      .push(900, "team/web", "v1", 'c', '3');
  CHECK(logs.with({}) == "harbor_row_missing probable");
  const auto blobs = [](std::string_view status, double since) {
    return Rows{{"id", "digest", "status", "update_time"},
                {"1", digest('a'), "none", row_time(1)},
                {"2", digest('b'), std::string(status), row_time(since)},
                {"3", digest('c'), "none", row_time(2)}};
  };
  for (const auto print : {psql, unaligned, csv, markdown, expanded})
    CHECK(logs.with({kLater + print(blobs("deletefailed", 300))}) ==
          "harbor_blob_marked_deleting certain");
  // The mark may be of another Harbor that has the same layer.
  Rows elsewhere = blobs("deleting", 300);
  elsewhere[1][3] = elsewhere[3][3] = row_time(-5000);
  CHECK(logs.with({kLater + psql(elsewhere)}) == "harbor_blob_marked_deleting probable");
  // Marked only after the question, or nobody knows since when.
  CHECK(logs.with({kLater + psql(blobs("deleting", 700))}) ==
        "harbor_blob_marked_deleting probable");
  CHECK(logs.with({kLater + "id,digest,status\n2," + digest('b') + ",deleting\n"}) ==
        "harbor_blob_marked_deleting probable");
  // The row is there and was not marked: neither is true.
  CHECK(logs.with({kLater + psql(blobs("none", 6))}) == "undetermined possible");
  // The whole table has no row of it, and the registry still serves it.
  Rows without = blobs("none", 6);
  without.erase(without.begin() + 2);
  CHECK(logs.with({kLater + psql(without)}) == "harbor_row_missing certain");
  CHECK(logs.with({kLater + csv(without)}) == "harbor_row_missing probable");
  // … but the table may be another Harbor's.
  for (std::size_t i = 1; i < without.size(); ++i) without[i][3] = row_time(5000);
  CHECK(logs.with({kLater + psql(without)}) == "harbor_row_missing probable");
}

TEST_CASE("artifact_blob and project_blob: what an image or a project has did exist") {
  Logs logs;
  logs.registry = Story().get("team/app", 'a', 404).wait(60).text();
  CHECK(logs.with({}) == "reference_never_existed possible");
  const std::string pair = "id,digest_af,digest_blob,creation_time\n1," + digest('d') + "," +
                           digest('a') + ",2026-09-01 10:00:00\n";
  const std::string project =
      "id,digest,status\n7," + digest('a') +
      ",none\nid,project_id,blob_id,creation_time\n1,2,7,2026-09-01 10:00:00\n";
  const std::string listing = kLater + others(find) + find(layer("team/app", 'a'));
  for (const std::string& rows : {pair, project}) {
    // They name it; whether its data is gone only the storage says: both together are certain.
    CHECK(logs.with({rows}) == "harbor_content_missing probable");
    CHECK(logs.with({rows, listing}) == "harbor_content_missing certain");
  }
  // A row that was made after the question says nothing of it.
  std::string late = pair;
  late.replace(late.find("2026-09-01"), 10, "2026-12-01");
  CHECK(logs.with({late}) == "reference_never_existed possible");
}
