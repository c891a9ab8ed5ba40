// What is read of a source, plain or compressed, and what is refused.
#include <sys/stat.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <random>
#include <thread>

#include "input/input.h"
#include "temp_folder.h"

using namespace regtriage;
using namespace regtriage::test;

namespace {

constexpr const char* kFilters[] = {"gzip", "zstd", "xz", "bzip2", "lz4"};

struct Read {
  std::string text;
  Error error;
};

Read read_all(ByteStream& stream, std::size_t piece = 1000) {
  Read out;
  std::string buffer(piece, '\0');
  while (true) {
    const Result<std::size_t> got = stream.read(buffer.data(), buffer.size());
    if (!got) out.error = got.error();
    if (!got || *got == 0) return out;
    out.text.append(buffer, 0, *got);
  }
}

OpenSource opened(const std::string& bytes) { return open_source({"memory", bytes, true}); }

// Lines that do not compress away.
std::string some_text(int lines) {
  std::mt19937 random(7);
  std::string text;
  for (int i = 0; i < lines; ++i)
    text += "line " + std::to_string(i) + " " + std::to_string(random()) + "\n";
  return text;
}

Read read_of(const std::string& bytes, std::size_t piece = 1000) {
  const InputName input{"memory", bytes, true};
  OpenSource source = open_source(input);
  REQUIRE(source.stream != nullptr);
  return read_all(*source.stream, piece);
}

// The writer of libarchive 3.6 crashes over an empty lz4 member.
bool can_pack_nothing(std::string_view filter) { return filter != "lz4"; }

}  // namespace

TEST_CASE("a plain file is read as it is, in pieces of any size") {
  const TempFolder folder;
  const std::string text = some_text(2000);
  const std::string path = folder.write("registry.log", text);
  for (const std::size_t piece : {1UL, 4097UL, 1UL << 20}) {
    OpenSource source = open_source({path, "", false});
    REQUIRE(source.error.what.empty());
    REQUIRE(source.raw_size == text.size());
    REQUIRE(source.compression.empty());
    REQUIRE(read_all(*source.stream, piece).text == text);
    REQUIRE(source.stream->raw_bytes_read() == text.size());
  }
}

TEST_CASE("compressed files are told by their content, not by their name") {
  const TempFolder folder;
  const std::string text = some_text(3000);
  for (const char* filter : kFilters) {
    const std::string bytes = compressed(text, filter);
    OpenSource source = open_source({folder.write("registry.log", bytes), "", false});
    REQUIRE(source.compression == filter);
    const Read read = read_all(*source.stream);
    REQUIRE(read.text == text);
    REQUIRE(read.error.what.empty());
    REQUIRE(source.stream->raw_bytes_read() == bytes.size());
  }
}

TEST_CASE("every member of a concatenated file is read, an empty one too") {
  for (const char* filter : kFilters) {
    const std::string a = compressed("a\n", filter), b = compressed("b\n", filter);
    REQUIRE(read_of(a + b).text == "a\nb\n");
    if (can_pack_nothing(filter)) REQUIRE(read_of(a + compressed("", filter) + b).text == "a\nb\n");
  }
  std::string many, expected;
  for (int i = 0; i < 300; ++i) {
    many += compressed(std::to_string(i) + "\n", "gzip");
    expected += std::to_string(i) + "\n";
  }
  REQUIRE(read_of(many).text == expected);
}

TEST_CASE("zeros behind a gzip member are silent") {
  const Read read = read_of(compressed("a\n", "gzip") + std::string(17, '\0'));
  REQUIRE(read.text == "a\n");
  REQUIRE(read.error.what.empty());
}

TEST_CASE("what follows a gzip member and is no gzip is an error behind the text") {
  const Read read = read_of(compressed("a\n", "gzip") + "rubbish");
  REQUIRE(read.text == "a\n");
  REQUIRE(read.error.code == ErrorCode::cut_short);
}

TEST_CASE("a compressed file that was compressed again is read") {
  REQUIRE(read_of(compressed(compressed("a\n", "gzip"), "xz")).text == "a\n");
}

TEST_CASE("compressed nothing is nothing") {
  for (const char* filter : kFilters) {
    if (!can_pack_nothing(filter)) continue;
    const Read read = read_of(compressed("", filter));
    REQUIRE(read.text.empty());
    REQUIRE(read.error.what.empty());
  }
}

