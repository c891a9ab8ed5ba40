// Writes the speed corpus: the log of a busy registry (distribution 2.8), in several forms at once.
//
//   make_corpus BYTES FORM=FILE...      FORM: text, json, docker-json or cri; BYTES are those of
//   text
//
// A request gives three lines: "authorized request", "response completed" and the access line,
// which the JSON formatter's log lacks. A quarter of the traffic are pushes (probe, upload,
// manifest), two thirds pulls; 3 % of the uploads never commit, 2 % lose their content afterwards,
// 2 % of the pulls ask for what was lost. The mix is a choice, not a measurement of the world. The
// same arguments give the same bytes: every choice comes from one fixed seed, in an order that the
// code below spells out.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "made_text.h"

namespace {

using namespace made;

constexpr std::uint64_t kSeed = 42;

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

// A field of a record. `bare`: the text formatter of old logrus prints it without quotes whatever
// it holds.
struct Field {
  std::string_view key;
  std::string value;
  bool number = false;
  bool bare = false;
};
using Fields = std::vector<Field>;

bool needs_quotes(std::string_view value) {
  const auto plain = [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '.'; };
  return value.empty() || !std::ranges::all_of(value, plain);
}

std::string text_record(std::string_view time, std::string_view level, std::string_view message,
                        const Fields& fields) {
  std::string line = fmt::format("time=\"{}\" level={} msg=\"{}\"", time, level, message);
  for (const Field& field : fields) {
    const bool quoted = !field.number && !field.bare && needs_quotes(field.value);
    line += quoted ? fmt::format(" {}=\"{}\"", field.key, escaped(field.value))
                   : fmt::format(" {}={}", field.key, field.value);
  }
  return line;
}

// The JSON formatter sorts all keys, its own among them. `fields` are sorted.
std::string json_record(std::string_view time, std::string_view level, std::string_view message,
                        const Fields& fields) {
  Fields all = fields;
  for (const auto& [key, value] : {std::pair{"level", level}, {"msg", message}, {"time", time}}) {
    const auto at = std::ranges::upper_bound(all, std::string_view(key), {}, &Field::key);
    all.insert(at, {key, std::string(value)});
  }
  std::string line;
  for (const Field& field : all) {
    line += line.empty() ? '{' : ',';
    line += field.number ? fmt::format("\"{}\":{}", field.key, field.value)
                         : fmt::format("\"{}\":\"{}\"", field.key, escaped(field.value));
  }
  return line + '}';
}

// The files that are asked for; a form without one costs nothing.
class Sinks {
 public:
  enum Form { text, json, docker_json, cri };

  // False: no such form, or the file cannot be made.
  bool open(std::string_view form, const std::string& path) {
    constexpr std::array<std::string_view, 4> kNames{"text", "json", "docker-json", "cri"};
    const auto name = std::ranges::find(kNames, form);
    if (name == kNames.end()) return false;
    File& file = files_[static_cast<std::size_t>(name - kNames.begin())];
    file.reset(std::fopen(path.c_str(), "w"));
    if (file) std::setvbuf(file.get(), nullptr, _IOFBF, 1 << 20);
    return file != nullptr;
  }

  bool wants(Form form) const { return files_[form] != nullptr; }

  // A line without its end. A write that failed shows in close().
  void put(Form form, std::string_view line) {
    if (!wants(form)) return;
    std::fwrite(line.data(), 1, line.size(), files_[form].get());
    std::fputc('\n', files_[form].get());
  }

  bool close() {
    bool whole = true;
    for (File& file : files_)
      if (file) whole = std::ferror(file.get()) == 0 && std::fclose(file.release()) == 0 && whole;
    return whole;
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  using File = std::unique_ptr<std::FILE, Close>;

  std::array<File, 4> files_;
};

// What is known of the client that acts.
struct Client {
  std::string_view user, agent;
  std::string address, repository;
};

// One request and its answer. Empty text: the record has no such field.
struct Request {
  std::string_view method;
  std::string uri;
  int status = 200;
  std::uint64_t written = 0;
  std::string_view error;  // err.code
  std::string_view message = {};
  std::string detail = {};
  std::string digest = {}, upload = {}, reference = {};
};

class Registry {
 public:
  explicit Registry(Sinks& sinks) : sinks_(sinks) {}

