// What tools print of a registry's storage, and the answer for a log with such files beside it.
#pragma once

#include <catch2/catch.hpp>

#include "infer/requests.h"
#include "story.h"

namespace regtriage::story {

inline const std::string kRoot = "docker/registry/v2/";

inline std::string hex(char c) { return std::string(64, c); }
inline std::string data(char d) {
  return fmt::format("{}blobs/sha256/{}/{}/data", kRoot, std::string(2, d), hex(d));
}
inline std::string layer(std::string_view repo, char d) {
  return fmt::format("{}repositories/{}/_layers/sha256/{}/link", kRoot, repo, hex(d));
}
inline std::string revision(std::string_view repo, char d) {
  return fmt::format("{}repositories/{}/_manifests/revisions/sha256/{}/link", kRoot, repo, hex(d));
}
inline std::string tag(std::string_view repo, std::string_view name) {
  return fmt::format("{}repositories/{}/_manifests/tags/{}/current/link", kRoot, repo, name);
}

// As each tool prints one object; what was written is long before the story's time (2026-09-21).
inline std::string find(const std::string& path) { return "/srv/" + path + "\n"; }
inline std::string s3(const std::string& path) {
  return "2026-09-01 10:00:00       1234 " + path + "\n";
}
inline std::string mc(const std::string& path) {
  return "[2026-09-01 10:00:00 UTC] 1.2KiB STANDARD " + path + "\n";
}
inline std::string rclone(const std::string& path) {
  return "     1234 2026-09-01 10:00:00.000000000 " + path + "\n";
}
inline std::string gsutil(const std::string& path) {
  return "      1234  2026-09-01T10:00:00Z  gs://bucket/" + path + "\n";
}
// One object a line: jq -c '.Contents[]', mc ls --json, rclone lsjson.
inline std::string s3_json(const std::string& path) {
  return "{\"Key\":\"" + path +
         "\",\"LastModified\":\"2026-09-01T10:00:00+00:00\",\"ETag\":\"\\\"d41d\\\"\",\"Size\":"
         "1234}\n";
}
inline std::string mc_json(const std::string& path) {
  return "{\"status\":\"success\",\"type\":\"file\",\"lastModified\":\"2026-09-01T10:00:00Z\","
         "\"size\":1234,\"key\":\"" +
         path + "\",\"etag\":\"d41d\",\"versionOrdinal\":1}\n";
}
inline std::string rclone_json(const std::string& path) {
  return "{\"Path\":\"" + path +
         "\",\"Name\":\"link\",\"Size\":1234,\"ModTime\":\"2026-09-01T10:00:00Z\",\"IsDir\":false},"
         "\n";
}
inline std::string s3cmd(const std::string& path) {
  return "2026-09-01 10:00         1234  s3://bucket/" + path + "\n";
}
using Tool = std::string (*)(const std::string&);

// "# listing": made after the story; or before it.
inline const std::string kLater = "# listing 2026-10-01T00:00:00Z\n";
inline const std::string kEarlier = "# listing 2026-08-01T00:00:00Z\n";

inline Judgement judged(const std::vector<std::string>& texts) {
  static const auto classifier = Classifier::make({});
  const std::atomic<bool> stop{false};
  std::vector<InputName> inputs;
  for (const std::string& text : texts) inputs.push_back({"text", text, true});
  const Facts facts = ingest(inputs, *classifier, {}, stop, {});
  for (const SourceReport& source : facts.sources)
    CHECK(source.bytes == source.accepted + source.ignored + source.rejected + source.pending);
  return judge(Joined(facts).facts(), {});
}

// "cause confidence" of the only finding, else of all.
inline std::string answer(const std::vector<std::string>& texts) {
  std::string out;
  for (const Finding& f : judged(texts).findings) {
    if (!out.empty()) out += ", ";
    out += fmt::format("{} {}", word_of(f.cause), word_of(f.confidence));
  }
  return out.empty() ? "none" : out;
}

// A layer that was pushed and is unknown later.
inline std::string lost_layer() {
  Story story;
  story.send("team/app", 'a').put("team/app", "v1", 201).wait(600);
  story.get("team/app", 'a', 404).wait(60);
  return story.text();
}

// A tag whose manifest is unknown.
inline std::string lost_manifest() {
  Story story;
  story.ok("GET", "/v2/team/app/manifests/" + digest('d'), 200, 580).wait(600);
  story.no_revision("team/app", "v1", 'd').wait(60);
  return story.text();
}

// The rest of a store: other blobs before and behind, other links.
inline std::string others(Tool tool) {
  return tool(data('0')) + tool(data('f')) + tool(layer("team/app", 'f')) +
         tool(revision("team/app", 'e')) + tool(tag("team/app", "v0"));
}

}  // namespace regtriage::story
