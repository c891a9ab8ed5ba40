// Rows of Harbor's tables, as CSV (COPY … TO STDOUT WITH CSV HEADER, psql --csv) or as psql prints
// them:
//
//    id | repository_name |     digest     |         push_time          …
//   ----+-----------------+----------------+---------------------------…
//    12 | team/app        | sha256:1a2b…   | 2026-11-24 23:12:28.048912 …
//   (1 row)
//
//   -[ RECORD 1 ]---+-------      \x: a column a line, a blank line behind the last
//   id              | 12
//   | id | repository_name | …    Markdown, as people paste it; unaligned ("a|b"), CSV, tabs
//
// The head says which table it is: artifact, artifact_trash, tag, blob, artifact_blob,
// project_blob, audit_log, or a query over them that keeps the columns' names. `message` is the
// kind of row, `uuid` ties a tag's row to its artifact's ("artifact 12") and a project's to its
// blob's
// ("blob 7") or is who deleted, `time` when the row was made, or a blob's status was set (Harbor's
// database keeps UTC).
// Below "RECORD" the heading's text is the columns so far, "NAME|VALUE" lines: a row is told where
// the next one begins, or at the blank line.
// Source: goharbor/harbor make/migrations/postgresql/, src/pkg/{artifact,tag,blob}/dao and
// src/controller/event/topic.go v2.7.4; PostgreSQL 15 psql documentation, "Examples".
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

// Markdown has a bar at both ends, too.
std::string_view without_bars(std::string_view row) {
  if (row.size() < 2 || row.front() != '|' || row.back() != '|') return row;
  return row.substr(1, row.size() - 2);
}

bool split(std::string_view row, char separator, Cells& out) {
  if (separator == '|') row = without_bars(row);
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
              blob = kNone, status = kNone, time = kNone, updated = kNone, blob_id = kNone,
              operation = kNone, resource = kNone, user = kNone;
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
  if (name == "blob_id") out.blob_id = at;
  if (name == "operation") out.operation = at;
  if (name == "resource") out.resource = at;
  if (name == "username") out.user = at;
  if (name == "update_time") out.updated = at;
  if ((name == "creation_time" || name == "op_time") && out.time == kNone) out.time = at;
  out.content |= name == "content_type" || name == "status";
  out.living |= name == "push_time" || name == "pull_time" || name == "type" ||
                name == "project_id" || name == "size" || name == "repository_id";
  out.other_time |= name == "creation_time";
}

enum class TableKind : std::uint8_t {
  none,
  artifact,
  trash,
  tag,
  blob,
  artifact_blob,
  project_blob,
  audit
};

