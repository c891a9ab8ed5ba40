// What `registry garbage-collect` prints to standard output: no time, no level, no keys.
//
//   REPO                                             REPO: marking manifest D        REPO: marking
//   blob D N blobs marked, N blobs and N manifests eligible for deletion blob eligible for
//   deletion: D                    manifest eligible for deletion: D (3.x: {REPO D [tags]}) REPO:
//   layer link eligible for deletion: D        manifest tags path of repository R does not exist
//   failed to garbage collect: …
//
// The message is the whole line; `name` and `digest` are filled where the line has them.
// Source: distribution registry/storage/garbagecollect.go, registry/root.go v2.8.3 and v3.1.1.
#include <array>

#include "base/text.h"
#include "format/formats/formats.h"

namespace regtriage {
namespace {

constexpr std::array<std::string_view, 7> kHeads = {
    "blob eligible for deletion: ", "manifest eligible for deletion: ",
    "failed to garbage collect: ",  "manifest tags path of repository ",
    "$ registry garbage-collect",   "registry garbage-collect ",
    "bin/registry garbage-collect "};
constexpr std::array<std::string_view, 4> kSteps = {"marking manifest ", "marking blob ",
                                                    "marking configuration ",
                                                    "layer link eligible for deletion: "};

bool lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

// A repository name: lower-case words, separated by one of / . or any number of - or up to two _
// (distribution/reference v0.5.0 regexp.go), at most 255 bytes.
bool is_repository(std::string_view text) {
  if (text.empty() || text.size() > 255 || !lower_or_digit(text.front()) ||
      !lower_or_digit(text.back()))
    return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (lower_or_digit(text[i])) continue;
    if (text[i] != '/' && text[i] != '.' && text[i] != '-' && text[i] != '_') return false;
    if (!lower_or_digit(text[i - 1]) &&
        (text[i] != text[i - 1] || text[i] == '/' || text[i] == '.'))
      return false;
  }
  return true;
}

std::string_view digest_in(std::string_view text) {
  const std::size_t at = text.find("sha");
  if (at == std::string_view::npos) return {};
  const std::string_view word = text.substr(at, text.find_first_of(" ,}", at) - at);
  return is_digest(word) ? word : std::string_view();
}

// "N blobs marked, N blobs and N manifests eligible for deletion"
bool is_summary(std::string_view text) {
  return !text.empty() && text[0] >= '0' && text[0] <= '9' && contains(text, " blobs marked, ") &&
         text.ends_with(" eligible for deletion");
}

// "REPO: step D"; returns REPO.
std::string_view repository_of_step(std::string_view text) {
  const std::size_t colon = text.substr(0, 256).find(": ");
  if (colon == std::string_view::npos || !is_repository(text.substr(0, colon))) return {};
  for (const std::string_view step : kSteps)
    if (text.substr(colon + 2).starts_with(step)) return text.substr(0, colon);
  return {};
}

bool has_known_head(std::string_view text) {
  for (const std::string_view head : kHeads)
    if (text.starts_with(head)) return true;
  return is_summary(text) || !repository_of_step(text).empty();
}

}  // namespace

// A name that stands alone is claimed by parse_plain only: inside a text that goes on it may be
// anything.
bool plain_begins(std::string_view payload) { return has_known_head(payload); }

Parsed parse_plain(std::string_view payload, Scratch&, Record& out) {
  out = Record{};
  const std::string_view text = trimmed(payload);
  if (is_repository(text)) {
    out.name = text;
  } else if (has_known_head(payload)) {
    out.name = repository_of_step(text);
    out.digest = digest_in(text);
  } else {
    return Parsed::not_mine;
  }
  out.format = Format::plain;
  out.message = text;
  return Parsed::record;
}

}  // namespace regtriage
