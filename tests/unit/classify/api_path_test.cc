#include "classify/api_path.h"

#include <catch2/catch.hpp>
#include <string>

namespace regtriage {
namespace {

const std::string kDigest = "sha256:" + std::string(64, 'a');

// "route repository reference upload", "-" for nothing.
std::string split(std::string_view target) {
  std::string decoded;
  const ApiPath path = split_api_path(target, decoded);
  const auto word = [](std::string_view text) { return text.empty() ? "-" : std::string(text); };
  return std::string(word_of(path.route)) + " " + word(path.repository) + " " +
         word(path.reference) + " " + word(path.upload);
}

}  // namespace

TEST_CASE("each endpoint of the distribution API is known by its path") {
  CHECK(split("") == "none - - -");
  CHECK(split("/v2/") == "ping - - -");
  CHECK(split("/v2") == "ping - - -");
  CHECK(split("/v2/_catalog?n=100") == "catalog - - -");
  CHECK(split("/v2/team/app/tags/list") == "tags team/app - -");
  CHECK(split("/v2/team/app/manifests/v1.2") == "manifest team/app v1.2 -");
  CHECK(split("/v2/team/app/manifests/" + kDigest) == "manifest team/app " + kDigest + " -");
  CHECK(split("/v2/app/blobs/" + kDigest) == "blob app " + kDigest + " -");
  CHECK(split("/v2/app/referrers/" + kDigest) == "referrers app " + kDigest + " -");
  CHECK(split("/v2/app/blobs/uploads/") == "uploads app - -");
  CHECK(split("/v2/app/blobs/uploads") == "uploads app - -");
  CHECK(split("/v2/app/blobs/uploads/?mount=" + kDigest + "&from=x") == "uploads app - -");
  CHECK(split("/v2/app/blobs/uploads/02546a22-54a6-48d7-99b6-2bbd2a9e877c?_state=abc") ==
        "upload app - 02546a22-54a6-48d7-99b6-2bbd2a9e877c");
}

TEST_CASE("components of a name may be called as the API's own words") {
  CHECK(split("/v2/team-a/blobs/uploads/blobs/" + kDigest) ==
        "blob team-a/blobs/uploads " + kDigest + " -");
  CHECK(split("/v2/team-a/blobs/uploads/manifests/uploads") ==
        "manifest team-a/blobs/uploads uploads -");
  CHECK(split("/v2/team-a/blobs/uploads/blobs/uploads/") == "uploads team-a/blobs/uploads - -");
  CHECK(split("/v2/team-a/manifests/manifests/latest") == "manifest team-a/manifests latest -");
  CHECK(split("/v2/team-a/manifests/blobs/" + kDigest) ==
        "blob team-a/manifests " + kDigest + " -");
  CHECK(split("/v2/a/tags/list/manifests/latest") == "manifest a/tags/list latest -");
  CHECK(split("/v2/a/tags/list/tags/list") == "tags a/tags/list - -");
  CHECK(split("/v2/a/v2/b/manifests/v1") == "manifest a/v2/b v1 -");
  CHECK(split("/v2/x.y_z--q/0/blobs/" + kDigest) == "blob x.y_z--q/0 " + kDigest + " -");
}

TEST_CASE("escapes are decoded, prefixes and origins are allowed") {
  CHECK(split("/v2/team%2Fapp/blobs/sha256%3A" + std::string(64, 'b')) ==
        "blob team/app sha256:" + std::string(64, 'b') + " -");
  CHECK(split("/registry/v2/app/manifests/v1") == "manifest app v1 -");
  CHECK(split("https://registry.example.com/v2/app/manifests/v1") == "manifest app v1 -");
  CHECK(split("https://registry.example.com") == "other - - -");
  CHECK(split("/service/token?service=harbor-registry&scope=x") == "token - - -");
  CHECK(split("/auth?service=registry") == "token - - -");
  std::string decoded;
  CHECK(split_api_path("/registry/v2/app/manifests/v1", decoded).sub_path);
  CHECK_FALSE(split_api_path("/v2/app/manifests/v1", decoded).sub_path);
}

TEST_CASE("a path that no router of a registry lets through names nothing") {
  for (const std::string_view path : {"/",
                                      "/favicon.ico",
                                      "/v2/Library/App/manifests/v1",
                                      "/v2/library/app/manifests/-bad",
                                      "/v2/app/manifests/",
                                      "/v2/app/manifests/v1/",
                                      "/v2//manifests/v1",
                                      "/v2/app//manifests/v1",
                                      "/v2/manifests/v1",
                                      "/v2/blobs/uploads/",
                                      "/v2/app/blobs/nodigest",
                                      "/v2/app/tags/lists",
                                      "/v2/../../etc/passwd",
                                      "/v2/app/manifests/v1%0aforged",
                                      "/v2/app%00/manifests/v1",
                                      "/v2/a..b/manifests/v1",
                                      "/v2/a___b/manifests/v1",
                                      "/v2/-a/manifests/v1",
                                      "v2/app",
                                      "/api/v2.0/projects",
                                      "*",
                                      "%",
                                      "/v2/%",
                                      "/v2/a/blobs/uploads/x y"}) {
    INFO(path);
    CHECK(split(path) == "other - - -");
  }
}

TEST_CASE("an artifact of Harbor's own API is told by project, repository and reference") {
  std::string room;
  const auto told = [&room](std::string_view target) {
    const ApiPath p = split_api_path(target, room);
    return p.artifact ? std::string(p.repository) + " " + std::string(p.reference) : "none";
  };
  const std::string projects = "/api/v2.0/projects/team-a/repositories/";
  CHECK(told(projects + "api/artifacts/v0") == "team-a/api v0");
  CHECK(told(projects + "deep%252Fapi/artifacts/sha256:abc?x=1") == "team-a/deep/api sha256:abc");
  CHECK(told(projects + "deep%2Fapi/artifacts/v0/tags/v1") == "team-a/deep/api v1");
  CHECK(split_api_path(projects + "api/artifacts/v0", room).path == projects + "api/artifacts/v0");
  for (const std::string_view other :
       {"api", "api/artifacts", "api/artifacts/", "api/artifacts/v0/additions/vulnerabilities",
        "UPPER/artifacts/v0", "/artifacts/v0", "api%252F%252F/artifacts/v0", "%/artifacts/v0"})
    CHECK(told(projects + std::string(other)) == "none");
  CHECK(told("/api/v2.0/projects/repositories/artifacts/v0") == "none");
  CHECK(told(projects + "api/artifacts/v2") == "team-a/api v2");  // no "/v2" of the API
  CHECK(told("/api/registry/blob/sha256:abc") == " sha256:abc");
}

TEST_CASE("names, tags and digests have the bounds of the specification") {
  CHECK(is_repository_name("a/b-c/d.e/f__g"));
  CHECK(is_repository_name("Host.example.com:5000/app"));
  CHECK(is_repository_name(std::string(255, 'a')));
  CHECK_FALSE(is_repository_name(std::string(256, 'a')));
  CHECK_FALSE(is_repository_name("a//b"));
  CHECK_FALSE(is_repository_name("a/B"));
  CHECK_FALSE(is_repository_name("a/"));
  CHECK_FALSE(is_repository_name("a._b"));
  CHECK(is_tag("v1.2_3-x"));
  CHECK_FALSE(is_tag(".v1"));
  CHECK_FALSE(is_tag(std::string(129, 'a')));
  CHECK(looks_like_digest("sha512:" + std::string(128, '0')));
  CHECK(looks_like_digest("sha256:short"));
  CHECK_FALSE(looks_like_digest("sha256:"));
  CHECK_FALSE(looks_like_digest(":abc"));
  CHECK_FALSE(looks_like_digest("latest"));
}

TEST_CASE("a megabyte of slashes or dots is split in one pass") {
  for (const std::string& unit : {std::string("/"), std::string("a/"), std::string("."),
                                  std::string("blobs/uploads/"), std::string("%2F")}) {
    std::string path = "/v2/";
    while (path.size() < (1U << 20)) path += unit;
    CHECK(split(path).substr(0, 5) == "other");
  }
}

}  // namespace regtriage
