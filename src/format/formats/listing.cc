// Listings of a registry's storage, one object a line, and what tools say of a path that is not
// there:
//
//   2026-11-24 23:12:28    1234 KEY                      aws s3 ls --recursive (local time)
//   [2026-11-24 23:12:28 UTC] 1.2KiB STANDARD KEY        mc ls -r
//   2026-11-24 23:12    1234  s3://BUCKET/KEY            s3cmd ls
//     1234 KEY     1234 2026-11-24 23:12:28.000000000 KEY    rclone ls, lsl (local time)
//   gs://BUCKET/KEY     1234  2026-11-24T23:12:28Z  gs://BUCKET/KEY       gsutil ls, ls -l
//   "Key": "KEY",    CONTENTS  "etag"  TIME  KEY  1234  STANDARD    aws s3api list-objects-v2
//   PATH    -rw-r--r-- 1 root root 1234 Nov 24 23:12 PATH    [inode blocks] mode …   find, ls, find
//   -ls ls: cannot access 'PATH': No such file or directory
//
// A line counts only if its last word is a path of the layout (storage_path.h) and what stands
// before has the shape of one of these tools. The message is what was listed, `agent` the tool,
// `service` the storage root, `time` when the object was last written: for a tool that prints no
// zone it is the machine's local time, and the tool's name says so.
// As JSON: headings/objects.cc.
// Source: aws-cli awscli/customizations/s3/subcommands.py ListCommand; minio/mc cmd/ls.go; s3tools
// s3cmd; gsutil gslib/commands/ls.py; rclone fs/operations (ListLong); GNU findutils find/pred.c;
// coreutils src/ls.c.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "format/formats/formats.h"
#include "format/formats/inventory.h"

