#include "app/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/program_options.hpp>

#include "app/command.h"

namespace regtriage {
namespace {

namespace po = boost::program_options;

po::options_description described_options() {
  po::options_description all;
  for (const Option& option : option_table()) {
    std::string names(option.name);
    if (option.letter != 0) names += fmt::format(",{}", option.letter);
    if (option.argument.empty())
      all.add_options()(names.c_str(), "");
    else
      all.add_options()(names.c_str(), po::value<std::string>(), "");
  }
  return all;
}

std::string nearest_option_hint(const std::string& typed) {
  std::vector<std::string_view> known;
  for (const Option& option : option_table())
    if (!option.hidden) known.push_back(option.name);
  const std::string bare = typed.substr(std::min(typed.find_first_not_of('-'), typed.size()));
  if (const auto nearest = nearest_word(bare.substr(0, bare.find('=')), known))
    return fmt::format("did you mean '--{}'?", *nearest);
  return "'regtriage help COMMAND' lists the options";
}

Result<po::parsed_options> parse_words(const std::vector<std::string>& words,
                                       const po::options_description& known) {
  using namespace po::command_line_style;
  constexpr int kStyle = unix_style & ~allow_guessing;
  try {
    return po::command_line_parser(words).options(known).style(kStyle).run();
  } catch (const po::unknown_option& trouble) {
    const std::string typed = trouble.get_option_name();
    return fail(ErrorCode::usage, fmt::format("unknown option '{}'", typed),
                nearest_option_hint(typed));
  } catch (const po::error_with_option_name& trouble) {
    return fail(ErrorCode::usage, trouble.what(), "'regtriage help COMMAND' lists the options");
  }
}

const Option& option_named(std::string_view name) {
  const auto row = std::ranges::find(option_table(), name, &Option::name);
  return *row;  // the parser knows no other names
}

std::string takers_of(const Option& option) {
  std::string list;
  for (const Command& command : commands())
    if (option.is_for(command.name))
      list += fmt::format("{}'{}'", list.empty() ? "" : ", ", command.name);
  return list;
}

// The first operand, if it names a command; else the default command, which takes it as a file.
Result<void> choose_command(RunOptions& options,
                            const std::function<bool(const std::string&)>& is_file) {
  options.command = "triage";
  if (options.arguments.empty()) return {};
  const std::string first = options.arguments.front();
  if (command_named(first) != nullptr) {
    options.command = first;
    options.named = true;
    options.arguments.erase(options.arguments.begin());
    return {};
  }
  std::vector<std::string_view> known;
  for (const Command& command : commands()) known.push_back(command.name);
  const std::optional<std::string_view> nearest = nearest_word(first, known);
  if (!nearest || first == "-" || is_file(first)) return {};
  return fail(ErrorCode::usage, fmt::format("'{}' is neither a command nor a file", first),
              fmt::format("did you mean 'regtriage {}'?", *nearest));
}

Result<void> check_format(const RunOptions& options) {
  if (options.format.empty()) return {};
  const Command& command = *command_named(options.command);
  std::vector<std::string_view> known;
  for (std::string_view rest = command.formats; !rest.empty();) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    known.push_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (std::ranges::find(known, options.format) != known.end()) return {};
  const std::optional<std::string_view> nearest = nearest_word(options.format, known);
  return fail(ErrorCode::usage,
              fmt::format("--format: '{}' is not one of {}", options.format, command.formats),
              nearest ? fmt::format("did you mean '--format {}'?", *nearest) : "");
}

Result<void> take_options(RunOptions& options, const po::parsed_options& parsed) {
  const std::string command = options.command;
  for (const po::option& typed : parsed.options) {
    if (typed.position_key >= 0) continue;
    const Option& option = option_named(typed.string_key);
    if (!option.is_for(command))
      return fail(ErrorCode::usage, fmt::format("'{}' does not take --{}", command, option.name),
                  fmt::format("it is an option of {}", takers_of(option)));
    const std::string value = typed.value.empty() ? std::string() : typed.value.front();
    if (Result<void> taken = option.take(options, value); !taken) return taken;
  }
  return {};
}

}  // namespace

Result<RunOptions> parse_call(const std::vector<std::string>& words,
                              const std::function<bool(const std::string&)>& is_file) {
  const po::options_description known = described_options();
  const Result<po::parsed_options> parsed = parse_words(words, known);
  if (!parsed) return tl::unexpected(parsed.error());

  RunOptions options;
  for (const po::option& typed : parsed->options)
    if (typed.position_key >= 0)
      options.arguments.insert(options.arguments.end(), typed.value.begin(), typed.value.end());
  if (Result<void> chosen = choose_command(options, is_file); !chosen)
    return tl::unexpected(chosen.error());
  if (Result<void> taken = take_options(options, *parsed); !taken)
    return tl::unexpected(taken.error());
  if (Result<void> checked = check_format(options); !checked)
    return tl::unexpected(checked.error());
  return options;
}

}  // namespace regtriage
