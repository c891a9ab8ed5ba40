// Shell completion, from the command and option tables.
#include <fmt/format.h>

#include "app/help.h"

namespace regtriage {
namespace {

std::string joined_options(const Command& command) {
  std::string words;
  for (const Option* option : options_of(&command)) words += fmt::format(" --{}", option->name);
  return words;
}

std::string command_words() {
  std::string words;
  for (const Command& command : commands()) words += fmt::format(" {}", command.name);
  return words.substr(1);
}

// Quoted for sh and zsh; our texts hold no backslash.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string bash_completion() {
  std::string script = fmt::format(
      "# bash completion for regtriage; made by 'regtriage completion bash'\n"
      "_regtriage() {{\n"
      "  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} "
      "command=triage "
      "words=''\n"
      "  local commands='{}' each\n"
      "  for each in \"${{COMP_WORDS[@]:1:COMP_CWORD-1}}\"; do\n"
      "    case \" $commands \" in *\" $each \"*) command=$each; break;; esac\n"
      "  done\n"
      "  case $before in\n",
      command_words());
  for (const Option& option : option_table())
    if (!option.words.empty())
      script += fmt::format("    --{}) COMPREPLY=($(compgen -W '{}' -- \"$word\")); return;;\n",
                            option.name, option.words);
  script += "  esac\n  case $command in\n";
  for (const Command& command : commands())
    script += fmt::format("    {}) words='{}{}{}';;\n", command.name, command.words,
                          command.words.empty() ? "" : " ", joined_options(command).substr(1));
  return script +
         "  esac\n"
         "  [ \"$COMP_CWORD\" = 1 ] && words=\"$commands $words\"\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$word\") $(compgen -f -- \"$word\"))\n"
         "}\n"
         "complete -o filenames -F _regtriage regtriage\n";
}

std::string zsh_completion() {
  std::string script =
      "#compdef regtriage\n"
      "# made by 'regtriage completion zsh'\n"
      "_regtriage() {\n"
      "  local -a commands\n  commands=(\n";
  for (const Command& command : commands())
    script += fmt::format("    {}\n", quoted(fmt::format("{}:{}", command.name, command.what)));
  script += "  )\n  local command=${words[2]:-triage}\n  local -a options\n  case $command in\n";
  for (const Command& command : commands()) {
    script += fmt::format("    {}) options=(", command.name);
    for (const Option* option : options_of(&command)) script += fmt::format(" --{}", option->name);
    script += ");;\n";
  }
  return script +
         "    *) options=(--help);;\n  esac\n"
         "  (( CURRENT == 2 )) && _describe command commands\n"
         "  compadd -- $options\n"
         "  _files\n"
         "}\n"
         "compdef _regtriage regtriage\n";
}

std::string fish_completion() {
  std::string script = "# made by 'regtriage completion fish'\n";
  for (const Command& command : commands())
    script += fmt::format("complete -c regtriage -n __fish_use_subcommand -a {} -d {}\n",
                          command.name, quoted(command.what));
  for (const Option* option : options_of(nullptr)) {
    script += fmt::format("complete -c regtriage -l {}", option->name);
    if (option->letter != 0) script += fmt::format(" -s {}", option->letter);
    if (!option->argument.empty()) script += " -r";
    if (!option->words.empty()) script += fmt::format(" -x -a {}", quoted(option->words));
    script += fmt::format(" -d {}\n", quoted(option->what));
  }
  return script;
}

}  // namespace

std::string completion_for(std::string_view shell) {
  if (shell == "bash") return bash_completion();
  if (shell == "zsh") return zsh_completion();
  if (shell == "fish") return fish_completion();
  return {};
}

}  // namespace regtriage
