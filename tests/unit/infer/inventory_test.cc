// What evidence beside a log may prove: a table of kinds, each with one case in which a guess
// becomes certain and one in which the first guess is refuted; and what must never make anything
// certain. Harbor's tables: harbor_rows_test.cc.
#include <catch2/catch.hpp>

#include "listings.h"

using namespace regtriage;
using namespace regtriage::story;

namespace {

struct Case {
  const char* kind;
  std::string log, evidence, before, after;
  std::string output = {};  // of a collection, beside the log
};

void check(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    INFO(c.kind << "\n" << c.evidence);
    CHECK(answer({c.log, c.output}) == c.before);
    CHECK(answer({c.log, c.output, c.evidence}) == c.after);
    CHECK(answer({c.evidence, c.output, c.log}) == c.after);
  }
}

std::string config(std::string_view storage, std::string_view http = "") {
  return fmt::format("version: 0.1\nstorage:\n{}http:\n  addr: :5000\n{}", storage, http);
}

// An image that was there, is acknowledged again and unknown right after it.
std::string acknowledged_and_lost() {
  Story story;
  story.push("team/app", "v1", "a").pull("team/app", "v1", 'd', "a").wait(600);
  story.put("team/app", "v1", 201).wait(5);
  story.no_revision("team/app", "v1", 'd').wait(60);
  return story.text();
}

// An upload whose token another secret signed; perhaps the registry was started in between.
std::string other_secret(bool restarted) {
  Story story;
  const std::string id = upload('a');
  story.ok("POST", "/v2/team/app/blobs/uploads/", 202);
  if (restarted) story.start();
  story.error(
      "PATCH",
      fmt::format(
          "/v2/team/app/blobs/uploads/"
          "{}?_state=9MtGPRJVvqPr8EPyd1NIM0E2X0sc0-"
          "Ba6DM5dsQHNxd7Ik5hbWUiOiJ0ZWFtL2FwcCIsIlVVSUQiOiJhYWFhYWFhYS0xMTExLTQyMjItYTMzMy1hYWFhYW"
          "FhYWFhYWEiLCJPZmZzZXQiOjAsIlN0YXJ0ZWRBdCI6IjIwMjYtMDktMjFUMTQ6MTM6MjAuMDA2WiJ9",
          id),
      404, "blob upload invalid", "invalid secret");
  return story.wait(60).text();
}

// A push that a redirect turned into questions.
std::string turned_upload() {
  Story story;
  const std::string id = upload('a');
  story.head("team/app", 'a', 404).ok("POST", "/v2/team/app/blobs/uploads/", 202);
  story.ok("GET",
           fmt::format("/v2/team/app/blobs/uploads/{}?_state=x&digest=sha256%3A{}", id, hex('a')),
           204);
  return story.wait(600).text();
}

std::string refused_deletion() {
  Story story;
  story.push("team/app", "v1", "a");
  story.error("DELETE", "/v2/team/app/manifests/" + digest('d'), 405, "unsupported");
  return story.wait(60).text();
}

std::string refused_push() {
  Story story;
  story.push("team/app", "v1", "a").head("team/app", 'b', 404);
  story.error("POST", "/v2/team/app/blobs/uploads/", 405, "unsupported");
  return story.wait(60).text();
}

// A layer that the client was redirected to, and sent again.
std::string redirected_nowhere() {
  Story story;
  story.push("team/app", "v1", "a").wait(600);
  story.ok("HEAD", "/v2/team/app/blobs/" + digest('a'), 307).send("team/app", 'a');
  return story.put("team/app", "v1", 201).wait(60).text();
}

}  // namespace

TEST_CASE("each listing of the storage makes a loss certain, and refutes it") {
  const std::string log = lost_layer(), link_a = "team/app";
  for (const Tool tool : {find, s3, mc, rclone, s3cmd, gsutil, s3_json, mc_json, rclone_json})
    check({{"to certain", log, kLater + others(tool) + tool(layer("team/app", 'a')),
            "blob_data_missing probable", "blob_data_missing certain"},
           {"refutes", log, kLater + others(tool) + tool(data('a')), "blob_data_missing probable",
            "layer_link_missing certain"}});
}

