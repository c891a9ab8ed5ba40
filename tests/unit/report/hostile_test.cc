// Whatever a client writes into a log, no output gives it power over its reader.
#include <algorithm>
#include <catch2/catch.hpp>

#include "base/utf8.h"
#include "sample_report.h"

namespace regtriage {
namespace {

const std::vector<std::string> kHostile = {
    "\x1b]0;owned\x07\x1b[2J",
    "\xc2\x9b"
    "31mred",  // C1 CSI
    "\xe2\x80\xae"
    "txt.exe",  // right-to-left override
    "\xff\xfe\x80 bad bytes",
    std::string("nul\0byte", 8),
    "line\r\nbreak\nand\ttab",
    "<script>alert(1)</script><img src=x onerror=y>",
    "'\"><b>&amp;{{headline}}{{{id}}}",
    "=cmd|'/c calc'!A0",
    "+1-1@SUM(A1)",
    "-2+3",
    "@someone #12 !34 GH-1 ABC-99 https://evil.example www.evil.example",
    "`tick` ``two`` ``` three ```\n```\n# heading",
    "[link](https://evil.example) ![p](x) *b* _i_ ~~s~~ | cell |",
    "{noformat} {code} [~someone] !pic.png! {NOFORMAT}",
    "\xef\xbc\x9d"
    "1+1",
    "\"quoted\",\"cells\"",
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
};

std::string with_all_sinks(const std::string& text, std::string_view renderer) {
  const SampleReport sample = sample_report(text, text, text);
  ReportModel model = sample.model();
  model.events = true;
  model.sessions = true;
  return rendered(renderer, model);
}

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\n') || byte == 0x7f;
}

TEST_CASE("no output holds controls, C1, bidi marks or bytes that are no UTF-8") {
  for (const std::string& text : kHostile)
    for (const Renderer& renderer : renderers()) {
      std::string out = with_all_sinks(text, renderer.name);
      if (renderer.name == "csv") std::erase(out, '\r');  // its own line ends
      INFO(renderer.name << ": " << out);
      REQUIRE(is_utf8(out));
      REQUIRE(std::ranges::none_of(out, is_control));
      REQUIRE(out.find("\xc2\x9b") == std::string::npos);
      REQUIRE(out.find("\xe2\x80\xae") == std::string::npos);
    }
}

TEST_CASE("no markup of HTML comes from data") {
  const std::string plain = with_all_sinks("x", "html");
  const auto tags = [](const std::string& page) { return std::ranges::count(page, '<'); };
  for (const std::string& text : kHostile) {
    const std::string page = with_all_sinks(text, "html");
    INFO(text);
    REQUIRE(tags(page) == tags(plain));
    REQUIRE(page.find("onerror=y>") == std::string::npos);
  }
}

TEST_CASE("no cell of a table begins like a formula") {
  for (const std::string& text : kHostile) {
    const std::string table = with_all_sinks(text, "csv");
    for (std::size_t at = 0; at < table.size(); ++at) {
      const bool starts =
          table[at] == '"' && (at == 0 || table[at - 1] == ',' || table[at - 1] == '\n');
      if (!starts || at + 1 == table.size()) continue;
      INFO(table.substr(at, 40));
      REQUIRE(std::string("=+-@\t\r").find(table[at + 1]) == std::string::npos);
    }
  }
}

// What is left of Markdown when fenced blocks and code spans are taken away (CommonMark 4.5, 6.1).
std::string outside_code(const std::string& text) {
  std::string lines, out;
  std::string fence;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    const std::string ticks = line.substr(0, line.find_first_not_of('`'));
    if (fence.empty() && ticks.size() >= 3)
      fence = ticks;
    else if (!fence.empty() && ticks.size() >= fence.size() && line == ticks)
      fence.clear();
    else if (fence.empty())
      lines += line + "\n";
  }
  REQUIRE(fence.empty());
  for (std::size_t at = 0; at < lines.size();) {
    if (lines[at] != '`') {
      out += lines[at++];
      continue;
    }
    const std::size_t run = std::min(lines.find_first_not_of('`', at), lines.size()) - at;
    std::size_t close = at + run;
    std::size_t length = 0;
    while (close < lines.size() && length != run) {
      close = std::min(lines.find('`', close + length), lines.size());
      length = std::min(lines.find_first_not_of('`', close), lines.size()) - close;
    }
    REQUIRE(length == run);
    at = close + length;
  }
  return out;
}

TEST_CASE("in Markdown foreign text stands inside code only") {
  for (const std::string& text : kHostile) {
    const std::string rest = outside_code(with_all_sinks(text, "markdown"));
    INFO(text << "\n" << rest);
    for (const char* mark :
         {"@", "<", "[", "](", "*", "_", "~", "http", "www", "|", "GH-1", "ABC-99", "!"})
      REQUIRE(rest.find(mark) == std::string::npos);
  }
}

// What is left of Jira's markup when {noformat} blocks are taken away.
std::string outside_noformat(const std::string& text) {
  const std::string mark = "{noformat}\n";
  std::string out;
  bool inside = false;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(mark, at), text.size());
    if (!inside) out += text.substr(at, end - at);
    inside = !inside;
    at = end + mark.size();
  }
  return out;
}

TEST_CASE("in Jira foreign text is neither link, mention, macro nor issue key") {
  for (const std::string& text : kHostile) {
    const std::string ticket = with_all_sinks(text, "jira");
    const std::string rest = outside_noformat(ticket);
    INFO(text << "\n" << rest);
    for (const char* mark :
         {"[", "@", "http:", "https:", "www.", "ABC-99", "{code", "{NOFORMAT", "!pic"})
      REQUIRE(rest.find(mark) == std::string::npos);
  }
}

TEST_CASE("a report in JSON names bytes that are no UTF-8 in hex beside") {
  REQUIRE(with_all_sinks("\xff", "json").find("_hex\": \"ff\"") != std::string::npos);
}

TEST_CASE("lines keep to the width of the terminal") {
  const SampleReport sample = sample_report();
  for (const int width : {60, 80, 120}) {
    ReportModel model = sample.model();
    model.width = width;
    model.short_digests = true;
    const std::string text = rendered("text", model);
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      const std::string line = text.substr(at, end - at);
      at = end + 1;
      if (line.find("HGETALL") != std::string::npos) continue;  // a command is never cut
      INFO(line);
      // "…" is three bytes and one column.
      REQUIRE(line.size() <= static_cast<std::size_t>(width) + 4);
    }
  }
}

}  // namespace
}  // namespace regtriage
