// Tells a registry's story in a few words and judges it: each call prints the line that
// distribution 2.8 would print.
#pragma once

#include <fmt/format.h>

#include <atomic>
#include <string>
#include <string_view>
#include <vector>

#include "classify/classifier.h"
#include "infer/judge.h"
#include "ingest/ingest.h"

namespace regtriage::story {

inline std::string digest(char c) { return "sha256:" + std::string(64, c); }
inline std::string upload(char c) {
  return std::string(8, c) + "-1111-4222-a333-" + std::string(12, c);
}

class Story {
 public:
  std::string client = "10.0.0.7", agent = "docker/24.0.7";
  std::string user;  // of requests that are let in; empty: nobody is asked

  Story& wait(double seconds) {
    now_ += static_cast<std::int64_t>(seconds * 1e9);
    return *this;
  }
  // A line of the program itself.
  Story& says(std::string_view level, std::string_view message) {
    text_ += fmt::format(
        "time=\"{}\" level={} msg=\"{}\" go.version=go1.20.8 "
        "instance.id=2d0f0c1e-0000-4000-8000-000000000001 service=registry\n",
        tick(), level, message);
    return *this;
  }
  Story& start() { return says("info", "listening on [::]:5000"); }
  Story& redis() { return says("info", "using redis blob descriptor cache"); }
  // A request that was answered well.
  Story& ok(std::string_view method, std::string_view path, int status, std::int64_t written = 0) {
    line("info", "response completed", "", method, path, status, written, "");
    return *this;
  }
  Story& error(std::string_view method, std::string_view path, int status, std::string_view code,
               std::string_view detail = "", std::string_view message = "",
               std::string_view type = "") {
    std::string fields = user.empty() ? "" : fmt::format(" auth.user.name={}", user);
    fields += fmt::format(" err.code=\"{}\"", code);
    if (!detail.empty()) fields += fmt::format(" err.detail=\"{}\"", detail);
    fields += fmt::format(" err.message=\"{}\"", message.empty() ? code : message);
    line("error", "response completed with error", fields, method, path, status, 100, type);
    return *this;
  }
  // The line before a failing request's own, with the same request id.
  Story& helper(std::string_view level, std::string_view message, std::string_view method,
                std::string_view path) {
    line(level, message, "", method, path, 0, -1, "");
    --request_;
    return *this;
  }

  Story& head(std::string_view repo, char d, int status) {
    const std::string path = fmt::format("/v2/{}/blobs/{}", repo, digest(d));
    return status == 404
               ? error("HEAD", path, 404, "blob unknown", digest(d), "blob unknown to registry")
               : ok("HEAD", path, status);
  }
  Story& get(std::string_view repo, char d, int status, std::int64_t written = 3000) {
    const std::string path = fmt::format("/v2/{}/blobs/{}", repo, digest(d));
    return status == 404
               ? error("GET", path, 404, "blob unknown", digest(d), "blob unknown to registry")
               : ok("GET", path, status, written);
  }
  Story& send(std::string_view repo, char d) {  // POST, PATCH, PUT of one layer
    const std::string id = upload(d);
    ok("POST", fmt::format("/v2/{}/blobs/uploads/", repo), 202);
    ok("PATCH", fmt::format("/v2/{}/blobs/uploads/{}?_state=x", repo, id), 202);
    return ok("PUT",
              fmt::format("/v2/{}/blobs/uploads/{}?_state=x&digest=sha256%3A{}", repo, id,
                          std::string(64, d)),
              201);
  }
  Story& push(std::string_view repo, std::string_view tag, std::string_view layers) {
    for (const char d : layers) head(repo, d, 404).send(repo, d);
    return put(repo, tag, 201);
  }
  Story& put(std::string_view repo, std::string_view reference, int status) {
    return ok("PUT", fmt::format("/v2/{}/manifests/{}", repo, reference), status);
  }
  Story& pull(std::string_view repo, std::string_view tag, char manifest, std::string_view layers) {
    ok("HEAD", fmt::format("/v2/{}/manifests/{}", repo, tag), 200, 580);
    ok("GET", fmt::format("/v2/{}/manifests/{}", repo, digest(manifest)), 200, 580);
    for (const char d : layers) get(repo, d, 200);
    return *this;
  }
  Story& no_tag(std::string_view repo, std::string_view tag, std::string_view method = "GET") {
    return error(method, fmt::format("/v2/{}/manifests/{}", repo, tag), 404, "manifest unknown",
                 fmt::format("unknown tag={}", tag));
  }
  Story& no_revision(std::string_view repo, std::string_view reference, char d,
                     std::string_view method = "GET") {
    return error(method, fmt::format("/v2/{}/manifests/{}", repo, reference), 404,
                 "manifest unknown",
                 fmt::format("unknown manifest name={} revision={}", repo, digest(d)));
  }
  Story& raw(std::string_view text) {
    text_ += text;
    text_ += '\n';
    return *this;
  }

  const std::string& text() const { return text_; }

  Judgement judged() const { return judge(facts(), {}); }

  Facts facts() const;

 private:
  std::string tick() {
    now_ += 3'000'000;
    return rfc3339_of(now_);
  }
  void line(std::string_view level, std::string_view message, std::string_view fields,
            std::string_view method, std::string_view path, int status, std::int64_t written,
            std::string_view type) {
    ++request_;
    text_ += fmt::format("time=\"{}\" level={} msg=\"{}\"{} go.version=go1.20.8", tick(), level,
                         message, fields);
    if (!type.empty()) text_ += fmt::format(" http.request.contenttype=\"{}\"", type);
    text_ += fmt::format(
        " http.request.host=registry.example.com "
        "http.request.id={:08x}-0000-4000-8000-000000000000 http.request.method={} "
        "http.request.remoteaddr={} http.request.uri=\"{}\" http.request.useragent=\"{}\"",
        request_, method, client, path, agent);
    if (status > 0)
      text_ += fmt::format(
          " http.response.duration=1ms http.response.status={} http.response.written={}", status,
          written);
    text_ += '\n';
  }

  std::string text_;
  std::int64_t now_ = 1'790'000'000'000'000'000;
  unsigned request_ = 0;
};

// The facts of these texts, each a file of its own.
inline Facts facts_of(const std::vector<std::string>& texts) {
  static const auto classifier = Classifier::make({});
  const std::atomic<bool> stop{false};
  std::vector<InputName> inputs;
  for (const std::string& text : texts) inputs.push_back({"registry.log", text, true});
  return ingest(inputs, *classifier, {}, stop, {});
}

inline Facts Story::facts() const { return facts_of({text_}); }

// The causes of all findings, in the order of the report; "none" if there is none.
inline std::string causes(const Story& story) {
  std::string out;
  for (const Finding& f : story.judged().findings)
    out += (out.empty() ? "" : " ") + std::string(word_of(f.cause));
  return out.empty() ? "none" : out;
}

}  // namespace regtriage::story