namespace regtriage {
namespace {

constexpr std::size_t kLongestLine = 4096;
constexpr std::size_t kMostWords = 12;
constexpr std::string_view kNoSuchFile = "No such file or directory";
constexpr std::string_view kNoSuchObject = "Object does not exist";

struct Columns {
  std::array<std::string_view, kMostWords> words;
  std::size_t count = 0;
  std::string_view at(std::size_t i) const { return i < count ? words[i] : std::string_view(); }
};

// False: more words than any listing has.
bool split(std::string_view text, Columns& out) {
  while (true) {
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return true;
    text.remove_prefix(begin);
    const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
    if (out.count == kMostWords) return false;
    out.words[out.count++] = text.substr(0, end);
    text.remove_prefix(end);
  }
}

bool digit(char c) { return c >= '0' && c <= '9'; }

bool is_number(std::string_view word) {
  if (word.empty() || word.size() > 19) return false;
  for (const char c : word)
    if (!digit(c)) return false;
  return true;
}

bool is_date(std::string_view word) {
  return word.size() == 10 && digit(word[0]) && word[4] == '-' && word[7] == '-' && digit(word[9]);
}

bool is_clock(std::string_view word) {
  return word.size() >= 5 && digit(word[0]) && word[2] == ':' && digit(word[4]);
}

// "-rw-r--r--", perhaps with a sign of further rights behind.
bool is_mode(std::string_view word) {
  if (word.size() < 10 || word.size() > 11) return false;
  if (word[0] != '-' && word[0] != 'd' && word[0] != 'l') return false;
  return word.substr(1, 9).find_first_not_of("rwxsStT-") == std::string_view::npos;
}

// Times of these tools: a date and a clock with or without seconds and fraction.
void put_local_time(std::string_view date, std::string_view clock, Scratch& scratch, Record& out) {
  char* const begin = scratch.room.end();
  char* to = std::copy(date.begin(), date.end(), begin);
  *to++ = 'T';
  to = std::copy(clock.begin(), clock.end(), to);
  if (clock.size() == 5) to = std::copy_n(":00", 3, to);
  *to++ = 'Z';
  out.time_text = scratch.room.keep(static_cast<std::size_t>(to - begin));
  out.time = try_rfc3339(out.time_text).value_or(kNoTime);
}

bool read_aws(const Columns& c, Scratch& scratch, Record& out) {
  if (c.count != 3 || !is_date(c.at(0)) || !is_clock(c.at(1)) || !is_number(c.at(2))) return false;
  out.agent = c.at(1).size() == 5 ? "s3cmd ls (local time)" : "aws s3 ls (local time)";
  put_local_time(c.at(0), c.at(1), scratch, out);
  out.written = try_i64(c.at(2)).value_or(-1);
  return true;
}

// [2026-11-24 23:12:28 UTC] 1.2KiB [STANDARD]
bool read_mc(const Columns& c, Scratch& scratch, Record& out) {
  if (c.count < 4 || c.count > 5 || !c.at(0).starts_with('[') || !c.at(2).ends_with(']'))
    return false;
  const std::string_view date = c.at(0).substr(1);
  if (!is_date(date) || !is_clock(c.at(1)) || !digit(c.at(3)[0])) return false;
  const bool utc = c.at(2) == "UTC]" || c.at(2) == "GMT]";
  out.agent = utc ? "mc ls" : "mc ls (local time)";
  put_local_time(date, c.at(1), scratch, out);
  return true;
}

bool read_gsutil(const Columns& c, Record& out) {
  if (c.count != 2 || !is_number(c.at(0))) return false;
  const auto time = try_rfc3339(c.at(1));
  if (!time) return false;
  out.time = *time;
  out.time_text = c.at(1);
  out.written = try_i64(c.at(0)).value_or(-1);
  return true;
}

bool read_rclone(const Columns& c, Scratch& scratch, Record& out) {
  if (c.count == 0 || !is_number(c.at(0))) return false;
  if (c.count == 1) {
    out.agent = "rclone ls";
  } else {
    if (c.count != 3 || !is_date(c.at(1)) || !is_clock(c.at(2))) return false;
    out.agent = "rclone lsl (local time)";
    put_local_time(c.at(1), c.at(2), scratch, out);
  }
  out.written = try_i64(c.at(0)).value_or(-1);
  return true;
}

// [inode blocks] mode links owner group size month day clock-or-year; --full-time prints the whole.
bool read_ls(const Columns& c, Scratch& scratch, Record& out) {
  const std::size_t from = is_mode(c.at(0)) ? 0 : is_mode(c.at(2)) && is_number(c.at(0)) ? 2 : 99;
  if (from == 99 || c.count < from + 8 || !is_number(c.at(from + 4))) return false;
  out.agent = "find";
  out.written = try_i64(c.at(from + 4)).value_or(-1);
  if (is_date(c.at(from + 5)) && is_clock(c.at(from + 6))) {
    const std::string_view zone = c.at(from + 7);
    if (zone != "+0000") out.agent = "find (local time)";
    put_local_time(c.at(from + 5), c.at(from + 6).substr(0, 18), scratch, out);
  }
  return true;
}

bool read_columns(std::string_view head, Scratch& scratch, Record& out) {
  Columns columns;
  if (!split(head, columns)) return false;
  if (columns.count == 0) {
    out.agent = "find";
    return true;
  }
  return read_aws(columns, scratch, out) || read_gsutil(columns, out) ||
         read_mc(columns, scratch, out) || read_rclone(columns, scratch, out) ||
         read_ls(columns, scratch, out);
}

// "Key": "KEY" of pretty-printed JSON.
std::string_view json_key(std::string_view text) {
  if (!text.starts_with("\"Key\": \"")) return {};
  text.remove_prefix(8);
  if (text.ends_with(',')) text.remove_suffix(1);
  return text.ends_with('"') ? text.substr(0, text.size() - 1) : std::string_view();
}

// CONTENTS \t "etag" \t TIME \t KEY \t SIZE \t CLASS
bool read_contents(std::string_view text, StoredPath& path, Record& out) {
  Columns columns;
  if (!text.starts_with("CONTENTS") || !split(text, columns)) return false;
  for (std::size_t i = 1; i < columns.count; ++i) {
    if (const auto time = try_rfc3339(columns.at(i))) {
      out.time = *time;
      out.time_text = columns.at(i);
    } else if (is_number(columns.at(i))) {
      out.written = try_i64(columns.at(i)).value_or(-1);
    }
  }
  out.agent = "aws s3api";
  for (std::size_t i = 1; i < columns.count; ++i)
    if (read_stored_path(columns.at(i), path)) return true;
  return false;
}

// What names the path in a tool's complaint: quoted, or between colons.
std::string_view missing_path(std::string_view text) {
  for (const std::string_view open : {"'", "\xe2\x80\x98", "`"}) {
    const std::size_t at = text.find(open);
    if (at == std::string_view::npos) continue;
    const std::string_view rest = text.substr(at + open.size());
    const std::string_view path = rest.substr(0, rest.find_first_of("'`\xe2"));
    if (!path.empty()) return path;
  }
  const std::size_t end = text.rfind(": ");
  if (end == std::string_view::npos) return {};
  const std::size_t begin = text.rfind(": ", end - 1);
  return begin == std::string_view::npos ? std::string_view()
                                         : text.substr(begin + 2, end - begin - 2);
}

bool is_complaint(std::string_view text) {
  for (const std::string_view tool : {"ls: ", "find: ", "stat: ", "cat: ", "mc: <ERROR> "})
    if (text.starts_with(tool)) return text.ends_with(kNoSuchFile) || contains(text, kNoSuchObject);
  return false;
}

std::string_view absent(std::string_view what) {
  if (what == "blob data") return "no blob data";
  if (what == "layer link") return "no layer link";
  if (what == "revision link") return "no revision link";
  return what == "tag link" ? "no tag link" : std::string_view();
}

bool read_complaint(std::string_view text, Scratch& scratch, Record& out) {
  StoredPath path;
  if (!is_complaint(text) || !read_stored_path(missing_path(text), path)) return false;
  put_stored_path(path, scratch, out);
  out.message = absent(path.what);
  out.agent = text.substr(0, text.find(':'));
  return true;
}

// An access log's own bucket or a message may end in such a path, too: nothing but a listing's
// columns may stand before it.
bool read_listed(std::string_view text, Scratch& scratch, Record& out) {
  StoredPath path;
  if (const std::string_view key = json_key(text); !key.empty()) {
    if (!read_stored_path(key, path)) return false;
    out.agent = "aws s3api";
  } else if (text.starts_with("CONTENTS")) {
    if (!read_contents(text, path, out)) return false;
  } else {
    const std::size_t blank = text.find_last_of(" \t");
    const std::size_t begin = blank == std::string_view::npos ? 0 : blank + 1;
    if (!read_stored_path(text.substr(begin), path)) return false;
    if (!read_columns(text.substr(0, begin), scratch, out)) return false;
    if (text.substr(begin).starts_with("gs://")) out.agent = "gsutil ls";
  }
  put_stored_path(path, scratch, out);
  return true;
}

// "1) " before a key, as redis-cli prints to a terminal, and the quotes around it.
std::string_view bare_key(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && digit(text[at])) ++at;
  if (at != 0 && text.substr(at).starts_with(") ")) text.remove_prefix(at + 2);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"')
    text = text.substr(1, text.size() - 2);
  return text;
}

}  // namespace

