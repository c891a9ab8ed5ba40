// What a client's own lines prove, alone and beside a registry's log.
#include <catch2/catch.hpp>

#include "story.h"

using namespace regtriage;
using namespace regtriage::story;

namespace {

constexpr std::string_view kUnknown =
    "Error response from daemon: manifest for registry.example.com/team/app:v9 not found: manifest "
    "unknown: manifest unknown";

Finding only_finding(std::string_view line) {
  Story s;
  s.raw(line);
  const Judgement j = s.judged();
  REQUIRE(j.findings.size() == 1);
  return j.findings.front();
}

}  // namespace

TEST_CASE("a client's \"manifest unknown\" alone decides nothing, and says what would") {
  const Finding f = only_finding(kUnknown);
  CHECK(f.cause == CauseId::undetermined);
  CHECK(f.tags == std::vector<std::string>{"v9"});
  CHECK(f.repositories == std::vector<std::string>{"team/app"});
  CHECK_FALSE(f.missing.empty());
}

TEST_CASE("a client's codes count where no registry's line is") {
  Story alone;
  alone.raw(kUnknown);
  CHECK(alone.judged().codes.at("MANIFEST_UNKNOWN").total() == 1);
  Story both;
  both.start().no_tag("team/app", "v9").raw(kUnknown);
  CHECK(both.judged().codes.at("MANIFEST_UNKNOWN").total() == 1);
}

TEST_CASE("a client's line names its cause only where the cause is in it") {
  CHECK(only_finding("no basic auth credentials").cause == CauseId::auth_missing);
  CHECK(
      only_finding("Error: writing blob: uploading layer chunked: StatusCode: 413, <html>").cause ==
      CauseId::upload_cut_by_proxy);
  const Finding refused = only_finding(
      "Error response from daemon: Get \"https://registry.example.com/v2/\": dial tcp "
      "10.0.0.7:443: connect: connection refused");
  CHECK(refused.cause == CauseId::registry_unreachable);
  CHECK(refused.confidence == Confidence::possible);
}

TEST_CASE("beside a registry's log a client's line is evidence and changes no finding") {
  Story without;
  without.start().no_tag("team/app", "v9");
  Story with = without;
  with.raw(kUnknown).raw("denied: requested access to the resource is denied");
  const std::vector<Finding> a = without.judged().findings, b = with.judged().findings;
  REQUIRE(a.size() == 1);
  REQUIRE(b.size() == 1);
  CHECK(a[0].id == b[0].id);
  CHECK(a[0].lines == b[0].lines);
  CHECK(a[0].confidence == b[0].confidence);
  CHECK(b[0].evidence.size() == a[0].evidence.size() + 1);
}

TEST_CASE("an upload that a proxy cut as too large is not called the client's doing") {
  const std::string path = "/v2/team/app/blobs/uploads/" + upload('a');
  Story s;
  s.start().error("PATCH", path, 500, "unknown", "client disconnected");
  CHECK(causes(s) == "client_abort");
  s.raw(
      "time=\"2026-09-21T14:13:20.5Z\" level=error msg=\"Upload failed: error parsing HTTP 413 "
      "response body: invalid character '<' looking for beginning of value\"");
  CHECK(causes(s) == "upload_cut_by_proxy");
}

TEST_CASE("what a client expects, and says so, is noise") {
  const std::string tag = "sha256-" + std::string(64, 'a') + ".sig";
  Story s;
  s.raw("DEBU[0015] Looking for sigstore attachments in registry.example.com/team/app:" + tag)
      .raw("{\"errors\":[{\"code\":\"NOT_FOUND\",\"message\":\"artifact team/app:" + tag +
           " not found\"}]}");
  const Judgement j = s.judged();
  CHECK(j.findings.empty());
  REQUIRE(j.judged.size() == 1);
  CHECK(j.judged[0].cause == CauseId::existence_probe);
  // Without the first line it may be an image that somebody wants.
  CHECK(only_finding("{\"errors\":[{\"code\":\"NOT_FOUND\",\"message\":\"artifact team/app:" + tag +
                     " not found\"}]}")
            .cause == CauseId::undetermined);
}

