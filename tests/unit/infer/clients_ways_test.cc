// What real clients do around a failure, as the registry's log shows it: questions that nobody
// needs an answer to, and errors that follow from another.
#include <algorithm>
#include <catch2/catch.hpp>

#include "story.h"

namespace regtriage::story {
namespace {

std::string upload_path(char id, std::string_view query = "?_state=x") {
  return fmt::format("/v2/team/app/blobs/uploads/{}{}", upload(id), query);
}

// "cause confidence", in the order of the report.
std::string answer(const Judgement& judged) {
  std::string out;
  for (const Finding& f : judged.findings)
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", word_of(f.cause), word_of(f.confidence));
  return out.empty() ? "none" : out;
}
std::string answer(const Story& story) { return answer(story.judged()); }

TEST_CASE("a push that is accepted without a layer did not need it") {
  Story s;
  s.start().push("team/app", "v1", "a");
  // The same image again: its layer is asked for as it is at home ('b'), and as it was sent.
  s.wait(60).head("team/app", 'b', 404).head("team/app", 'a', 200).put("team/app", "v1", 201);
  CHECK(causes(s) == "none");
}

TEST_CASE("a layer that was there and is asked for before an accepted push is no such question") {
  Story s;
  s.start().push("team/app", "v1", "ab");
  s.wait(60).head("team/app", 'b', 404).head("team/app", 'a', 200).put("team/app", "v2", 201);
  CHECK(causes(s) != "none");
}

TEST_CASE("a push that is refused proves nothing about its questions") {
  Story s;
  s.start().push("team/app", "v1", "a");
  s.wait(60)
      .head("team/app", 'b', 404)
      .error("PUT", "/v2/team/app/manifests/v2", 400, "manifest blob unknown", digest('b'));
  CHECK(causes(s) != "none");
}

TEST_CASE("an upload that is refused for its scope still follows its question") {
  Story s;
  s.start().push("team/app", "v1", "a").wait(60);
  s.head("team/app", 'b', 404);
  s.helper("warning", "error authorizing context: insufficient scope", "POST",
           "/v2/team/app/blobs/uploads/");
  CHECK(answer(s) == "auth_insufficient_scope probable");
}

TEST_CASE("a token that does not suffice is an account's if the push's questions name it") {
  const auto refused = [](std::string_view user, std::string_view method, std::string_view path) {
    Story s;
    s.start().push("team/app", "v1", "a").wait(60);
    s.user = user;
    s.head("team/app", 'b', 404);
    s.helper("warning", "error authorizing context: insufficient scope", method, path);
    std::string alternatives;
    const Judgement judged = s.judged();
    for (const Finding& f : judged.findings)
      for (const Alternative& other : f.alternatives)
        alternatives += fmt::format(" or {}", word_of(other.cause));
    return answer(judged) + alternatives;
  };
  const std::string_view upload = "/v2/team/app/blobs/uploads/";
  CHECK(refused("bob", "POST", upload) == "auth_insufficient_scope certain");
  CHECK(refused("", "POST", upload) == "auth_insufficient_scope probable or auth_missing");
  // Bob may read here, so this reader is not Bob.
  CHECK(refused("bob", "GET", "/v2/team/app/manifests/v1")
            .find("auth_insufficient_scope probable or "
                  "auth_missing") != std::string::npos);
}

TEST_CASE("an empty name is no wrong password") {
  const auto refused = [](std::string_view name) {
    Story s;
    s.start().push("team/app", "v1", "a").wait(60);
    s.helper("error",
             fmt::format(R"(error authenticating user \"{}\": authentication failure)", name),
             "GET", "/v2/team/app/manifests/v1");
    return causes(s);
  };
  CHECK(refused("") == "auth_missing");
  CHECK(refused("alice") == "auth_failed");
}

// A client pushes by tag, all layers are said to be there, and pulls by the digest that it noted.
Story pushed_again(bool deleted, double pause) {
  Story s;
  s.start().redis().push("team/app", "v1", "a").pull("team/app", "v1", 'f', "a");
  if (deleted) s.ok("DELETE", "/v2/team/app/manifests/" + digest('f'), 202);
  s.wait(60).head("team/app", 'a', 200).put("team/app", "v1", 201);
  return s.wait(pause).no_revision("team/app", digest('f'), 'f');
}

TEST_CASE("a deleted manifest that was pushed again and is still unknown: stale, but not certain") {
  CHECK(answer(pushed_again(true, 1)) == "stale_descriptor_cache probable");
}

TEST_CASE("a deleted manifest that is asked for long after another push was deleted") {
  CHECK(answer(pushed_again(true, 3600)) == "deleted_by_client certain");
}

TEST_CASE("a replica that tells a digest which the other does not know") {
  Story one, two;
  one.start().ok("HEAD", "/v2/team/app/manifests/v1", 200, 580);
  two.start().wait(0.2).no_revision("team/app", digest('c'), 'c');
  CHECK(answer(judge(facts_of({one.text(), two.text()}), {})) ==
        "replicas_unshared_storage probable");
  // In one file, nobody says that there are two.
  Story same;
  same.start().ok("HEAD", "/v2/team/app/manifests/v1", 200, 580).wait(0.2);
  same.no_revision("team/app", digest('c'), 'c');
  CHECK(causes(same) != "replicas_unshared_storage");
}

TEST_CASE("Harbor's front and its registry are no two replicas") {
  Story registry;
  registry.start().wait(0.2).no_revision("team/app", digest('c'), 'c');
  const std::string front =
      "10.0.0.7 - \"HEAD /v2/team/app/manifests/v1 HTTP/1.1\" 200 580 \"-\" \"docker/24.0.7\" "
      "0.003 "
      "0.003 .\n";
  const Judgement judged = judge(facts_of({front, registry.text()}), {});
  for (const Finding& f : judged.findings) CHECK(f.cause != CauseId::replicas_unshared_storage);
}

TEST_CASE("an unknown manifest that is asked for as a blob, too, is one finding") {
  Story s;
  s.start().push("team/app", "v1", "a").wait(60);
  s.no_revision("team/app", digest('c'), 'c', "HEAD").head("team/app", 'c', 404);
  const Judgement judged = s.judged();
  REQUIRE(judged.findings.size() == 1);
  CHECK(judged.findings.front().cause == CauseId::reference_never_existed);
  CHECK(judged.findings.front().lines == 2);
}

// One upload of a push fails, another ends because the client gives up.
std::string given_up_after(double seconds) {
  Story s;
  s.start().ok("POST", "/v2/team/app/blobs/uploads/", 202);
  s.error("PUT", upload_path('a'), 404, "blob upload unknown");
  s.wait(seconds).helper("error", "client disconnected during blob PUT", "PUT", upload_path('b'));
  s.error("PUT", upload_path('b'), 500, "unknown", "client disconnected", "unknown error");
  return causes(s);
}

TEST_CASE("a client that hangs up because its push has failed is no cause of its own") {
  CHECK(given_up_after(1).find("client_abort") == std::string::npos);
  CHECK(given_up_after(60).find("client_abort") != std::string::npos);
}

// The storage fails, then an upload is not what it was, then the tag of that push is asked for.
std::string tag_after(double seconds) {
  Story s;
  s.start().push("team/app", "v1", "a").wait(60);
  s.error("HEAD", "/v2/team/app/blobs/" + digest('b'), 500, "unknown",
          "s3aws: InternalError: We encountered an internal error", "unknown error");
  s.wait(seconds).error("PUT", upload_path('b'), 404, "blob upload unknown");
  s.no_tag("team/app", "v2");
  return causes(s);
}

TEST_CASE("a tag whose push the failing storage ended was not missing before") {
  CHECK(tag_after(5).find("reference_never_existed") == std::string::npos);
  CHECK(tag_after(600).find("reference_never_existed") != std::string::npos);
}

// So many tags that never were, of as many repositories.
Judgement asked_for(int tags, int repositories) {
  Story s;
  s.start();
  for (int r = 0; r < repositories; ++r) s.put(fmt::format("team/app{}", r), "v1", 201);
  s.wait(7200);
  for (int r = 0; r < repositories; ++r)
    for (int t = 0; t < tags; ++t) s.no_tag(fmt::format("team/app{}", r), fmt::format("old-{}", t));
  return s.judged();
}

// So many layers that are not there.
Judgement layers_asked_for(int layers) {
  Story s;
  s.start().push("team/app", "v1", "a").wait(7200);
  for (int i = 0; i < layers; ++i) {
    const std::string layer = fmt::format("sha256:{:064x}", i);
    s.error("GET", "/v2/team/app/blobs/" + layer, 404, "blob unknown", layer,
            "blob unknown to registry");
  }
  return s.judged();
}

TEST_CASE("who asks for many things makes one finding for a repository, or for all") {
  CHECK(layers_asked_for(50).findings.size() == 50);
  const Judgement layers = layers_asked_for(51);
  REQUIRE(layers.findings.size() == 1);
  CHECK(layers.findings.front().digests.size() == 51);
  CHECK(layers.findings.front().confidence == layers_asked_for(1).findings.front().confidence);
  // Tags and manifests that never were are one for a repository however few they are.
  CHECK(asked_for(2, 1).findings.size() == 1);
  const Judgement one = asked_for(51, 1);
  REQUIRE(one.findings.size() == 1);
  CHECK(one.findings.front().tags.size() == 51);
  CHECK(one.findings.front().lines == 51);
  CHECK(one.findings.front().confidence == asked_for(1, 1).findings.front().confidence);
  CHECK(asked_for(51, 3).findings.size() == 3);
  const Judgement all = asked_for(1, 501);
  REQUIRE(all.findings.size() == 1);
  CHECK(all.findings.front().repositories.size() == 501);
}

TEST_CASE("a layer that only a GET knows may be gone, or never have been") {
  Story s;
  s.start().push("team/app", "v1", "a").wait(7200);
  s.get("team/app", 'b', 404);
  const Judgement judged = s.judged();
  REQUIRE(judged.findings.size() == 1);
  CHECK(judged.findings.front().confidence == Confidence::possible);
  const auto& others = judged.findings.front().alternatives;
  CHECK(std::any_of(others.begin(), others.end(), [](const Alternative& other) {
    return other.cause == CauseId::blob_data_missing;
  }));
}

TEST_CASE("a front's 400 without a word means that the client was gone") {
  const auto answered = [](int bytes) {
    return answer(
        judge(facts_of({fmt::format(
                  "10.0.0.7 - - [24/Nov/2026:23:12:10 +0000] \"PUT {} HTTP/1.1\" 400 {} \"-\" "
                  "\"containerd/1.6.20\" 536 0.000 - -\n",
                  upload_path('a', "?_state=x&digest=sha256%3A" + std::string(64, 'a')), bytes)}),
              {}));
  };
  CHECK(answered(0) == "client_abort probable");
  CHECK(answered(166) == "digest_mismatch probable");
}

}  // namespace
}  // namespace regtriage::story
