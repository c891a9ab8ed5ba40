// Every line of a capture, wrapped in every envelope and in pairs of them, gives the same payload;
// and no parser reads outside of its line (each line lies alone in a block of its own, for ASan to
// see).
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "reading.h"

namespace regtriage::testing {
namespace {

using Wrap = std::string (*)(const std::string&);

std::string json_text(const std::string& text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

std::string octal_escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 32 && byte != 127) {
      out += c;
      continue;
    }
    out += '#';
    for (const int shift : {6, 3, 0}) out += static_cast<char>('0' + (byte >> shift & 7));
  }
  return out;
}

std::string byte_array(const std::string& text) {
  std::string out = "[";
  for (const char c : text)
    out += (out.size() > 1 ? "," : "") + std::to_string(static_cast<unsigned char>(c));
  return out + "]";
}

const std::string kTime = "2026-11-24T23:12:28.048912104Z";
const std::string kPod = "registry-7c9d5f6b84-x2k4q";

const std::vector<std::pair<std::string, Wrap>> kWraps = {
    {"docker-json",
     [](const std::string& s) {
       return "{\"log\":" + json_text(s + "\n") + R"(,"stream":"stderr","time":")" + kTime + "\"}";
     }},
    {"cri", [](const std::string& s) { return kTime + " stderr F " + s; }},
    {"syslog",
     [](const std::string& s) {
       return "Nov 24 23:12:28 172.18.0.1 registry[1234]: " + octal_escaped(s);
     }},
    {"syslog-5424",
     [](const std::string& s) { return "<30>1 " + kTime + " host registry 1 - - " + s; }},
    {"compose", [](const std::string& s) { return "registry-1  | " + s; }},
    {"compose", [](const std::string& s) { return "\x1b[36mregistry-1  | \x1b[0m" + s; }},
    {"kubectl-prefix", [](const std::string& s) { return "[pod/" + kPod + "/registry] " + s; }},
    {"timestamps", [](const std::string& s) { return kTime + " " + s; }},
    {"stern", [](const std::string& s) { return kPod + " registry " + s; }},
    {"journal-iso",
     [](const std::string& s) { return "2026-11-24T23:12:28+0000 node-3 registry[1234]: " + s; }},
    {"journal-json",
     [](const std::string& s) {
       return R"({"__CURSOR":"s=1","SYSLOG_IDENTIFIER":"registry","MESSAGE":)" + byte_array(s) +
              "}";
     }},
    {"loki",
     [](const std::string& s) {
       return R"({"labels":{"pod":")" + kPod + R"("},"line":)" + json_text(s) +
              R"(,"timestamp":")" + kTime + "\"}";
     }},
    {"fluent-bit",
     [](const std::string& s) {
       return R"({"date":1.5,"log":)" + json_text(s) + R"(,"kubernetes":{"pod_name":")" + kPod +
              "\"}}";
     }},
    {"filebeat",
     [](const std::string& s) {
       return R"({"@timestamp":")" + kTime + R"(","message":)" + json_text(s) +
              R"(,"agent":{"type":"filebeat"}})";
     }},
};

std::vector<std::string> sample_lines() {
  namespace fs = std::filesystem;
  std::vector<std::string> lines;
  for (const auto& entry :
       fs::recursive_directory_iterator(fs::path(REGTRIAGE_SOURCE_DIR) / "tests/samples/formats")) {
    if (entry.path().filename() != "input.log") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    for (std::string line; std::getline(in, line);) {
      if (line.ends_with('\r')) line.pop_back();
      lines.push_back(line);
    }
  }
  return lines;
}

bool is_utf8_json(const std::string& text) {
  std::string out;
  return append_json_string(out, text);
}

TEST_CASE("each envelope gives back the line that was put into it") {
  const std::vector<std::string> lines = sample_lines();
  REQUIRE(lines.size() > 50);
  EnvelopePeeler peeler;
  for (const auto& [word, wrap] : kWraps) {
    for (const std::string& line : lines) {
      if (!is_utf8_json(line) || line.empty()) continue;
      Envelope e;
      const std::string wrapped = wrap(line);
      REQUIRE(peeler.peel(wrapped, e));
      INFO(wrapped);
      REQUIRE(e.payload == line);
    }
    bool seen = false;
    for (unsigned i = 0; !envelope_word(i).empty(); ++i)
      seen = seen || ((peeler.seen() >> i & 1) != 0 && envelope_word(i) == word);
    CHECK(seen);
    peeler.clear_seen();
  }
}

TEST_CASE("each pair of envelopes gives back the line that was put into it") {
  const std::vector<std::string> lines = sample_lines();
  EnvelopePeeler peeler;
  for (const auto& [outer_word, outer] : kWraps) {
    for (const auto& [inner_word, inner] : kWraps) {
      for (std::size_t i = 0; i < lines.size(); i += 7) {
        if (!is_utf8_json(lines[i]) || lines[i].empty()) continue;
        const std::string wrapped = outer(inner(lines[i]));
        Envelope e;
        REQUIRE(peeler.peel(wrapped, e));
        INFO(outer_word << " around " << inner_word << ": " << wrapped);
        REQUIRE(e.payload == lines[i]);
      }
    }
  }
}

TEST_CASE("any head of any line is read without touching what lies behind it") {
  EnvelopePeeler peeler;
  RecordParser parser;
  std::size_t read = 0;
  std::vector<std::string> lines = sample_lines();
  for (const auto& [word, wrap] : kWraps) lines.push_back(wrap(lines.front()));
  for (const std::string& line : lines) {
    const std::size_t step = 1 + line.size() / 200;
    for (std::size_t size = 0; size <= line.size(); size += step) {
      const std::unique_ptr<char[]> alone(new char[size]);
      std::copy_n(line.data(), size, alone.get());
      Envelope e;
      Record r;
      if (!peeler.peel({alone.get(), size}, e)) continue;
      starts_record(e.payload);
      if (parser.parse(e.payload, r) == Parsed::record) read += shown(r).size();
    }
  }
  CHECK(read > 0);
}

TEST_CASE("the same line gives the same record, whatever was read before it") {
  RecordParser used;
  for (const std::string& line : sample_lines()) {
    RecordParser fresh;
    Record a, b;
    REQUIRE(used.parse(line, a) == fresh.parse(line, b));
    REQUIRE(shown(a) == shown(b));
  }
}

}  // namespace
}  // namespace regtriage::testing
