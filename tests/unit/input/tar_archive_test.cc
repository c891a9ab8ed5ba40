// An archive is a folder: each member a source, whatever it is called.
#include "input/tar_archive.h"

#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <thread>

#include "input/input.h"
#include "temp_folder.h"

using namespace regtriage;
using namespace regtriage::test;

namespace {

std::string text_of(const InputName& input) {
  OpenSource source = open_source(input);
  if (source.stream == nullptr) return "! " + source.error.what;
  std::string out, buffer(777, '\0');
  while (true) {
    const Result<std::size_t> got = source.stream->read(buffer.data(), buffer.size());
    if (!got) return out + "! " + got.error().what;
    if (*got == 0) return out;
    out.append(buffer, 0, *got);
  }
}

// What is read of bytes that stand in memory: name and text of each source.
std::vector<std::pair<std::string, std::string>> read_of(const std::string& bytes,
                                                         std::vector<OpenSource>& problems) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const InputName& input : expand_folders({{"x", bytes, true}}, problems))
    out.emplace_back(input.path, text_of(input));
  return out;
}

std::string lines_of(int seed, int count) {
  std::mt19937 random(static_cast<unsigned>(seed));
  std::string text;
  for (int i = 0; i < count; ++i) text += "line " + std::to_string(random()) + "\n";
  return text;
}

using Texts = std::vector<std::pair<std::string, std::string>>;

}  // namespace

TEST_CASE("an archive gives its members in its order, plain or compressed, and what is in them") {
  const std::string one = lines_of(1, 30'000), two = lines_of(2, 3);
  const std::vector<TarEntry> entries = {{"./log/b.log", one},
                                         {"/log/a.log.1.gz", compressed(two, "gzip")},
                                         {"log", "", AE_IFDIR},
                                         {"log/empty", ""}};
  for (const char* filter : {static_cast<const char*>(nullptr), "gzip", "zstd", "xz"}) {
    std::vector<OpenSource> problems;
    REQUIRE(read_of(tarred(entries, filter), problems) ==
            Texts{{"x/log/b.log", one}, {"x/log/a.log.1.gz", two}, {"x/log/empty", ""}});
    REQUIRE(problems.empty());
  }
}

TEST_CASE("links, devices and hidden files are left out; names are only shown") {
  std::vector<OpenSource> problems;
  const Texts texts = read_of(tarred({{"../../etc/passwd", "one\n"},
                                      {"log/link", "", AE_IFLNK, "/etc/passwd"},
                                      {"log/hard", "", AE_IFREG, "../../etc/passwd"},
                                      {"log/pipe", "", AE_IFIFO},
                                      {"log/._fork.log", "x"},
                                      {".git/log", "x"},
                                      {"a\x1b[31m\nb", "two\n"}}),
                              problems);
  REQUIRE(texts == Texts{{"x/../../etc/passwd", "one\n"}, {"x/a\x1b[31m\nb", "two\n"}});
  REQUIRE(problems.empty());
}

TEST_CASE("an archive in an archive is refused, and nothing else with it") {
  std::vector<OpenSource> problems;
  const std::string inner = tarred({{"deep.log", "deep\n"}});
  const Texts texts = read_of(
      tarred({{"in.tar", inner}, {"in.tgz", compressed(inner, "gzip")}, {"x.log", "text\n"}}),
      problems);
  REQUIRE(texts == Texts{{"x/in.tar", "! 'x/in.tar' is a tar archive, not a log"},
                         {"x/in.tgz", "! 'x/in.tgz' is a tar archive, not a log"},
                         {"x/x.log", "text\n"}});
}

TEST_CASE("an archive without files, and one that is cut, are problems; what was whole is read") {
  std::vector<OpenSource> problems;
  REQUIRE(read_of(tarred({{"log", "", AE_IFDIR}}), problems).empty());
  REQUIRE(problems.size() == 1);
  REQUIRE(problems[0].error.what == "the archive 'x' holds no files");

  const std::string one = lines_of(1, 100), two = lines_of(2, 10'000);
  for (const char* filter : {static_cast<const char*>(nullptr), "gzip"}) {
    problems.clear();
    const std::string whole = tarred({{"one", one}, {"two", two}}, filter);
    const Texts texts = read_of(whole.substr(0, whole.size() / 2), problems);
    REQUIRE(texts.size() == 2);
    REQUIRE(texts[0].second == one);
    const std::string head = texts[1].second.substr(0, texts[1].second.find('!'));
    REQUIRE(head.size() > 1000);
    REQUIRE(two.starts_with(head));
    REQUIRE(texts[1].second.find("cut short") != std::string::npos);
    REQUIRE(problems.size() == 1);
  }
}

TEST_CASE("a header that promises too much gives what is there") {
  const std::string text = lines_of(5, 200);
  std::string bytes = tarred({{"big", text}, {"next", "more\n"}});
  bytes.replace(124, 12, std::string("77777777777\0", 12));  // the size, octal: 8 GiB
  unsigned sum = 0;
  bytes.replace(148, 8, "        ");
  for (std::size_t i = 0; i < 512; ++i) sum += static_cast<unsigned char>(bytes[i]);
  char field[8];
  std::snprintf(field, sizeof field, "%06o", sum);
  bytes.replace(148, 7, std::string(field, 7));
  std::vector<OpenSource> problems;
  const Texts texts = read_of(bytes, problems);
  REQUIRE(texts.size() == 1);
  REQUIRE(texts[0].second.starts_with(text));
  REQUIRE(problems.size() == 1);
}

TEST_CASE("many members at once, in any order, on many threads") {
  std::vector<TarEntry> entries;
  std::map<std::string, std::string> wanted;
  for (int i = 0; i < 40; ++i) {
    entries.push_back({"m" + std::to_string(i), lines_of(i, 50 * i)});
    wanted["x/" + entries.back().name] = entries.back().bytes;
  }
  const std::string bytes = tarred(entries, "gzip");
  std::vector<OpenSource> problems;
  const std::vector<InputName> inputs = expand_folders({{"x", bytes, true}}, problems);
  REQUIRE(inputs.size() == 40);
  std::atomic<std::size_t> next{0};
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (std::size_t i = next++; i < inputs.size(); i = next++) {
        const InputName& input = inputs[(i * 7) % inputs.size()];
        if (text_of(input) != wanted[input.path]) ++wrong;
      }
    });
  for (std::thread& one : threads) one.join();
  REQUIRE(wrong == 0);
}

TEST_CASE("archives inside a folder are opened, and files beside them stay files") {
  const TempFolder folder;
  folder.write("a.tgz", tarred({{"one.log", "one\n"}}, "gzip"));
  folder.write("b.log", "two\n");
  std::vector<OpenSource> problems;
  const auto inputs = expand_folders({{folder.path(), "", false}}, problems);
  REQUIRE(inputs.size() == 2);
  REQUIRE(inputs[0].path == folder.path("a.tgz/one.log"));
  REQUIRE(file_of(inputs[0]) == folder.path("a.tgz"));
  REQUIRE(text_of(inputs[0]) == "one\n");
  REQUIRE(try_raw_size(inputs[0]) == 4);
  REQUIRE(text_of(inputs[1]) == "two\n");
}