TableKind kind_of(const Layout& l) {
  if (l.digest != kNone && l.blob != kNone) return TableKind::artifact_blob;
  if (l.digest != kNone && l.repository != kNone)
    return l.other_time && !l.living ? TableKind::trash : TableKind::artifact;
  if (l.digest != kNone && l.content) return TableKind::blob;
  if (l.operation != kNone && l.resource != kNone) return TableKind::audit;
  if (l.blob_id != kNone && l.living) return TableKind::project_blob;
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

std::string_view id_text(std::string_view head, std::string_view id, Scratch& scratch) {
  if (id.empty() || !try_u64(id)) return {};
  char* const begin = scratch.room.end();
  char* const to = std::copy(head.begin(), head.end(), begin);
  std::copy(id.begin(), id.end(), to);
  return scratch.room.keep(head.size() + id.size());
}

// Harbor marks a blob before its collection deletes it, and leaves the mark where that fails
// (src/pkg/blob/models/blob.go StatusDelete…).
bool is_marked(std::string_view status) {
  return status == "delete" || status == "deleting" || status == "deletefailed";
}

// "library/app:sha256:…" or "library/app:v1", and the operation on it. Only deletions are told.
bool put_audit(std::string_view operation, std::string_view resource, std::string_view user,
               Record& out) {
  const std::size_t colon = resource.find(':');
  if (operation.empty() || operation.size() > 32) return false;
  if (operation != "delete" || colon == std::string_view::npos) return true;
  out.message = "deletion row";
  out.name = resource.substr(0, colon);
  const std::string_view what = resource.substr(colon + 1);
  (is_digest(what) ? out.digest : out.reference) = what;
  out.uuid = user;
  return true;
}

bool put_row(const Layout& l, const Cells& cells, Scratch& scratch, Record& out) {
  const TableKind kind = kind_of(l);
  const bool keyed = kind == TableKind::tag || kind == TableKind::project_blob;
  out.digest = cell_at(cells, l.digest);
  if (!keyed && kind != TableKind::audit && !is_digest(out.digest)) return false;
  out.name = cell_at(cells, l.repository);
  const bool status = kind == TableKind::blob && l.updated != kNone;
  out.time_text = cell_at(cells, status ? l.updated : l.time);
  if (!out.time_text.empty()) out.time = try_rfc3339(out.time_text).value_or(kNoTime);
  if (out.time == kNoTime) out.time_text = {};
  switch (kind) {
    case TableKind::tag:
      out.message = "tag row";
      out.digest = {};
      out.reference = cell_at(cells, l.tag);
      out.uuid = id_text("artifact ", cell_at(cells, l.artifact), scratch);
      return !out.reference.empty() && !out.uuid.empty();
    case TableKind::artifact_blob:
      out.message = "artifact blob row";
      out.reference = cell_at(cells, l.blob);
      return is_digest(out.reference);
    case TableKind::project_blob:
      out.message = "project blob row";
      out.uuid = id_text("blob ", cell_at(cells, l.blob_id), scratch);
      return !out.uuid.empty();
    case TableKind::audit:
      return put_audit(cell_at(cells, l.operation), cell_at(cells, l.resource),
                       cell_at(cells, l.user), out);
    case TableKind::blob:
      out.uuid = id_text("blob ", cell_at(cells, l.id), scratch);
      out.message = is_marked(cell_at(cells, l.status)) ? "blob row, marked" : "blob row";
      return true;
    case TableKind::trash:
      out.message = "trash row";
      return true;
    default:
      out.message = "artifact row";
      out.reference = cell_at(cells, l.tag);
      out.uuid = id_text("artifact ", cell_at(cells, l.id), scratch);
      return true;
  }
}

bool is_frame(std::string_view text) {
  return text.find_first_not_of("-+|: ") == std::string_view::npos;
}

// "(12 rows)": psql's own count, and that nothing is cut off.
bool put_end(std::string_view row, std::string_view head, Scratch& scratch, Record& out) {
  if (!row.starts_with('(') || (!row.ends_with(" rows)") && !row.ends_with(" row)"))) return false;
  char separator = 0;
  Layout layout;
  if (!read_head(head, separator, layout)) return true;
  const TableKind kind = kind_of(layout);
  out.message = kind == TableKind::artifact ? std::string_view("artifact rows")
                : kind == TableKind::trash  ? std::string_view("trash rows")
                : kind == TableKind::tag    ? std::string_view("tag rows")
                : kind == TableKind::blob   ? std::string_view("blob rows")
                                            : std::string_view();
  out.agent = "harbor database";
  out.uuid = id_text({}, row.substr(1, row.find(' ') - 1), scratch);
  if (out.uuid.empty()) out.message = {};
  return true;
}

constexpr std::string_view kRecord = "-[ RECORD ";

// "NAME | VALUE" below RECORD: kept if a row may need it.
bool keep_column(std::string_view line, Heading& heading) {
  const std::size_t bar = line.find('|');
  if (bar == std::string_view::npos) return line.starts_with(' ');  // a value's next line
  const std::string_view name = trimmed(line.substr(0, bar)), value = bare(line.substr(bar + 1));
  if (!is_column_name(name)) return false;
  if (value.size() > 1100 || heading.text.size() + name.size() + value.size() > kLongestHeading)
    return true;
  for (const std::string_view unused : {"extra_attrs", "annotations", "icon", "media_type"})
    if (name == unused) return true;
  heading.text.append(name).append("|").append(value).append("\n");
  return true;
}

bool put_columns(std::string_view columns, Scratch& scratch, Record& out) {
  char* const begin = scratch.room.end();
  std::copy(columns.begin(), columns.end(), begin);
  std::string_view rest = scratch.room.keep(columns.size());
  Layout layout;
  Cells cells;
  while (!rest.empty() && cells.count < kMostCells) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::size_t bar = std::min(rest.find('|'), end);
    put_column(rest.substr(0, bar), cells.count, layout);
    cells.cells[cells.count++] = rest.substr(std::min(bar + 1, end), end - std::min(bar + 1, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return kind_of(layout) != TableKind::none && put_row(layout, cells, scratch, out);
}

// `heading.text`: "RECORD\n", then the columns. At most one row is told, where another begins.
bool below_record(std::string_view line, Heading& heading, Scratch& scratch, Record& out) {
  out.agent = "harbor database";
  constexpr std::size_t kHead = 7;
  const bool next = line.starts_with(kRecord);
  if (!next && !trimmed(line).empty()) return keep_column(line, heading);
  Record row = out;
  if (put_columns(std::string_view(heading.text).substr(kHead), scratch, row)) out = row;
  heading.text.resize(kHead);
  return true;
}

}  // namespace

bool table_heads(std::string_view line, Heading& heading) {
  const std::string_view head = trimmed(line);
  if (head.starts_with(kRecord)) {
    heading.kind = Heading::Kind::table;
    heading.text = "RECORD\n";
    return true;
  }
  if (head.size() > kLongestHeading || head.size() < 9) return false;
  // No name of a column begins with a digit, and none has a sign that every log line has.
  const char* const end = head.data() + head.size();
  const bool number = head[0] >= '0' && head[0] <= '9';
  if (number || find_either(head.data(), end, '=', '/') != end) return false;
  if (!contains(head, "digest") && !contains(head, "artifact_id") && !contains(head, "blob_id") &&
      !contains(head, "resource"))
    return false;
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
  if (heading.text.starts_with("RECORD\n")) return below_record(line, heading, scratch, out);
  if (is_frame(row) || put_end(row, heading.text, scratch, out)) return true;
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
