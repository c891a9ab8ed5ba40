// Listings, key dumps, tables and configurations beside a log: each kind once turns a guess into
// a certainty, and once refutes the first guess.
#include <catch2/catch.hpp>

#include "listings.h"

using namespace regtriage;
using namespace regtriage::story;

TEST_CASE("a later listing without the blob's data makes its loss certain, whatever tool made it") {
  CHECK(answer({lost_layer()}) == "blob_data_missing probable");
  for (const Tool tool : {find, s3, mc, rclone, s3cmd}) {
    const std::string listing = kLater + others(tool) + tool(layer("team/app", 'a'));
    INFO(listing);
    CHECK(answer({lost_layer(), listing}) == "blob_data_missing certain");
    CHECK(answer({listing, lost_layer()}) == "blob_data_missing certain");
  }
}

TEST_CASE("a listing that has the blob's data refutes its loss, whatever tool made it") {
  for (const Tool tool : {s3, mc, rclone, s3cmd, find}) {
    const std::string both = tool(layer("team/app", 'a')) + tool(data('a'));
    // Without its link here the data alone says that only the link is lost.
    CHECK(answer({lost_layer(), kLater + others(tool) + tool(data('a'))}) ==
          "layer_link_missing certain");
    const Judgement found = judged({lost_layer(), kLater + others(tool) + both});
    REQUIRE(found.findings.size() == 1);
    INFO(both);
    CHECK(found.findings[0].cause == CauseId::storage_root_changed);
    CHECK(found.findings[0].verdict == Verdict::fault);
    CHECK(found.findings[0].confidence < Confidence::certain);
  }
}

TEST_CASE("absence proves nothing if the listing is older, undated, or an excerpt") {
  const std::string link = find(layer("team/app", 'a'));
  CHECK(answer({lost_layer(), kEarlier + others(find) + link}) == "blob_data_missing probable");
  CHECK(answer({lost_layer(), others(find) + link}) != "blob_data_missing certain");
  CHECK(answer({lost_layer(), kLater + link}) != "blob_data_missing certain");
  CHECK(answer({lost_layer(), kLater + find(data('f'))}) == "blob_data_missing probable");
}

TEST_CASE("objects that were written after the question date a listing") {
  const auto late = [](const std::string& path) {
    return "[2026-12-01 10:00:00 UTC] 1.2KiB STANDARD " + path + "\n";
  };
  const std::string listing = others(late) + mc(layer("team/app", 'a'));
  CHECK(answer({lost_layer(), listing}) == "blob_data_missing certain");
}

TEST_CASE("what was stored again after the question says nothing about it") {
  Story story;
  story.send("team/app", 'a').put("team/app", "v1", 201).wait(600);
  story.get("team/app", 'a', 404).wait(60).send("team/app", 'a');
  const std::string listing =
      kLater + others(find) + find(data('a')) + find(layer("team/app", 'a'));
  CHECK(answer({story.text(), listing}) == answer({story.text()}));
}

TEST_CASE("of a manifest the listing tells a lost link from lost data") {
  CHECK(answer({lost_manifest()}) == "manifest_revision_missing probable");
  const std::string rest = kLater + others(s3) + s3(tag("team/app", "v1"));
  CHECK(answer({lost_manifest(), rest + s3(data('d'))}) == "manifest_revision_missing certain");
  CHECK(answer({lost_manifest(), rest + s3(revision("team/app", 'd'))}) ==
        "manifest_data_missing certain");
}

TEST_CASE("a tag that is listed did exist") {
  Story story;
  story.no_tag("team/app", "v1").wait(60);
  CHECK(answer({story.text()}) == "reference_never_existed probable");
  const std::string listing = kLater + others(s3) + s3(tag("team/app", "v1"));
  CHECK(answer({story.text(), listing}) == "storage_root_changed probable");
}

TEST_CASE("ls -lR and the JSON of list-objects-v2 say the same as a plain listing") {
  std::string folders = kLater;
  for (const char d : {'0', 'f'})
    folders += fmt::format(
        "/srv/{}blobs/sha256/{}/{}:\ntotal 4\n-rw-r--r-- 1 root root 9 Sep 1 "
        "10:00 data\n\n",
        kRoot, std::string(2, d), hex(d));
  for (const char d : {'a', 'f'})
    folders += fmt::format(
        "/srv/{}repositories/team/app/_layers/sha256/{}:\ntotal 4\n-rw-r--r-- 1 "
        "root root 71 Sep 1 10:00 link\n\n",
        kRoot, hex(d));
  CHECK(answer({lost_layer(), folders}) == "blob_data_missing certain");
  std::string json = kLater + "{\n    \"Contents\": [\n";
  for (const std::string& path :
       {data('0'), data('f'), layer("team/app", 'f'), layer("team/app", 'a')})
    json += fmt::format(
        "        {{\n            \"Key\": \"{}\",\n            \"Size\": 71\n        "
        "}},\n",
        path);
  CHECK(answer({lost_layer(), json}) == "blob_data_missing certain");
}

TEST_CASE("a tool's complaint about a path counts, but alone proves nothing") {
  const std::string told =
      fmt::format("ls: cannot access '/srv/{}': No such file or directory\n", data('a'));
  const Judgement found = judged({lost_layer(), told});
  REQUIRE(found.findings.size() == 1);
  CHECK(found.findings[0].cause == CauseId::blob_data_missing);
  CHECK(found.findings[0].confidence == Confidence::probable);
  const auto weight_of = [](const Finding& finding) {
    int sum = 0;
    for (const auto& piece : finding.score) sum += piece.weight;
    return sum;
  };
  CHECK(weight_of(found.findings[0]) > weight_of(judged({lost_layer()}).findings[0]));
}

