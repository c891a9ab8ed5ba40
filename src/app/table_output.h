// Rows of a query as text: one encoder per sink. Shared by query, show and ingest.
#pragma once

#include <string>
#include <string_view>

#include "base/json_writer.h"
#include "store/store.h"

namespace regtriage {

// "table csv json jsonl"; the default first.
inline constexpr std::string_view kTableFormats = "table csv json jsonl";

// `format`: one of kTableFormats. Cells of a "table" are made safe for a terminal, one line each,
// and cut at `widest` columns (0 = never). CSV follows RFC 4180; a text that a spreadsheet would
// take for a formula gets an apostrophe before it. JSON: an array of objects.
std::string table_text(const Table& table, std::string_view format, std::size_t widest);

// The rows as an array of objects, within a larger JSON value.
void write_rows(JsonWriter& json, const Table& table);

}  // namespace regtriage
