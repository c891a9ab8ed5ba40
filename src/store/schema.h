// The tables of the incident database: made, checked, brought up to date.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/database.h"

namespace regtriage {

inline constexpr std::int64_t kApplicationId = 0x52475431;  // "RGT1"; see schemas/incident-1.sql
inline constexpr std::int64_t kSchemaVersion = 1;

// What a path holds, told by its first bytes alone: SQLite has not touched it yet.
enum class FileKind { absent, empty, sqlite, other };
Result<FileKind> file_kind(const std::string& path);  // a folder, a pipe …: an error

// Is it ours, and of a version that this program knows? Any other file is left as it is.
Result<void> check_owner(Database& database);
// Makes the tables in an empty file, or runs the migrations that it lacks. One transaction.
Result<void> bring_up_to_date(Database& database);
// Are all tables and views what their version says? A file may carry the right marks and other
// insides. Further tables, views and indexes of the user's are let be.
Result<void> check_schema(Database& database);

// The stable views, sorted.
std::vector<std::string> view_names(Database& database);

}  // namespace regtriage
