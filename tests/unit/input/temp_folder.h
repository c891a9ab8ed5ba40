// A folder that is gone when the test is, and compressed text.
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace regtriage::test {

class TempFolder {
 public:
  TempFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "regtriage-XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  std::string path(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }
  std::string write(const std::string& name, const std::string& bytes) const {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    std::ofstream(path(name), std::ios::binary) << bytes;
    return path(name);
  }

 private:
  std::string path_;
};

// As the tool of that name would write it: "gzip", "zstd", "xz", "bzip2", "lz4".
inline std::string compressed(const std::string& text, const char* with) {
  std::string out(text.size() + (1 << 20), '\0');
  std::size_t used = 0;
  archive* const a = archive_write_new();
  archive_write_set_format_raw(a);
  REQUIRE(archive_write_add_filter_by_name(a, with) == ARCHIVE_OK);
  archive_write_set_bytes_in_last_block(a, 1);
  REQUIRE(archive_write_open_memory(a, out.data(), out.size(), &used) == ARCHIVE_OK);
  archive_entry* const entry = archive_entry_new();
  archive_entry_set_pathname(entry, "log");
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_write_header(a, entry);
  archive_write_data(a, text.data(), text.size());
  archive_entry_free(entry);
  archive_write_close(a);
  archive_write_free(a);
  out.resize(used);
  return out;
}

struct TarEntry {
  std::string name, bytes;
  unsigned type = AE_IFREG;
  std::string link = "";
};

// As tar would write it, in its pax form; `with` as above, or null.
inline std::string tarred(const std::vector<TarEntry>& entries, const char* with = nullptr) {
  std::size_t room = 1 << 20, used = 0;
  for (const TarEntry& one : entries) room += one.bytes.size() + 8192;
  std::string out(room, '\0');
  archive* const a = archive_write_new();
  archive_write_set_format_pax_restricted(a);
  if (with != nullptr) REQUIRE(archive_write_add_filter_by_name(a, with) == ARCHIVE_OK);
  archive_write_set_bytes_in_last_block(a, 1);
  REQUIRE(archive_write_open_memory(a, out.data(), out.size(), &used) == ARCHIVE_OK);
  for (const TarEntry& one : entries) {
    archive_entry* const entry = archive_entry_new();
    archive_entry_set_pathname(entry, one.name.c_str());
    archive_entry_set_filetype(entry, one.type);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, static_cast<la_int64_t>(one.bytes.size()));
    if (one.type == AE_IFLNK) archive_entry_set_symlink(entry, one.link.c_str());
    if (one.type == AE_IFREG && !one.link.empty())
      archive_entry_set_hardlink(entry, one.link.c_str());
    REQUIRE(archive_write_header(a, entry) == ARCHIVE_OK);
    archive_write_data(a, one.bytes.data(), one.bytes.size());
    archive_entry_free(entry);
  }
  archive_write_close(a);
  archive_write_free(a);
  out.resize(used);
  return out;
}

}  // namespace regtriage::test
