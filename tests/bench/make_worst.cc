// Writes logs that nobody should have: each is the worst of one kind for a reader.
//
//   make_worst KIND BYTES FILE     KIND: huge-line, all-errors, all-distinct, all-escapes,
//   deep-nesting
//
// Each line but the huge one is a line that a registry could print. The same arguments give the
// same bytes.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "made_text.h"

namespace {

using namespace made;

constexpr std::uint64_t kSeed = 7;
constexpr std::uint64_t kBeat = 3000000;  // nanoseconds from line to line

// What an answer says of its request; `error` is empty or begins with a blank.
struct Answer {
  std::string_view method;
  std::string uri, error;
  std::string agent = "containerd/v1.6.24";
  int status = 404;
};

std::string answer_line(std::uint64_t number, const Answer& answer) {
  const bool failed = !answer.error.empty();
  return fmt::format(
      "time=\"{}\" level={} msg=\"response completed{}\"{} go.version=go1.19.8 "
      "http.request.host=registry.example.com http.request.id={} http.request.method={} "
      "http.request.remoteaddr=\"10.1.{}.{}:40112\" http.request.uri=\"{}\" "
      "http.request.useragent=\"{}\" http.response.duration=1.204ms http.response.status={} "
      "http.response.written=157\n",
      rfc3339(kStart + number * kBeat), failed ? "error" : "info", failed ? " with error" : "",
      answer.error, uuid_of(number), answer.method, number % 32, number % 250, answer.uri,
      answer.agent, answer.status);
}

std::string blob_unknown(std::string_view digest) {
  return fmt::format(
      " err.code=\"blob unknown\" err.detail={} err.message=\"blob unknown to registry\"", digest);
}

// Every line is an error, of a few hundred images: missing blobs, tags, and a storage that fails.
std::string all_errors(std::uint64_t number, Random& random) {
  const std::uint64_t image = random.below(400);
  const std::string repository = fmt::format("team-{}/app-{}", image % 10, image);
  const std::string digest = digest_of(image * 8 + random.below(8));
  switch (random.below(4)) {
    case 0:
      return answer_line(number, {"GET", fmt::format("/v2/{}/manifests/v{}", repository, image % 7),
                                  fmt::format(" err.code=\"manifest unknown\" err.detail=\"unknown "
                                              "tag=v{}\" err.message=\"manifest unknown\"",
                                              image % 7)});
    case 1:
      return answer_line(number,
                         {.method = "PATCH",
                          .uri = fmt::format("/v2/{}/blobs/uploads/{}", repository, uuid_of(image)),
                          .error = " err.code=unknown err.detail=\"s3aws: SlowDown\" "
                                   "err.message=\"unknown error\"",
                          .status = 500});
    default:
      return answer_line(
          number, {random.below(2) == 0 ? "GET" : "HEAD",
                   fmt::format("/v2/{}/blobs/{}", repository, digest), blob_unknown(digest)});
  }
}

// No digest, repository or upload comes twice: what a scanner leaves that needs no login to ask.
std::string all_distinct(std::uint64_t number, Random& random) {
  const std::string repository = fmt::format("scan-{}/app-{}", hex_of(number, 8), number);
  const std::string digest = digest_of(random.next());
  if (number % 3 == 0)
    return answer_line(
        number, {.method = "PATCH",
                 .uri = fmt::format("/v2/{}/blobs/uploads/{}", repository, uuid_of(random.next())),
                 .error = {},
                 .status = 202});
  return answer_line(
      number, {number % 3 == 1 ? "GET" : "HEAD", fmt::format("/v2/{}/blobs/{}", repository, digest),
               blob_unknown(digest)});
}

// Values in which every other byte has to be unescaped.
std::string all_escapes(std::uint64_t number, Random& random) {
  std::string agent, detail;
  while (agent.size() < 160) agent += R"(\"a\\b)";
  while (detail.size() < 160) detail += R"(\n\t\u00e9)";
  const std::string digest = digest_of(random.below(400));
  return answer_line(
      number, {"GET", fmt::format("/v2/team%2Da/app%2Db/blobs/sha256%3A{}", digest.substr(7)),
               fmt::format(" err.code=\"blob unknown\" err.detail=\"{}\" "
                           "err.message=\"blob unknown to registry\"",
                           detail),
               agent});
}

// JSON records with a value of many levels, by turns objects and lists.
std::string deep_nesting(std::uint64_t number, Random& random) {
  const std::size_t depth = 1 + random.below(400);
  const std::string_view open = number % 2 == 0 ? R"({"a":)" : "[";
  const char close = number % 2 == 0 ? '}' : ']';
  std::string value;
  for (std::size_t i = 0; i < depth; ++i) value += open;
  value += '1';
  value.append(depth, close);
  const std::string digest = digest_of(random.below(400));
  return fmt::format(
      R"({{"err.code":"blob unknown","err.detail":{},"http.request.id":"{}","http.request.method":"GET",)"
      R"("http.request.uri":"/v2/team-a/api/blobs/{}","http.response.status":404,"level":"error",)"
      R"("msg":"response completed with error","time":"{}"}})"
      "\n",
      value, uuid_of(number), digest, rfc3339(kStart + number * kBeat));
}

// The first line of the file has no end before the file's own.
std::string huge_line(std::uint64_t number, Random&) {
  constexpr std::string_view kPiece = "blob unknown to registry, ";
  std::string text =
      number == 0 ? fmt::format("time=\"{}\" level=error msg=\"", rfc3339(kStart)) : "";
  while (text.size() < 1024) text += kPiece;
  return text;
}

struct Kind {
  std::string_view name;
  std::string (*piece)(std::uint64_t number, Random& random);
};
constexpr std::array<Kind, 5> kKinds{{{"huge-line", huge_line},
                                      {"all-errors", all_errors},
                                      {"all-distinct", all_distinct},
                                      {"all-escapes", all_escapes},
                                      {"deep-nesting", deep_nesting}}};

// False: the file was not written in full.
bool write_log(const Kind& kind, std::uint64_t bytes, const char* path) {
  std::FILE* file = std::fopen(path, "w");
  if (file == nullptr) return false;
  std::setvbuf(file, nullptr, _IOFBF, 1 << 20);
  Random random(kSeed);
  for (std::uint64_t number = 0, written = 0; written < bytes; ++number) {
    const std::string text = kind.piece(number, random);
    std::fwrite(text.data(), 1, text.size(), file);
    written += text.size();
  }
  const bool whole = std::ferror(file) == 0;
  return std::fclose(file) == 0 && whole;
}

}  // namespace

int main(int count, char** words) {
  const std::string_view name = count == 4 ? words[1] : "";
  const auto kind = std::ranges::find(kKinds, name, &Kind::name);
  const std::uint64_t bytes = count == 4 ? std::strtoull(words[2], nullptr, 10) : 0;
  if (kind == kKinds.end() || bytes == 0) {
    std::fputs("usage: make_worst KIND BYTES FILE\n", stderr);
    return 2;
  }
  if (write_log(*kind, bytes, words[3])) return 0;
  std::fprintf(stderr, "make_worst: '%s' could not be written in full\n", words[3]);
  return 1;
}
