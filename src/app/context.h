// What a command is given: checked options, where to write, what kind of terminal there is. Nothing
// else of the outside is asked by commands.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

#include "app/options.h"
#include "base/result.h"

namespace spdlog {
class logger;
}

namespace regtriage {

struct Terminal {
  bool in = false, out = false, err = false;  // is it one?
  int columns = 80;                           // of standard output; 80 if it is none
  bool no_color = false;                      // NO_COLOR is set, or TERM is "dumb"
};

// Where results go: a descriptor, or a file that is written whole and then renamed (mode 0600).
// A reader that hangs up is no error: closed() says so and later writes do nothing. One thread.
class ResultSink {
 public:
  explicit ResultSink(int descriptor) : descriptor_(descriptor) {}
  explicit ResultSink(std::string path) : path_(std::move(path)) {}

  void write(std::string_view text);
  // Puts what was written to a file in its place; may be called again after more was written (the
  // file is then replaced). To a descriptor: reports the first trouble.
  Result<void> finish();
  bool closed() const { return closed_; }

 private:
  int descriptor_ = -1;
  std::string path_, text_;  // text_: kept until finish(), only with a path
  bool closed_ = false;
  int trouble_ = 0;  // errno of the first failed write
};

// One thread (stop may be set by a signal).
struct CallContext {
  const RunOptions& options;
  ResultSink& out;
  spdlog::logger& log;  // standard error; use the functions below
  Terminal terminal;
  const std::atomic<bool>& stop;  // SIGINT or SIGTERM came: answer with what is known and leave
  int status = 0;                 // the strongest exit status so far
  std::string temporary_folder = "/tmp";

  // "regtriage: <what>", "  hint: <hint>"; foreign bytes are escaped here. Raises `status`.
  void complain(const Error& error);
  // As complain, without any effect on the exit status.
  void warn(std::string_view what, std::string_view hint = "");
  void raise(int exit_status);
  bool use_color() const;
};

}  // namespace regtriage
