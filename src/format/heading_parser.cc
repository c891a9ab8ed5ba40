// Which line heads others, and what stands below it: a visible list of kinds.
#include <array>

#include "base/text.h"
#include "format/format.h"
#include "format/formats/formats.h"
#include "format/headings/headings.h"

namespace regtriage {
namespace {

struct HeadingRow {
  Heading::Kind kind;
  Format format;
  bool (*heads)(std::string_view line, Heading& heading);
  bool (*below)(std::string_view line, Heading& heading, Scratch& scratch, Record& out);
  bool counts_itself;  // its own line says something, too
};

constexpr std::array<HeadingRow, 6> kRows = {{
    {Heading::Kind::table, Format::inventory, table_heads, below_table, false},
    {Heading::Kind::folder, Format::inventory, folder_heads, below_folder, false},
    {Heading::Kind::redis, Format::inventory, redis_heads, below_redis, false},
    {Heading::Kind::yaml, Format::config, yaml_heads, below_yaml, false},
    {Heading::Kind::nginx, Format::config, nginx_heads, below_nginx, true},
    {Heading::Kind::objects, Format::inventory, objects_head, below_objects, true},
}};

// "# listing 2026-11-25T14:04:40Z": all that follows was listed then.
bool stamp_heads(std::string_view line, Heading& heading, Record& out) {
  constexpr std::string_view kHead = "# listing ";
  if (!line.starts_with(kHead)) return false;
  const std::string_view text = trimmed(line.substr(kHead.size()));
  const auto time = try_rfc3339(text);
  if (!time) return false;
  heading = {};
  heading.listed = *time;
  out = Record{};
  out.format = Format::inventory;
  return true;
}

// Most lines of most logs head nothing.
bool is_ordinary(std::string_view line) {
  return line.empty() || line[0] == '{' || line[0] == '<' || line[0] == '[' ||
         line.starts_with("time=") || access_surely_begins(line);
}

// A listing as JSON that comes right behind something else.
bool begins_below_itself(std::string_view line, Heading& heading, Scratch& scratch, Record& out) {
  if (!objects_head(line, heading)) return false;
  out = Record{};
  if (below_objects(line, heading, scratch, out)) return true;
  heading.kind = Heading::Kind::none;
  heading.text.clear();
  return false;
}

}  // namespace

bool read_below(std::string_view line, Heading& heading, Scratch& scratch, Record& out) {
  const bool ordinary = is_ordinary(line);
  // Of JSON only a listing's own head counts.
  const bool json = ordinary && !line.empty() && (line[0] == '{' || line[0] == '[');
  if (ordinary && heading.kind == Heading::Kind::none && (!json || !objects_head(line, heading)))
    return false;
  if (stamp_heads(line, heading, out)) return true;
  scratch.room.begin(2 * (line.size() + heading.text.size()) + 256);
  for (const HeadingRow& row : kRows) {
    if (row.kind != heading.kind) continue;
    out = Record{};
    if (row.below(line, heading, scratch, out)) return true;
    heading.kind = Heading::Kind::none;
    heading.text.clear();
  }
  if (ordinary) return json && begins_below_itself(line, heading, scratch, out);
  for (const HeadingRow& row : kRows) {
    if (!row.heads(line, heading)) continue;
    out = Record{};
    out.format = row.format;
    if (row.counts_itself) row.below(line, heading, scratch, out);
    return true;
  }
  return false;
}

}  // namespace regtriage
