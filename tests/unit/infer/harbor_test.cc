// Harbor: its nginx's lines joined with the registry's, and what its core decided by itself.
#include <fmt/ranges.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "infer/front_times.h"
#include "infer/requests.h"
#include "story.h"

using namespace regtriage;
using story::digest;
using story::Story;

namespace {

// The logs of one Harbor: each call adds to one of them. Times are the story's.
struct Harbor {
  Story registry;
  std::string proxy, core, peer;

  Harbor& front(std::string_view method, std::string_view path, int status, int written = 0,
                std::string_view client = "10.0.0.7") {
    proxy += fmt::format("{} - \"{} {} HTTP/1.1\" {} {} \"-\" \"docker/24.0.7\" 0.003 0.003 .\n",
                         client, method, path, status, written);
    return *this;
  }
  Harbor& says(std::string_view time, std::string_view level, std::string_view message) {
    core += fmt::format("{} [{}] [/core/x.go:1]: {}\n", time, level, message);
    return *this;
  }
  Harbor& audit(std::string_view topic, std::string_view repository, std::string_view tag, char d,
                std::string_view time) {
    core += fmt::format(
        "{} [INFO] [/pkg/notifier/notifier.go:205]: Handle notification with Handler 'AuditLog' on "
        "topic '{}_ARTIFACT': ID-1, Repository-{} Tags-[{}] Digest-{} Operator-alice OccurAt-x\n",
        time, topic, repository, tag, digest(d));
    return *this;
  }
  // A push through Harbor that went well.
  Harbor& push(std::string_view repo, std::string_view tag, char layer) {
    const std::string id = story::upload(layer);
    front("HEAD", fmt::format("/v2/{}/blobs/{}", repo, digest(layer)), 404);
    registry.send(repo, layer);
    front("POST", fmt::format("/v2/{}/blobs/uploads/", repo), 202);
    front("PATCH", fmt::format("/v2/{}/blobs/uploads/{}?_state=x", repo, id), 202);
    front("PUT", fmt::format("/v2/{}/blobs/uploads/{}?_state=x&digest={}", repo, id, digest(layer)),
          201);
    registry.put(repo, tag, 201);
    return front("PUT", fmt::format("/v2/{}/manifests/{}", repo, tag), 201);
  }

  Facts facts() const {
    static const auto classifier = Classifier::make({});
    const std::atomic<bool> stop{false};
    return ingest({{"registry.log", registry.text(), true},
                   {"proxy.log", proxy, true},
                   {"core.log", core, true},
                   {"peer.log", peer, true}},
                  *classifier, {}, stop, {});
  }
};

Judgement judged(const Harbor& harbor) {
  const Facts facts = harbor.facts();
  return judge(Joined(facts).facts(), {});
}

// "cause sure tag,…; …", in the order of causes.
std::string causes(const Judgement& judgement) {
  std::vector<std::string> all;
  for (const Finding& f : judgement.findings)
    if (f.cause_class != CauseClass::noise)
      all.push_back(
          fmt::format("{} {} {}", word_of(f.cause), word_of(f.confidence), fmt::join(f.tags, ",")));
  std::sort(all.begin(), all.end());
  return fmt::format("{}", fmt::join(all, "; "));
}

const Finding* finding_of(const Judgement& judgement, CauseId cause) {
  for (const Finding& finding : judgement.findings)
    if (finding.cause == cause) return &finding;
  return nullptr;
}

const Event* front_of(const Facts& facts, Method method, Route route, int status) {
  for (const Event& e : facts.events)
    if (e.origin == Origin::front && e.method == method && e.route == route && e.status == status)
      return &e;
  return nullptr;
}

}  // namespace

TEST_CASE("no read of one client folds with another client's, whatever numbers their names have") {
  std::vector<std::uint64_t> keys;
  for (std::uint32_t client = 1; client < 9; ++client)
    for (const Method method : {Method::GET, Method::HEAD}) {
      Touch read;
      read.repository = static_cast<NameId>(1);
      read.client = static_cast<NameId>(client);
      read.digest = static_cast<NameId>(9);
      read.method = method;
      keys.push_back(fold_key(read));
    }
  std::sort(keys.begin(), keys.end());
  CHECK(std::adjacent_find(keys.begin(), keys.end()) == keys.end());
}

