// The program as a table of contents: understand the call, run the command, say how it ended.
#include <malloc.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <filesystem>

#include "app/command.h"
#include "app/environment.h"
#include "app/help.h"

namespace regtriage {
namespace {

bool is_file(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

// Nobody can have meant this to wait for typing.
bool asks_for_nothing(const RunOptions& options, const Terminal& terminal) {
  return options.command == "triage" && options.arguments.empty() && terminal.in && !options.help;
}

int run_program(const std::vector<std::string>& words, spdlog::logger& log) {
  const Terminal terminal = look_at_terminal();
  const Result<RunOptions> parsed = parse_call(words, is_file);
  const RunOptions options = parsed.value_or(RunOptions{});
  ResultSink out = options.output.empty() ? ResultSink(STDOUT_FILENO) : ResultSink(options.output);
  CallContext context{options, out, log, terminal, catch_signals()};
  context.temporary_folder =
      options.temporary_folder.empty() ? temporary_folder() : options.temporary_folder;

  // A call that is not understood ends here; from here on options are checked.
  if (!parsed) {
    context.complain(parsed.error());
    return context.status;
  }
  if (asks_for_nothing(options, terminal)) {
    log.warn(short_help());
    return exit_status::kUsage;
  }
  const Command& command = options.help ? *command_named("help") : *command_named(options.command);
  context.raise(command.run(context));

  // A reader that hung up has what it wanted; any other trouble with the results is told.
  if (const Result<void> written = out.finish(); !written) context.complain(written.error());
  return out.closed() ? exit_status::kDone : context.status;
}

// What is freed stays for the next one: giving pages back and getting them again, block for block,
// took a tenth of the time. Large arrays have pages of their own (base/big_vector.h).
void keep_freed_memory() {
#if defined(__GLIBC__)
  ::mallopt(M_MMAP_THRESHOLD, 8 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 64 << 20);
#endif
}

}  // namespace
}  // namespace regtriage

int main(int argc, char** argv) {
  using namespace regtriage;
  keep_freed_memory();
  try {
    spdlog::logger log("regtriage", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    log.set_pattern("%v");
    return run_program({argv + 1, argv + argc}, log);
  } catch (const std::exception& bug) {
    std::fprintf(stderr,
                 "regtriage: this is a bug of regtriage: %s\n"
                 "  hint: please report it with the version and, if you can, the lines it read\n",
                 bug.what());
    return exit_status::kBug;
  }
}
