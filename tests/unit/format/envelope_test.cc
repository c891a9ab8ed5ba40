#include <catch2/catch.hpp>

#include "reading.h"

namespace regtriage::testing {
namespace {

struct Peeled {
  std::string payload, instance, stream, time, words;
  Envelope::Part part = Envelope::Part::whole;
  bool ok = true;
};

std::string words_of(std::uint32_t seen) {
  std::string words;
  for (unsigned i = 0; !envelope_word(i).empty(); ++i)
    if ((seen >> i & 1) != 0) words += (words.empty() ? "" : " ") + std::string(envelope_word(i));
  return words;
}

Peeled peel(std::string_view line, int year = 2026, int zone_offset_s = 0) {
  EnvelopePeeler peeler;
  peeler.set_options({year, zone_offset_s});
  Envelope e;
  Peeled p;
  p.ok = peeler.peel(line, e);
  p.payload = e.payload;
  p.instance = e.instance;
  p.stream = e.stream;
  p.time = rfc3339_of(e.time);
  p.part = e.part;
  p.words = words_of(peeler.seen());
  return p;
}

constexpr std::string_view kText =
    R"(time="2026-11-24T23:46:10.5Z" level=info msg="response completed" )";

TEST_CASE("a line without an envelope comes through untouched") {
  for (const std::string_view line :
       {kText, std::string_view(R"({"err.code":"blob unknown","level":"error","msg":"m"})"),
        std::string_view(R"({"@timestamp":"2026-11-24T23:46:10Z","@version":"1","message":"m"})"),
        std::string_view(R"({"level":"info","msg":"a \"log\":\"x\" b","time":"t"})"),
        std::string_view(R"(10.0.0.1 - - [24/Nov/2026:23:46:10 +0000] "GET /v2/ HTTP/1.1" 200 2)"),
        std::string_view("registry-0 - - [24/Nov/2026:23:46:10 +0000] \"GET /v2/ HTTP/1.1\" 200 2"),
        std::string_view("2026/11/24 23:45:50 http: superfluous"),
        std::string_view("2024-05-01T09:00:00Z [ERROR] [/lib/http/error.go:57]: text"),
        std::string_view("\x1b[36mINFO\x1b[0m[0000] listening"), std::string_view("library/tools"),
        std::string_view("blob eligible for deletion: sha256:0"),
        std::string_view("\tstatus code: 403"), std::string_view(""), std::string_view(" "),
        std::string_view("{"), std::string_view("a | b")}) {
    INFO(line);
    const Peeled p = peel(line);
    CHECK(p.ok);
    CHECK(p.payload == line);
    CHECK(p.words.empty());
    CHECK(p.time.empty());
  }
}

TEST_CASE("docker's json-file gives stream and time, a piece without line end is partial") {
  Peeled p = peel(R"({"log":"a \"b\"\n","stream":"stderr","time":"2026-11-24T23:46:10.5Z"})");
  CHECK(p.payload == "a \"b\"");
  CHECK(p.stream == "stderr");
  CHECK(p.time == "2026-11-24T23:46:10.500000000Z");
  CHECK(p.part == Envelope::Part::whole);
  CHECK(p.words == "docker-json");
  p = peel(R"({"log":"half","stream":"stderr","time":"2026-11-24T23:46:10.5Z"})");
  CHECK(p.part == Envelope::Part::partial);
}

TEST_CASE("an application's JSON inside of docker's is peeled, and not taken for an envelope") {
  const Peeled p = peel(
      R"({"log":"{\"level\":\"info\",\"msg\":\"m\"}\n","stream":"stderr","time":"2026-11-24T23:46:10.5Z","attrs":{"tag":"x"}})");
  CHECK(p.payload == R"({"level":"info","msg":"m"})");
}

TEST_CASE("broken JSON that claims to be docker's has no payload") {
  CHECK_FALSE(peel(R"({"log":"time=\"2026-11-24T23:46)").ok);
}

TEST_CASE("a CRI line marked P is a part") {
  Peeled p = peel("2026-11-24T23:46:10.500000000Z stdout P half ");
  CHECK(p.payload == "half ");
  CHECK(p.part == Envelope::Part::partial);
  p = peel("2026-11-24T23:46:10.500000000+01:00 stderr F");
  CHECK(p.payload.empty());
  CHECK(p.time == "2026-11-24T22:46:10.500000000Z");
  CHECK(p.words == "cri");
}

TEST_CASE("a syslog line needs the year; its control bytes are decoded") {
  Peeled p = peel("Nov  4 23:12:28 172.18.0.1 registry[1234]: #011status code: 403#033[0m #999",
                  2026, 3600);
  CHECK(p.payload == "\tstatus code: 403 #999");
  CHECK(p.instance == "registry");
  CHECK(p.time == "2026-11-04T22:12:28.000000000Z");
  CHECK(p.words == "syslog colours");
  p = peel("Nov 24 23:12:28 172.18.0.1 registry[1234]: x", 0);
  CHECK(p.payload == "x");
  CHECK(p.time.empty());
  CHECK(peel("<30>Nov 24 23:12:28 registry[7]: x ").payload == "x ");
  CHECK(peel("Nov 24 23:12:28.25 node registry[7]: x").time == "2026-11-24T23:12:28.250000000Z");
  CHECK(peel("Nov 24 23:12:28 fe80::1 registry: x").instance == "registry");
}