TEST_CASE("a mirror's refusal is noise where the client goes on to another host") {
  const std::string failed =
      "DEBU[0000] Accessing \"localhost:5000/library/alpine:latest\" failed: reading manifest "
      "latest in localhost:5000/library/alpine: manifest unknown: manifest unknown";
  Story on;
  on.raw(failed).raw("DEBU[0000] Trying to access \"docker.io/library/alpine:latest\"");
  CHECK(on.judged().findings.empty());
  Story again;  // the same host once more is no mirror
  again.raw(failed).raw("DEBU[0001] Trying to access \"localhost:5000/library/alpine:latest\"");
  CHECK(again.judged().findings.size() == 1);
  Story before;  // asked before: the failing one may be the last
  before.raw("DEBU[0000] Trying to access \"docker.io/library/alpine:latest\"").raw(failed);
  CHECK(before.judged().findings.size() == 1);
}

TEST_CASE("a collection's output beside a client's line names the cause") {
  const std::string unknown = "Error response from daemon: manifest for localhost:5000/team/app@" +
                              digest('a') + " not found: manifest unknown: manifest unknown";
  Story s;
  s.raw("team/app").raw("manifest eligible for deletion: " + digest('a')).raw(unknown);
  CHECK(causes(s) == "deleted_by_garbage_collection");
  Story other;
  other.raw("team/app").raw("manifest eligible for deletion: " + digest('b')).raw(unknown);
  CHECK(causes(other) == "undetermined");
}

TEST_CASE("a bare answer is about the image that the lines before it name") {
  Story s;
  s.raw("The push refers to repository [registry.example.com/team/app]").raw("blob upload unknown");
  const Judgement j = s.judged();
  REQUIRE(j.findings.size() == 1);
  CHECK(j.findings[0].repositories == std::vector<std::string>{"team/app"});
}

TEST_CASE("a code that no registry's line tells of counts from a client's line") {
  Story s;
  s.start().head("team/app", 'a', 404).raw("blob upload unknown");
  CHECK(s.judged().codes.at("BLOB_UPLOAD_UNKNOWN").total() == 1);
  CHECK(s.judged().codes.at("BLOB_UNKNOWN").total() == 1);
}

TEST_CASE("all parts that an answer names as missing are named by the finding") {
  const Finding f = only_finding(
      "WARN[0003] Retrying operation after 1s due to PUT https://h.example.com/v2/team/app/"
      "manifests/v1: multiple errors returned: MANIFEST_BLOB_UNKNOWN: blob unknown to registry; " +
      digest('a') + "; MANIFEST_BLOB_UNKNOWN: blob unknown to registry; " + digest('b'));
  CHECK(f.digests == std::vector<std::string>{digest('a'), digest('b')});
}

TEST_CASE("a commit that was refused may be an index that the registry does not take") {
  for (const std::string_view line :
       {"#21 ERROR: error writing manifest blob: failed commit on ref "
        "\"sha256:1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a\": unexpected "
        "status: "
        "400 Bad Request",
        "failed commit on ref \"index-sha256:...\": unexpected status: 404 Not Found"}) {
    const Finding f = only_finding(line);
    CHECK(f.cause == CauseId::undetermined);
    REQUIRE(f.alternatives.size() == 1);
    CHECK(f.alternatives.front().cause == CauseId::registry_rejects_index);
  }
}

TEST_CASE("a 403 without a word of its code may be a missing right") {
  const Finding f = only_finding("ERROR: failed to solve: unexpected status: 403 Forbidden");
  CHECK(f.cause == CauseId::undetermined);
  REQUIRE(f.alternatives.size() == 1);
  CHECK(f.alternatives.front().cause == CauseId::auth_insufficient_scope);
}

TEST_CASE("what is unknown after the tag was found is a child of its index") {
  Story s;
  s.raw("v1: Pulling from team/app").raw("manifest unknown");
  const Judgement j = s.judged();
  REQUIRE(j.findings.size() == 1);
  CHECK(j.findings.front().cause == CauseId::index_child_deleted);
  CHECK(j.findings.front().confidence == Confidence::possible);
  CHECK(j.findings.front().tags == std::vector<std::string>{"v1"});
}

TEST_CASE("the body that curl shows is about the request above it") {
  Story s;
  s.raw("> DELETE /v2/team/app/blobs/" + digest('a') + " HTTP/1.1");
  s.raw(R"({"errors":[{"code":"BLOB_UNKNOWN","message":"blob unknown to registry"}]})");
  const Judgement j = s.judged();
  REQUIRE(j.findings.size() == 1);
  CHECK(j.findings.front().repositories == std::vector<std::string>{"team/app"});
  CHECK(j.findings.front().digests == std::vector<std::string>{digest('a')});
}
