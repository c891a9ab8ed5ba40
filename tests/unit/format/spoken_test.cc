// What a text says of a registry's answer, whoever passes it on.
#include <catch2/catch.hpp>

#include "format/format.h"

namespace regtriage::testing {
namespace {

const std::string kDigest = "sha256:" + std::string(64, 'a');
const std::string kOther = "sha256:" + std::string(64, 'b');

// The views of a record live as long as its parser.
struct Spoken {
  RecordParser parser;
  Record record;
  const std::string line;  // the record's views point into it
  explicit Spoken(std::string_view text) : line(text) { parser.parse(line, record); }
};

TEST_CASE("a code and a reference are read whatever a client puts around them") {
  struct Case {
    std::string line;
    std::string_view code, name, reference;
  };
  const std::vector<Case> cases = {
      {"error manifest blob unknown: blob unknown to registry", "manifest blob unknown", "", ""},
      {"[2022-11-30T17:34:07.847Z] blob upload unknown", "blob upload unknown", "", ""},
      {"manifest for registry.example.com/team/app:1.5 not found", "manifest unknown", "team/app",
       "1.5"},
      {"Error response from daemon: unknown: artifact team/app:v1 not found", "NOT_FOUND",
       "team/app", "v1"},
      {"Error response from daemon: unknown: repository team/app not found", "NOT_FOUND",
       "team/app", ""},
      {R"(x: {\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"detail\":{\"Tag\":\"v1\"}}]})",
       "MANIFEST_UNKNOWN", "", "v1"},
      {R"(x: {\\\"errors\\\":[{\\\"code\\\":\\\"NAME_UNKNOWN\\\",\\\"message\\\":\\\"m\\\"}]})",
       "NAME_UNKNOWN", "", ""},
      {"Inspect of image \"team/app:v1\" failed with error: manifest unknown: manifest unknown",
       "manifest unknown", "team/app", "v1"},
  };
  for (const Case& c : cases) {
    INFO(c.line);
    const Spoken said(c.line);
    CHECK(said.record.is_spoken);
    CHECK(said.record.code == c.code);
    CHECK(said.record.name == c.name);
    CHECK(said.record.reference == c.reference);
  }
}

TEST_CASE("the first missing part stands behind the code, and several are kept as a whole") {
  const Spoken one("PUT https://h.example.com/v2/team/app/manifests/v1: MANIFEST_BLOB_UNKNOWN: " +
                   kDigest);
  CHECK(one.record.uri == "/v2/team/app/manifests/v1");
  CHECK(one.record.method == "PUT");
  CHECK(one.record.digest == kDigest);
  CHECK(one.record.error_detail.empty());
  const Spoken two("multiple errors returned: MANIFEST_BLOB_UNKNOWN: m; " + kDigest +
                   "; MANIFEST_BLOB_UNKNOWN: m; " + kOther);
  CHECK(two.record.digest == kDigest);
  CHECK(two.record.error_detail.find(kOther) != std::string_view::npos);
}

TEST_CASE("a status and a path of the API are an answer without any code") {
  const Spoken said("failed commit on ref \"index-" + kDigest +
                    "\": unexpected status from PUT request to "
                    "https://h.example.com/v2/team/app/manifests/v1: 404 Not Found");
  CHECK(said.record.is_spoken);
  CHECK(said.record.status == 404);
  CHECK(said.record.digest == kDigest);
}

TEST_CASE("the token service's scope names the repository") {
  const Spoken said(
      R"(2020-07-31T17:22:56Z [ERROR] [/server/error/error.go:53]: {"errors":[{"code":"UNKNOWN",)"
      R"("message":"unknown: Get https://h.example.com/service/token?scope=repository%3Ateam%2Fa)"
      R"(%3Apull\u0026service=harbor-registry: x509: certificate signed by unknown authority"}]})");
  CHECK(said.record.code == "UNKNOWN");
  CHECK(said.record.name == "team/a");
}

TEST_CASE("an image that is not found is an answer without any code") {
  for (const std::string_view line :
       {"failed exit status 1: Error: registry.example.com/charts/app:1.2.3: not found",
        "x: registry.example.com/charts/app:1.2.3: not found: y"}) {
    INFO(line);
    const Spoken said(line);
    CHECK(said.record.is_spoken);
    CHECK(said.record.name == "charts/app");
    CHECK(said.record.reference == "1.2.3");
    CHECK(said.record.code.empty());
  }
}

TEST_CASE("a text that only looks alike tells of no answer") {
  for (const std::string_view line :
       {"the file is unknown", "user unknown blobby", "permission denied", "manifest unknowns",
        "status: 404 pages", "k8s.io/client-go/reflector.go:125: not found",
        "the config was not found", "charts/app:1.2.3: not found",
        "registry.example.com/charts/app: not found", "2 errors were found"}) {
    INFO(line);
    CHECK_FALSE(Spoken(line).record.is_spoken);
  }
}

TEST_CASE("a registry's own line is not read as somebody's word") {
  const Spoken said(
      "time=\"2024-05-01T09:00:00Z\" level=error msg=\"response completed with error\" "
      "err.code=\"manifest unknown\" http.request.id=6f6b0c3e-7d8c-4b0e-9d63-0d5f8f1e2a11 "
      "http.request.uri=/v2/team/app/manifests/v1 http.response.status=404");
  CHECK_FALSE(said.record.is_spoken);
}

TEST_CASE("a long hostile text costs no more than its head") {
  std::string text;
  while (text.size() < (1 << 20)) text += "shaNametatus/v2//manifests/errors";
  CHECK_FALSE(Spoken(text).record.is_spoken);
}

TEST_CASE("the rest of a record speaks for nobody") {
  for (const char* line : {"\tstatus code: 403, request id: 1, host id: ",
                           "caused by: Get \"http://192.0.2.1/x\": EOF\" err.message=\"unknown "
                           "error\" go.version=go1.19"}) {
    const Spoken rest(line);
    CHECK_FALSE(rest.record.is_spoken);
    CHECK(rest.record.message.empty());
  }
}

}  // namespace
}  // namespace regtriage::testing
