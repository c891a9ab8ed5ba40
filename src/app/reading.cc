#include "app/reading.h"

#include <fmt/format.h>
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "app/exit_status.h"
#include "app/progress.h"

namespace regtriage {
namespace {

std::string hint_for(SourceReport::Status status) {
  if (status == SourceReport::Status::cut_short)
    return "the answer covers what could be read of it";
  if (status == SourceReport::Status::not_understood)
    return "is it the log of a registry? 'regtriage help triage' says what can be read";
  return "";
}

// What is wrong with a source stands before the first "; ", what to do after it.
Error trouble_of(const SourceReport& source) {
  const bool unreadable = source.status == SourceReport::Status::unreadable;
  const ErrorCode code = unreadable ? ErrorCode::unreadable : ErrorCode::cut_short;
  if (source.error.empty())
    return {code,
            fmt::format("'{}': not one of its {} lines was understood", source.name, source.lines),
            hint_for(source.status)};
  const std::size_t end = source.error.find("; ");
  const bool named = source.error.find(source.name) != std::string::npos;
  return {code, (named ? "" : fmt::format("'{}': ", source.name)) + source.error.substr(0, end),
          end == std::string::npos ? hint_for(source.status) : source.error.substr(end + 2)};
}

}  // namespace

Result<Classifier> load_classifier(const CallContext& context) {
  return Classifier::make(context.options.pattern_files);
}

std::vector<InputName> inputs_of(const CallContext& context) {
  std::vector<InputName> inputs;
  for (const std::string& path : context.options.arguments) inputs.push_back({path, "", false});
  if (inputs.empty()) inputs.push_back({"-", "", false});
  return inputs;
}

unsigned threads_of(const RunOptions& options) {
  return options.threads != 0 ? options.threads
                              : std::clamp(std::thread::hardware_concurrency(), 1U, 16U);
}

std::size_t most_lone_lines_in(std::uint64_t memory) {
  constexpr std::uint64_t kLoneLine = 320;  // bytes, with its names
  return static_cast<std::size_t>(memory / 4 / kLoneLine);
}

IngestOptions ingest_options_of(const CallContext& context) {
  const RunOptions& typed = context.options;
  IngestOptions options;
  options.threads = threads_of(typed);
  if (typed.block_bytes != 0) options.block_bytes = typed.block_bytes;
  options.instance = typed.instance;
  options.year = typed.year;
  options.zone_offset_s = typed.zone_offset_s;
  options.keep_all = typed.requests;
  return options;
}

namespace {

Facts read_with(CallContext& context, const Classifier& classifier,
                const std::vector<InputName>& inputs, const IngestOptions& options) {
  ProgressLine line(context.terminal.err, STDERR_FILENO);
  const Progress progress = [&line](std::uint64_t done, std::uint64_t total) {
    line.show(done, total);
  };
  Facts facts = ingest(inputs, classifier, options, context.stop, progress);
  line.erase();
#if defined(__GLIBC__)
  ::malloc_trim(0);  // what the blocks took; the answer is made of other things
#endif
  std::vector<SourceReport> sources = facts.sources;
  if (options.census != nullptr)
    std::erase_if(sources, [](const SourceReport& source) {
      return source.status == SourceReport::Status::not_understood && source.error.empty();
    });
  complain_about_sources(context, sources);
  if (context.stop) context.raise(exit_status::kInterrupted);
  return facts;
}

}  // namespace

Facts read_facts(CallContext& context, const Classifier& classifier,
                 const std::vector<InputName>& inputs, Census* census) {
  IngestOptions options = ingest_options_of(context);
  options.census = census;
  return read_with(context, classifier, inputs, options);
}

Facts read_facts(CallContext& context, const Classifier& classifier,
                 const std::vector<InputName>& inputs, FactShelf& shelf) {
  IngestOptions options = ingest_options_of(context);
  options.shelf = &shelf;
  options.most_lone_lines = most_lone_lines_in(context.options.memory);
  Facts facts = read_with(context, classifier, inputs, options);
  if (const Error* trouble = shelf.put_trouble()) context.warn(trouble->what, trouble->hint);
  return facts;
}

void complain_about_sources(CallContext& context, const std::vector<SourceReport>& sources) {
  for (const SourceReport& source : sources) {
    if (source.status != SourceReport::Status::read)
      context.complain(trouble_of(source));
    else if (source.bytes == 0)
      context.warn(source.name == "-" ? "standard input is empty"
                                      : fmt::format("'{}' is empty", source.name));
  }
}

}  // namespace regtriage
