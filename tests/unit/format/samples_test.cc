// Every folder of tests/samples is read and compared with what its expected.jsonl says.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "reading.h"

namespace regtriage::testing {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<fs::path> folders_of(const char* kind) {
  std::vector<fs::path> found;
  for (const auto& entry :
       fs::directory_iterator(fs::path(REGTRIAGE_SOURCE_DIR) / "tests/samples" / kind))
    if (entry.is_directory()) found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

void compare(const fs::path& folder, const std::string& got) {
  if (std::getenv("REGTRIAGE_ACCEPT") != nullptr)
    std::ofstream(folder / "expected.jsonl", std::ios::binary) << got;
  INFO(folder.string());
  CHECK(text_of(folder / "expected.jsonl") == got);
}

TEST_CASE("records of each format are read as their samples say") {
  const std::vector<fs::path> folders = folders_of("formats");
  REQUIRE(folders.size() >= 7);
  for (const fs::path& folder : folders) {
    std::string got;
    for (const ReadLine& line : Reading().read(text_of(folder / "input.log"))) {
      CHECK(line.parsed == Parsed::record);
      got += line.shown + "\n";
    }
    compare(folder, got);
  }
}

TEST_CASE("payloads come out of each envelope as their samples say") {
  const std::vector<fs::path> folders = folders_of("envelopes");
  REQUIRE(folders.size() >= 16);
  for (const fs::path& folder : folders) {
    std::string got;
    for (const ReadLine& line : Reading().read(text_of(folder / "input.log"))) {
      CHECK(line.parsed == Parsed::record);
      got += line.envelope + "\n";
    }
    compare(folder, got);
  }
}

TEST_CASE("the same lines give the same records in every envelope") {
  const auto records_in = [](const fs::path& folder) {
    std::vector<std::string> shown;
    for (const ReadLine& line : Reading().read(text_of(folder / "input.log")))
      shown.push_back(line.shown);
    return shown;
  };
  const fs::path root = fs::path(REGTRIAGE_SOURCE_DIR) / "tests/samples/envelopes";
  const std::vector<std::string> expected = records_in(root / "cri");
  REQUIRE(expected.size() == 9);
  for (const fs::path& folder : folders_of("envelopes")) {
    const std::string name = folder.filename().string();
    if (name.ends_with("-parts") || name.ends_with("-own")) continue;  // lines of their own
    INFO(folder.string());
    CHECK(records_in(folder) == expected);
  }
}

}  // namespace
}  // namespace regtriage::testing
