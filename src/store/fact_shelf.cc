#include "store/fact_shelf.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace regtriage {
namespace {

constexpr const char* kMemoryInstead =
    "the answer is the same, for memory is used instead; --tmp names another folder";
constexpr const char* kElsewhere = "--tmp names another folder, --memory allows more memory";

// All of it; false with errno set.
bool write_at(int file, std::string_view data, std::uint64_t offset) {
  while (!data.empty()) {
    const ssize_t done = ::pwrite(file, data.data(), data.size(), static_cast<off_t>(offset));
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return false;
    data.remove_prefix(static_cast<std::size_t>(done));
    offset += static_cast<std::uint64_t>(done);
  }
  return true;
}

bool read_at(int file, std::string& data, std::uint64_t offset) {
  for (std::size_t at = 0; at < data.size();) {
    const ssize_t done =
        ::pread(file, data.data() + at, data.size() - at, static_cast<off_t>(offset + at));
    if (done < 0 && errno == EINTR) continue;
    if (done == 0) errno = EIO;
    if (done <= 0) return false;
    at += static_cast<std::size_t>(done);
  }
  return true;
}

}  // namespace

FactShelf::~FactShelf() {
  if (file_ >= 0) ::close(file_);
}

Error FactShelf::trouble(std::string_view what, int number, std::string hint) const {
  return {ErrorCode::unreadable,
          fmt::format("temporary file in '{}': {}: {}", folder_, what,
                      std::generic_category().message(number)),
          std::move(hint)};
}

Result<void> FactShelf::open() {
  if (file_ >= 0) return {};
  std::string path = folder_ + "/regtriage-XXXXXX";
  file_ = ::mkostemp(path.data(), O_CLOEXEC);  // 0600
  if (file_ < 0) return tl::unexpected(trouble("cannot make it", errno, kMemoryInstead));
  ::unlink(path.c_str());
  return {};
}

Result<void> FactShelf::write(const Facts& facts, std::vector<Chunk>& chunks, std::uint64_t& end) {
  if (Result<void> opened = open(); !opened) return opened;
  for (const Event& e : facts.events)
    while (e.at.source != kNoSource && e.at.source >= sources_.by_id.size()) {
      const auto rank = static_cast<std::int64_t>(sources_.by_id.size());
      sources_.by_id.push_back(rank + 1);
      sources_.ranks.emplace_back(rank + 1, rank);
    }
  return pack(facts, sources_,
              [&](PackKind kind, std::uint64_t /*rows*/, std::string_view data) -> Result<void> {
                if (!write_at(file_, data, end))
                  return tl::unexpected(trouble("cannot write it", errno, kMemoryInstead));
                chunks.push_back({kind, chunks.empty(), end, data.size()});
                end += data.size();
                return {};
              });
}

Result<void> FactShelf::put(std::size_t part, const Facts& facts) {
  if (facts.events.empty()) return {};
  std::vector<Chunk> chunks;
  std::uint64_t end = end_;
  if (Result<void> done = write(facts, chunks, end); !done) {
    put_trouble_ = done.error();
    return done;
  }
  end_ = end;
  events_ += facts.events.size();
  chunks_[part].insert(chunks_[part].end(), chunks.begin(), chunks.end());
  return {};
}

Result<Facts> FactShelf::part(std::size_t part) const {
  Facts facts;
  Unpacker unpacker(facts, sources_);
  std::string data;
  for (const Chunk& chunk : chunks_[part]) {
    if (chunk.begins_run) unpacker.begin_run();
    data.resize(chunk.size);
    if (!read_at(file_, data, chunk.offset))
      return tl::unexpected(trouble("cannot read it back", errno, kElsewhere));
    if (!unpacker.take(chunk.kind, data))
      return tl::unexpected(trouble("it came back changed", EIO, kElsewhere));
  }
  return facts;
}

}  // namespace regtriage