TEST_CASE("a whole listing in one line of JSON says the same") {
  const auto page = [](const std::vector<std::string>& paths) {
    std::string out = kLater + "{\"IsTruncated\": false, \"Contents\": [";
    for (const std::string& path : paths)
      out += fmt::format(
          "{}{{\"Key\": \"{}\", \"LastModified\": \"2026-09-01T10:00:00+00:00\", "
          "\"Size\": 71, \"Owner\": {{\"ID\": \"x\"}}}}",
          out.ends_with('[') ? "" : ", ", path);
    return out + "], \"Name\": \"bucket\", \"MaxKeys\": 1000}\n";
  };
  std::vector<std::string> paths = {data('0'), data('f'), layer("team/app", 'f'),
                                    layer("team/app", 'a'), tag("team/app", "v0")};
  const std::string without = page(paths);
  paths = {data('0'),
           data('a'),
           data('f'),
           layer("team/app", 'f'),
           revision("team/app", 'e'),
           tag("team/app", "v0")};
  check({{"to certain", lost_layer(), without, "blob_data_missing probable",
          "blob_data_missing certain"},
         {"refutes", lost_layer(), page(paths), "blob_data_missing probable",
          "layer_link_missing certain"}});
}

TEST_CASE("an old version of an object, or the mark of its deletion, is no object") {
  const auto entry = [](const std::string& path, std::string_view more) {
    return fmt::format(
        "        {{\n            \"Key\": \"{}\",\n            \"VersionId\": \"v\",\n"
        "{}            \"LastModified\": \"2026-09-21T10:00:00+00:00\"\n        }},\n",
        path, more);
  };
  const std::string latest = "            \"IsLatest\": true,\n",
                    old = "            \"IsLatest\": false,\n";
  std::string listing = kLater + "{\n    \"Versions\": [\n";
  for (const std::string& path : {data('0'), data('f'), layer("team/app", 'f'),
                                  layer("team/app", 'a'), tag("team/app", "v0")})
    listing += entry(path, latest);
  const std::string deleted = listing + entry(data('a'), old) +
                              "    ],\n    \"DeleteMarkers\": [\n" + entry(data('a'), latest);
  CHECK(answer({lost_layer(), listing + entry(data('a'), latest)}).starts_with("storage_root"));
  CHECK(answer({lost_layer(), deleted + "    ]\n}\n"}) == "blob_data_missing certain");
}

TEST_CASE("Redis: a key makes a stale descriptor certain, and refutes a plain loss") {
  const std::string scan = "blobs::" + digest('e') +
                           "\nrepository::team/app::blobs::" + digest('d') +
                           "\nblobs::" + digest('d') + "\n";
  const std::string hgetall = kLater + "127.0.0.1:6379[2]> HGETALL blobs::" + digest('d') +
                              "\n1) \"digest\"\n2) \"" + digest('d') + "\"\n";
  for (const std::string& keys : {scan, hgetall})
    check({{"to certain", acknowledged_and_lost(), keys, "stale_descriptor_cache probable",
            "stale_descriptor_cache certain"},
           {"refutes", lost_manifest(), keys, "manifest_revision_missing probable",
            "stale_descriptor_cache probable"}});
}

