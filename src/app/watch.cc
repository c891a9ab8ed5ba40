// The pipe is taken in portions that end at a line end. A portion is read like a source of its own
// and joined with what was known: facts are a set, so that gives what reading all at once would
// (law L1). Only a compressed pipe cannot be taken so. Memory: one portion and the facts.
#include "app/watch.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <optional>
#include <utility>

#include "app/answer.h"
#include "app/exit_status.h"
#include "app/reading.h"
#include "facts/accumulator.h"
#include "infer/requests.h"

namespace regtriage {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kPortionBytes = 64 << 20;  // read at the latest then, though not answered
constexpr int kWaitMs = 100;                     // between two looks at `stop`

// Whole lines from a descriptor.
class Portions {
 public:
  explicit Portions(int descriptor) : descriptor_(descriptor) {}

  // Reads until `until`, kPortionBytes, the end or `stop`; returns the whole lines, at the end all.
  std::string next(Clock::time_point until, const std::atomic<bool>& stop) {
    while (!ended_ && !stop && Clock::now() < until && text_.size() < kPortionBytes) take_some();
    if (ended_ || stop) return std::exchange(text_, {});
    const std::size_t end = text_.rfind('\n') + 1;  // npos + 1 = 0
    std::string lines = text_.substr(0, end);
    text_.erase(0, end);
    return lines;
  }
  bool ended() const { return ended_; }

 private:
  void take_some() {
    pollfd wanted{descriptor_, POLLIN, 0};
    if (::poll(&wanted, 1, kWaitMs) <= 0) return;
    std::array<char, 1 << 16> buffer;
    const ssize_t got = ::read(descriptor_, buffer.data(), buffer.size());
    if (got > 0) text_.append(buffer.data(), static_cast<std::size_t>(got));
    ended_ = got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN);
  }

  int descriptor_;
  std::string text_;
  bool ended_ = false;
};

void shift(Position& at, const SourceReport& before) {
  at.line += static_cast<std::uint32_t>(before.lines);
  at.offset += before.bytes;
  at.source = 0;
}

// Positions of a portion become positions of the whole stream.
void shift(Facts& portion, const SourceReport& before) {
  for (Event& event : portion.events) shift(event.at, before);
  for (Touch& touch : portion.touches) {
    shift(touch.first.at, before);
    shift(touch.last.at, before);
  }
  for (SourceReport& source : portion.sources)
    for (RejectSample& sample : source.reject_samples) shift(sample.at, before);
}

void add_names(std::vector<std::string>& all, const std::vector<std::string>& more) {
  all.insert(all.end(), more.begin(), more.end());
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
}

// One report on the stream from those on its portions.
void add_report(SourceReport& all, const SourceReport& part) {
  constexpr std::size_t kSamples = 16;
  all.lines += part.lines;
  all.bytes += part.bytes;
  all.accepted += part.accepted;
  all.ignored += part.ignored;
  all.rejected += part.rejected;
  all.pending += part.pending;
  for (std::size_t i = 0; i < all.lines_by_format.size(); ++i)
    all.lines_by_format[i] += part.lines_by_format[i];
  for (std::size_t i = 0; i < all.rejects.size(); ++i) all.rejects[i] += part.rejects[i];
  for (const RejectSample& sample : part.reject_samples)
    if (all.reject_samples.size() < kSamples) all.reject_samples.push_back(sample);
  add_names(all.envelopes, part.envelopes);
  add_names(all.instances, part.instances);
  if (part.first != kNoTime && (all.first == kNoTime || part.first < all.first))
    all.first = part.first;
  all.last = std::max(all.last, part.last);
  if (part.lowest_level != Level::none &&
      (all.lowest_level == Level::none || part.lowest_level < all.lowest_level))
    all.lowest_level = part.lowest_level;
  if (part.year != 0) all.year = part.year;
  all.zone_assumed = all.zone_assumed || part.zone_assumed;
  all.status = all.accepted > 0 || all.bytes == 0 ? SourceReport::Status::read
                                                  : SourceReport::Status::not_understood;
}

// What is known of the stream so far.
class Watched {
 public:
  Watched() { source_.name = "-"; }

  void add(const Classifier& classifier, const IngestOptions& options, std::string text) {
    static const std::atomic<bool> never_stop{false};  // a portion is read to its end
    Facts portion =
        ingest({{"-", std::move(text), true}}, classifier, options, never_stop, Progress());
    shift(portion, source_);
    for (const SourceReport& source : portion.sources) add_report(source_, source);
    portion.sources.clear();
    facts_.sources.clear();
    facts_ = join(std::move(facts_), std::move(portion));
    facts_.sources = {source_};
  }
  const Facts& facts() const { return facts_; }

 private:
  SourceReport source_;
  Facts facts_;
};

}  // namespace

int watch_standard_input(CallContext& context) {
  const Result<Classifier> classifier = load_classifier(context);
  if (!classifier) {
    context.complain(classifier.error());
    return context.status;
  }
  const IngestOptions options = ingest_options_of(context);
  const std::chrono::nanoseconds every(context.options.every);
  Portions portions(STDIN_FILENO);
  Watched watched;
  std::optional<int> status;  // of the last answer
  bool is_new = false;
  while (!portions.ended() && !context.stop && !context.out.closed()) {
    const Clock::time_point due = Clock::now() + every;
    do {
      std::string text = portions.next(due, context.stop);
      is_new = is_new || !text.empty();
      if (!text.empty()) watched.add(*classifier, options, std::move(text));
    } while (!portions.ended() && !context.stop && Clock::now() < due);
    const bool is_last = portions.ended() || context.stop;
    if (!is_new && !(is_last && !status)) continue;
    status = answer(context, copy_of(watched.facts()), classifier->ruleset_version());
    if (const Result<void> written = context.out.finish(); !written)
      context.complain(written.error());
    is_new = false;
  }
  complain_about_sources(context, watched.facts().sources);
  if (context.stop) context.raise(exit_status::kInterrupted);
  return status.value_or(exit_status::kDone);
}

}  // namespace regtriage
