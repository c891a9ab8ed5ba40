// nginx's configuration, a directive a line: "name value;", "name value {", "}". The heading's text
// is not needed: what is kept counts wherever it stands.
//
// Source: nginx documentation, ngx_http_core_module, ngx_http_proxy_module.
#include "base/text.h"
#include "format/headings/headings.h"
#include "format/headings/settings.h"

namespace regtriage {
namespace {

constexpr std::size_t kLongestLine = 4096;

std::string_view without_comment(std::string_view text) {
  return trimmed(text.substr(0, text.find('#')));
}

std::string_view first_word(std::string_view text) {
  return text.substr(0, text.find_first_of(" \t;{"));
}

bool is_directive(std::string_view text) {
  const std::string_view word = first_word(text);
  if (word.empty() ||
      word.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") != std::string_view::npos)
    return false;
  return text.ends_with(';') || text.ends_with('{');
}

void put_directive(std::string_view text, Scratch& scratch, Record& out) {
  text.remove_suffix(1);
  const std::string_view word = first_word(text);
  std::string_view value = trimmed(text.substr(word.size()));
  std::string path(word);
  if (word == "proxy_set_header") {
    const std::string_view header = value.substr(0, value.find_first_of(" \t"));
    value = trimmed(value.substr(header.size()));
    path.append(".").append(header);
  }
  // Of what is returned only a redirect counts.
  if (word == "return" && (!value.starts_with("30") || !contains(value, "://"))) return;
  if (path.size() <= 64) put_setting(path, value, scratch, out);
}

}  // namespace

bool nginx_heads(std::string_view line, Heading& heading) {
  if (line.size() > kLongestLine || line.size() < 3) return false;
  const std::string_view text = trimmed(line);
  const std::string_view word = first_word(text);
  const bool block = (word == "http" || word == "server" || word == "events" ||
                      word == "upstream" || word == "stream") &&
                     text.ends_with('{');
  const bool plain = (word == "worker_processes" || word == "client_max_body_size" ||
                      word == "proxy_set_header" || word == "proxy_request_buffering") &&
                     text.ends_with(';');
  if (!block && !plain) return false;
  heading.kind = Heading::Kind::nginx;
  heading.text.clear();
  return true;
}

bool below_nginx(std::string_view line, Heading&, Scratch& scratch, Record& out) {
  out.format = Format::config;
  out.agent = "nginx.conf";
  const std::string_view text = without_comment(line);
  if (text.empty() || text == "}" || text == "};") return true;
  if (line.size() > kLongestLine || text.ends_with(".yml: |") || text.ends_with(".yaml: |"))
    return false;  // the next file of a ConfigMap
  if (is_directive(text)) {
    if (text.ends_with(';')) put_directive(text, scratch, out);
    return true;
  }
  return line[0] == ' ' || line[0] == '\t';
}

}  // namespace regtriage
