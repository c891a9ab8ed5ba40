// store: databases of unknown origin. A whole file, or changes of some bytes of a sound one, is
// opened, read, asked and written to; no crash, no hang, and what can be loaded can be put again.
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "fuzz.h"
#include "store/store.h"

namespace {

using namespace regtriage;

struct Folder {
  std::string path;
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "fuzz-store-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
};

const std::string& folder() {
  static const Folder one;
  return one.path;
}

Facts some_facts() {
  Facts facts;
  SourceReport source;
  source.name = "registry.log";
  source.bytes = source.accepted = 100;
  facts.sources.push_back(source);
  for (unsigned i = 0; i < 20; ++i) {
    Event e;
    e.id = hash_of(std::to_string(i));
    e.time = static_cast<TimeNs>(i) * kSecond;
    e.kind = EventKind::request;
    e.status = 404;
    e.repository = facts.names.intern("team/app");
    e.digest = facts.names.intern("sha256:" + std::to_string(i));
    e.at = {i * 10ULL, i + 1, 0};
    facts.events.push_back(e);
  }
  return facts;
}

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

const std::string& sound_bytes() {
  static const std::string bytes = [] {
    const std::string path = folder() + "/sound.db";
    {
      Result<Store> store = Store::open_for_writing(path);
      FUZZ_REQUIRE(store && store->put(some_facts()) && store->put(Judgement{}, some_facts(), "r"));
    }
    return bytes_of(path);
  }();
  return bytes;
}

// Each four bytes of the input: three for a place, one for what is laid over it.
std::string changed(std::string_view input) {
  std::string bytes = sound_bytes();
  for (; input.size() >= 4; input.remove_prefix(4)) {
    const auto byte = [input](std::size_t i) {
      return static_cast<std::size_t>(static_cast<unsigned char>(input[i]));
    };
    char& place = bytes[(byte(0) << 16 | byte(1) << 8 | byte(2)) % bytes.size()];
    place = static_cast<char>(place ^ input[3]);
  }
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = text_of(data, size);
  const std::string path = folder() + "/a.db";
  std::filesystem::remove(path + "-journal");
  std::ofstream(path, std::ios::binary)
      << (input.starts_with("SQLite format 3") ? std::string(input) : changed(input));
  if (Result<Store> store = Store::open_for_reading(path)) {
    if (const Result<Facts> facts = store->load()) {
      Result<Store> copy = Store::in_memory();
      FUZZ_REQUIRE(copy && copy->put(*facts) && copy->load());
    }
    for (const char* view : {"errors", "timeline", "digests", "sources"})
      (void)store->query(std::string("SELECT * FROM ") + view, 100);
  }
  if (Result<Store> store = Store::open_for_writing(path)) {
    (void)store->put(some_facts());
    (void)store->put(Judgement{}, some_facts(), "r");
    (void)store->prune(10 * kSecond);
  }
  return 0;
}
