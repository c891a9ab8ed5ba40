// `help`, `help COMMAND`, and --help of every command.
#include "app/help.h"

#include <fmt/format.h>

#include "app/command.h"

namespace regtriage {
namespace {

std::string_view asked_command(const RunOptions& options) {
  if (options.help && options.command != "help") return options.command;
  return options.arguments.empty() ? std::string_view() : options.arguments.front();
}

Error no_such_command(std::string_view name) {
  std::vector<std::string_view> known;
  for (const Command& command : commands()) known.push_back(command.name);
  const auto nearest = nearest_word(name, known);
  return {ErrorCode::usage, fmt::format("there is no command '{}'", name),
          nearest ? fmt::format("did you mean '{}'?", *nearest) : "'regtriage help' lists them"};
}

}  // namespace

int run_help(CallContext& context) {
  const int columns = std::min(context.terminal.columns, 100);
  const std::string_view name = asked_command(context.options);
  // `regtriage --help` is about the program, not about its default command.
  if (name.empty() || (context.options.help && name == "triage" && !context.options.named)) {
    context.out.write(full_help(columns));
    return exit_status::kDone;
  }
  const Command* command = command_named(name);
  if (command == nullptr) {
    context.complain(no_such_command(name));
    return context.status;
  }
  context.out.write(help_of(*command, columns));
  return exit_status::kDone;
}

}  // namespace regtriage