TEST_CASE("a dry run of the collection settles what it deleted, and refutes a loss") {
  const std::string named =
      "registry garbage-collect config.yml\nblob eligible for deletion: " + digest('a') + "\n";
  const auto run = [](std::string_view marks, std::string_view eligible, int count) {
    return fmt::format(
        "{}team/app\nteam/app: marking manifest {} \n{}\n4 blobs marked, {} blobs and 0 "
        "manifests eligible for deletion\n{}",
        kLater, digest('e'), marks, count, eligible);
  };
  const std::string other = "blob eligible for deletion: " + digest('9') + "\n";
  const std::string gone = run("", other, 1);
  check(
      {// What the first run named is neither in use nor there: it was deleted.
       {"to certain", lost_layer(), gone, "deleted_by_garbage_collection probable",
        "deleted_by_garbage_collection certain", named},
       // It is there, and nothing names it.
       {"refutes", lost_layer(), run("", "blob eligible for deletion: " + digest('a') + "\n", 1),
        "blob_data_missing probable", "layer_link_missing possible"},
       // The collection could read it, without the cache.
       {"refutes", lost_manifest(), run("team/app: marking manifest " + digest('d') + " \n", "", 0),
        "manifest_revision_missing probable", "storage_root_changed possible"}});
  // Cut before its end it proves nothing.
  CHECK(answer({lost_layer(), named, run("", "", 1)}) == "deleted_by_garbage_collection probable");
  // Below a stamp nothing is a deletion.
  CHECK(answer({lost_layer(), "# listing 2026-09-21T14:14:00Z\nblob eligible for deletion: " +
                                  digest('a') + "\n"}) == "blob_data_missing probable");
}

TEST_CASE("config.yml: each setting that matters makes a guess certain or refutes it") {
  const std::string disk = "  filesystem:\n    rootdirectory: /data\n";
  const std::string secret = "  secret: one\n", other = "  secret: two\n";
  check({{"cache", acknowledged_and_lost(), config(disk + "  cache:\n    blobdescriptor: redis\n"),
          "stale_descriptor_cache probable", "stale_descriptor_cache certain"},
         {"no cache", acknowledged_and_lost(), config(disk), "stale_descriptor_cache probable",
          "manifest_revision_missing probable"},
         {"secret", other_secret(false), config(disk, secret) + config(disk, other),
          "replicas_different_secret probable", "replicas_different_secret certain"},
         {"secret", other_secret(true), config(disk, secret), "replicas_different_secret certain",
          "replicas_different_secret possible"},
         {"delete", refused_deletion(), config(disk + "  delete:\n    enabled: false\n"),
          "client_defect probable", "client_defect certain"},
         {"delete", refused_deletion(), config(disk + "  delete:\n    enabled: true\n"),
          "client_defect probable", "client_defect possible"},
         {"read-only", refused_push(),
          config(disk + "  maintenance:\n    readonly:\n      enabled: true\n"),
          "client_defect probable", "client_defect certain"},
         {"read-only", refused_push(),
          config(disk + "  maintenance:\n    readonly:\n      enabled: false\n"),
          "client_defect probable", "client_defect possible"},
         {"redirect", redirected_nowhere(),
          config("  s3:\n    bucket: images\n  redirect:\n    disable: true\n"),
          "redirect_to_storage_fails probable", "redirect_to_storage_fails possible"},
         {"host", turned_upload(), config(disk, "  host: http://registry.example.com\n"),
          "proxy_breaks_upload_location probable", "proxy_breaks_upload_location certain"},
         {"relativeurls", turned_upload(), config(disk, "  relativeurls: true\n"),
          "proxy_breaks_upload_location probable", "proxy_breaks_upload_location possible"}});
}

TEST_CASE("a file inside a ConfigMap is read as the file itself") {
  const auto map = [](std::string_view name, std::string_view text) {
    std::string out = fmt::format("apiVersion: v1\ndata:\n  {}: |-\n", name);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find('\n', at);
      out += fmt::format("    {}\n", text.substr(at, end - at));
      at = end + 1;
    }
    return out + "kind: ConfigMap\nmetadata:\n  name: registry\n";
  };
  const std::string disk = "  filesystem:\n    rootdirectory: /data\n";
  check({{"to certain", acknowledged_and_lost(),
          map("config.yml", config(disk + "  cache:\n    blobdescriptor: redis\n")),
          "stale_descriptor_cache probable", "stale_descriptor_cache certain"},
         {"refutes", acknowledged_and_lost(), map("config.yml", config(disk)),
          "stale_descriptor_cache probable", "manifest_revision_missing probable"},
         {"nginx", turned_upload(),
          map("nginx.conf",
              "http {\n  server {\n    return 301 https://$host$request_uri;\n  }\n}\n"),
          "proxy_breaks_upload_location probable", "proxy_breaks_upload_location certain"}});
}