TEST_CASE("core asks by digest what the client asked by tag, and the lines are one request") {
  Harbor harbor;
  harbor.push("team/app", "v1", 'a');
  harbor.registry.ok("GET", "/v2/team/app/manifests/" + digest('m'), 200, 580).wait(60);
  harbor.front("GET", "/v2/team/app/manifests/v1", 200);
  harbor.registry.no_revision("team/app", digest('m'), 'm', "HEAD");
  harbor.front("HEAD", "/v2/team/app/manifests/v1", 404);
  const Facts facts = harbor.facts();
  const Joined joined(facts);
  const Event* front = front_of(joined.facts(), Method::HEAD, Route::manifest, 404);
  REQUIRE(front != nullptr);
  CHECK(front->answered_by == AnsweredBy::registry);
  CHECK(front->code == Code::MANIFEST_UNKNOWN);
  CHECK(joined.facts().text(front->digest) == digest('m'));
  const Judgement judgement = judge(joined.facts(), {});
  CHECK(judgement.codes.at("MANIFEST_UNKNOWN").total() == 1);
  REQUIRE(finding_of(judgement, CauseId::harbor_content_missing) != nullptr);
}

TEST_CASE("a question that core answers before the layer is sent is noise, and no registry line") {
  Harbor harbor;
  harbor.push("team/app", "v1", 'a');
  const Facts facts = harbor.facts();
  const Joined joined(facts);
  const Event* front = front_of(joined.facts(), Method::HEAD, Route::blob, 404);
  REQUIRE(front != nullptr);
  CHECK(front->answered_by == AnsweredBy::core);
  CHECK(front->code == Code::NOT_FOUND);
  const Judgement judgement = judge(joined.facts(), {});
  CHECK(judgement.findings.empty());
  CHECK(judgement.codes.at("NOT_FOUND").noise == 1);
}

TEST_CASE("pushed past Harbor: the registry has it, core has no row of it") {
  Harbor harbor;
  harbor.push("team/app", "v1", 'a');
  harbor.registry.send("team/app", 'b').put("team/app", "v2", 201);  // no line of the front
  harbor.front("GET", "/v2/team/app/manifests/v2", 404);
  harbor.push("team/web", "v1", 'c');
  const Facts facts = harbor.facts();
  const Judgement judgement = judge(Joined(facts).facts(), {});
  const Finding* finding = finding_of(judgement, CauseId::harbor_row_missing);
  REQUIRE(finding != nullptr);
  CHECK(finding->tags == std::vector<std::string>{"v2"});
}

TEST_CASE("what nobody pushed is no missing row") {
  Harbor harbor;
  harbor.push("team/app", "v1", 'a');
  harbor.front("GET", "/v2/team/app/manifests/v2", 404);
  harbor.push("team/web", "v1", 'c');
  const Facts facts = harbor.facts();
  const Judgement judgement = judge(Joined(facts).facts(), {});
  CHECK(finding_of(judgement, CauseId::harbor_row_missing) == nullptr);
  const Finding* finding = finding_of(judgement, CauseId::reference_never_existed);
  REQUIRE(finding != nullptr);
  CHECK(finding->confidence != Confidence::certain);
}

TEST_CASE("core refuses to delete a child of an index, and to move an immutable tag") {
  Harbor harbor;
  harbor.push("team/app", "v1", 'a');
  harbor.front("PUT", "/v2/team/app/manifests/v1", 412);
  harbor.push("team/web", "v1", 'c');
  const Facts facts = harbor.facts();
  const Judgement judgement = judge(Joined(facts).facts(), {});
  CHECK(finding_of(judgement, CauseId::harbor_tag_immutable) != nullptr);
}

TEST_CASE("without a front nothing is joined, and nothing is copied") {
  Harbor harbor;
  harbor.registry.push("team/app", "v1", "a");
  const Facts facts = harbor.facts();
  CHECK(&Joined(facts).facts() == &facts);
}

TEST_CASE("the zone of a front's transport is told by its uploads") {
  Harbor harbor;
  for (const char layer : {'a', 'b', 'c'}) harbor.push("team/app", "v1", layer);
  const Facts plain = harbor.facts();
  const Joined once(plain);
  const Event* upload = front_of(once.facts(), Method::PUT, Route::upload, 201);
  REQUIRE(upload != nullptr);
  // The same lines as rsyslog keeps them, eight hours ahead.
  std::string wrapped;
  std::size_t at = 0;
  const std::string stamp = rfc3339_of(upload->time + 8 * kHour);
  while (at < harbor.proxy.size()) {
    const std::size_t end = harbor.proxy.find('\n', at);
    wrapped += stamp + " " + harbor.proxy.substr(at, end + 1 - at);
    at = end + 1;
  }
  harbor.proxy = wrapped;
  const Facts ahead = harbor.facts();
  const Joined joined(ahead);
  const Event* again = front_of(joined.facts(), Method::PUT, Route::upload, 201);
  REQUIRE(again != nullptr);
  CHECK(std::abs(again->time - upload->time) < kMinute);
  CHECK(joined.facts().sources.at(again->at.source).clock_offset_ms == 8 * 3'600'000);
  CHECK(once.facts().sources.at(upload->at.source).clock_offset_ms.value_or(0) == 0);
}