  void run(std::uint64_t bytes) {
    while (written_ < bytes)
      if (act()) now_ += random_.below(30000000);
  }

 private:
  static constexpr std::array<std::string_view, 10> kAgents{
      R"(docker/24.0.7 go/go1.20.10 git-commit/311b9ff kernel/5.15.0-91-generic os/linux arch/amd64 UpstreamClient(Docker-Client/24.0.7 \(linux\)))",
      "containerd/1.7.11",
      "containerd/v1.6.24",
      "Go-http-client/1.1",
      "buildkit/v0.12",
      "skopeo/1.14.0",
      "go-containerregistry/v0.17.0",
      "kaniko/unset",
      "cri-o/1.28.2 go/go1.21.3 os/linux arch/amd64",
      R"(docker/20.10.21 go/go1.18.7 git-commit/3056208 kernel/5.4.0-165 os/linux arch/amd64 UpstreamClient(Docker-Client/20.10.21 \(linux\)))"};
  static constexpr std::array<std::string_view, 8> kUsers{
      "alice", "bob", "ci-bot", "gitlab-runner", "robot$deploy", "svc-argocd", "jenkins", "dave"};
  static constexpr std::array<std::string_view, 10> kTeams{
      "team-a", "team-b", "platform", "infra", "library", "ml", "web", "data", "edge", "sec"};
  static constexpr std::array<std::string_view, 12> kApps{
      "api",  "frontend",   "worker", "proxy",   "trainer", "ingest",
      "auth", "db-migrate", "cron",   "gateway", "cache",   "scheduler"};
  static constexpr std::string_view kBlobUnknown = "blob unknown";
  static constexpr std::string_view kManifestUnknown = "manifest unknown";
  static constexpr std::string_view kBlobMessage = "blob unknown to registry";

  // False: the next client comes at once.
  bool act() {
    client_.user = random_.one_of(kUsers);
    const std::uint64_t last = random_.below(250) + 1;
    const std::uint64_t third = random_.below(32);
    client_.address = fmt::format("10.{}.{}.{}", random_.below(4), third, last);
    client_.agent = random_.one_of(kAgents);
    const std::string_view app = kApps[random_.below(kApps.size())];
    client_.repository = fmt::format("{}/{}", random_.one_of(kTeams), app);
    const double what = random_.share();
    if (what < .25) {
      push();
    } else if (what < .90) {
      return pull();
    } else if (what < .98) {
      const int status = random_.share() < .4 ? 401 : 200;
      send({.method = "GET", .uri = "/v2/", .status = status, .written = 2, .error = {}});
    } else if (!stored_.empty()) {
      remove_blob();
    }
    return true;
  }

  void push() {
    for (std::uint64_t left = 3 + random_.below(6); left > 0; --left) push_layer();
    const std::string tag = some_tag();
    const std::string uri = manifest_uri(tag);
    if (random_.share() < .05) {
      send({.method = "PUT",
            .uri = uri,
            .status = 400,
            .written = 163,
            .error = kBlobUnknown,
            .message = kBlobMessage,
            .detail = digest_of(next_blob_ - 1),
            .reference = tag});
      return;
    }
    send({.method = "HEAD",
          .uri = uri,
          .status = 404,
          .written = 96,
          .error = kManifestUnknown,
          .message = kManifestUnknown,
          .detail = "unknown tag=" + tag,
          .reference = tag});
    send({.method = "PUT", .uri = uri, .status = 201, .error = {}, .reference = tag});
  }

