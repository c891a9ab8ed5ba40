#include "format/storage_path.h"

#include "base/text.h"

namespace regtriage {
namespace {

constexpr std::string_view kLayout = "docker/registry/v2/";
constexpr std::size_t kLongestRepository = 255, kLongestTag = 128;

bool is_algorithm(std::string_view text) { return text == "sha256" || text == "sha512"; }

bool is_whole_hex(std::string_view algorithm, std::string_view hex) {
  return hex.size() == (algorithm == "sha256" ? 64U : 128U) && is_hex(hex);
}

// Takes "PART/" off the head; empty if there is no slash.
std::string_view take_part(std::string_view& rest) {
  const std::size_t slash = rest.find('/');
  if (slash == std::string_view::npos) return {};
  const std::string_view part = rest.substr(0, slash);
  rest.remove_prefix(slash + 1);
  return part;
}

// "ALG/HEX" + `file`.
bool take_digest(std::string_view rest, std::string_view file, StoredPath& out) {
  out.algorithm = take_part(rest);
  if (!is_algorithm(out.algorithm)) return false;
  out.hex = take_part(rest);
  return is_whole_hex(out.algorithm, out.hex) && rest == file;
}

// "ALG/HH/HEX/data"
bool take_blob(std::string_view rest, StoredPath& out) {
  out.algorithm = take_part(rest);
  if (!is_algorithm(out.algorithm)) return false;
  const std::string_view shard = take_part(rest);
  out.hex = take_part(rest);
  return rest == "data" && shard.size() == 2 && out.hex.starts_with(shard) &&
         is_whole_hex(out.algorithm, out.hex);
}

bool is_name(std::string_view text, std::size_t longest) {
  if (text.empty() || text.size() > longest || text.front() == '/' || text.back() == '/')
    return false;
  for (const char c : text)
    if (static_cast<unsigned char>(c) <= ' ' || c == '\\' || c == '"' || c == '\'') return false;
  return true;
}

bool take_tag(std::string_view rest, StoredPath& out) {
  out.tag = take_part(rest);
  if (!is_name(out.tag, kLongestTag)) return false;
  if (rest == "current/link") {
    out.what = "tag link";
    return true;
  }
  if (!rest.starts_with("index/") || !take_digest(rest.substr(6), "link", out)) return false;
  out.what = "tag entry";
  return true;
}

// `rest` is behind NAME/.
bool take_in_repository(std::string_view rest, StoredPath& out) {
  if (rest.starts_with("_layers/")) {
    out.what = "layer link";
    return take_digest(rest.substr(8), "link", out);
  }
  if (rest.starts_with("_manifests/revisions/")) {
    out.what = "revision link";
    return take_digest(rest.substr(21), "link", out);
  }
  return rest.starts_with("_manifests/tags/") && take_tag(rest.substr(16), out);
}

std::size_t end_of_name(std::string_view rest) {
  const std::size_t layers = rest.find("/_layers/");
  const std::size_t manifests = rest.find("/_manifests/");
  return layers < manifests ? layers : manifests;
}

bool take_repository(std::string_view rest, StoredPath& out) {
  const std::size_t end = end_of_name(rest);
  if (end == std::string_view::npos || !is_name(rest.substr(0, end), kLongestRepository))
    return false;
  if (!take_in_repository(rest.substr(end + 1), out)) return false;
  out.repository = rest.substr(0, end);
  return true;
}

bool take_below_layout(std::string_view rest, StoredPath& out) {
  if (rest.starts_with("blobs/")) {
    out.what = "blob data";
    return take_blob(rest.substr(6), out);
  }
  return rest.starts_with("repositories/") && take_repository(rest.substr(13), out);
}

// A path that begins inside the layout: at its folders, or below one of them.
std::string_view without_head(std::string_view path) {
  for (const std::string_view folder : {"blobs/sha", "repositories/"}) {
    if (path.starts_with(folder)) return path;
    const std::size_t at = path.find(folder);
    if (at != std::string_view::npos && path[at - 1] == '/') return path.substr(at);
  }
  return path;
}

bool take_relative(std::string_view path, StoredPath& out) {
  while (path.starts_with("./")) path.remove_prefix(2);
  path = without_head(path);
  if (take_below_layout(path, out)) return true;
  out = StoredPath{};
  out.what = "blob data";
  if (take_blob(path, out)) return true;
  out = StoredPath{};
  while (path.starts_with('/')) path.remove_prefix(1);
  return take_repository(path, out);
}

}  // namespace

bool read_stored_path(std::string_view path, StoredPath& out) {
  out = StoredPath{};
  const std::size_t at = path.find(kLayout);
  if (at == std::string_view::npos) {
    if (take_relative(path, out)) return true;
    out = StoredPath{};
    return false;
  }
  if (at != 0 && path[at - 1] != '/') return false;
  if (!take_below_layout(path.substr(at + kLayout.size()), out)) out = StoredPath{};
  out.root = path.substr(0, at);
  while (out.root.size() > 1 && out.root.ends_with('/')) out.root.remove_suffix(1);
  out.rooted = true;
  return true;
}

}  // namespace regtriage