TEST_CASE("rsyslog's repetition is the line that was repeated") {
  CHECK(peel("Nov 24 23:12:28 172.18.0.1 registry[1]: message repeated 3 times: [ a b ]").payload ==
        "a b ");
  // What names no line is none: it says how often, and equal lines count once.
  for (const std::string_view line :
       {"Nov 24 23:12:28 172.18.0.1 registry[1]: last message repeated 3 times",
        "Nov 24 23:12:28 harbor last message repeated 3 times"})
    CHECK(peel(line).payload.empty());
  CHECK(peel("Nov 24 23:12:28 harbor registry[1]: last message repeated in vain").payload ==
        "last message repeated in vain");
}

TEST_CASE("RFC 5424 steps over structured data") {
  Peeled p = peel(R"(<165>1 2026-11-24T23:12:28.003Z host registry 77 ID47 [a@1 k="x\"]y"][b] )"
                  "\xEF\xBB\xBFtime=x level=info ");
  CHECK(p.payload == "time=x level=info ");
  CHECK(p.instance == "registry");
  CHECK(p.time == "2026-11-24T23:12:28.003000000Z");
  CHECK(p.words == "syslog-5424");
  CHECK(peel("<165>1 - - registry - - - x").payload == "x");
}

TEST_CASE("compose with colour, without, with timestamps") {
  CHECK(peel("registry-1  | a | b").payload == "a | b");
  CHECK(peel("registry_1    | a").instance == "registry_1");
  CHECK(peel("registry_registry.1.x2k4q@node-3    | a").payload == "a");
  CHECK(peel("\x1b[36mregistry-1  | \x1b[0ma").payload == "a");
  CHECK(peel("\x1b[36mregistry_1  |\x1b[0m a").payload == "a");
  const Peeled p = peel("registry-1  | 2026-11-24T23:46:10.500000000Z a");
  CHECK(p.payload == "a");
  CHECK(p.time == "2026-11-24T23:46:10.500000000Z");
  CHECK(p.words == "timestamps compose");
}

TEST_CASE("kubectl's prefix and stern name the pod") {
  Peeled p =
      peel("[pod/registry-7c9d5f6b84-x2k4q/registry] 2026-11-24T23:46:10.500000000Z \tstatus code");
  CHECK(p.instance == "registry-7c9d5f6b84-x2k4q");
  CHECK(p.payload == "\tstatus code");
  for (const std::string_view rest : {std::string_view("\tstatus code: 403"), kText}) {
    p = peel(std::string("registry-7c9d5f6b84-x2k4q registry ").append(rest));
    CHECK(p.instance == "registry-7c9d5f6b84-x2k4q");
    CHECK(p.payload == rest);
  }
  p = peel(std::string("prod registry-0 registry ").append(kText));
  CHECK(p.instance == "registry-0");
  CHECK(p.payload == kText);
}

TEST_CASE("the journal's lines, and its message as text, bytes and null") {
  Peeled p = peel("2026-11-24T23:12:28+0100 node-3 registry[1234]: x ");
  CHECK(p.payload == "x ");
  CHECK(p.instance == "registry");
  CHECK(p.time == "2026-11-24T22:12:28.000000000Z");
  p = peel(
      R"({"__REALTIME_TIMESTAMP":"1795562770500000","SYSLOG_IDENTIFIER":"registry","MESSAGE":[27,91,51, 255]})");
  CHECK(p.payload == "\x1b[3\xff");
  CHECK(p.instance == "registry");
  CHECK(p.time == "2026-11-24T23:26:10.500000000Z");
  CHECK(peel(R"({"__CURSOR":"s","MESSAGE":"a"})").payload == "a");
  CHECK_FALSE(peel(R"({"__CURSOR":"s","MESSAGE":null})").ok);
}

TEST_CASE("Loki, fluent-bit and filebeat name the pod, in any order of keys") {
  CHECK(
      peel(
          R"({"timestamp":"2026-11-24T23:46:10Z","line":"a","labels":{"pod":"p-0","stream":"stdout"}})")
          .instance == "p-0");
  CHECK(peel(R"({"kubernetes":{"pod_name":"p-0"},"log":"a\n","date":1.5})").instance == "p-0");
  CHECK(peel(R"({"kubernetes":{"pod_name":"p-0"},"log":"a","logtag":"P"})").part ==
        Envelope::Part::partial);
  const Peeled p = peel(
      R"({"@timestamp":"2026-11-24T23:46:10.5Z","message":"a","log":{"offset":1},"kubernetes":{"pod":{"name":"p-0"}},"agent":{}})");
  CHECK(p.instance == "p-0");
  CHECK(p.payload == "a");
  CHECK(p.words == "filebeat");
}

TEST_CASE("envelopes are peeled in layers, at most six") {
  const Peeled p = peel(
      R"(Nov 24 23:12:28 h collector[1]: {"log":"[pod/p-0/c] 2026-11-24T23:46:10.5Z stderr F x\n","stream":"stdout","time":"2026-11-24T23:46:11Z"})");
  CHECK(p.payload == "x");
  CHECK(p.instance == "p-0");
  CHECK(p.stream == "stderr");
  CHECK(p.time == "2026-11-24T23:46:10.500000000Z");
  std::string deep = "x";
  for (int i = 0; i < 8; ++i) deep = "a-" + std::to_string(i) + "  | " + deep;
  CHECK(peel(deep).payload == "a-1  | a-0  | x");
}

TEST_CASE("a carriage return before the line end is taken off") {
  CHECK(peel("library/tools\r").payload == "library/tools");
  CHECK(peel("{\"log\":\"a\\r\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-24T23:46:10Z\"}")
            .payload == "a");
}

}  // namespace
}  // namespace regtriage::testing