// Times of the story: its first line is of this second.
std::string second_of(const Harbor& harbor) { return harbor.registry.text().substr(6, 19) + "Z"; }

TEST_CASE("what Harbor's own API deleted is deleted, though the front's lines have no times") {
  const auto asked_after = [](std::string_view deleted) {
    Harbor harbor;
    harbor.push("team/app", "v1", 'a').push("team/app", "v2", 'b');
    const std::string time = second_of(harbor);
    harbor.audit("PUSH", "team/app", "v1", 'm', time).audit("PUSH", "team/app", "v2", 'n', time);
    harbor.front("DELETE",
                 fmt::format("/api/v2.0/projects/team/repositories/app/artifacts/{}", deleted),
                 200);
    harbor.audit("DELETE", "team/app", deleted, deleted == "v1" ? 'm' : 'n', time);
    harbor.front("GET", "/v2/team/app/manifests/v1", 404);
    return causes(judged(harbor));
  };
  CHECK(asked_after("v1") == "deleted_by_client certain v1");
  CHECK(asked_after("v2") == "harbor_row_missing probable v1");
}

TEST_CASE("401 behind the first question: no right, a failed login, or no such project") {
  const auto refused = [](std::string_view repository, int written, bool failed) {
    Harbor harbor;
    harbor.push("team/app", "v1", 'a').push("team/web", "v1", 'b');
    harbor.front("GET", "/v2/", 401, 76, "10.0.0.9");
    if (failed)
      harbor.says(
          second_of(harbor), "ERROR",
          "failed to authenticate user:bob, error:Failed to authenticate user, due to error "
          "'Invalid credentials'");
    harbor.front("GET", fmt::format("/v2/{}/manifests/v1", repository), 401, written, "10.0.0.9");
    harbor.push("team/app", "v2", 'c');
    return causes(judged(harbor));
  };
  CHECK(refused("team/app", 166, false) == "auth_insufficient_scope probable v1");
  CHECK(refused("nope/app", 96, false) == "reference_never_existed probable v1");
  CHECK(refused("nope/app", 97, false) == "auth_insufficient_scope probable v1");
  CHECK(refused("team/app", 166, true) == "auth_failed certain v1");
}

TEST_CASE("a layer that core calls not found: without a collection it has no row") {
  Harbor harbor;
  harbor.push("team/app", "v1", 'a');
  harbor.registry.send("team/app", 'b').wait(5);
  harbor.front("HEAD", "/v2/team/app/blobs/" + digest('b'), 404);
  harbor.registry.get("team/app", 'b', 200);
  harbor.front("GET", "/v2/team/app/blobs/" + digest('b'), 200, 3000);
  harbor.registry.wait(600);
  harbor.push("team/web", "v1", 'c');
  CHECK(causes(judged(harbor)) == "harbor_row_missing probable ");
  harbor.says(second_of(harbor), "ERROR",
              "failed to delete blob from storage: " + digest('b') + ", deleting, errMsg=timeout");
  const Judgement marked = judged(harbor);
  CHECK(finding_of(marked, CauseId::harbor_blob_marked_deleting) != nullptr);
  CHECK(finding_of(marked, CauseId::harbor_row_missing) == nullptr);
}

TEST_CASE("a tag whose push was refused is unknown for the reason of the refusal") {
  const auto asked_after = [](bool pushed_again) {
    Harbor harbor;
    harbor.push("team/app", "v1", 'a');
    harbor.registry.error("PUT", "/v2/team/app/manifests/v2", 400, "manifest blob unknown",
                          digest('x'), "blob unknown to registry");
    harbor.front("PUT", "/v2/team/app/manifests/v2", 400, 166);
    if (pushed_again) harbor.push("team/app", "v2", 'x');
    harbor.front("GET", "/v2/team/app/manifests/v2", 404, 78);
    return judged(harbor);
  };
  const Judgement refused = asked_after(false);
  CHECK(finding_of(refused, CauseId::manifest_before_blobs) != nullptr);
  CHECK(finding_of(refused, CauseId::reference_never_existed) == nullptr);
  CHECK(finding_of(asked_after(true), CauseId::harbor_row_missing) != nullptr);
}

