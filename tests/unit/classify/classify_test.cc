#include <catch2/catch.hpp>
#include <string>

#include "classify/request_fields.h"
#include "support.h"

namespace regtriage {
namespace {

const std::string kA = "sha256:" + std::string(64, 'a'), kB = "sha256:" + std::string(64, 'b');

std::string completed(const std::string& uri, const std::string& more,
                      const std::string& method = "GET") {
  return "time=\"2024-05-01T09:00:00.12Z\" level=error msg=\"response completed with error\" " +
         more + " http.request.method=" + method +
         " http.request.remoteaddr=10.0.0.7 http.request.uri=\"" + uri +
         "\" http.request.useragent=skopeo/1.9.3 http.response.status=404";
}

std::string access(const std::string& request, int status,
                   const std::string& tail = "\"\" \"skopeo/1.9.3\"") {
  return "10.0.0.7 - - [01/May/2024:09:00:00 +0000] \"" + request + " HTTP/1.1\" " +
         std::to_string(status) + " 157 " + tail;
}

}  // namespace

TEST_CASE(
    "a missing child is the digest of its line, and the manifest that names it stays beside "
    "it") {
  LineReader reader;
  const EventDraft& draft =
      reader.read(completed("/v2/app/manifests/" + kA,
                            "err.code=\"manifest blob unknown\" err.detail=\"" + kB + "\"", "PUT"));
  CHECK(draft.code == Code::MANIFEST_BLOB_UNKNOWN);
  CHECK(draft.digest == kB);
  CHECK(draft.manifest == kA);
  CHECK(draft.tag.empty());
}

TEST_CASE("a tag whose manifest is gone keeps both the tag and the revision") {
  LineReader reader;
  const EventDraft& draft =
      reader.read(completed("/v2/app/manifests/v1",
                            "err.code=\"manifest unknown\" err.detail=\"unknown manifest "
                            "name=app revision=" +
                                kA + "\""));
  CHECK(draft.tag == "v1");
  CHECK(draft.digest == kA);
  CHECK(draft.detail == "unknown manifest name=app revision=" + kA);
}

TEST_CASE("an answer about the Accept header keeps its message, a stock message is dropped") {
  LineReader reader;
  CHECK(reader
            .read(completed("/v2/app/manifests/v1",
                            "err.code=\"manifest unknown\" err.message=\"OCI index found, "
                            "but accept header does not support OCI indexes\""))
            .detail == "OCI index found, but accept header does not support OCI indexes");
  CHECK(reader
            .read(completed("/v2/app/manifests/v1",
                            "err.code=\"manifest unknown\" err.message=\"manifest "
                            "unknown\""))
            .detail.empty());
}

TEST_CASE("a code that nobody knows is UNKNOWN, not a success") {
  LineReader reader;
  const EventDraft& draft = reader.read(completed("/v2/app/manifests/v1", "err.code=\"made up\""));
  CHECK(draft.code == Code::UNKNOWN);
  CHECK_FALSE(draft.code_inferred);
}

TEST_CASE("the path goes before variables that a client may have forged") {
  LineReader reader;
  const EventDraft& draft =
      reader.read(completed("/v2/app/manifests/v1", "err.code=\"manifest unknown\"") +
                  " vars.name=other/repo vars.reference=v9");
  CHECK(draft.repository == "app");
  CHECK(draft.tag == "v1");
}

TEST_CASE("variables fill in where a line has no path") {
  LineReader reader;
  const EventDraft& draft = reader.read(
      "time=\"2024-05-01T09:00:00Z\" level=error msg=\"response completed with error\" "
      "err.code=\"blob unknown\" "
      "http.response.status=404 vars.digest=\"" +
      kA + "\" vars.name=team/app");
  CHECK(draft.kind == EventKind::request);
  CHECK(draft.repository == "team/app");
  CHECK(draft.digest == kA);
}

TEST_CASE("a mount names the blob and the repository it is taken from") {
  LineReader reader;
  const EventDraft& draft = reader.read(access(
      "POST /v2/team/app/blobs/uploads/?from=team%2Fbase&mount=sha256%3A" + std::string(64, 'a'),
      202));
  CHECK(draft.route == Route::uploads);
  CHECK(draft.repository == "team/app");
  CHECK(draft.digest == kA);
  CHECK(draft.from == "team/base");
}

TEST_CASE("an access line's code is inferred from method, route and status, and marked") {
  const auto code = [](const std::string& request, int status) {
    LineReader reader;
    const EventDraft& draft = reader.read(access(request, status));
    CHECK(draft.code_inferred == (draft.code != Code::none));
    return draft.kind == EventKind::none ? std::string("(none)") : std::string(word_of(draft.code));
  };
  const std::string blob = "/v2/app/blobs/" + kA, manifest = "/v2/app/manifests/v1";
  const std::string upload = "/v2/app/blobs/uploads/02546a22-54a6-48d7-99b6-2bbd2a9e877c";
  CHECK(code("HEAD " + blob, 404) == "BLOB_UNKNOWN");
  CHECK(code("GET " + manifest, 404) == "MANIFEST_UNKNOWN");
  CHECK(code("DELETE " + manifest, 404) == "MANIFEST_UNKNOWN");
  CHECK(code("PUT " + manifest, 400) == "");
  CHECK(code("GET /v2/app/tags/list", 404) == "NAME_UNKNOWN");
  CHECK(code("PATCH " + upload, 404) == "BLOB_UPLOAD_UNKNOWN");
  CHECK(code("PUT " + upload, 400) == "DIGEST_INVALID");
  CHECK(code("PATCH " + upload, 416) == "RANGE_INVALID");
  CHECK(code("GET /v2/", 401) == "UNAUTHORIZED");
  CHECK(code("GET " + blob, 403) == "DENIED");
  CHECK(code("GET " + blob, 429) == "TOOMANYREQUESTS");
  CHECK(code("GET " + blob, 502) == "UNKNOWN");
  CHECK(code("GET " + blob, 200) == "");
  CHECK(code("GET " + blob, 499) == "");
  CHECK(code("GET /v2/App/Lib/manifests/v1", 404) == "");
  CHECK(code("GET /favicon.ico", 404) == "(none)");
  CHECK(code("GET /v2/", 200) == "(none)");
  CHECK(code("GET /v2/app/tags/list", 200) == "(none)");
  CHECK(code("GET /v2/_catalog", 200) == "(none)");
}

TEST_CASE("a proxy's access line is told from a registry's by how it prints an absent referer") {
  const auto origin = [](const std::string& tail) {
    LineReader reader;
    return reader.read(access("GET /v2/app/manifests/v1", 404, tail)).origin;
  };
  CHECK(origin("\"\" \"skopeo/1.9.3\"") == Origin::access);
  CHECK(origin("\"\" \"\"") == Origin::access);
  CHECK(origin("\"-\" \"skopeo/1.9.3\"") == Origin::proxy);
  CHECK(origin("\"-\" \"-\"") == Origin::proxy);
  CHECK(origin("\"-\" \"skopeo/1.9.3\" 0.004 10.0.0.2:5000 404") == Origin::proxy);
}

TEST_CASE("a client is an address without its port; what is no address stays as it is") {
  CHECK(address_without_port("10.0.0.7:51234") == "10.0.0.7");
  CHECK(address_without_port("10.0.0.7") == "10.0.0.7");
  CHECK(address_without_port("[2001:db8::1]:5000") == "2001:db8::1");
  CHECK(address_without_port("2001:db8::1") == "2001:db8::1");
  CHECK(address_without_port("[2001:db8::1") == "[2001:db8::1");
  CHECK(address_without_port("not-an-address") == "not-an-address");
  CHECK(address_without_port("host:port") == "host:port");
  CHECK(address_without_port("") == "");
}

TEST_CASE("an id rests on time, payload and, where the payload names none, the instance") {
  LineReader reader;
  const std::string line = access("GET /v2/app/manifests/v1", 404);
  const EventId plain = reader.read(line).id;
  CHECK(reader.read(line).id == plain);
  CHECK(reader.read(line, "pod-1").id != plain);
  const EventId first_pod = reader.read(line, "pod-1").id;
  CHECK(reader.read(line, "pod-2").id != first_pod);
  const std::string own =
      "time=\"2024-05-01T09:00:00Z\" level=info msg=\"redis not configured\" "
      "instance.id=2d0f4a7c-8a39-4e7b-9a3e-3f8c7d1b5e21";
  const EventId with_own = reader.read(own).id;
  CHECK(reader.read(own, "pod-1").id == with_own);
  CHECK(reader.read(own, "pod-1").instance != "pod-1");
  // The blank at the end of a 2.x line is lost in some transports.
  CHECK(reader.read(own + " ").id == with_own);
}

TEST_CASE("over-long foreign text is cut and marked, inside no character") {
  LineReader reader;
  std::string agent;
  while (agent.size() < 3000) agent += "ä";
  const EventDraft& draft = reader.read(
      "10.0.0.7 - - [01/May/2024:09:00:00 +0000] \"GET /v2/app/manifests/v1 "
      "HTTP/1.1\" 404 157 \"\" \"" +
      agent + "\"");
  CHECK(draft.agent.size() <= 256);
  CHECK(draft.agent.substr(draft.agent.size() - 3) == "…");
  CHECK((draft.agent.size() - 3) % 2 == 0);
}

TEST_CASE("secrets never come into a draft, wherever they stand") {
  const std::string jwt =
      "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhbGljZSIsInNjb3BlIjoicHVzaCJ9."
      "c2lnbmF0dXJlLXRoYXQtaXMtbG9uZw";
  const std::string state = "Wcd53FKq3GyLvkIN6mAJktSg5hYRE9P0mXFD8eyJEcV7Ik5hbWUiOiJhIn0";
  const std::string lines[] = {
      access("GET /v2/app/manifests/v1", 404, "\"\" \"tool Bearer " + jwt + "\""),
      access("GET /token?account=alice&password=hunter2hunter2&service=x", 401),
      access("PATCH /v2/app/blobs/uploads/02546a22-54a6-48d7-99b6-2bbd2a9e877c?_state=" + state,
             404),
      access("PATCH /x/v2/App/blobs/" + jwt, 404),
      completed("/v2/app/manifests/v1",
                "err.code=unknown err.detail=\"Get "
                "https://alice:hunter2hunter2@bucket.example.com/"
                "x?X-Amz-Signature=0123456789abcdef0123&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE\""),
      "time=\"2024-05-01T09:00:00Z\" level=error msg=\"error authenticating user \\\"Bearer " +
          jwt + "\\\": no\"",
      "time=\"2024-05-01T09:00:00Z\" level=error msg=\"error resolving upload: Get "
      "https://s3.example.com/"
      "b?X-Amz-Signature=0123456789abcdef0123&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE\" "
      "http.request.id=0123",
      "time=\"2024-05-01T09:00:00Z\" level=error msg=\"something new: Authorization: Basic "
      "YWxpY2U6aHVudGVyMmh1bnRlcjI=\" http.request.id=0123"};
  for (const std::string& line : lines) {
    INFO(line);
    LineReader reader;
    const EventDraft& draft = reader.read(line);
    std::string all;
    for (const char* field : {"repository", "digest", "tag", "client", "agent", "user", "instance",
                              "upload", "request", "from", "path", "detail"})
      all += *draft_value(draft, field) + "\n";
    for (const std::string& secret :
         {jwt, state, std::string("hunter2"), std::string("0123456789abcdef0123"),
          std::string("AKIAIOSFODNN7EXAMPLE"), std::string("YWxpY2U6")})
      CHECK(all.find(secret) == std::string::npos);
  }
}

TEST_CASE("an error line beside a request that no rule knows is kept as its detail") {
  LineReader reader;
  const EventDraft& draft = reader.read(
      "time=\"2024-05-01T09:00:00Z\" level=error msg=\"a new message\" http.request.id=0123 "
      "http.request.method=GET");
  CHECK(draft.kind == EventKind::request_detail);
  CHECK(draft.rule.empty());
  CHECK(draft.detail == "a new message");
  CHECK(
      reader
          .read(
              "time=\"2024-05-01T09:00:00Z\" level=info msg=\"a new message\" http.request.id=0123")
          .kind == EventKind::none);
}

TEST_CASE("an index is known by the content type of its manifest") {
  LineReader reader;
  CHECK(reader
            .read(completed("/v2/app/manifests/v1",
                            "err.code=\"manifest invalid\" "
                            "http.request.contenttype=\"application/vnd.oci.image.index.v1+json\"",
                            "PUT"))
            .manifest_type == ManifestType::index);
  CHECK(
      reader
          .read(completed("/v2/app/manifests/v1",
                          "err.code=\"manifest invalid\" "
                          "http.request.contenttype=\"application/vnd.oci.image.manifest.v1+json\"",
                          "PUT"))
          .manifest_type == ManifestType::image);
  CHECK(reader.read(completed("/v2/app/manifests/v1", "err.code=\"manifest invalid\"", "PUT"))
            .manifest_type == ManifestType::unknown);
}

TEST_CASE("a notification names what was pushed, by whom and on which instance") {
  LineReader reader;
  const EventDraft& draft = reader.read(
      "{\"events\":[{\"id\":\"e\",\"timestamp\":\"2024-05-01T09:00:00.5Z\",\"action\":\"push\","
      "\"target\":{\"mediaType\":"
      "\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\"" +
      kA +
      "\",\"repository\":\"team/app\",\"tag\":\"v1\"},"
      "\"request\":{\"id\":\"6f6b0c3e-7d8c-4b0e-9d63-0d5f8f1e2a11\",\"addr\":\"10.0.0.7:40112\","
      "\"method\":\"PUT\","
      "\"useragent\":\"skopeo/"
      "1.9.3\"},\"actor\":{\"name\":\"alice\"},\"source\":{\"addr\":\"reg-1:5000\",\"instanceID\":"
      "\"2d0f4a7c-8a39-4e7b-9a3e-3f8c7d1b5e21\"}}]}");
  CHECK(draft.kind == EventKind::pushed);
  CHECK(draft.origin == Origin::event);
  CHECK(draft.route == Route::manifest);
  CHECK(draft.repository == "team/app");
  CHECK(draft.tag == "v1");
  CHECK(draft.digest == kA);
  CHECK(draft.client == "10.0.0.7");
  CHECK(draft.user == "alice");
  CHECK(draft.instance == "2d0f4a7c-8a39-4e7b-9a3e-3f8c7d1b5e21");
  CHECK(rfc3339_of(draft.time) == "2024-05-01T09:00:00.500000000Z");
}

}  // namespace regtriage
