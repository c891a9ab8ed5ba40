// Each cause with a scenario that it must find and a near miss that it must not.
#include <catch2/catch.hpp>

#include "story.h"

using namespace regtriage;
using namespace regtriage::story;

namespace {

std::string state_token(std::string_view repo, std::string_view id, int offset) {
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const std::string bytes =
      std::string(32, 'h') +
      fmt::format(R"({{"Name":"{}","UUID":"{}","Offset":{},"StartedAt":"2026-09-21T14:13:20Z"}})",
                  repo, id, offset);
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < 3; ++j)
      bits = bits << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    for (std::size_t j = 0; j < 4; ++j) out += kAlphabet[bits >> (18 - 6 * j) & 63];
  }
  return out;
}

std::string upload_path(std::string_view repo, char id, std::string_view query = "") {
  return fmt::format("/v2/{}/blobs/uploads/{}{}", repo, upload(id), query);
}

}  // namespace

TEST_CASE("a push and a pull of a new image are no finding, and each probe names its proof") {
  Story s;
  s.start().push("team/app", "v1", "abc").pull("team/app", "v1", 'f', "abc");
  const Judgement j = s.judged();
  CHECK(j.findings.empty());
  CHECK(j.codes.at("BLOB_UNKNOWN").noise == 3);
  for (const Judged& line : j.judged) CHECK(line.proof);
}

TEST_CASE("the kinds of noise add up to the noise, also beside a client's own words") {
  Story s;
  s.start().push("team/app", "v1", "abc");
  s.raw(
      "time=\"2026-09-21T14:13:25Z\" level=info msg=\"trying next host\" error=\"manifest "
      "unknown\"");
  const Judgement judged = s.judged();
  std::uint64_t kinds = 0, noise = 0;
  for (const auto& [cause, count] : judged.kinds_of_noise) kinds += count;
  for (const auto& [code, count] : judged.codes) noise += count.noise;
  CHECK(kinds == 3);
  CHECK(kinds == noise);
}

TEST_CASE("a HEAD that nothing follows is no noise") {
  Story s;
  s.start()
      .push("team/app", "v1", "a")
      .wait(10)
      .head("team/app", 'b', 404)
      .wait(300)
      .pull("team/app", "v1", 'f', "a");
  CHECK(causes(s) == "reference_never_existed");
}

TEST_CASE(
    "an upload of the same client proves the probe even if it fails; another client's does not") {
  Story failed;
  failed.start().head("team/app", 'a', 404).ok("POST", "/v2/team/app/blobs/uploads/", 202);
  CHECK(failed.judged().codes.at("BLOB_UNKNOWN").noise == 1);
  Story other;
  other.start().push("team/app", "v0", "z").head("team/app", 'a', 404);
  other.client = "10.0.0.8";
  other.agent = "kaniko/v1";
  other.wait(200).ok("POST", "/v2/team/app/blobs/uploads/", 202).wait(90);
  CHECK(other.judged().codes.at("BLOB_UNKNOWN").noise == 1);  // the probe of 'z' alone
}

TEST_CASE("a tag that was never pushed is the client's mistake") {
  Story s;
  s.start().push("team/app", "v1", "a").no_tag("team/app", "v2", "HEAD").no_tag("team/app", "v2");
  CHECK(causes(s) == "reference_never_existed");
}

TEST_CASE("a tag that is asked for and then pushed by the same client is noise") {
  Story s;
  s.start().no_tag("team/app", "v2", "HEAD").push("team/app", "v2", "a");
  CHECK(causes(s) == "none");
}

TEST_CASE(
    "a manifest that is acknowledged over a collected one and unknown after is a stale "
    "descriptor") {
  Story s;
  s.redis()
      .start()
      .push("team/app", "v1", "ab")
      .pull("team/app", "v1", 'f', "ab")
      .ok("DELETE", "/v2/team/app/manifests/" + digest('f'), 202);
  s.wait(60).head("team/app", 'a', 200).head("team/app", 'b', 200).put("team/app", "v1", 201);
  s.wait(5)
      .no_revision("team/app", "v1", 'f', "HEAD")
      .no_revision("team/app", "v1", 'f')
      .get("team/app", 'a', 200, 0);
  const Judgement j = s.judged();
  REQUIRE(j.findings.size() == 1);
  CHECK(j.findings[0].cause == CauseId::stale_descriptor_cache);
  CHECK(j.findings[0].confidence == Confidence::certain);
  CHECK(j.findings[0].verdict == Verdict::loss);
  CHECK(j.findings[0].tags == std::vector<std::string>{"v1"});
}

