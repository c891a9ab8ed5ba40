// The words of a call: one table of options feeds parser, help, man page and completion.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/words.h"
#include "report/report.h"

namespace regtriage {

// Checked; what a command works with. Every member has the value that holds if nothing is typed.
struct RunOptions {
  std::string command;                 // a name of commands()
  std::vector<std::string> arguments;  // operands as typed, the command not among them
  bool named = false;                  // the command was typed, not taken as the default
  bool help = false;

  // Reading.
  std::string instance;
  int year = 0;           // 0 = not given
  int zone_offset_s = 0;  // for times without a zone; 0 = UTC
  std::vector<std::string> pattern_files;
  unsigned threads = 0;              // 0 = as many as the machine has
  std::size_t block_bytes = 0;       // 0 = the default of ingest
  std::uint64_t memory = 256 << 20;  // bytes; see read_facts
  std::string temporary_folder;      // empty = not given
  TimeNs every = 0;                  // nanoseconds between answers on an endless pipe; 0 = once

  // Narrowing.
  TimeNs since = kNoTime, until = kNoTime;
  std::string repository;
  std::string finding;  // id or the beginning of one

  // Answering.
  std::string format;  // empty = the command's own default
  bool events = false, requests = false, sessions = false, full = false, canonical = false;
  std::size_t max_chars = 0;
  ReportModel::Hide redact = ReportModel::Hide::nothing;
  std::string output;  // empty = standard output
  std::optional<Severity> fail_on;
  enum class Color { automatic, always, never } color = Color::automatic;

  // Incident database.
  std::string database;
  bool follow = false;
  TimeNs before = kNoTime;
  std::size_t limit = 0;  // rows; 0 = all
};

struct Option {
  std::string_view name;      // long, without dashes
  char letter = 0;            // short; 0 = none
  std::string_view argument;  // "FILE"; empty: a flag
  std::string_view what;      // one line for the help, lower case, no full stop
  std::string_view section;   // heading in the help
  std::string_view commands;  // names of the commands that take it, blank between; "*" = all
  // Checks the value ("" for a flag) and puts it in its place.
  Result<void> (*take)(RunOptions& options, const std::string& value);
  std::string_view words = "";  // the closed list of values, blank between, for completion
  bool hidden = false;          // not in the help (tests)

  bool is_for(std::string_view command) const;
};
std::span<const Option> option_table();

// argv without the program's name. The first operand names the command; any other first operand is
// a file for `triage`. `is_file` tells a file from a misspelt command.
Result<RunOptions> parse_call(const std::vector<std::string>& words,
                              const std::function<bool(const std::string&)>& is_file);

// The nearest of `known` by edit distance (2 at most, 4 for words from 10 letters; under half of
// the word), or nothing.
std::optional<std::string_view> nearest_word(std::string_view word,
                                             const std::vector<std::string_view>& known);

}  // namespace regtriage
