// The access line of a told answer: what the quick look takes, the parser takes, and what is not
// the same answer is looked into.
#include "ingest/told_answer.h"

#include <catch2/catch.hpp>
#include <string>

#include "format/format.h"

using namespace regtriage;

namespace {

constexpr std::string_view kDigest =
    "sha256:1111111111111111111111111111111111111111111111111111111111111111";

ToldAnswer told(const std::string& uri, std::int64_t status = 200,
                std::string_view digest = kDigest) {
  Record record;
  record.format = Format::logfmt;
  record.method = "GET";
  record.uri = uri;
  record.status = status;
  record.written = 12;
  record.duration_ns = 5'000'000;
  EventDraft draft;
  draft.kind = EventKind::request;
  draft.method = Method::GET;
  draft.route = Route::blob;
  draft.repository = "team/app";
  draft.digest = digest;
  draft.status = static_cast<int>(status);
  draft.time = *try_rfc3339("2026-03-02T06:00:00.5Z");
  ToldAnswer answer;
  answer.remember(record, draft);
  return answer;
}

std::string line_of(const std::string& uri, const std::string& status = "200",
                    const std::string& second = "06:00:00") {
  return "10.0.0.7 - - [02/Mar/2026:" + second + " +0000] \"GET " + uri + " HTTP/1.1\" " + status +
         " 12 \"\" \"skopeo/1.9.3\"";
}

// Whether the quick look takes the line; what it takes, the parser must take alike.
bool taken(ToldAnswer answer, const std::string& line) {
  TimeNs time = kNoTime;
  const bool quick = answer.is_told_by_line(line, time);
  RecordParser parser;
  Record record;
  const std::string padded = line + std::string(128, '\0');
  const bool parsed =
      parser.parse(std::string_view(padded).substr(0, line.size()), record) == Parsed::record &&
      answer.is_told_by(record);
  if (quick) {
    REQUIRE(parsed);
    REQUIRE(time == record.time);
  }
  return quick;
}

}  // namespace

TEST_CASE("the access line behind its application line is known at once") {
  const std::string uri = "/v2/team/app/blobs/" + std::string(kDigest);
  CHECK(taken(told(uri), line_of(uri)));
  CHECK(taken(told(uri, 404), line_of(uri, "404")));
  CHECK(taken(told(uri), "registry.example.com" + line_of(uri).substr(8)));
}

TEST_CASE("another answer's line is looked into") {
  const std::string uri = "/v2/team/app/blobs/" + std::string(kDigest);
  for (const std::string& line :
       {line_of(uri, "404"), line_of(uri + "?a=b"), line_of(uri.substr(0, uri.size() - 1)),
        line_of(uri, "200", "06:00:03"), line_of(uri, "200", "05:59:57"),
        line_of(uri, "200", "25:00:00"), line_of(uri, "2000"), line_of(uri, "20"),
        line_of(uri).substr(0, 60), "x y" + line_of(uri), "\"" + line_of(uri), std::string()}) {
    CAPTURE(line);
    CHECK_FALSE(taken(told(uri), line));
  }
  std::string put = line_of(uri);
  put.replace(put.find("GET"), 3, "PUT");
  CHECK_FALSE(taken(told(uri), put));
}

TEST_CASE("a target with quotes or backslashes is left to the parser") {
  for (const std::string& uri : {"/v2/team/app/blobs/\"" + std::string(kDigest),
                                 "/v2/team/app/blobs/\\" + std::string(kDigest)})
    CHECK_FALSE(taken(told(uri), line_of(uri)));
}

TEST_CASE("a read that sent something in one line and nothing in the other is told twice") {
  const std::string uri = "/v2/team/app/blobs/" + std::string(kDigest);
  std::string line = line_of(uri);
  line.replace(line.find(" 12 "), 4, " 0 ");
  CHECK_FALSE(taken(told(uri), line));
}

TEST_CASE("an error that names another digest than its path is told twice") {
  const std::string uri = "/v2/team/app/blobs/" + std::string(kDigest);
  CHECK_FALSE(taken(told(uri, 404, "sha256:" + std::string(64, '2')), line_of(uri, "404")));
}
