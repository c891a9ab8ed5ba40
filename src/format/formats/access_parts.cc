#include "format/formats/access_parts.h"

#include "base/text.h"
#include "format/unescape.h"

namespace regtriage {
namespace {

bool is_method(std::string_view word) {
  if (word.empty() || word.size() > 32) return false;
  for (const char c : word)
    if (c < 'A' || c > 'Z') return false;
  return true;
}

}  // namespace

bool take_quoted(std::string_view& rest, TextRoom& room, std::string_view& value) {
  if (!rest.starts_with(" \"")) return false;
  bool escaped = false;
  const std::size_t end = end_of_quoted(rest, 2, escaped);
  if (end == std::string_view::npos) return false;
  value = rest.substr(2, end - 2);
  bool strict = true;
  if (escaped) value = unescaped(value, room, strict);
  rest.remove_prefix(end + 1);
  return true;
}

std::string_view take_blank_word(std::string_view& rest) {
  if (!rest.starts_with(' ')) return {};
  const std::string_view word = rest.substr(1, rest.find(' ', 1) - 1);
  rest.remove_prefix(word.size() + 1);
  return word;
}

void split_request(std::string_view request, Scratch& scratch, Record& out) {
  const std::size_t first = request.find(' ');
  const std::size_t last = request.rfind(' ');
  if (first == std::string_view::npos || !is_method(request.substr(0, first))) {
    out.uri = request;
    return;
  }
  out.method = request.substr(0, first);
  const bool has_proto = last > first && request.substr(last + 1).starts_with("HTTP/");
  out.uri = request.substr(first + 1, has_proto ? last - first - 1 : std::string_view::npos);
  if (has_proto) scratch.fields.push_back({"proto", request.substr(last + 1)});
}

std::string_view unless_dash(std::string_view text) {
  return text == "-" ? std::string_view() : text;
}

std::string_view path_of_url(std::string_view uri) {
  if (!uri.starts_with("http://") && !uri.starts_with("https://")) return uri;
  const std::size_t host = uri.find("://") + 3;
  const std::size_t path = uri.find('/', host);
  return path == std::string_view::npos ? std::string_view("/") : uri.substr(path);
}

void finish_access(std::string_view rest, Scratch& scratch, Record& out) {
  if (!trimmed(rest).empty()) scratch.fields.push_back({"rest", trimmed(rest)});
  out.format = Format::access;
  out.fields = scratch.fields;
}

}  // namespace regtriage
