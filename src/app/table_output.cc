#include "app/table_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/utf8.h"
#include "report/layout.h"

namespace regtriage {
namespace {

using Kind = Table::Cell::Kind;

bool is_number(const Table::Cell& cell) {
  return cell.kind == Kind::integer || cell.kind == Kind::real;
}

std::string hex_text(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

std::string plain_text(const Table::Cell& cell) {
  switch (cell.kind) {
    case Kind::integer:
      return fmt::format("{}", cell.integer);
    case Kind::real:
      return fmt::format("{}", cell.real);
    case Kind::blob:
      return hex_text(cell.text);
    default:
      return cell.text;
  }
}

// Of a text of whole letters, as many as fit.
std::string cut_to(std::string text, std::size_t columns) {
  if (columns == 0 || display_width(text) <= columns) return text;
  std::size_t used = 0, width = 0;
  while (used < text.size()) {
    const std::size_t length =
        std::max<std::size_t>(1, utf8_length(std::string_view(text).substr(used)));
    width += display_width(std::string_view(text).substr(used, length));
    if (width + 1 > columns) break;
    used += length;
  }
  return text.substr(0, used) + "…";
}

void append_padded(std::string& line, const std::string& text, std::size_t width, bool right) {
  const std::string blanks(width - std::min(width, display_width(text)), ' ');
  line += right ? blanks + text : text + blanks;
}

std::string aligned(const Table& table, std::size_t widest) {
  const std::size_t columns = table.columns.size();
  std::vector<std::vector<std::string>> cells;
  std::vector<std::size_t> widths(columns);
  const auto add = [&](auto&& text_at) {
    std::vector<std::string> row;
    for (std::size_t i = 0; i < columns; ++i) {
      row.push_back(cut_to(terminal_text(text_at(i)), widest));
      widths[i] = std::max(widths[i], display_width(row.back()));
    }
    cells.push_back(std::move(row));
  };
  add([&](std::size_t i) { return table.columns[i]; });
  for (const auto& row : table.rows) add([&](std::size_t i) { return plain_text(row[i]); });

  std::string out;
  for (std::size_t r = 0; r < cells.size(); ++r) {
    std::string line;
    for (std::size_t i = 0; i < columns; ++i) {
      if (i > 0) line += "  ";
      append_padded(line, cells[r][i], widths[i], r > 0 && is_number(table.rows[r - 1][i]));
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

// Excel and LibreOffice run cells that begin so (OWASP, "CSV Injection").
bool may_be_formula(std::string_view text) {
  return text.size() > 1 &&
         std::string_view("=+-@\t\r\n").find(text.front()) != std::string_view::npos;
}

std::string csv_text(std::string_view text) {
  std::string out = "\"";
  if (may_be_formula(text)) out += '\'';
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    if (length == 0)
      out += "\xef\xbf\xbd";
    else if (text.front() == '"')
      out += "\"\"";
    else
      out += text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(1, length));
  }
  return out + "\"";
}

std::string csv(const Table& table) {
  std::string out;
  const auto end_line = [&out] { out += "\r\n"; };
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    out += (i > 0 ? "," : "") + csv_text(table.columns[i]);
  end_line();
  for (const auto& row : table.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out += ',';
      if (is_number(row[i]))
        out += plain_text(row[i]);
      else if (row[i].kind != Kind::null)
        out += csv_text(plain_text(row[i]));
    }
    end_line();
  }
  return out;
}

void write_row(JsonWriter& json, const Table& table, const std::vector<Table::Cell>& row) {
  json.begin_object();
  for (std::size_t i = 0; i < row.size(); ++i) {
    const Table::Cell& cell = row[i];
    if (cell.kind == Kind::null || (cell.kind == Kind::real && !std::isfinite(cell.real)))
      json.null_field(table.columns[i]);
    else if (cell.kind == Kind::integer)
      json.field(table.columns[i], cell.integer);
    else if (cell.kind == Kind::real)
      json.field(table.columns[i], cell.real);
    else
      json.field(table.columns[i], std::string_view(plain_text(cell)));
  }
  json.end_object();
}

}  // namespace

void write_rows(JsonWriter& json, const Table& table) {
  json.begin_array();
  for (const auto& row : table.rows) write_row(json, table, row);
  json.end_array();
}

std::string table_text(const Table& table, std::string_view format, std::size_t widest) {
  if (format == "csv") return csv(table);
  std::string out;
  if (format == "json") {
    JsonWriter json(out, 2);
    write_rows(json, table);
    return out + "\n";
  }
  if (format != "jsonl") return aligned(table, widest);
  for (const auto& row : table.rows) {
    JsonWriter json(out);
    write_row(json, table, row);
    out += "\n";
  }
  return out;
}

}  // namespace regtriage