TEST_CASE("a second push of new content whose manifest is lost later is no stale descriptor") {
  Story s;
  s.redis().start().push("team/app", "latest", "ab").push("team/app", "latest", "cd");
  s.wait(60).no_revision("team/app", "latest", 'e');
  CHECK(causes(s) == "manifest_revision_missing");
}

TEST_CASE(
    "a GET that sends nothing while the storage refuses reads is access denied, not a stale "
    "descriptor") {
  Story s;
  s.start().push("team/app", "v1", "a").pull("team/app", "v1", 'f', "a").wait(30);
  s.error("GET", "/v2/team/app/manifests/v1", 500, "unknown",
          "s3aws: AccessDenied: Access Denied status code: 403, request id: 1", "unknown error");
  s.get("team/app", 'a', 200, 0);
  CHECK(causes(s) == "storage_access_denied");
}

TEST_CASE("a GET of the blob of no bytes is right to send nothing") {
  Story s;
  s.start().ok(
      "GET",
      "/v2/team/app/blobs/sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      200, 0);
  CHECK(causes(s) == "none");
}

TEST_CASE(
    "a layer that is gone everywhere is lost data; one that another repository serves has lost its "
    "link") {
  Story lost;
  lost.start()
      .push("team/app", "v1", "ab")
      .wait(60)
      .ok("GET", "/v2/team/app/manifests/v1", 200, 580)
      .get("team/app", 'a', 404);
  CHECK(causes(lost) == "blob_data_missing");
  Story link;
  link.start().push("team/app", "v1", "ab").push("team/web", "v1", "ab").wait(60);
  link.ok("GET", "/v2/team/app/manifests/v1", 200, 580)
      .get("team/app", 'a', 404)
      .get("team/web", 'a', 200);
  CHECK(causes(link) == "layer_link_missing");
}

TEST_CASE("what is served elsewhere only after it was sent again says nothing of the link") {
  Story s;
  s.start().push("team/app", "v1", "a").push("team/web", "v1", "a").wait(60);
  s.ok("GET", "/v2/team/app/manifests/v1", 200, 580).get("team/app", 'a', 404).wait(30);
  s.head("team/web", 'a', 404).send("team/web", 'a').get("team/web", 'a', 200);
  CHECK(causes(s) == "blob_data_missing");
}

TEST_CASE("what was deleted through the API is the client's doing, until it is pushed again") {
  Story s;
  s.start()
      .push("team/app", "v1", "a")
      .pull("team/app", "v1", 'f', "a")
      .ok("DELETE", "/v2/team/app/manifests/" + digest('f'), 202)
      .wait(5);
  s.no_tag("team/app", "v1").no_revision("team/app", digest('f'), 'f');
  CHECK(causes(s) == "deleted_by_client");
}

TEST_CASE("a child that its index still names was deleted") {
  Story s;
  s.start()
      .put("team/app", digest('c'), 201)
      .put("team/app", "v1", 201)
      .ok("DELETE", "/v2/team/app/manifests/" + digest('c'), 202)
      .wait(60);
  s.ok("GET", "/v2/team/app/manifests/v1", 200, 517).no_revision("team/app", digest('c'), 'c');
  CHECK(causes(s) == "index_child_deleted");
}

TEST_CASE("a deleted manifest that was pushed by digest and before a tag was an index's child") {
  Story s;
  s.start()
      .put("team/app", digest('c'), 201)
      .put("team/app", "v1", 201)
      .ok("DELETE", "/v2/team/app/manifests/" + digest('c'), 202)
      .wait(60);
  s.no_revision("team/app", digest('c'), 'c');  // that the index was read is not in this log
  CHECK(causes(s) == "index_child_deleted");
  const Judgement judged = s.judged();
  CHECK(judged.findings.front().confidence == Confidence::probable);
  CHECK(judged.findings.front().tags == std::vector<std::string>{"v1"});
}

TEST_CASE("a deleted manifest that was pushed alone was no index's child") {
  Story s;
  s.start()
      .put("team/app", digest('c'), 201)
      .wait(600)
      .put("team/app", "v1", 201)
      .ok("DELETE", "/v2/team/app/manifests/" + digest('c'), 202)
      .wait(60);
  s.no_revision("team/app", digest('c'), 'c');
  CHECK(causes(s) == "deleted_by_client");
}

TEST_CASE("of two replicas that print whole seconds, nobody knows which line of one came first") {
  const auto access = [](std::string_view method, std::string_view path, int status, int second) {
    return fmt::format(
        "10.0.0.7 - - [24/Nov/2026:23:12:{:02} +0000] \"{} {} HTTP/1.1\" {} 100 \"\" "
        "\"docker/24.0.7\"\n",
        second, method, path, status);
  };
  const std::string path = "/v2/team/app/manifests/" + digest('c');
  const auto asked_after = [&](int stored) {
    const Judgement judged =
        judge(facts_of({access("PUT", path, 201, stored),
                        access("DELETE", path, 202, 10) + access("GET", path, 404, 20)}),
              {});
    REQUIRE(judged.findings.size() == 1);
    CHECK(judged.findings.front().cause == CauseId::deleted_by_client);
    return judged.findings.front().confidence;
  };
  CHECK(asked_after(5) == Confidence::certain);
  CHECK(asked_after(10) == Confidence::probable);
}

TEST_CASE("an index before its child, and a manifest before its blobs") {
  constexpr const char* kIndex = "application/vnd.oci.image.index.v1+json";
  constexpr const char* kImage = "application/vnd.oci.image.manifest.v1+json";
  Story index;
  index.start().error("PUT", "/v2/team/app/manifests/v1", 400, "manifest blob unknown", digest('c'),
                      "blob unknown to registry", kIndex);
  CHECK(causes(index) == "index_child_missing");
  Story elsewhere;
  elsewhere.start().put("team/other", digest('c'), 201);
  elsewhere.error("PUT", "/v2/team/app/manifests/v1", 400, "manifest blob unknown", digest('c'),
                  "blob unknown to registry", kIndex);
  CHECK(causes(elsewhere) == "index_child_in_other_repository");
  Story image;
  image.start().error("PUT", "/v2/team/app/manifests/v1", 400, "manifest blob unknown", digest('c'),
                      "blob unknown to registry", kImage);
  CHECK(causes(image) == "manifest_before_blobs");
}

TEST_CASE("garbage collection between the layers and the manifest of one push") {
  Story s;
  s.start().head("team/app", 'a', 404).send("team/app", 'a').wait(30);
  s.says("info", "Deleting blob: /docker/registry/v2/blobs/sha256/aa/" + std::string(64, 'a'))
      .wait(30);
  s.error("PUT", "/v2/team/app/manifests/v1", 400, "manifest blob unknown", digest('a'),
          "blob unknown to registry");
  CHECK(causes(s) == "garbage_collection_during_push");
  Story later;  // the same lines, but the blob came after the collection
  later.start()
      .says("info", "Deleting blob: /docker/registry/v2/blobs/sha256/aa/" + std::string(64, 'a'))
      .wait(30);
  later.head("team/app", 'a', 404).send("team/app", 'a').put("team/app", "v1", 201);
  CHECK(causes(later) == "none");
}

TEST_CASE("a pull of what garbage collection removed") {
  Story s;
  s.start()
      .push("team/app", "v1", "a")
      .wait(60)
      .says("info", "Deleting blob: /docker/registry/v2/blobs/sha256/aa/" + std::string(64, 'a'));
  s.wait(60).ok("GET", "/v2/team/app/manifests/v1", 200, 580).get("team/app", 'a', 404);
  CHECK(causes(s) == "deleted_by_garbage_collection");
}

TEST_CASE(
    "after a start with another root everything is unknown; with one tag still served it is not "
    "that") {
  Story all;
  all.start().push("team/app", "v1", "a").push("team/web", "v1", "b").wait(60).start().wait(5);
  all.no_tag("team/app", "v1").no_tag("team/web", "v1");
  CHECK(causes(all) == "storage_root_changed");
  Story one;
  one.start()
      .push("team/app", "v1", "a")
      .push("team/web", "v1", "b")
      .push("team/cart", "v1", "c")
      .wait(60)
      .start()
      .wait(5);
  one.no_tag("team/app", "v1")
      .no_tag("team/web", "v1")
      .ok("GET", "/v2/team/cart/manifests/v1", 200, 580);
  CHECK(causes(one).find("storage_root_changed") == std::string::npos);
}

TEST_CASE("a tag that is there and not there in turn is answered by two registries") {
  Story s;
  s.start().push("team/app", "v1", "a").wait(10);
  for (int i = 0; i < 3; ++i) s.get("team/app", 'a', 200).get("team/app", 'a', 404);
  s.get("team/app", 'a', 200);
  CHECK(causes(s) == "replicas_unshared_storage");
}

TEST_CASE("a layer that is unknown once right after its push and there later is a slow store") {
  Story s;
  s.start()
      .push("team/app", "v1", "a")
      .get("team/app", 'a', 404)
      .wait(20)
      .get("team/app", 'a', 200);
  CHECK(causes(s) == "storage_not_yet_consistent");
}

TEST_CASE(
    "an upload that is unknown moments after its POST, and one that its client had cancelled") {
  Story lost;
  lost.start().ok("POST", "/v2/team/app/blobs/uploads/", 202);
  lost.error("PATCH", upload_path("team/app", 'a', "?_state=x"), 404, "blob upload unknown",
             "blob upload unknown", "blob upload unknown to registry");
  CHECK(causes(lost) == "replicas_unshared_storage");
  Story cancelled;
  cancelled.start()
      .ok("POST", "/v2/team/app/blobs/uploads/", 202)
      .ok("DELETE", upload_path("team/app", 'a', "?_state=x"), 204);
  cancelled.error("PATCH", upload_path("team/app", 'a', "?_state=x"), 404, "blob upload unknown",
                  "blob upload unknown", "blob upload unknown to registry");
  CHECK(causes(cancelled) == "upload_cancelled");
}

TEST_CASE("a whole token of another secret is the replicas' fault; no token is the client's") {
  Story other;
  const std::string path =
      upload_path("team/app", 'a', "?_state=" + state_token("team/app", upload('a'), 0));
  other.start().ok("POST", "/v2/team/app/blobs/uploads/", 202);
  other.helper("info", "error resolving upload: invalid secret", "PATCH", path);
  other.error("PATCH", path, 404, "blob upload invalid", "invalid secret");
  CHECK(causes(other) == "replicas_different_secret");
  Story none;
  none.start().ok("POST", "/v2/team/app/blobs/uploads/", 202);
  none.error("GET", upload_path("team/app", 'a'), 404, "blob upload invalid", "invalid secret");
  CHECK(causes(none) == "client_defect");
}

TEST_CASE("a token that is no base64 any more was changed on its way") {
  Story s;
  s.start().ok("POST", "/v2/team/app/blobs/uploads/", 202);
  s.error("PATCH", upload_path("team/app", 'a', "?_state=%25"), 404, "blob upload invalid",
          "illegal base64 data at input byte 0");
  CHECK(causes(s) == "proxy_breaks_upload_location");
}

TEST_CASE("an upload that the registry purged") {
  Story s;
  s.start()
      .ok("POST", "/v2/team/app/blobs/uploads/", 202)
      .ok("PATCH", upload_path("team/app", 'a', "?_state=x"), 202)
      .wait(3600);
  s.says("info", "Upload files in /docker/registry/v2/repositories/team/app/_uploads/" +
                     upload('a') +
                     " have older date (2026-09-21 14:13:20 +0000 UTC) than purge date (2026-09-21 "
                     "15:00:00 +0000 UTC).  Removing upload directory.");
  s.wait(10).error("PATCH", upload_path("team/app", 'a', "?_state=x"), 404, "blob upload unknown",
                   "blob upload unknown", "blob upload unknown to registry");
  CHECK(causes(s) == "upload_purged");
}

TEST_CASE("storage that is full, refuses or fails is told apart by its own words") {
  const auto told = [](std::string_view detail) {
    Story s;
    s.start().error("POST", "/v2/team/app/blobs/uploads/", 500, "unknown", detail, "unknown error");
    return causes(s);
  };
  CHECK(told("s3aws: XMinioStorageFull: Storage backend has reached its minimum free drive "
             "threshold") == "storage_full");
  CHECK(told("filesystem: mkdir /var/lib/registry: no space left on device") == "storage_full");
  CHECK(told("s3aws: AccessDenied: Access Denied status code: 403") == "storage_access_denied");
  CHECK(told("s3aws: SlowDown: Please reduce your request rate. status code: 503") ==
        "storage_errors");
}

TEST_CASE(
    "behind a pull-through cache an unknown tag is the upstream's lack or the upstream's absence") {
  Story missing;
  missing.says("info", "Registry configured as a proxy cache to http://upstream.example.com")
      .start();
  missing.no_tag("library/base", "v9");
  CHECK(causes(missing) == "upstream_missing");
  Story down;
  down.says("info", "Registry configured as a proxy cache to http://upstream.example.com").start();
  down.error(
      "GET", "/v2/library/base/manifests/" + digest('d'), 500, "unknown",
      "Get http://upstream.example.com/v2/: dial tcp 192.0.2.1:80: connect: connection refused",
      "unknown error");
  down.no_tag("library/base", "v2");
  CHECK(causes(down) == "upstream_unreachable");
}

TEST_CASE("a client without credentials, and the question that every client asks first") {
  Story never;
  never.start();
  for (const char* path : {"/v2/", "/v2/team/app/manifests/v1", "/v2/team/app/blobs/uploads/"})
    never.helper("warning", "error authorizing context: authorization token required", "GET", path)
        .wait(1);
  CHECK(causes(never) == "auth_missing");
  Story first;
  first.start()
      .helper("warning", "error authorizing context: authorization token required", "GET", "/v2/")
      .wait(1);
  first.push("team/app", "v1", "a");
  CHECK(causes(first) == "none");
}

TEST_CASE("two incidents in one log stay apart") {
  Story s;
  s.redis()
      .start()
      .push("team/app", "v1", "ab")
      .pull("team/app", "v1", 'f', "ab")
      .ok("DELETE", "/v2/team/app/manifests/" + digest('f'), 202);
  s.wait(60)
      .head("team/app", 'a', 200)
      .head("team/app", 'b', 200)
      .put("team/app", "v1", 201)
      .no_revision("team/app", "v1", 'f');
  s.wait(600).no_tag("team/web", "v7");
  CHECK(causes(s) == "stale_descriptor_cache reference_never_existed");
}

TEST_CASE("a hostile name is never filled into a command") {
  Story s;
  s.start().push("team/app", "v1", "a").no_tag("team/app", "$(reboot)");
  for (const Finding& f : s.judged().findings)
    for (const auto* list : {&f.remedy, &f.do_not, &f.confirm})
      for (const std::string& text : *list) CHECK(text.find("reboot") == std::string::npos);
}

TEST_CASE("a blob's data is one for all repositories: gone in one, it is gone in the other") {
  const auto lost_puts = [](bool served_between) {
    Story s;
    s.start().redis().push("team/app", "v1", "a").push("team/web", "v1", "a").wait(60);
    s.head("team/web", 'a', 200).put("team/web", "v2", 201).wait(5);
    if (served_between) s.get("team/web", 'a', 200).wait(5);
    s.get("team/app", 'a', 200, 0).wait(60);
    s.head("team/web", 'a', 200).put("team/web", "v3", 201).wait(5);
    const Facts facts = s.facts();
    std::string tags;
    for (const Judged& line : judge(facts, {}).judged)
      if (!line.is_touch && facts.events[line.index].method == Method::PUT &&
          line.cause == CauseId::stale_descriptor_cache)
        tags += std::string(facts.text(facts.events[line.index].tag)) + " ";
    return tags;
  };
  CHECK(lost_puts(true) == "v3 ");
  CHECK(lost_puts(false) == "v2 v3 ");
}

TEST_CASE("repositories that lost a blob in common are one finding; others stay apart") {
  Story s;
  s.start().redis();
  for (const char* repo : {"team/web", "team/app"}) s.push(repo, "v1", "a");
  s.push("team/far", "v1", "b").wait(60);
  for (const char* repo : {"team/web", "team/app"}) s.get(repo, 'a', 200, 0).head(repo, 'a', 200);
  s.get("team/far", 'b', 200, 0).head("team/far", 'b', 200);
  const Judgement j = s.judged();
  REQUIRE(j.findings.size() == 2);
  CHECK(j.findings[0].repositories.size() + j.findings[1].repositories.size() == 3);
}

TEST_CASE(
    "a question about a manifest that the same client then sends is a probe, even if refused") {
  const std::string path = "/v2/team/app/manifests/" + digest('m');
  Story sent, not_sent;
  sent.error("HEAD", path, 404, "manifest unknown",
             "unknown manifest name=team/app revision=" + digest('m'));
  not_sent = sent;
  sent.error("PUT", path, 400, "manifest invalid");
  CHECK(sent.judged().codes.at("MANIFEST_UNKNOWN").noise == 1);
  CHECK(not_sent.judged().codes.at("MANIFEST_UNKNOWN").noise == 0);
}

TEST_CASE("a layer's URL that the registry does not accept is no trouble of the storage") {
  Story s;
  s.error("PUT", "/v2/team/app/manifests/v1", 500, "unknown", "", "invalid URL on layer");
  const Judgement j = s.judged();
  REQUIRE(j.findings.size() == 1);
  CHECK(j.findings.front().cause == CauseId::manifest_invalid);
}

TEST_CASE("who asks a mirror for another registry's image may go on to that registry") {
  Story s;
  s.error("HEAD", "/v2/team/app/manifests/v1?ns=docker.io", 404, "manifest unknown",
          "unknown tag=v1");
  const Judgement j = s.judged();
  REQUIRE(j.findings.size() == 1);
  CHECK(j.findings.front().cause == CauseId::undetermined);
  CHECK(j.findings.front().alternatives.size() == 2);
  s.no_tag("team/app", "v1");  // that registry does not know it either
  for (const Finding& f : s.judged().findings) CHECK(f.cause == CauseId::reference_never_existed);
}

TEST_CASE("a digest in a repository that nobody has seen possibly, not probably, never was") {
  Story s, known;
  known.push("team/app", "v1", "a").wait(600);
  known.error("GET", "/v2/team/app/manifests/" + digest('x'), 404, "manifest unknown",
              "unknown manifest name=team/app revision=" + digest('x'));
  REQUIRE(known.judged().findings.size() == 1);
  CHECK(known.judged().findings.front().confidence == Confidence::probable);
  s.error("GET", "/v2/team/app/manifests/" + digest('m'), 404, "manifest unknown",
          "unknown manifest name=team/app revision=" + digest('m'));
  const Judgement j = s.judged();
  REQUIRE(j.findings.size() == 1);
  CHECK(j.findings.front().confidence == Confidence::possible);
}

TEST_CASE("a link that holds no digest is a broken file, for a request and for a collection") {
  Story asked, collected;
  asked.error("GET", "/v2/team/app/manifests/v1", 500, "unknown", "invalid checksum digest format",
              "unknown error");
  collected.raw("failed to garbage collect: failed to mark: invalid checksum digest format");
  for (const Story* story : {&asked, &collected}) {
    const Judgement j = story->judged();
    REQUIRE(j.findings.size() == 1);
    CHECK(j.findings.front().cause == CauseId::storage_file_corrupt);
    CHECK(j.findings.front().confidence == Confidence::probable);
  }
}

TEST_CASE("a line that was cut off behind \"invalid secret\" still names its cause") {
  Story s;
  s.raw(
      "time=\"2026-11-25T00:06:18Z\" level=error msg=\"response completed with error\" "
      "err.code=\"blob upload invalid\" err.detail=\"invalid secret\" err.message=\"blob upload "
      "invalid\" go.version=go1.20.8 http.request.host=\"registry.exam");
  s.raw("```").raw("blob upload unknown");
  const Judgement j = s.judged();
  REQUIRE_FALSE(j.findings.empty());
  CHECK(j.findings.front().cause == CauseId::replicas_different_secret);
  CHECK(j.findings.front().confidence == Confidence::possible);
  CHECK(j.codes.at("BLOB_UPLOAD_UNKNOWN").total() == 1);
}