TEST_CASE("a descriptor in Redis of a manifest that cannot be read is stale") {
  const std::string scan = "blobs::" + digest('e') +
                           "\nrepository::team/app::blobs::" + digest('d') +
                           "\nblobs::" + digest('d') + "\n";
  CHECK(answer({lost_manifest(), scan}) == "stale_descriptor_cache probable");
  const std::string session = "127.0.0.1:6379[2]> HGETALL blobs::" + digest('d') +
                              "\n1) \"digest\"\n2) \"" + digest('d') + "\"\n";
  CHECK(answer({lost_manifest(), session}) == "stale_descriptor_cache probable");
  const std::string bare = "digest\n" + digest('d') + "\nsize\n580\n";
  CHECK(answer({lost_manifest(), bare}) == "stale_descriptor_cache probable");
  const std::string listing = kLater + others(mc) + mc(revision("team/app", 'd'));
  CHECK(answer({lost_manifest(), scan, listing}) == "stale_descriptor_cache certain");
  const std::string none = "127.0.0.1:6379[2]> HGETALL blobs::" + digest('d') + "\n(empty array)\n";
  CHECK(answer({lost_manifest(), none}) == "manifest_revision_missing probable");
}

TEST_CASE("rows of Harbor's tables with lost content make harbor_content_missing") {
  const std::string rows =
      " id | repository_name |     digest     |         push_time\n"
      "----+-----------------+----------------+---------------------------\n"
      "  1 | team/app        | " +
      digest('d') + " | 2026-09-01 10:00:00.000001\n(1 row)\n";
  const std::string listing = kLater + others(find) + find(revision("team/app", 'd'));
  CHECK(answer({lost_manifest(), rows, listing}) == "harbor_content_missing certain");
}

TEST_CASE("what a collection marks is in use, and what only a dry run names is not deleted") {
  CHECK(answer({lost_layer(), "team/app\nteam/app: marking manifest " + digest('e') +
                                  "\nteam/app: marking blob " + digest('a') + "\n"}) ==
        "blob_data_missing probable");
  Story never;
  never.get("team/app", 'a', 404).wait(60);
  CHECK(answer({never.text()}) == "reference_never_existed possible");
  const std::string marks = "team/app: marking blob " + digest('a') + "\n";
  const Judgement found = judged({never.text(), marks});
  REQUIRE(found.findings.size() == 1);
  CHECK(found.findings[0].cause == CauseId::blob_data_missing);

  const std::string eligible = "blob eligible for deletion: " + digest('a') + "\n";
  CHECK(answer({lost_layer(), "registry garbage-collect config.yml\n" + eligible}) ==
        "deleted_by_garbage_collection probable");
  CHECK(answer({lost_layer(), "registry garbage-collect --dry-run config.yml\n" + eligible}) ==
        "blob_data_missing probable");
  // The data is gone after it: the collection did it.
  const std::string listing = kLater + others(find) + find(layer("team/app", 'a'));
  CHECK(answer({lost_layer(), eligible, listing}) == "deleted_by_garbage_collection certain");
}

TEST_CASE("configurations settle what lines only suggest") {
  const auto config = [](std::string_view secret, std::string_view root, std::string_view more) {
    return fmt::format(
        "version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: {}\n{}http:\n  "
        "addr: :5000\n  secret: {}\n",
        root, more, secret);
  };
  Story flapping;
  flapping.push("team/app", "v1", "a").pull("team/app", "v1", 'e', "a");
  for (int i = 0; i < 3; ++i) flapping.get("team/app", 'a', 404).get("team/app", 'a', 200);
  CHECK(answer({flapping.text()}) == "replicas_unshared_storage probable");
  CHECK(answer({flapping.text(), config("x", "/a", ""), config("x", "/b", "")}) ==
        "replicas_unshared_storage certain");
  CHECK(answer({flapping.text(), config("x", "/a", "")}) == "replicas_unshared_storage probable");

  // Refuted: what has no cache cannot be stale.
  const std::string key = "repository::team/app::blobs::" + digest('d') + "\n";
  CHECK(answer({lost_manifest(), key}) == "stale_descriptor_cache probable");
  CHECK(answer({lost_manifest(), key, config("x", "/a", "")}) ==
        "manifest_revision_missing probable");
  CHECK(
      answer({lost_manifest(), key, config("x", "/a", "  cache:\n    blobdescriptor: redis\n")}) ==
      "stale_descriptor_cache probable");
}

TEST_CASE("the root that a listing shows and the one that is configured tell where it looked") {
  const std::string listing =
      kLater + others(find) + find(layer("team/app", 'a')) + find(data('a'));
  const std::string dated = kLater + others(mc) + mc(layer("team/app", 'a')) + mc(data('a'));
  const std::string other = "version: 0.1\nstorage:\n  s3:\n    rootdirectory: /elsewhere\n";
  CHECK(answer({lost_layer(), dated}) == "storage_root_changed probable");
  std::string moved = dated;
  for (std::size_t at = moved.find(kRoot); at != std::string::npos; at = moved.find(kRoot, at + 20))
    moved.insert(at, "old/");
  CHECK(answer({lost_layer(), moved, other}) == "storage_root_changed certain");
}