TEST_CASE(
    "the log of a registry that Harbor copies from speaks of repositories that it does not know") {
  const auto missing_in = [](std::string_view repository) {
    Harbor harbor;
    harbor.push("team/app", "v1", 'a');
    Story other;
    for (int i = 0; i < 50; ++i) other.ok("GET", "/v2/", 200);  // ids of requests of its own
    other.agent = "harbor-registry-client";
    other.wait(1).ok("GET", fmt::format("/v2/{}/manifests/{}", repository, digest('m')), 200, 580);
    harbor.peer = other.get(repository, 'f', 404).text();
    harbor.says(second_of(harbor), "ERROR",
                "failed to pulling the blob " + digest('f') +
                    ": http status code: 404, body: {\"errors\":[{\"code\":\"BLOB_UNKNOWN\","
                    "\"message\":\"blob unknown to registry\",\"detail\":\"" +
                    digest('f') + "\"}]}");
    return causes(judged(harbor));
  };
  CHECK(missing_in("far/app") == "upstream_missing probable ");
  CHECK(missing_in("team/app") == "harbor_content_missing probable ");
}

TEST_CASE("core's word that it fell back is judged where no front's line shows the answer") {
  const std::string line =
      "2026-11-25T00:53:28Z [ERROR] [/server/middleware/repoproxy/proxy.go:121]: failed to proxy "
      "manifest, fallback to local, request uri: /v2/hub/team/app/manifests/v1, error: http status "
      "code: 401, body: {\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"authentication "
      "required\"}]}";
  Story alone;
  alone.raw(line);
  const Judgement j = alone.judged();
  const Finding* const finding = finding_of(j, CauseId::upstream_error_masked);
  REQUIRE(finding != nullptr);
  CHECK(finding->repositories == std::vector<std::string>{"hub/team/app"});
  CHECK(j.codes.at("UNAUTHORIZED").total() == 1);
  Harbor harbor;  // nothing was refused: core had a copy
  harbor.push("team/app", "v1", 'a');
  harbor.core = line + "\n";
  const Facts facts = harbor.facts();
  CHECK(finding_of(judge(Joined(facts).facts(), {}), CauseId::upstream_error_masked) == nullptr);
}

TEST_CASE("a collector that cannot delete what is gone has met its goal") {
  const std::string head =
      "2026-11-25T00:52:39Z [ERROR] [/jobservice/job/impl/gc/garbage_collection.go:264]: failed to "
      "delete manifest with v2 API, team/app, " +
      digest('a') + ", retry timeout: http status code: ";
  Story gone;
  gone.raw(head + "404, body: {\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"message\":\"m\"}]}");
  const Judgement j = gone.judged();
  CHECK(j.findings.empty());
  REQUIRE(j.judged.size() == 1);
  CHECK(j.judged[0].cause == CauseId::collector_delete_of_missing);
  Story refused;
  refused.raw(head + "500, body: ");
  CHECK(refused.judged().judged.empty());
}

TEST_CASE("a cache's own copy that its store refuses is no user's push") {
  Story s;
  s.raw(
      "2026-11-25T00:53:28Z [ERROR] [/controller/proxy/manifestcache.go:200]: failed to push "
      "manifest, tag: v1, error http status code: 400, body: {\"errors\":[{\"code\":"
      "\"MANIFEST_BLOB_UNKNOWN\",\"message\":\"blob unknown to registry\",\"detail\":\"" +
      digest('a') + "\"}]}");
  const Judgement j = s.judged();
  const Finding* const finding = finding_of(j, CauseId::proxy_cache_push_race);
  REQUIRE(finding != nullptr);
  CHECK(finding->confidence == Confidence::probable);
  CHECK(finding->tags == std::vector<std::string>{"v1"});
}