  void push_layer() {
    const bool known = random_.share() < .45 && stored_.size() > 100;
    const std::uint64_t blob = known ? stored_[random_.below(stored_.size())] : next_blob_++;
    const std::string digest = digest_of(blob);
    if (known) {
      send({.method = "HEAD", .uri = blob_uri(digest), .error = {}, .digest = digest});
      return;
    }
    ask_in_vain("HEAD", digest);
    const std::string upload = uuid_of(random_.next());
    const std::string uploads = fmt::format("/v2/{}/blobs/uploads/", client_.repository);
    send({.method = "POST", .uri = uploads, .status = 202, .error = {}});
    const std::string uri =
        fmt::format("{}{}?_state={}", uploads, upload, hex_of(random_.next(), 172));
    send({.method = "PATCH", .uri = uri, .status = 202, .error = {}, .upload = upload});
    const double fate = random_.share();
    if (fate >= .03)
      send({.method = "PUT",
            .uri = uri + "&digest=sha256%3A" + digest.substr(7),
            .status = 201,
            .error = {},
            .upload = upload});
    if (fate < .05)
      lost_.emplace_back(blob, client_.repository);  // never committed, or gone afterwards
    else
      stored_.push_back(blob);
  }

  bool pull() {
    const std::string tag = some_tag();
    if (random_.share() < .06) {
      send({.method = "GET",
            .uri = manifest_uri(tag),
            .status = 404,
            .written = 96,
            .error = kManifestUnknown,
            .message = kManifestUnknown,
            .detail = "unknown tag=" + tag,
            .reference = tag});
      return false;
    }
    send({.method = "GET",
          .uri = manifest_uri(tag),
          .written = 1500 + random_.below(3000),
          .error = {},
          .reference = tag});
    for (std::uint64_t left = 2 + random_.below(7); left > 0 && !stored_.empty(); --left) {
      const double at = static_cast<double>(stored_.size()) * random_.share() * random_.share();
      const std::string digest = digest_of(stored_[static_cast<std::size_t>(at)]);
      const std::uint64_t size = random_.below(90000000);
      const int status = random_.share() < .3 ? 307 : 200;
      send({.method = "GET",
            .uri = blob_uri(digest),
            .status = status,
            .written = size,
            .error = {},
            .digest = digest});
    }
    if (random_.share() < .02 && !lost_.empty()) {
      const auto& [blob, repository] = lost_[random_.below(lost_.size())];
      client_.repository = repository;
      for (std::uint64_t left = 1 + random_.below(5); left > 0; --left)
        ask_in_vain("GET", digest_of(blob));
    }
    return true;
  }

  void remove_blob() {
    std::uint64_t& blob = stored_[random_.below(stored_.size())];
    const std::string digest = digest_of(blob);
    send({.method = "DELETE",
          .uri = blob_uri(digest),
          .status = 202,
          .error = {},
          .digest = digest});
    lost_.emplace_back(blob, client_.repository);
    blob = stored_.back();
    stored_.pop_back();
  }

  void ask_in_vain(std::string_view method, const std::string& digest) {
    send({.method = method,
          .uri = blob_uri(digest),
          .status = 404,
          .written = 157,
          .error = kBlobUnknown,
          .message = kBlobMessage,
          .detail = digest,
          .digest = digest});
  }

  std::string some_tag() {
    const std::uint64_t patch = random_.below(40);
    return fmt::format("v1.{}.{}", random_.below(300), patch);
  }
  std::string blob_uri(const std::string& digest) const {
    return fmt::format("/v2/{}/blobs/{}", client_.repository, digest);
  }
  std::string manifest_uri(const std::string& tag) const {
    return fmt::format("/v2/{}/manifests/{}", client_.repository, tag);
  }

  std::string some_duration() {
    const double kind = random_.share();
    if (kind < .3) return fmt::format("{:.3f}µs", 100 + random_.share() * 900);
    if (kind < .95) return fmt::format("{:.6f}ms", 1 + random_.share() * 200);
    return fmt::format("{:.9f}s", 1 + random_.share() * 20);
  }

