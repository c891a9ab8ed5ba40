#include "app/context.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace regtriage {
namespace {

struct Folder {
  std::string path;
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "regtriage-test-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
};

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string((std::istreambuf_iterator<char>(file)), {});
}

TEST_CASE("a result file is written whole, readable by its owner only, and replaced later") {
  const Folder folder;
  const std::string path = folder.path + "/answer";
  ResultSink sink(path);
  sink.write("one ");
  sink.write("two");
  REQUIRE_FALSE(std::filesystem::exists(path));
  REQUIRE(sink.finish().has_value());
  REQUIRE(text_of(path) == "one two");
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  REQUIRE((info.st_mode & 0777) == 0600);
  sink.write("three");
  REQUIRE(sink.finish().has_value());
  REQUIRE(text_of(path) == "three");
  REQUIRE(std::distance(std::filesystem::directory_iterator(folder.path), {}) == 1);
}

TEST_CASE("a link in the place of the result is replaced, not followed") {
  const Folder folder;
  const std::string path = folder.path + "/answer", other = folder.path + "/other";
  std::ofstream(other) << "precious";
  std::filesystem::create_symlink(other, path);
  ResultSink sink(path);
  sink.write("new");
  REQUIRE(sink.finish().has_value());
  REQUIRE(text_of(other) == "precious");
  REQUIRE(text_of(path) == "new");
}

TEST_CASE("a folder that is not there is told") {
  ResultSink sink(std::string("/nonexistent-folder/answer"));
  sink.write("x");
  const Result<void> written = sink.finish();
  REQUIRE_FALSE(written.has_value());
  REQUIRE(written.error().code == ErrorCode::unreadable);
}

TEST_CASE("a reader that hangs up is no trouble") {
  std::signal(SIGPIPE, SIG_IGN);
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  ::close(ends[0]);
  ResultSink sink(ends[1]);
  sink.write("x");
  REQUIRE(sink.closed());
  REQUIRE(sink.finish().has_value());
  ::close(ends[1]);
}

TEST_CASE("a disk that is full is told") {
  std::FILE* full = std::fopen("/dev/full", "w");
  if (full == nullptr) return;  // not on this system
  ResultSink sink(::fileno(full));
  sink.write("x");
  REQUIRE_FALSE(sink.finish().has_value());
  std::fclose(full);
}

TEST_CASE("messages escape foreign bytes, and the strongest exit status stays") {
  std::ostringstream said;
  spdlog::logger log("test", std::make_shared<spdlog::sinks::ostream_sink_st>(said));
  log.set_pattern("%v");
  const RunOptions options;
  ResultSink out(-1);
  const std::atomic<bool> stop{false};
  CallContext context{options, out, log, Terminal{}, stop};
  context.complain({ErrorCode::unreadable, "cannot open 'a\x1b[2J{}\n'", "look at it"});
  context.complain({ErrorCode::cut_short, "x", ""});
  REQUIRE(context.status == 4);
  REQUIRE(said.str() ==
          "regtriage: cannot open 'a\\x1b[2J{}\\x0a'\n  hint: look at it\nregtriage: x\n");
}

TEST_CASE("colour is for terminals, unless said otherwise") {
  std::ostringstream said;
  spdlog::logger log("test", std::make_shared<spdlog::sinks::ostream_sink_st>(said));
  RunOptions options;
  ResultSink out(-1);
  const std::atomic<bool> stop{false};
  const auto colored = [&](bool terminal, bool no_color) {
    Terminal facts;
    facts.out = terminal;
    facts.no_color = no_color;
    return CallContext{options, out, log, facts, stop}.use_color();
  };
  REQUIRE(colored(true, false));
  REQUIRE_FALSE(colored(true, true));
  REQUIRE_FALSE(colored(false, false));
  options.color = RunOptions::Color::always;
  REQUIRE(colored(false, true));
  options.color = RunOptions::Color::never;
  REQUIRE_FALSE(colored(true, false));
}

}  // namespace
}  // namespace regtriage
