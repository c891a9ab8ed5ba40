// The manual page in roff's man macros, from the command and option tables.
#include <fmt/format.h>

#include "app/help.h"

namespace regtriage {
namespace {

// Our own ASCII text as roff text: '-' is a dash that can be searched, a leading '.' is no macro.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else if (c == '\'' || c == '.')
      out += fmt::format("\\&{}", c);
    else
      out += c;
  }
  return out;
}

std::string option_entry(const Option& option) {
  std::string head = option.letter != 0 ? fmt::format("\\fB\\-{}\\fR, ", option.letter) : "";
  head += fmt::format("\\fB\\-\\-{}\\fR", roff(option.name));
  if (!option.argument.empty()) head += fmt::format(" \\fI{}\\fR", roff(option.argument));
  return fmt::format(".TP\n{}\n{}\n", head, roff(option.what));
}

std::string command_entry(const Command& command) {
  return fmt::format(".TP\n\\fB{}\\fR {}\n{}\n.br\nExample: {}\n", roff(command.name),
                     roff(command.operands), roff(command.about), roff(command.example));
}

}  // namespace

std::string man_page() {
  std::string page = fmt::format(
      ".TH REGTRIAGE 1 \"\" \"regtriage {}\" \"User Commands\"\n"
      ".SH NAME\nregtriage \\- which errors in a registry's log are noise, which are real, and "
      "why\n"
      ".SH SYNOPSIS\n.B regtriage\n[\\fICOMMAND\\fR] [\\fIOPTION\\fR]... [\\fIFILE\\fR|\\fIDIR\\fR|"
      "\\-]...\n.SH COMMANDS\n",
      REGTRIAGE_VERSION);
  for (const Command& command : commands()) page += command_entry(command);
  page += ".SH OPTIONS\n";
  std::string_view section;
  for (const Option* option : options_of(nullptr)) {
    if (option->section != section) page += fmt::format(".SS {}\n", option->section);
    section = option->section;
    page += option_entry(*option);
  }
  page += ".SH EXIT STATUS\nThe strongest, if several hold:\n";
  for (const exit_status::Row& row : exit_status::rows())
    page += fmt::format(".TP\n{}\n{}\n", row.status, roff(row.what));
  return page;
}

}  // namespace regtriage