TEST_CASE("harbor.yml and nginx's configuration tell where a Location leads") {
  const std::string yml = "hostname: registry.example.com\nexternal_url: ";
  const std::string nginx = "http {\n  server {\n    listen 80;\n";
  check({{"harbor.yml", turned_upload(), yml + "http://registry.example.com\n",
          "proxy_breaks_upload_location probable", "proxy_breaks_upload_location certain"},
         {"nginx", turned_upload(), nginx + "    return 301 https://$host$request_uri;\n  }\n}\n",
          "proxy_breaks_upload_location probable", "proxy_breaks_upload_location certain"},
         {"nginx", turned_upload(),
          nginx + "    proxy_set_header X-Forwarded-Proto $scheme;\n  }\n}\n",
          "proxy_breaks_upload_location probable", "proxy_breaks_upload_location possible"}});
}

TEST_CASE("a listing under a root that the registry is not told to read proves no loss") {
  const std::string told = config("  s3:\n    bucket: images\n    rootdirectory: /now\n");
  const auto under = [](std::string listing, const std::string& root) {
    for (std::size_t at = listing.find(kRoot); at != std::string::npos;
         at = listing.find(kRoot, at + root.size() + kRoot.size()))
      listing.insert(at, root);
    return listing;
  };
  const std::string lacks = others(s3) + s3(layer("team/app", 'a'));
  CHECK(answer({lost_layer(), kLater + under(lacks, "now/"), told}) == "blob_data_missing certain");
  CHECK(answer({lost_layer(), kLater + under(lacks, "old/"), told}) ==
        "blob_data_missing probable");
  // Lost where the registry reads, and whole in a backup: still lost.
  const std::string backup = under(lacks + s3(data('a')), "backup/");
  CHECK(answer({lost_layer(), kLater + under(lacks, "now/") + backup, told}) ==
        "blob_data_missing certain");
  // Without the configuration nobody knows which of the two it reads.
  const Judgement open = judged({lost_layer(), kLater + under(lacks, "now/") + backup});
  REQUIRE(open.findings.size() == 1);
  CHECK(open.findings[0].cause == CauseId::blob_data_missing);
  CHECK(open.findings[0].confidence == Confidence::probable);
  CHECK(
      std::any_of(open.findings[0].missing.begin(), open.findings[0].missing.end(),
                  [](const std::string& text) { return text.find("configuration") != text.npos; }));
  // A disk's folder has another name in the container: no sign of another root.
  const std::string whole = kLater + others(find) + find(layer("team/app", 'a')) + find(data('a'));
  CHECK(answer({lost_layer(), whole, config("  filesystem:\n    rootdirectory: /storage\n")}) ==
        answer({lost_layer(), whole}));
}

TEST_CASE("a listing that is cut, or of another store, makes nothing certain") {
  // In the order of keys it ends before the repository's link.
  const std::string head = s3(data('0')) + s3(data('a')) + s3(data('f')) +
                           s3(layer("team/app", '0')) + s3(layer("team/app", '1'));
  CHECK(answer({lost_layer(), kLater + head}) == "layer_link_missing probable");
  CHECK(answer({lost_layer(), kLater + head + s3(layer("team/app", 'f'))}) ==
        "layer_link_missing certain");
  // find prints in no order: many layers without data mean that half of it is missing.
  std::string half = kLater + others(find) + find(layer("team/app", 'a'));
  for (const char d : {'1', '2', '3', '4', '5'}) half += find(layer("team/web", d));
  CHECK(answer({lost_layer(), half}) == "blob_data_missing probable");
  // Neither the data nor the link: an older copy, another bucket.
  CHECK(answer({lost_layer(), kLater + others(s3)}) == "blob_data_missing probable");
}
