#include "app/context.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/logger.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "app/exit_status.h"
#include "base/utf8.h"

namespace regtriage {
namespace {

// Writes all of it; returns 0 or the errno of what went wrong.
int write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

Result<void> write_trouble(std::string_view where, int number) {
  return fail(ErrorCode::unreadable,
              fmt::format("cannot write {}: {}", where, std::generic_category().message(number)),
              "the answer is not complete");
}

// Old or new, never half: the text goes to a file beside it that then takes its name. A new file
// each time (O_EXCL), so no link in the folder is followed.
Result<void> replace_file(const std::string& path, std::string_view text) {
  const std::string draft = fmt::format("{}.{}.tmp", path, ::getpid());
  const std::string name = fmt::format("'{}'", path);
  const int file = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return write_trouble(name, errno);
  int trouble = write_all(file, text);
  if (trouble == 0 && ::fsync(file) != 0 && errno != EINVAL) trouble = errno;
  if (::close(file) != 0 && trouble == 0) trouble = errno;
  if (trouble == 0 && std::rename(draft.c_str(), path.c_str()) != 0) trouble = errno;
  if (trouble == 0) return {};
  ::unlink(draft.c_str());
  return write_trouble(name, trouble);
}

}  // namespace

void ResultSink::write(std::string_view text) {
  if (!path_.empty()) {
    text_ += text;
    return;
  }
  if (closed_ || trouble_ != 0) return;
  const int trouble = write_all(descriptor_, text);
  if (trouble == EPIPE)
    closed_ = true;
  else
    trouble_ = trouble;
}

Result<void> ResultSink::finish() {
  if (trouble_ != 0) return write_trouble("the results", trouble_);
  if (path_.empty() || text_.empty()) return {};
  Result<void> written = replace_file(path_, text_);
  text_.clear();
  return written;
}

void CallContext::complain(const Error& error) {
  warn(error.what, error.hint);
  raise(exit_status::of(error.code));
}

void CallContext::warn(std::string_view what, std::string_view hint) {
  log.warn("regtriage: {}", terminal_text(what));
  if (!hint.empty()) log.warn("  hint: {}", terminal_text(hint));
}

void CallContext::raise(int exit_status) { status = exit_status::stronger(status, exit_status); }

bool CallContext::use_color() const {
  if (options.color != RunOptions::Color::automatic)
    return options.color == RunOptions::Color::always;
  return terminal.out && !terminal.no_color && options.output.empty();
}

}  // namespace regtriage