void put_stored_path(const StoredPath& path, Scratch& scratch, Record& out) {
  out.format = Format::inventory;
  out.message = path.what;
  out.name = path.repository;
  out.reference = path.tag;
  out.service = path.rooted && path.root.empty() ? std::string_view("/") : path.root;
  if (path.hex.empty()) return;
  char* const begin = scratch.room.end();
  char* to = std::copy(path.algorithm.begin(), path.algorithm.end(), begin);
  *to++ = ':';
  to = std::copy(path.hex.begin(), path.hex.end(), to);
  out.digest = scratch.room.keep(static_cast<std::size_t>(to - begin));
}

bool put_cache_key(std::string_view key, Record& out) {
  std::string_view repository;
  if (key.starts_with("repository::")) {
    key.remove_prefix(12);
    const std::size_t end = key.find("::blobs");
    if (end == 0 || end == std::string_view::npos || end > 255) return false;
    repository = key.substr(0, end);
    if (repository.find_first_of(" \t\"") != std::string_view::npos) return false;
    key.remove_prefix(end + 2);
  }
  const bool is_set = !repository.empty() && key == "blobs";
  if (!is_set && (!key.starts_with("blobs::") || !is_digest(key.substr(7)))) return false;
  out.format = Format::inventory;
  out.agent = "redis-cli";
  out.name = repository;
  if (is_set) return true;
  out.message = "cache key";
  out.digest = key.substr(7);
  return true;
}

bool inventory_begins(std::string_view payload) {
  if (payload.size() > kLongestLine || payload.empty() || payload[0] == '{') return false;
  // The rest of a record that goes on over several lines may hold a path, too ("caused by: Get …"):
  // a listing prints no pairs, and a colon and a blank only where it quotes a key or complains.
  if (payload.find('=') != std::string_view::npos) return false;
  const std::string_view text = trimmed(payload);
  if (contains(text, ": ") && !text.starts_with("\"Key\": ") && !is_complaint(text)) return false;
  if (contains(payload, "::blobs") || payload.starts_with("blobs::") ||
      contains(payload, "\"blobs::"))
    return true;
  return contains(payload, "/link") || contains(payload, "/data") ||
         contains(payload, "docker/registry/v2/");
}

Parsed parse_inventory(std::string_view payload, Scratch& scratch, Record& out) {
  out = Record{};
  const std::string_view text = trimmed(payload);
  scratch.room.begin(2 * text.size() + 64);
  if (put_cache_key(bare_key(text), out)) return Parsed::record;
  if (read_complaint(text, scratch, out)) return Parsed::record;
  out = Record{};
  if (read_listed(text, scratch, out)) return Parsed::record;
  return Parsed::not_mine;
}

}  // namespace regtriage
