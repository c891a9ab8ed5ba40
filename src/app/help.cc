#include "app/help.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/layout.h"

namespace regtriage {
namespace {

std::string spelled(const Option& option) {
  std::string text = option.letter != 0 ? fmt::format("-{}, ", option.letter) : "    ";
  text += fmt::format("--{}", option.name);
  if (!option.argument.empty()) text += fmt::format(" {}", option.argument);
  return text;
}

// "  left         what it is for, wrapped under itself"
std::string row(std::string_view left, std::string_view what, std::size_t column, int columns) {
  std::string text = fmt::format("  {:<{}}", left, column - 2);
  if (left.size() + 3 > column) text += fmt::format("\n{:<{}}", "", column);
  return text + wrapped(what, static_cast<int>(column), columns) + "\n";
}

std::string option_rows(const Command* command, int columns) {
  std::string text;
  std::string_view section;
  for (const Option* option : options_of(command)) {
    if (option->section != section) text += fmt::format("\n{}\n", option->section);
    section = option->section;
    text += row(spelled(*option), option->what, 28, columns);
  }
  return text;
}

std::string exit_rows(int columns) {
  std::string text = "\nExit status (the strongest, if several hold)\n";
  for (const exit_status::Row& line : exit_status::rows())
    text += row(fmt::format("{:>3}", line.status), line.what, 8, columns);
  return text;
}

std::string usage_of(const Command& command) {
  const std::string_view name = command.name;
  const std::string shown = name == "triage" ? "[triage]" : std::string(name);
  return fmt::format("usage: regtriage {} [OPTION]... {}", shown, command.operands);
}

}  // namespace

std::vector<std::string_view> split_words(std::string_view words) {
  std::vector<std::string_view> list;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (end > 0) list.push_back(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return list;
}

std::vector<const Option*> options_of(const Command* command) {
  std::vector<const Option*> list;
  for (const Option& option : option_table())
    if (!option.hidden && (command == nullptr || option.is_for(command->name)))
      list.push_back(&option);
  return list;
}

std::string short_help() {
  return "regtriage reads the logs of a container registry and says which errors are noise, which\n"
         "are real, what was hit, why, and what to do.\n\n"
         "  regtriage registry.log                       files or folders\n"
         "  kubectl logs deploy/registry | regtriage     a pipe\n\n"
         "'regtriage help' lists commands and options.";
}

std::string full_help(int columns) {
  std::string text =
      "regtriage reads the logs of a container registry and says which errors are noise,\n"
      "which are real, what was hit, why, and what to do.\n\n"
      "usage: regtriage [COMMAND] [OPTION]... [FILE|DIR|-]...\n\n"
      "  regtriage registry.log                       files or folders\n"
      "  kubectl logs deploy/registry | regtriage     a pipe\n\nCommands\n";
  for (const Command& command : commands()) text += row(command.name, command.what, 16, columns);
  text += option_rows(nullptr, columns);
  text += exit_rows(columns);
  return text + "\n'regtriage help COMMAND' says more about one command.\n";
}

std::string help_of(const Command& command, int columns) {
  std::string text =
      fmt::format("regtriage {}: {}\n\n{}\n\n{}\n", command.name, command.what,
                  wrapped(usage_of(command), 7, columns), wrapped(command.about, 0, columns));
  if (!command.formats.empty()) text += fmt::format("\nFormats: {}\n", command.formats);
  text += option_rows(&command, columns);
  return text + fmt::format("\nExample\n  {}\n", command.example);
}

}  // namespace regtriage
