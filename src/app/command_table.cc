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
    Command{"ingest", "[FILE|DIR|-]...", "read logs into an incident database",
            "regtriage ingest --db incident.db /var/log/registry",
            "Reads as triage does and keeps what it learned in a database (--db), which is made if "
            "need be. May be repeated, with more or with the same logs: files that were read are "
            "skipped, and lines that come twice count once. --follow goes on as the files grow.",
            "text json", run_ingest},
    Command{"query", "['SELECT ...'|NAME]", "ask an incident database, with SQL or by name",
            "regtriage query --db incident.db broken-images",
            "Read-only SQL over the views of the database, a named query, or the name of a view. "
            "Without a query it lists the named ones; schemas/incident-1.sql documents the views.",
            "table csv json jsonl", run_query},
    Command{
        "show", "THING [FILE|DIR|-]...", "everything known about one thing, as a timeline",
        "regtriage show --db incident.db team/app:v1",
        "THING is a digest (or its beginning), repository:tag, a repository, the id of an "
        "upload, a request, an event, a finding or a push. From a database (--db) or from logs.",
        "text json", run_show},
    Command{
        "merge", "OUT IN...", "join incident databases into one",
        "regtriage merge all.db node-1.db node-2.db",
        "Adds what the databases IN hold to OUT, which is made if need be. Order and repetition "
        "do not matter: the result is what one database of all the logs would hold.",
        "text json", run_merge},
    Command{
        "forget", "SOURCE...", "take back what was read from a source",
        "regtriage forget --db incident.db /var/log/wrong.log",
        "For logs that were read by mistake or with wrong options. Lines that other sources hold, "
        "too, come back when these are read again.",
        "text json", run_forget},
    Command{
        "prune", "", "drop what is older than a time",
        "regtriage prune --db incident.db --before 2026-11-01",
        "Keeps older lines that explain newer troubles: those about a digest, tag or upload that "
        "a newer error is about, and what the registry said about itself.",
        "text json", run_prune},
    Command{"explain", "[CAUSE]", "what a cause means, what helps and what does not",
            "regtriage explain stale_descriptor_cache",
            "Without a cause: all causes, one line each.", "text json", run_explain},
    Command{"patterns", "list [LOG...] | unmatched LOG... | check FILE...",
            "the rules that read messages, and what they do not know",
            "regtriage patterns unmatched registry.log",
            "'list' prints every rule with its products and its source, and with logs how many "
            "lines each explains. 'unmatched' groups the lines that no rule explains by what they "
            "have in common, the most frequent first, with a line to write the missing rule from. "
            "'check' tries the rules of pattern files: their examples and counter-examples, and "
            "what they take from other rules or never use.",
            "text json", run_patterns, "list unmatched check"},
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
