// Every command is one row here and one file in commands/.
#include <algorithm>
#include <array>

#include "app/command.h"

namespace regtriage {
namespace {

constexpr std::string_view kReportFormats = "text json markdown jira html csv";

constexpr std::array kCommands = {
    Command{
        "triage", "[FILE|DIR|-]...", "read logs, judge, answer (the default command)",
        "kubectl logs deploy/registry | regtriage",
        "Reads the logs of a registry (files, folders, standard input; plain or compressed; any "
        "usual transport) and says which errors are noise and which are real, what was hit, "
        "the most probable cause and its proof, what to do and what not to do. No database is "
        "needed. On an endless pipe Ctrl-C answers with what is known so far.",
        kReportFormats, run_triage},
    Command{"report", "[FILE|DIR|-]...", "the answer for a ticket or a program",
            "regtriage report --format markdown --max-chars 30000 registry.log",
            "As triage, from files or from an incident database (--db), in the format you choose. "
            "--finding narrows it to one finding, --redact hides names before it leaves the house.",
            kReportFormats, run_report},
    Command{"explain", "[CAUSE]", "what a cause means, what helps and what does not",
            "regtriage explain stale_descriptor_cache",
            "Without a cause: all causes, one line each.", "text json", run_explain},
    Command{"patterns", "list | check FILE...", "the rules that read messages, and their examples",
            "regtriage patterns check my-patterns.json",
            "'list' prints every rule with its source. 'check' runs each rule of the files against "
            "the examples and counter-examples beside it.",
            "text json", run_patterns, "list check"},
    Command{"completion", "bash|zsh|fish", "completion for your shell",
            "regtriage completion bash > /etc/bash_completion.d/regtriage",
            "Prints a script that completes commands, options and their words.", "", run_completion,
            "bash zsh fish"},
    Command{"man", "", "the manual page (roff)", "regtriage man | man -l -",
            "Prints the manual page, made from the same tables as this help.", "", run_man},
    Command{"help", "[COMMAND]", "this help, or that of one command", "regtriage help triage",
            "Lists the commands and options; with a command, what it takes and an example.", "",
            run_help},
    Command{"version", "", "the version and the ruleset", "regtriage --version",
            "Prints the version of the program and of its built-in rules.", "", run_version},
};

}  // namespace

std::span<const Command> commands() { return kCommands; }

const Command* command_named(std::string_view name) {
  const auto row = std::ranges::find(kCommands, name, &Command::name);
  return row == kCommands.end() ? nullptr : &*row;
}

}  // namespace regtriage
