// `ls -lR`: a folder's path and a colon, then its files.
//
//   /data/docker/registry/v2/blobs/sha256/aa/aaaa…:
//   total 4
//   -rw-r--r-- 1 root root 1234 Nov 24 23:12 data
//
// Source: GNU coreutils src/ls.c print_dir.
#include "base/text.h"
#include "format/formats/formats.h"
#include "format/formats/inventory.h"
#include "format/headings/headings.h"

namespace regtriage {

bool folder_heads(std::string_view line, Heading& heading) {
  if (line.size() < 3 || line.size() > kLongestHeading || !line.ends_with(':')) return false;
  line.remove_suffix(1);
  if (line.find_first_of(" \t=\"") != std::string_view::npos) return false;
  const bool inside = contains(line, "docker/registry/v2") || contains(line, "/_layers") ||
                      contains(line, "/_manifests") || contains(line, "blobs/sha") ||
                      contains(line, "/repositories") || line == ".";
  if (!inside) return false;
  heading.kind = Heading::Kind::folder;
  heading.text = line;
  return true;
}

bool below_folder(std::string_view line, Heading& heading, Scratch& scratch, Record& out) {
  constexpr std::size_t npos = std::string_view::npos;
  const std::string_view text = trimmed(line);
  out.format = Format::inventory;
  if (text.starts_with("total ")) return true;
  const std::size_t blank = text.rfind(' ');
  const std::string_view file = blank == std::string_view::npos ? text : text.substr(blank + 1);
  if (text.find_first_of("=\"{") != std::string_view::npos || file.find_first_of(":/") != npos)
    return false;
  const bool long_form = blank != std::string_view::npos;
  if (long_form && text[0] != '-' && text[0] != 'd' && text[0] != 'l') return false;
  if (file != "data" && file != "link") return long_form || file.size() < 256;
  std::string whole = heading.text + "/" + std::string(file);
  StoredPath path;
  if (!read_stored_path(whole, path)) return true;
  char* const begin = scratch.room.end();
  std::copy(whole.begin(), whole.end(), begin);
  const std::string_view kept = scratch.room.keep(whole.size());
  if (!read_stored_path(kept, path)) return true;
  put_stored_path(path, scratch, out);
  out.agent = "ls";
  return true;
}

}  // namespace regtriage
