// Folders become files, in an order that is the same everywhere.
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "input/input.h"
#include "temp_folder.h"

using namespace regtriage;
using namespace regtriage::test;

namespace {

std::vector<std::string> paths_of(const std::vector<InputName>& inputs, const TempFolder& folder) {
  std::vector<std::string> paths;
  for (const InputName& input : inputs)
    paths.push_back(input.path.starts_with(folder.path())
                        ? input.path.substr(folder.path().size() + 1)
                        : input.path);
  return paths;
}

using Paths = std::vector<std::string>;

}  // namespace

TEST_CASE("a folder is walked in name order, hidden entries left out") {
  const TempFolder folder;
  for (const char* name : {"b.log", "a/2.log", "a/1.log", ".hidden", ".git/x", "c.log.gz", "a-b"})
    folder.write(name, "x\n");
  std::vector<OpenSource> problems;
  const auto files = expand_folders({{folder.path(), "", false}}, problems);
  REQUIRE(problems.empty());
  REQUIRE(paths_of(files, folder) == Paths{"a/1.log", "a/2.log", "a-b", "b.log", "c.log.gz"});
}

TEST_CASE("files, standard input and text in memory stay as they are, in their order") {
  const TempFolder folder;
  folder.write("x.log", "x\n");
  std::vector<OpenSource> problems;
  const auto files = expand_folders({{"-", "", false},
                                     {folder.path() + "/", "", false},
                                     {folder.path(), "text", true},
                                     {"missing", "", false}},
                                    problems);
  REQUIRE(files.size() == 4);
  REQUIRE(files[0].path == "-");
  REQUIRE(files[1].path == folder.path() + "/x.log");
  REQUIRE(files[2].in_memory);
  REQUIRE(files[3].path == "missing");
}

TEST_CASE("a link back up ends, a dangling link and a pipe inside a folder are nobody's log") {
  const TempFolder folder;
  folder.write("deep/er/x.log", "x\n");
  REQUIRE(::symlink(folder.path().c_str(), folder.path("deep/er/up").c_str()) == 0);
  REQUIRE(::symlink("nowhere", folder.path("dangling").c_str()) == 0);
  REQUIRE(::mkfifo(folder.path("pipe").c_str(), 0600) == 0);
  std::vector<OpenSource> problems;
  const auto files = expand_folders({{folder.path(), "", false}}, problems);
  REQUIRE(paths_of(files, folder) == Paths{"deep/er/x.log"});
}

TEST_CASE("a folder without files says so") {
  const TempFolder folder;
  folder.write(".hidden", "x\n");
  std::vector<OpenSource> problems;
  REQUIRE(expand_folders({{folder.path(), "", false}}, problems).empty());
  REQUIRE(problems.size() == 1);
  REQUIRE(problems[0].error.what.find("holds no files") != std::string::npos);
  REQUIRE(problems[0].name == folder.path());
}

TEST_CASE("a name with any bytes is a name") {
  const TempFolder folder;
  const std::string name = "a\x1b[31m\n\xff.log";
  folder.write(name, "x\n");
  std::vector<OpenSource> problems;
  const auto files = expand_folders({{folder.path(), "", false}}, problems);
  REQUIRE(paths_of(files, folder) == Paths{name});
  REQUIRE(open_source(files[0]).stream != nullptr);
}
