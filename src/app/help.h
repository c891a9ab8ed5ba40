// Help, man page and completion, made from the two tables.
#pragma once

#include <string>
#include <string_view>

#include "app/command.h"

namespace regtriage {

std::string short_help();  // a few lines, for a call without anything
std::string full_help(int columns);
std::string help_of(const Command& command, int columns);
std::string man_page();
// bash, zsh or fish; empty for another shell.
std::string completion_for(std::string_view shell);

// Options of a command in the order of the table, hidden ones left out; nullptr = of all.
std::vector<const Option*> options_of(const Command* command);
std::vector<std::string_view> split_words(std::string_view words);

}  // namespace regtriage