TEST_CASE("GET on an upload that nothing is sent to was PATCH or PUT before a redirect") {
  const std::string path = "/v2/team/app/blobs/uploads/" + story::upload('a');
  Harbor turned;
  turned.front("POST", "/v2/team/app/blobs/uploads/", 202);
  turned.front("GET", path + "?_state=x", 204);
  turned.front("GET", path + "?_state=x&digest=" + digest('a'), 204);
  const Facts facts = turned.facts();
  CHECK(finding_of(judge(Joined(facts).facts(), {}), CauseId::proxy_breaks_upload_location) !=
        nullptr);
  Harbor resumed;  // a client that asks where its upload stands, and goes on
  resumed.front("POST", "/v2/team/app/blobs/uploads/", 202);
  resumed.front("GET", path + "?_state=x", 204);
  resumed.front("PATCH", path + "?_state=x", 202);
  const Facts healthy = resumed.facts();
  CHECK(finding_of(judge(Joined(healthy).facts(), {}), CauseId::proxy_breaks_upload_location) ==
        nullptr);
}

TEST_CASE("the front's line of a probe that the registry answered is the same noise") {
  Harbor harbor;
  harbor.registry.head("team/app", 'a', 404);
  harbor.front("HEAD", "/v2/team/app/blobs/" + digest('a'), 404);
  harbor.registry.send("team/app", 'a');
  harbor.front("POST", "/v2/team/app/blobs/uploads/", 202);
  const std::string id = story::upload('a');
  harbor.front("PATCH", fmt::format("/v2/team/app/blobs/uploads/{}?_state=x", id), 202);
  harbor.front(
      "PUT", fmt::format("/v2/team/app/blobs/uploads/{}?_state=x&digest={}", id, digest('a')), 201);
  const Facts facts = harbor.facts();
  const Joined joined(facts);
  const Judgement judgement = judge(joined.facts(), {});
  CHECK(judgement.findings.empty());
  const Event* front = front_of(joined.facts(), Method::HEAD, Route::blob, 404);
  REQUIRE(front != nullptr);
  CHECK(front->kind == EventKind::echo);
  for (const Judged& j : judgement.judged)
    if (j.event == front->id) CHECK(j.verdict == Verdict::noise);
}

TEST_CASE("core puts by digest what the client put by tag, and core then fails to write its row") {
  Harbor harbor;
  harbor.push("team/web", "v1", 'c');
  harbor.registry.put("team/app", digest('m'), 201);
  harbor.front("PUT", "/v2/team/app/manifests/v1", 500);
  harbor.front("GET", "/v2/team/app/manifests/v1", 404);
  harbor.push("team/web", "v2", 'd');
  const Facts facts = harbor.facts();
  const Joined joined(facts);
  const Event* front = front_of(joined.facts(), Method::PUT, Route::manifest, 500);
  REQUIRE(front != nullptr);
  CHECK(front->request);
  const Judgement judgement = judge(joined.facts(), {});
  const Finding* finding = finding_of(judgement, CauseId::harbor_row_missing);
  REQUIRE(finding != nullptr);
  CHECK(finding->tags == std::vector<std::string>{"v1"});
  CHECK(finding_of(judgement, CauseId::reference_never_existed) == nullptr);
}

TEST_CASE("behind a load balancer the front's clients are not the registry's") {
  Harbor harbor;
  harbor.registry.client = "192.0.2.7";
  harbor.push("team/app", "v1", 'a').push("team/app", "v2", 'b');
  harbor.registry.no_revision("team/app", digest('m'), 'm', "GET");
  harbor.front("GET", "/v2/team/app/manifests/v1", 404, 186);
  harbor.push("team/app", "v3", 'c');
  const Facts facts = harbor.facts();
  const Joined joined(facts);
  const Event* front = front_of(joined.facts(), Method::GET, Route::manifest, 404);
  REQUIRE(front != nullptr);
  CHECK(front->answered_by == AnsweredBy::registry);
  CHECK(front->code == Code::MANIFEST_UNKNOWN);
}

TEST_CASE("where another registry's log is missing, nobody says that core answered by itself") {
  Harbor harbor;
  harbor.push("team/app", "v1", 'a');
  const std::string id = story::upload('b');  // answered by the other registry
  for (const char* step : {"PATCH", "PUT"})
    harbor.front(step, fmt::format("/v2/team/app/blobs/uploads/{}?_state=x", id), 202);
  harbor.front("GET", "/v2/team/app/manifests/v1", 404, 186);
  harbor.push("team/app", "v3", 'c');
  const Facts facts = harbor.facts();
  const Joined joined(facts);
  const Event* front = front_of(joined.facts(), Method::GET, Route::manifest, 404);
  REQUIRE(front != nullptr);
  CHECK(front->answered_by == AnsweredBy::unknown);
  CHECK(front->code == Code::MANIFEST_UNKNOWN);
}
