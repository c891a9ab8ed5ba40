// Facts as text, short calls of ingest, and lines as registries print them. For the tests of this
// room.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/ingest.h"

namespace regtriage::test {

inline const Classifier& classifier() {
  static const Classifier made = Classifier::make({}).value();
  return made;
}

inline std::string line_of(const Facts& facts, const Event& e) {
  std::string out = fmt::format(
      "{} {} +{} {} {} {} {} {} {} {}:{}:{} {} {} {} {} {} {}", hex_of(e.id), rfc3339_of(e.time),
      e.order_ns, word_of(e.kind), word_of(e.method), word_of(e.route), word_of(e.code), e.status,
      e.written, e.at.source, e.at.line, e.at.offset, uuid_text(e.request), word_of(e.level),
      e.duration_us, e.whole_second, e.untimed, e.offset);
  for (const NameId id : {e.repository, e.digest, e.tag, e.upload, e.client, e.agent, e.user,
                          e.instance, e.from, e.manifest, e.detail, e.rule})
    out += fmt::format(" '{}'", facts.text(id));
  return out + "\n";
}

inline std::string line_of(const Facts& facts, const Touch& t) {
  std::string out = fmt::format("touch {} {} {} {} {}", word_of(t.method), word_of(t.route),
                                t.status, t.written, t.hour);
  for (const NameId id : {t.repository, t.digest, t.tag, t.client, t.agent, t.instance})
    out += fmt::format(" '{}'", facts.text(id));
  for (const Touch::Sighting* s : {&t.first, &t.last})
    out += fmt::format(" {} {} +{} {}:{}", hex_of(s->id), s->time, s->order_ns, s->at.line,
                       s->at.offset);
  return out + "\n";
}

inline std::string digits(int number, int width) { return fmt::format("{:0{}x}", number, width); }

// Everything that facts say but their sources, one line for each event and touch.
inline std::string text_of(const Facts& facts) {
  std::string out;
  for (const Event& e : facts.events) out += line_of(facts, e);
  for (const Touch& t : facts.touches) out += line_of(facts, t);
  return out;
}

// Everything that a source's report says, one line.
inline std::string text_of(const SourceReport& s) {
  std::string out = fmt::format(
      "{} status {} '{}' lines {} bytes {} accepted {} ignored {} rejected {} pending {} first {} "
      "last {} "
      "level {} year {} zone {}",
      s.name, static_cast<int>(s.status), s.error, s.lines, s.bytes, s.accepted, s.ignored,
      s.rejected, s.pending, rfc3339_of(s.first), rfc3339_of(s.last), word_of(s.lowest_level),
      s.year, s.zone_assumed);
  for (const std::uint64_t n : s.lines_by_format) out += fmt::format(" {}", n);
  for (const std::uint64_t n : s.rejects) out += fmt::format(" /{}", n);
  for (const std::string& word : s.envelopes) out += " " + word;
  for (const std::string& name : s.instances) out += " @" + name;
  for (const Gap& gap : s.gaps)
    out += fmt::format(" -{}..{}", rfc3339_of(gap.first), rfc3339_of(gap.last));
  for (const RejectSample& sample : s.reject_samples)
    out += fmt::format(" [{} {}:{} {}]", word_of(sample.reason), sample.at.line, sample.at.offset,
                       sample.head);
  return out + "\n";
}

inline IngestOptions options_of(std::size_t block_bytes, unsigned threads,
                                std::size_t max_line = 1 << 20) {
  IngestOptions options;
  options.block_bytes = block_bytes;
  options.threads = threads;
  options.max_line_bytes = max_line;
  return options;
}

inline Facts facts_of(const std::vector<std::string>& texts, const IngestOptions& options) {
  std::vector<InputName> inputs;
  for (const std::string& text : texts) inputs.push_back({"text", text, true});
  const std::atomic<bool> stop{false};
  return ingest(inputs, classifier(), options, stop, {});
}

inline std::string text_in_blocks(const std::string& text, const IngestOptions& options) {
  const Facts facts = facts_of({text}, options);
  return text_of(facts) + text_of(facts.sources.at(0));
}

// Facts and source of one text in one block on one thread: what every cut must give.
inline std::string whole_text_of(const std::string& text, std::size_t max_line = 1 << 20) {
  return text_in_blocks(text, options_of(text.size() + 2 * max_line + 64, 1, max_line));
}

// Lines as a registry prints them. `number` makes request id, digest and time.
inline std::string digest_of(int number) { return "sha256:" + digits(number, 64); }

inline std::string app_line(int number,
                            std::string_view message = "response completed with error") {
  return fmt::format(
      "time=\"2026-11-24T23:12:{:02}.{:09}Z\" level=error msg=\"{}\" err.code=\"blob unknown\" "
      "err.detail={} err.message=\"blob unknown to registry\" go.version=go1.20.8 "
      "http.request.host=registry.example.com http.request.id={}-0000-4000-8000-000000000000 "
      "http.request.method=HEAD http.request.remoteaddr=10.0.0.7 "
      "http.request.uri=\"/v2/team/app/blobs/{}\" http.request.useragent=\"skopeo/1.9.3\" "
      "http.response.contenttype=\"application/json; charset=utf-8\" http.response.duration=1.5ms "
      "http.response.status=404 http.response.written=157 vars.digest=\"{}\" "
      "vars.name=\"team/app\" \n",
      number / 5 % 60, number % 5 * 111111111 + 7, message, digest_of(number), digits(number, 8),
      digest_of(number), digest_of(number));
}

inline std::string access_line(int number) {
  return fmt::format(
      "127.0.0.1 - - [24/Nov/2026:23:12:{:02} +0000] \"PUT /v2/team/app/manifests/{} HTTP/1.1\" "
      "201 0 "
      "\"\" \"skopeo/1.9.3\"\n",
      number / 5 % 60, digest_of(number));
}

inline std::string multi_line_error(int number) {
  return fmt::format(
      "time=\"2026-11-24T23:12:{:02}.5000000{:02}Z\" level=error msg=\"response completed with "
      "error\" "
      "err.code=unknown err.detail=\"s3aws: AccessDenied: Access Denied\n\tstatus code: 403, "
      "request id: "
      "{}, host id: \" err.message=\"unknown error\" "
      "http.request.id={}-0000-4000-8000-000000000001 "
      "http.request.method=GET http.request.remoteaddr=10.0.0.7 "
      "http.request.uri=\"/v2/team/app/blobs/{}\" "
      "http.response.status=500 http.response.written=123 vars.name=\"team/app\" \n",
      number / 5 % 60, number % 100, number, digits(number, 8), digest_of(number));
}

inline std::string tty_line(int number) {
  return fmt::format(
      "\x1b[31mERRO\x1b[0m[{:04}] response completed with error                 "
      "\x1b[31merr.code\x1b[0m=\"blob unknown\" \x1b[31merr.detail\x1b[0m={} "
      "\x1b[31mhttp.request.id\x1b[0m={}-0000-4000-8000-000000000002 "
      "\x1b[31mhttp.request.method\x1b[0m=HEAD "
      "\x1b[31mhttp.request.uri\x1b[0m=\"/v2/team/app/blobs/{}\" "
      "\x1b[31mhttp.response.status\x1b[0m=404 \n",
      number, digest_of(number), digits(number, 8), digest_of(number));
}

inline std::string file_text(const std::string& path_below_tests) {
  std::ifstream file(std::string(REGTRIAGE_SOURCE_DIR) + "/tests/" + path_below_tests,
                     std::ios::binary);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline std::vector<EventId> ids_of(const Facts& facts) {
  std::vector<EventId> ids;
  for (const Event& e : facts.events) ids.push_back(e.id);
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace regtriage::test
