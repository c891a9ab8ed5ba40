#include "input/tar_archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "input/layers.h"

namespace regtriage {
namespace {

constexpr std::size_t kTarHead = 512,
                      kMagicAt = 257;  // POSIX.1-2017, pax, "ustar Interchange Format"
constexpr std::size_t kMaxMembers = 100'000, kMaxName = 1024, kMaxIdle = 16;
constexpr std::uint64_t kMaxEntries = 10'000'000;

bool is_tar(std::string_view head) {
  return head.size() == kTarHead && head.substr(kMagicAt, 5) == "ustar";
}

struct CloseArchive {
  void operator()(archive* a) const { archive_read_free(a); }
};

std::string_view plain_name(std::string_view name) {
  while (name.starts_with("./") || name.starts_with("/"))
    name.remove_prefix(name[0] == '/' ? 1 : 2);
  return name.substr(0, kMaxName);
}

bool is_hidden(std::string_view name) {
  for (std::size_t at = 0; at < name.size();) {
    const std::size_t end = std::min(name.find('/', at), name.size());
    const std::string_view part = name.substr(at, end - at);
    if (part.starts_with('.') && part != "." && part != "..") return true;
    at = end + 1;
  }
  return false;
}

}  // namespace

// The entries of an archive, one after the other.
class TarReader {
 public:
  TarReader(std::unique_ptr<ByteStream> below, const std::string& name)
      : below_(std::move(below)), name_(name), archive_(archive_read_new()) {
    archive* const a = archive_.get();
    if (a == nullptr) {
      give_up("out of memory");
      return;
    }
    archive_read_support_format_tar(a);
    archive_read_support_format_empty(a);
    if (archive_read_open(a, this, nullptr, &TarReader::feed, nullptr) != ARCHIVE_OK)
      give_up_with_reason();
  }

  // Goes to the next entry; false at the end, or at an error.
  bool next() {
    left_ = {};
    data_ended_ = false;
    if (ended_ || !error_.what.empty()) return false;
    const int found = archive_read_next_header(archive_.get(), &entry_);
    ++next_entry_;
    if (found == ARCHIVE_OK || found == ARCHIVE_WARN) return true;
    ended_ = found == ARCHIVE_EOF;
    if (!ended_) give_up_with_reason();
    return false;
  }
  // Of the entry that next() would go to.
  std::uint64_t next_entry() const { return next_entry_; }
  const Error& error() const { return error_; }
  std::uint64_t size() const {
    return static_cast<std::uint64_t>(std::max<la_int64_t>(archive_entry_size(entry_), 0));
  }
  bool is_plain_file() const {
    return archive_entry_filetype(entry_) == AE_IFREG && archive_entry_hardlink(entry_) == nullptr;
  }
  std::string_view name() const {
    const char* name = archive_entry_pathname(entry_);
    if (name == nullptr) name = archive_entry_pathname_utf8(entry_);
    return name == nullptr ? std::string_view("?") : std::string_view(name);
  }

  // Bytes of the entry; holes are left out.
  Result<std::size_t> read(char* buffer, std::size_t size) {
    while (left_.empty() && !data_ended_ && error_.what.empty()) next_piece();
    if (left_.empty() && !error_.what.empty()) return tl::unexpected(error_);
    const std::size_t got = std::min(size, left_.size());
    if (got != 0) std::memcpy(buffer, left_.data(), got);
    left_.remove_prefix(got);
    return got;
  }

 private:
  void next_piece() {
    const void* piece = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    const int got = archive_read_data_block(archive_.get(), &piece, &size, &offset);
    if (got == ARCHIVE_OK || got == ARCHIVE_WARN)
      left_ = std::string_view(static_cast<const char*>(piece), size);
    else if (got == ARCHIVE_EOF)
      data_ended_ = true;
    else
      give_up_with_reason();
  }

  void give_up_with_reason() {
    const char* why = archive_error_string(archive_.get());
    give_up(why != nullptr ? why : "damaged");
  }
  void give_up(std::string_view why) {
    error_ = error_below_;
    if (!error_.what.empty()) return;
    error_ = {ErrorCode::cut_short,
              fmt::format("the archive '{}' is cut short or damaged: {}", name_, why),
              "copy it again; what lies before this place was read"};
  }

  static la_ssize_t feed(archive*, void* self, const void** piece) {
    auto* const reader = static_cast<TarReader*>(self);
    const Result<std::size_t> got = reader->below_->read(reader->raw_.data(), reader->raw_.size());
    *piece = reader->raw_.data();
    if (got) return static_cast<la_ssize_t>(*got);
    reader->error_below_ = got.error();
    return ARCHIVE_FATAL;
  }

