// The commands: one row each in command_table.cc, one file each in commands/.
#pragma once

#include <span>
#include <string_view>

#include "app/context.h"
#include "app/exit_status.h"

namespace regtriage {

struct Command {
  std::string_view name;
  std::string_view operands;  // "[FILE|DIR|-]..." for the usage line
  std::string_view what;      // one line, lower case, no full stop
  std::string_view example;   // a whole call
  std::string_view about;     // a paragraph for `help NAME`
  std::string_view formats;   // values of --format, blank between, the default first; empty: none
  // Returns the exit status (exit_status.h); the stronger of it and CallContext::status is the
  // program's. Which options a command takes stands in the option table, beside each option.
  int (*run)(CallContext& context);
  std::string_view words = "";  // closed list of first operands, for completion
};
std::span<const Command> commands();  // in the order of the help
const Command* command_named(std::string_view name);

// commands/<name>.cc
int run_triage(CallContext& context);
int run_report(CallContext& context);
int run_explain(CallContext& context);
int run_patterns(CallContext& context);
int run_completion(CallContext& context);
int run_man(CallContext& context);
int run_help(CallContext& context);
int run_version(CallContext& context);
// Of the incident database; their rows are in the table when their files are there.
int run_ingest(CallContext& context);
int run_query(CallContext& context);
int run_show(CallContext& context);
int run_merge(CallContext& context);
int run_forget(CallContext& context);
int run_prune(CallContext& context);

}  // namespace regtriage