  void send(const Request& request) {
    now_ += random_.below(4000000);
    const std::string id = uuid_of(random_.next());
    const std::string peer = fmt::format("{}:{}", client_.address, 1024 + random_.below(60000));
    const Fields common{{"go.version", "go1.19.8"},
                        {"http.request.host", "registry.example.com"},
                        {"http.request.id", id},
                        {"http.request.method", std::string(request.method)},
                        {"http.request.remoteaddr", peer},
                        {"http.request.uri", request.uri},
                        {"http.request.useragent", std::string(client_.agent)}};
    Fields vars;
    if (!request.digest.empty()) vars.push_back({"vars.digest", request.digest});
    vars.push_back({"vars.name", client_.repository});
    if (!request.reference.empty()) vars.push_back({"vars.reference", request.reference});
    if (!request.upload.empty()) vars.push_back({"vars.uuid", request.upload});

    Fields fields{{"auth.user.name", std::string(client_.user)}};
    fields.insert(fields.end(), common.begin(), common.end());
    fields.insert(fields.end(), vars.begin(), vars.end());
    log("info", "authorized request", fields);
    now_ += random_.below(2000000);
    log_answer(request, common, vars);
    put_line(fmt::format("{} - - [{}] \"{} {} HTTP/1.1\" {} {} \"\" \"{}\"", client_.address,
                         time_text(now_, "%d/%b/%Y:%H:%M:%S +0000"), request.method, request.uri,
                         request.status, request.written, client_.agent),
             "stdout");
  }

  void log_answer(const Request& request, const Fields& common, const Fields& vars) {
    const bool failed = !request.error.empty();
    Fields fields;
    if (failed)
      fields = {{"auth.user.name", std::string(client_.user)},
                {"err.code", std::string(request.error)},
                {"err.detail", request.detail, false, request.detail.starts_with("sha256:")},
                {"err.message", std::string(request.message)}};
    fields.insert(fields.end(), common.begin(), common.end());
    fields.push_back({"http.response.contenttype", request.status >= 400
                                                       ? "application/json; charset=utf-8"
                                                       : "application/octet-stream"});
    fields.push_back({"http.response.duration", some_duration()});
    fields.push_back({"http.response.status", std::to_string(request.status), true});
    fields.push_back({"http.response.written", std::to_string(request.written), true});
    if (failed) fields.insert(fields.end(), vars.begin(), vars.end());
    log(failed ? "error" : "info", failed ? "response completed with error" : "response completed",
        fields);
  }

  void log(std::string_view level, std::string_view message, const Fields& fields) {
    const std::string time = rfc3339(now_);
    put_line(text_record(time, level, message, fields), "stderr");
    if (sinks_.wants(Sinks::json))
      sinks_.put(Sinks::json, json_record(time, level, message, fields));
  }

  // A line of the text form, and in the envelopes of two container runtimes.
  void put_line(const std::string& line, std::string_view stream) {
    written_ += line.size() + 1;
    sinks_.put(Sinks::text, line);
    const std::string arrival = rfc3339(now_ + 50000);
    if (sinks_.wants(Sinks::docker_json))
      sinks_.put(Sinks::docker_json, fmt::format(R"({{"log":"{}\n","stream":"{}","time":"{}"}})",
                                                 escaped(line), stream, arrival));
    if (sinks_.wants(Sinks::cri))
      sinks_.put(Sinks::cri, fmt::format("{} {} F {}", arrival, stream, line));
  }

  Sinks& sinks_;
  Random random_{kSeed};
  Client client_;
  std::uint64_t now_ = kStart;
  std::uint64_t written_ = 0;  // bytes of the text form
  std::uint64_t next_blob_ = 1;
  std::vector<std::uint64_t> stored_;                        // blobs that can be pulled
  std::vector<std::pair<std::uint64_t, std::string>> lost_;  // blob and its repository
};

}  // namespace

int main(int count, char** words) {
  const std::uint64_t bytes = count > 2 ? std::strtoull(words[1], nullptr, 10) : 0;
  Sinks sinks;
  bool good = bytes > 0;
  for (int i = 2; i < count && good; ++i) {
    const std::string_view word = words[i];
    const std::size_t cut = std::min(word.find('='), word.size() - 1);
    good = sinks.open(word.substr(0, cut), std::string(word.substr(cut + 1)));
  }
  if (!good) {
    std::fputs("usage: make_corpus BYTES text|json|docker-json|cri=FILE...\n", stderr);
    return 2;
  }
  Registry(sinks).run(bytes);
  if (sinks.close()) return 0;
  std::fputs("make_corpus: a file could not be written in full\n", stderr);
  return 1;
}
