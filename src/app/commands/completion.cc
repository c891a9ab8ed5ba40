// `completion bash|zsh|fish`.
#include <fmt/format.h>

#include "app/command.h"
#include "app/help.h"

namespace regtriage {

int run_completion(CallContext& context) {
  const std::vector<std::string>& shells = context.options.arguments;
  const std::string text = shells.size() == 1 ? completion_for(shells[0]) : std::string();
  if (text.empty()) {
    context.complain({ErrorCode::usage,
                      shells.size() == 1 ? fmt::format("no completion for '{}'", shells[0])
                                         : "completion takes the name of one shell",
                      "one of bash, zsh, fish"});
    return context.status;
  }
  context.out.write(text);
  return exit_status::kDone;
}

}  // namespace regtriage
