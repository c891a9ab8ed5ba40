// The registry's config.yml and Harbor's harbor.yml, a key a line. Only the block style that both
// are written in: keys by indentation, lists with "- ". The heading's text is the way from the top
// to the line before: "INDENT KEY" lines. Inside of a Kubernetes ConfigMap the file is the text of
// a key ("config.yml: |"): then the heading's first line is "@INDENT" of that key, and what stands
// no deeper is the file no more.
//
//   version: 0.1
//   storage:
//     filesystem:
//       rootdirectory: /var/lib/registry
//
// Source: distribution docs/configuration.md v2.8.3; goharbor/harbor make/harbor.yml.tmpl v2.7.4;
// YAML 1.2.2 §8.2.
#include <array>

#include "base/text.h"
#include "format/headings/headings.h"
#include "format/headings/settings.h"

namespace regtriage {
namespace {

constexpr std::size_t kDeepest = 12, kLongestKey = 64, kLongestLine = 4096;

bool key_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}

struct YamlLine {
  std::size_t indent = 0;
  std::string_view key, value;  // key empty: a comment, an item, or text that goes on
  bool top_level_text = false;  // not indented and no key: no YAML
};

std::string_view value_of(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('#')) return {};
  if (const std::size_t comment = text.find(" #"); comment != std::string_view::npos)
    text = trimmed(text.substr(0, comment));
  if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
      text.back() == text.front())
    text = text.substr(1, text.size() - 2);
  return text;
}

YamlLine read_line(std::string_view line) {
  YamlLine out;
  while (out.indent < line.size() && line[out.indent] == ' ') ++out.indent;
  std::string_view rest = line.substr(out.indent);
  while (rest.starts_with("- ")) {
    rest.remove_prefix(2);
    out.indent += 2;
  }
  std::size_t end = 0;
  while (end < rest.size() && end < kLongestKey && key_byte(rest[end])) ++end;
  const bool keyed = end != 0 && end < rest.size() && rest[end] == ':' &&
                     (end + 1 == rest.size() || rest[end + 1] == ' ' || rest[end + 1] == '\t');
  if (keyed) {
    out.key = rest.substr(0, end);
    out.value = value_of(rest.substr(end + 1));
  } else {
    out.top_level_text =
        out.indent == 0 && !rest.starts_with('#') && rest != "---" && rest != "...";
  }
  return out;
}

// "config.yml: |", "|-", "|+": a file is the text below. Empty: none is.
std::string_view file_of(const YamlLine& yaml) {
  if (yaml.value.empty() || yaml.value[0] != '|' || yaml.value.size() > 3) return {};
  for (const std::string_view end : {".yml", ".yaml", ".conf"})
    if (yaml.key.ends_with(end)) return yaml.key;
  return {};
}

void begin_file(const YamlLine& yaml, Heading& heading) {
  const bool nginx = yaml.key.ends_with(".conf");
  heading.kind = nginx ? Heading::Kind::nginx : Heading::Kind::yaml;
  heading.text = nginx ? std::string() : '@' + std::to_string(yaml.indent) + '\n';
}

// Drops the levels that are as deep as `indent` or deeper; returns the path of what is left.
std::string climb(std::string& levels, std::size_t indent) {
  std::string path;
  std::size_t depth = 0;
  for (std::size_t at = 0; at < levels.size();) {
    const std::size_t end = levels.find('\n', at);
    const std::size_t blank = levels.find(' ', at);
    const auto level = try_u64(std::string_view(levels).substr(at, blank - at)).value_or(0);
    if (level >= indent || ++depth > kDeepest) {
      levels.resize(at);
      break;
    }
    path.append(levels, blank + 1, end - blank - 1);
    path += '.';
    at = end + 1;
  }
  return path;
}

void take_key(const YamlLine& yaml, Heading& heading, Scratch& scratch, Record& out) {
  std::string path = climb(heading.text, yaml.indent);
  path += yaml.key;
  if (yaml.value.empty()) {
    heading.text += std::to_string(yaml.indent) + ' ';
    heading.text += yaml.key;
    heading.text += '\n';
  } else {
    put_setting(path, yaml.value, scratch, out);
  }
}

constexpr std::array<std::string_view, 10> kFirst = {
    "version: 0.1",   "version: \"0.1\"", "version: '0.1'", "storage:",
    "http:",          "storage_service:", "_version:",      "# Configuration file of Harbor",
    "apiVersion: v1", "kind: ConfigMap"};

// The levels behind "@INDENT\n", if that is there; false: the line is no deeper.
bool split_base(std::string_view line, const YamlLine& yaml, std::string& base,
                std::string& levels) {
  if (!levels.starts_with('@')) return true;
  const std::size_t end = levels.find('\n');
  base = levels.substr(0, end + 1);
  levels.erase(0, end + 1);
  const auto indent = try_u64(std::string_view(base).substr(1, end - 1)).value_or(0);
  return trimmed(line).empty() || yaml.indent > indent;
}

}  // namespace

// The first line that surely is one of these files.
bool yaml_heads(std::string_view line, Heading& heading) {
  if (line.empty() || line.size() > kLongestLine) return false;
  const std::string_view text = trimmed(line);
  if (text.ends_with('|') || text.ends_with(": |-") || text.ends_with(": |+")) {
    const YamlLine yaml = read_line(line);
    if (!file_of(yaml).empty()) {
      begin_file(yaml, heading);
      return true;
    }
  }
  bool first = text.starts_with("_version: ") || text.starts_with("hostname: ");
  for (const std::string_view known : kFirst) first |= text == known;
  if (!first || line[0] == ' ') return false;
  heading.kind = Heading::Kind::yaml;
  heading.text.clear();
  const YamlLine yaml = read_line(line);
  if (!yaml.key.empty() && yaml.value.empty()) {
    heading.text = "0 ";
    heading.text += yaml.key;
    heading.text += '\n';
  }
  return true;
}

bool below_yaml(std::string_view line, Heading& heading, Scratch& scratch, Record& out) {
  out.format = Format::config;
  out.agent = "configuration";
  if (line.size() > kLongestLine) return false;
  const YamlLine yaml = read_line(line);
  if (yaml.top_level_text) return false;
  std::string base;
  if (!split_base(line, yaml, base, heading.text)) return false;
  if (!file_of(yaml).empty()) {
    begin_file(yaml, heading);
    return true;
  }
  if (!yaml.key.empty()) take_key(yaml, heading, scratch, out);
  heading.text.insert(0, base);
  return true;
}

}  // namespace regtriage