  std::unique_ptr<ByteStream> below_;
  std::string name_;
  std::unique_ptr<archive, CloseArchive> archive_;
  archive_entry* entry_ = nullptr;  // libarchive's; of the last next()
  std::array<char, 1 << 16> raw_;
  std::string_view left_;  // of the piece that libarchive holds
  std::uint64_t next_entry_ = 0;
  bool ended_ = false, data_ended_ = false;
  Error error_, error_below_;
};

// One member, while it is read.
class MemberStream : public ByteStream {
 public:
  MemberStream(std::shared_ptr<TarArchive> archive, std::unique_ptr<TarReader> reader, Error error)
      : archive_(std::move(archive)), reader_(std::move(reader)), error_(std::move(error)) {}
  ~MemberStream() override { archive_->give_back(std::move(reader_)); }
  MemberStream(const MemberStream&) = delete;
  MemberStream& operator=(const MemberStream&) = delete;

  Result<std::size_t> read(char* buffer, std::size_t size) override {
    if (reader_ == nullptr) return tl::unexpected(error_);
    const Result<std::size_t> got = reader_->read(buffer, size);
    if (got) given_ += *got;
    return got;
  }
  std::uint64_t raw_bytes_read() const override { return given_; }

 private:
  std::shared_ptr<TarArchive> archive_;
  std::unique_ptr<TarReader> reader_;  // null: the member is not there any more
  Error error_;
  std::atomic<std::uint64_t> given_{0};
};

TarArchive::TarArchive(const InputName& input) : input_(input) {}
TarArchive::~TarArchive() = default;

std::shared_ptr<TarArchive> TarArchive::try_open(const InputName& input,
                                                 const std::atomic<bool>* stop) {
  if (input.path == "-" && !input.in_memory) return nullptr;
  if (!try_raw_size(input)) return nullptr;  // a pipe can be read once
  std::shared_ptr<TarArchive> opened(new TarArchive(input));
  OpenBytes bytes = open_bytes(opened->input_, stop);
  if (bytes.stream == nullptr || !is_tar(bytes.stream->peek(kTarHead).substr(0, kTarHead)))
    return nullptr;
  TarReader reader(std::move(bytes.stream), input.path);
  opened->list(reader, stop);
  return opened;
}

void TarArchive::list(TarReader& reader, const std::atomic<bool>* stop) {
  while ((stop == nullptr || !*stop) && reader.next()) {
    const std::uint64_t entry = reader.next_entry() - 1;
    const std::string_view name = plain_name(reader.name());
    if (reader.is_plain_file() && !is_hidden(name))
      members_.push_back({std::string(name), reader.size(), entry});
    if (members_.size() < kMaxMembers && entry < kMaxEntries) continue;
    error_ = {ErrorCode::cut_short,
              fmt::format("the archive '{}' holds more than can be read: what follows '{}' is left "
                          "out",
                          input_.path, members_.empty() ? "" : members_.back().name),
              "unpack it, and name the folder"};
    return;
  }
  error_ = reader.error();
}

// The one that is nearest before the entry; else one at the beginning.
std::unique_ptr<TarReader> TarArchive::reader_before(std::uint64_t entry) {
  {
    const std::lock_guard lock(mutex_);
    auto best = idle_.end();
    for (auto at = idle_.begin(); at != idle_.end(); ++at)
      if ((*at)->next_entry() <= entry &&
          (best == idle_.end() || (*at)->next_entry() > (*best)->next_entry()))
        best = at;
    if (best != idle_.end()) {
      std::unique_ptr<TarReader> reader = std::move(*best);
      idle_.erase(best);
      return reader;
    }
  }
  OpenBytes bytes = open_bytes(input_, nullptr);
  if (bytes.stream == nullptr) return nullptr;
  return std::make_unique<TarReader>(std::move(bytes.stream), input_.path);
}

void TarArchive::give_back(std::unique_ptr<TarReader> reader) {
  if (reader == nullptr || !reader->error().what.empty()) return;
  const std::lock_guard lock(mutex_);
  if (idle_.size() < kMaxIdle) idle_.push_back(std::move(reader));
}

std::unique_ptr<ByteStream> TarArchive::open(std::size_t member) {
  const std::uint64_t entry = members_.at(member).entry;
  std::unique_ptr<TarReader> reader = reader_before(entry);
  Error error{ErrorCode::cut_short, fmt::format("the archive '{}' has changed", input_.path), ""};
  while (reader != nullptr && reader->next_entry() <= entry)
    if (!reader->next()) {
      if (!reader->error().what.empty()) error = reader->error();
      reader = nullptr;
    }
  return std::make_unique<MemberStream>(shared_from_this(), std::move(reader), std::move(error));
}

}  // namespace regtriage
