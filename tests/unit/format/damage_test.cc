#include <catch2/catch.hpp>

#include "reading.h"

namespace regtriage::testing {
namespace {

constexpr std::string_view kText = R"(time="2026-11-24T23:46:10.5Z" level=info msg="m n")";

std::string payload_of(std::string_view line) {
  EnvelopePeeler peeler;
  peeler.set_options({2026, 0});
  Envelope envelope;
  return peeler.peel(line, envelope) ? std::string(envelope.payload) : "broken";
}

TEST_CASE("what tools put around a line comes off") {
  const std::string text(kText);
  for (const std::string& line :
       {"registry.log:" + text, "registry.log:123:" + text, "registry.log-122-" + text,
        "/var/log/harbor/registry.log.1:" + text, "./a.log:" + text, "123:" + text,
        "registry.log:Nov 24 23:46:10 10.0.0.1 registry[12]: " + text,
        "2026-11-24_23:46:10.12345 " + text, "gunicorn-web stderr | " + text,
        "[2026-11-24T23:46:10.847Z] " + text, "24.11.2026 23:46:10" + text,
        "Nov 4 23:46:10 10.0.0.1 registry[12]: " + text}) {
    INFO(line);
    CHECK(payload_of(line) == text);
  }
}

TEST_CASE("a cell of an export, and a JSON text, are the line") {
  const std::string doubled = R"("time=""2026-11-24T23:46:10.5Z"" level=info msg=""m n""")";
  CHECK(payload_of(doubled) == kText);
  CHECK(payload_of("2026-11-24,registry-0," + doubled) == kText);
  CHECK(payload_of("\"a\"," + doubled + ",\"b\"") == kText);
  CHECK(payload_of(R"("time=\"2026-11-24T23:46:10.5Z\" level=info msg=\"m n\"",)") == kText);
}

TEST_CASE("changed quotes, blanks and colours are mended") {
  CHECK(payload_of("time=”2026-11-24T23:46:10.5Z” level=info msg=“m n”") == kText);
  CHECK(payload_of("time=&quot;2026-11-24T23:46:10.5Z&quot; level=info msg=&quot;m n&quot;") ==
        kText);
  CHECK(payload_of(R"(time="2026-11-24T23:46:10.5Z" ;level=info ;msg="m ;n")") == kText);
  CHECK(
      payload_of("time=\"2026-11-24T23:46:10.5Z\" level=info msg=\"m \x1b[01;31m\x1b[Kn\x1b[m\"") ==
      kText);
}

TEST_CASE("what no bytes prove stays as it is") {
  for (const std::string_view line :
       {R"(time="t" level=info msg="a”b")", R"("quoted" words "here")", R"("a""b)", "12:34 text",
        "app.log", "name:text", R"(msg="x" time="2026" level=info)", "a, b, c",
        "\x1b[31mERRO\x1b[0m[0012] m", "2026-11-24_ text", "[2026] text",
        "2026/11/24 23:45:50.123 \x1b[1;35m[C]\x1b[0m [config.go:500]  text"}) {
    INFO(line);
    CHECK(payload_of(line) == line);
  }
}

}  // namespace
}  // namespace regtriage::testing
