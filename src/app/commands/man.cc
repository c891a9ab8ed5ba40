// `man`: the manual page, made from the tables.
#include "app/command.h"
#include "app/help.h"

namespace regtriage {

int run_man(CallContext& context) {
  context.out.write(man_page());
  return exit_status::kDone;
}

}  // namespace regtriage
