#include "app/options.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "app/command.h"
#include "app/help.h"

namespace regtriage {
namespace {

Result<RunOptions> parsed(const std::vector<std::string>& words) {
  return parse_call(words, [](const std::string& path) { return path == "registry.log"; });
}

RunOptions options_for(const std::vector<std::string>& words) {
  const Result<RunOptions> options = parsed(words);
  INFO((options.has_value() ? std::string() : options.error().what));
  REQUIRE(options.has_value());
  return *options;
}

Error error_for(const std::vector<std::string>& words) {
  const Result<RunOptions> options = parsed(words);
  REQUIRE_FALSE(options.has_value());
  REQUIRE(options.error().code == ErrorCode::usage);
  return options.error();
}

TEST_CASE("triage is the default command and takes what is no command as a file") {
  REQUIRE(options_for({}).command == "triage");
  REQUIRE(options_for({"registry.log"}).arguments == std::vector<std::string>{"registry.log"});
  REQUIRE(options_for({"-"}).arguments == std::vector<std::string>{"-"});
  REQUIRE(options_for({"triage", "report"}).arguments == std::vector<std::string>{"report"});
  REQUIRE(options_for({"--", "--odd-name"}).arguments == std::vector<std::string>{"--odd-name"});
}

TEST_CASE("a misspelt command, option or format is answered with the nearest") {
  REQUIRE(error_for({"traige"}).hint == "did you mean 'regtriage triage'?");
  REQUIRE(error_for({"--fromat", "json"}).hint == "did you mean '--format'?");
  REQUIRE(error_for({"--format", "jsno"}).hint == "did you mean '--format json'?");
  REQUIRE(error_for({"patterns", "--evnets"}).hint == "did you mean '--events'?");
}

TEST_CASE("an option of another command is refused with the commands that take it") {
  const Error error = error_for({"explain", "--events"});
  REQUIRE(error.what == "'explain' does not take --events");
  REQUIRE(error.hint.find("'triage'") != std::string::npos);
}

TEST_CASE("values are checked before anything runs") {
  REQUIRE(options_for({"--year", "2026"}).year == 2026);
  REQUIRE(options_for({"--assume-tz=-05:30"}).zone_offset_s == -(5 * 3600 + 1800));
  REQUIRE(options_for({"--assume-tz", "UTC"}).zone_offset_s == 0);
  REQUIRE(options_for({"--since", "2025-11-25"}).since == 1'764'028'800LL * kSecond);
  REQUIRE(options_for({"--since", "2025-11-25T12:00:00Z"}).since == 1'764'072'000LL * kSecond);
  REQUIRE(options_for({"--since", "2025-11-25 12:00"}).since == 1'764'072'000LL * kSecond);
  REQUIRE(options_for({"--every", "30s"}).every == 30 * kSecond);
  REQUIRE(options_for({"--fail-on", "high"}).fail_on == Severity::high);
  REQUIRE(options_for({"--redact", "all"}).redact == ReportModel::Hide::all);
  REQUIRE(options_for({"--block-bytes", "64"}).block_bytes == 64);
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"--year", "12"},
                                             {"--year", "x"},
                                             {"--assume-tz", "Berlin"},
                                             {"--since", "noon"},
                                             {"--every", "1ms"},
                                             {"--fail-on", "awful"},
                                             {"--color", "blue"},
                                             {"--redact", "some"},
                                             {"--threads", "0"},
                                             {"--max-chars", "-1"},
                                             {"--instance"}}) {
    INFO(words.front());
    error_for(words);
  }
}

TEST_CASE("options may be repeated, shortened to their letter, and stand anywhere") {
  const RunOptions options =
      options_for({"-f", "json", "registry.log", "--patterns", "a", "--patterns=b", "-e"});
  REQUIRE(options.format == "json");
  REQUIRE(options.events);
  REQUIRE(options.pattern_files == std::vector<std::string>{"a", "b"});
  REQUIRE(options.arguments.size() == 1);
}

TEST_CASE("each option is in the help, the man page and the completions, and in order") {
  const std::string help = full_help(80), man = man_page();
  for (const Option& option : option_table()) {
    INFO(option.name);
    const std::string name = "--" + std::string(option.name);
    REQUIRE((help.find(name) != std::string::npos) == !option.hidden);
    if (option.hidden) continue;
    for (const char* shell : {"bash", "zsh"})
      REQUIRE(completion_for(shell).find(name) != std::string::npos);
    REQUIRE(completion_for("fish").find("-l " + std::string(option.name)) != std::string::npos);
    std::string dashes;
    for (const char c : name) dashes += c == '-' ? std::string("\\-") : std::string(1, c);
    REQUIRE(man.find(dashes) != std::string::npos);
    REQUIRE_FALSE(option.what.ends_with('.'));
  }
}

TEST_CASE("each option belongs to commands that exist, and no name or letter comes twice") {
  std::set<std::string_view> names;
  std::set<char> letters;
  for (const Option& option : option_table()) {
    INFO(option.name);
    REQUIRE(names.insert(option.name).second);
    if (option.letter != 0) REQUIRE(letters.insert(option.letter).second);
    if (option.commands == "*") continue;
    for (const std::string_view command : split_words(option.commands))
      REQUIRE(command_named(command) != nullptr);
  }
}

TEST_CASE("each command has a help with an example, and formats only if it takes --format") {
  const auto format = std::ranges::find(option_table(), "format", &Option::name);
  for (const Command& command : commands()) {
    INFO(command.name);
    const std::string help = help_of(command, 80);
    REQUIRE(help.find(command.example) != std::string::npos);
    REQUIRE(command.example.find("regtriage") != std::string::npos);
    REQUIRE(command.formats.empty() == !format->is_for(command.name));
    for (std::size_t at = 0; at < help.size();) {
      const std::size_t end = std::min(help.find('\n', at), help.size());
      INFO(help.substr(at, end - at));
      REQUIRE(end - at <= 80);
      at = end + 1;
    }
  }
}

TEST_CASE("the nearest word is near, or there is none") {
  const std::vector<std::string_view> known = {"triage", "report", "stale_descriptor_cache"};
  REQUIRE(nearest_word("repotr", known) == "report");
  REQUIRE(nearest_word("stale_cache_descriptor", known) == std::nullopt);
  REQUIRE(nearest_word("stale_descripter_cach", known) == "stale_descriptor_cache");
  REQUIRE(nearest_word("x", known) == std::nullopt);
  REQUIRE(nearest_word("registry.log", known) == std::nullopt);
  REQUIRE(nearest_word(std::string(10000, 'a'), known) == std::nullopt);
}

}  // namespace
}  // namespace regtriage
