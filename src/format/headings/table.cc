// Rows of Harbor's tables, as CSV (COPY … TO STDOUT WITH CSV HEADER, psql --csv) or as psql prints
// them:
//
//    id | repository_name |     digest     |         push_time          …
//   ----+-----------------+----------------+---------------------------…
//    12 | team/app        | sha256:1a2b…   | 2026-11-24 23:12:28.048912 …
//   (1 row)
//
// The head says which table it is: artifact, artifact_trash, tag, blob, artifact_blob, or a query
// over them that keeps the columns' names. `message` is the kind of row, `uuid` ties a tag's row to
// its artifact's ("artifact 12"), `time` when the row was made (Harbor's database keeps UTC).
// Source: goharbor/harbor make/migrations/postgresql/ and src/pkg/{artifact,tag,blob}/dao v2.7.4;
// PostgreSQL 15 psql documentation, "Examples".
#include <array>

#include "base/scan.h"
#include "base/text.h"
#include "format/headings/headings.h"

namespace regtriage {
namespace {

constexpr std::size_t kMostCells = 40, kLongestRow = 64 << 10;

struct Cells {
  std::array<std::string_view, kMostCells> cells;
  std::size_t count = 0;
};

char separator_of(std::string_view head) {
  for (const char c : {'|', ',', ';', '\t'})
    if (head.find(c) != std::string_view::npos) return c;
  return 0;
}

std::string_view bare(std::string_view cell) {
  cell = trimmed(cell);
  if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"')
    cell = cell.substr(1, cell.size() - 2);
  return cell;
}

// Where the cell that begins at `from` ends: a quoted one may hold separators (RFC 4180 §2).
std::size_t end_of_cell(std::string_view row, std::size_t from, char separator) {
  if (separator == '|' || from >= row.size() || row[from] != '"')
    return std::min(row.find(separator, from), row.size());
  std::size_t at = from + 1;
  while (at < row.size()) {
    at = row.find('"', at);
    if (at == std::string_view::npos) return row.size();
    if (at + 1 < row.size() && row[at + 1] == '"')
      at += 2;
    else
      return std::min(row.find(separator, at), row.size());
  }
  return row.size();
}

bool split(std::string_view row, char separator, Cells& out) {
  for (std::size_t at = 0; at <= row.size();) {
    if (out.count == kMostCells) return false;
    const std::size_t end = end_of_cell(row, at, separator);
    out.cells[out.count++] = bare(row.substr(at, end - at));
    at = end + 1;
  }
  return true;
}

bool is_column_name(std::string_view cell) {
  if (cell.empty() || cell.size() > 40) return false;
  for (const char c : cell)
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.')) return false;
  return true;
}

constexpr std::size_t kNone = 99;

// Places of the columns that matter.
struct Layout {
  std::size_t id = kNone, repository = kNone, digest = kNone, tag = kNone, artifact = kNone,
              blob = kNone, status = kNone, time = kNone;
  bool content = false;  // columns that only blob has
  bool living = false;   // columns that artifact has and artifact_trash has not
  bool other_time = false;
};

void put_column(std::string_view name, std::size_t at, Layout& out) {
  name = name.substr(name.find('.') + 1);  // "a.digest": npos + 1 is 0
  if (name == "id") out.id = at;
  if (name == "repository_name" || name == "repository" || name == "repo") out.repository = at;
  if (name == "digest" || name == "digest_af") out.digest = at;
  if (name == "digest_blob") out.blob = at;
  if (name == "name" || name == "tag" || name == "tag_name") out.tag = at;
  if (name == "artifact_id") out.artifact = at;
  if (name == "status") out.status = at;
  if (name == "push_time") out.time = at;
  if (name == "creation_time" && out.time == kNone) out.time = at;
  out.content |= name == "content_type" || name == "status";
  out.living |= name == "push_time" || name == "pull_time" || name == "type" ||
                name == "project_id" || name == "size" || name == "repository_id";
  out.other_time |= name == "creation_time";
}

enum class TableKind : std::uint8_t { none, artifact, trash, tag, blob, artifact_blob };

TableKind kind_of(const Layout& l) {
  if (l.digest != kNone && l.blob != kNone) return TableKind::artifact_blob;
  if (l.digest != kNone && l.repository != kNone)
    return l.other_time && !l.living ? TableKind::trash : TableKind::artifact;
  if (l.digest != kNone && l.content) return TableKind::blob;
  return l.artifact != kNone && l.tag != kNone ? TableKind::tag : TableKind::none;
}

bool read_head(std::string_view head, char& separator, Layout& layout) {
  separator = separator_of(head);
  Cells cells;
  if (separator == 0 || !split(head, separator, cells)) return false;
  for (std::size_t i = 0; i < cells.count; ++i) {
    if (!is_column_name(cells.cells[i])) return false;
    put_column(cells.cells[i], i, layout);
  }
  return cells.count >= 2 && kind_of(layout) != TableKind::none;
}

std::string_view cell_at(const Cells& cells, std::size_t at) {
  return at < cells.count ? cells.cells[at] : std::string_view();
}

std::string_view id_text(std::string_view id, Scratch& scratch) {
  if (id.empty() || !try_u64(id)) return {};
  constexpr std::string_view kHead = "artifact ";
  char* const begin = scratch.room.end();
  char* const to = std::copy(kHead.begin(), kHead.end(), begin);
  std::copy(id.begin(), id.end(), to);
  return scratch.room.keep(kHead.size() + id.size());
}

// Harbor marks a blob before its collection deletes it, and leaves the mark where that fails
// (src/pkg/blob/models/blob.go StatusDelete…).
bool is_marked(std::string_view status) {
  return status == "delete" || status == "deleting" || status == "deletefailed";
}

bool put_row(const Layout& l, const Cells& cells, Scratch& scratch, Record& out) {
  const TableKind kind = kind_of(l);
  out.digest = cell_at(cells, l.digest);
  if (kind != TableKind::tag && !is_digest(out.digest)) return false;
  out.name = cell_at(cells, l.repository);
  out.time_text = cell_at(cells, l.time);
  if (!out.time_text.empty()) out.time = try_rfc3339(out.time_text).value_or(kNoTime);
  if (out.time == kNoTime) out.time_text = {};
  switch (kind) {
    case TableKind::tag:
      out.message = "tag row";
      out.digest = {};
      out.reference = cell_at(cells, l.tag);
      out.uuid = id_text(cell_at(cells, l.artifact), scratch);
      return !out.reference.empty() && !out.uuid.empty();
    case TableKind::artifact_blob:
      out.message = "artifact blob row";
      out.reference = cell_at(cells, l.blob);
      return is_digest(out.reference);
    case TableKind::blob:
      out.message = is_marked(cell_at(cells, l.status)) ? "blob row, marked" : "blob row";
      return true;
    case TableKind::trash:
      out.message = "trash row";
      return true;
    default:
      out.message = "artifact row";
      out.reference = cell_at(cells, l.tag);
      out.uuid = id_text(cell_at(cells, l.id), scratch);
      return true;
  }
}

bool is_frame(std::string_view text) {
  return text.find_first_not_of("-+| ") == std::string_view::npos ||
         (text.starts_with('(') && (text.ends_with(" rows)") || text.ends_with(" row)")));
}

}  // namespace

bool table_heads(std::string_view line, Heading& heading) {
  const std::string_view head = trimmed(line);
  if (head.size() > kLongestHeading || head.size() < 9) return false;
  // No name of a column begins with a digit, and none has a sign that every log line has.
  const char* const end = head.data() + head.size();
  const bool number = head[0] >= '0' && head[0] <= '9';
  if (number || find_either(head.data(), end, '=', '/') != end) return false;
  if (!contains(head, "digest") && !contains(head, "artifact_id")) return false;
  char separator = 0;
  Layout layout;
  if (!read_head(head, separator, layout)) return false;
  heading.kind = Heading::Kind::table;
  heading.text = head;
  return true;
}

bool below_table(std::string_view line, Heading& heading, Scratch& scratch, Record& out) {
  const std::string_view row = trimmed(line);
  out.format = Format::inventory;
  if (is_frame(row)) return true;
  char separator = 0;
  Layout layout;
  Cells cells;
  if (row.size() > kLongestRow || !read_head(heading.text, separator, layout) ||
      !split(row, separator, cells))
    return false;
  out.agent = "harbor database";
  return put_row(layout, cells, scratch, out);
}

}  // namespace regtriage