TEST_CASE("a file cut anywhere gives the bytes before the cut, then an error that names it") {
  const std::string text = some_text(500);
  for (const char* filter : kFilters) {
    const std::string bytes = compressed(text, filter);
    std::size_t longest = 0;
    for (std::size_t cut = 8; cut + 9 < bytes.size(); cut += 1 + bytes.size() / 200) {
      const Read read = read_of(bytes.substr(0, cut));
      INFO(filter << " cut at " << cut << " of " << bytes.size());
      REQUIRE(text.starts_with(read.text));
      REQUIRE(read.error.code == ErrorCode::cut_short);
      REQUIRE(read.error.what.find("'memory'") != std::string::npos);
      REQUIRE(read.text.size() >= longest);
      longest = read.text.size();
    }
    if (std::string_view(filter) == "gzip") REQUIRE(longest > text.size() * 9 / 10);
  }
}

TEST_CASE("UTF-16 is refused with the command that converts it") {
  std::string little, big;
  for (const char c : some_text(10)) {
    little += {c, '\0'};
    big += {'\0', c};
  }
  for (const std::string& bytes : {"\xff\xfe" + little, little, "\xfe\xff" + big, big}) {
    const OpenSource source = opened(bytes);
    REQUIRE(source.stream == nullptr);
    REQUIRE(source.refusal == Refusal::utf16);
    REQUIRE(source.error.hint.find("iconv -f UTF-16") != std::string::npos);
  }
  REQUIRE(opened("\xfe\xff" + big).error.hint.find("UTF-16BE") != std::string::npos);
}

TEST_CASE("binary content is refused, also inside a compression") {
  std::string noise;
  std::mt19937 random(1);
  for (int i = 0; i < 5000; ++i) noise += static_cast<char>(random());
  const std::string database = std::string("SQLite format 3\0", 16) + some_text(100);
  std::string tar(512, '\0');
  tar.replace(0, 8, "manifest").replace(257, 5, "ustar");
  for (const std::string& bytes : {noise, database, tar,
                                   "\x7f"
                                   "ELF" +
                                       noise}) {
    REQUIRE(opened(bytes).refusal == Refusal::binary);
    REQUIRE(opened(compressed(bytes, "gzip")).refusal == Refusal::binary);
  }
  REQUIRE(opened(tar).error.what.find("tar archive") != std::string::npos);
}

TEST_CASE("a log with NULs, colours, or a hole at its head or in its middle is text") {
  const std::string text = some_text(200);
  std::string spotted = text;
  for (std::size_t i = 0; i < spotted.size(); i += 100) spotted[i] = '\0';
  for (const std::string& bytes :
       {spotted, std::string(100'000, '\0') + text,
        text.substr(0, 300) + std::string(9000, '\0') + text,
        std::string("\x1b[36mINFO\x1b[0m[0001] listening on [::]:5000\n"),
        std::string("\xc3\xa4 \xe2\x82\xac\n"), std::string("caf\xe9 au lait\n"), std::string()})
    REQUIRE(opened(bytes).refusal == Refusal::none);
}

TEST_CASE("what cannot be opened says why") {
  const TempFolder folder;
  const OpenSource missing = open_source({folder.path("none.log"), "", false});
  REQUIRE(missing.error.code == ErrorCode::unreadable);
  REQUIRE(missing.error.what.find("none.log") != std::string::npos);
  const OpenSource directory = open_source({folder.path(), "", false});
  REQUIRE(directory.error.code == ErrorCode::unreadable);
}

TEST_CASE("a FIFO is read to its end, compressed too") {
  const TempFolder folder;
  const std::string text = some_text(20'000);
  for (const bool packed : {false, true}) {
    const std::string path = folder.path(packed ? "packed" : "plain");
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    const std::string bytes = packed ? compressed(text, "gzip") : text;
    std::thread writer([&] { std::ofstream(path, std::ios::binary) << bytes; });
    OpenSource source = open_source({path, "", false});
    const Read read = read_all(*source.stream);
    writer.join();
    REQUIRE(read.text == text);
    REQUIRE(source.raw_size == 0);
  }
}

TEST_CASE("a stop ends the waiting for a FIFO that nobody writes") {
  const TempFolder folder;
  REQUIRE(::mkfifo(folder.path("silent").c_str(), 0600) == 0);
  const std::atomic<bool> stop{true};
  OpenSource source = open_source({folder.path("silent"), "", false}, &stop);
  REQUIRE(read_all(*source.stream).text.empty());
}
